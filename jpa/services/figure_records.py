"""Drill-down: the records behind a cell, as many as it says; names only where the officer may read the outcome [T3]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from jpa.errors import InvalidInputError
from jpa.graph import entities, outcomes
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.case import Jpa
from jpa.model.entity import Glance
from jpa.model.outcome import Outcome
from jpa.services.accepted import asked_tx, return_in_words, return_of
from jpa.services.captions import Captions, captions_tx
from jpa.services.figures import event_of, period_tx
from jpa.services.stores import Ask, Stores, read
from jpa.statistics.facts import KIND_NAMES, Facts
from jpa.statistics.measures import Measure, measure_of
from jpa.statistics.tables import Credit, Member, Question, counted, members, said
from jpa.statistics.vintage import members_at

PAGE: Final = 50
_MOST_MONTHS: Final = 1200
"""A century: nothing is followed longer."""
CODED: Final = (
    "month", "year", "state", "agency", "offence", "sex", "citizenship", "ageBand", "exploitation", "partner", "result",
    "sentence", "what",
)  # fmt: skip
"""What is shown of every outcome that counts, whoever may open it: codes and no free text."""


@dataclass(frozen=True, slots=True)
class CodedOutcome:
    """One outcome behind a figure."""

    id: str
    kind: str
    coded: Mapping[str, str]
    """Dimension to label, known ones alone."""
    outcome: Outcome | None
    """The outcome itself, where the officer may read it."""
    person: Glance | None
    """Whom it speaks of, where the officer may read both."""
    returned: str = ""
    """Of an outcome that came in a return: whose and which version; its id is then a pseudonym."""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One person, charge, case or event of a figure."""

    outcomes: Sequence[CodedOutcome]
    value: float
    """What it adds to the figure: 1, a number entered as one, or a share."""


@dataclass(frozen=True, slots=True)
class Records:
    """What a figure rests on, a page of it; the values of all lines add up to the figure."""

    question: Question
    lines: Sequence[RecordLine]
    total: int
    """Lines in all."""
    figure: float
    captions: Captions
    jpa: Jpa | None
    whose: str
    months: int | None = None
    """With a number the figure as it stood so many months after the opening of the period: a point of a vintage curve."""

    @property
    def measure(self) -> Measure:
        """What is counted, with its definition."""
        return measure_of(self.question.measure)


def read_records(
    stores: Stores, ask: Ask, question: Question, *, skip: int = 0, limit: int = PAGE, months: int | None = None
) -> Records:
    """List what a figure rests on, now or so many months after the opening: coded facts, more of what the officer may read."""
    _require_point(question, months)

    def work(tx: Tx, reader: Readership) -> Records:
        jpa = period_tx(tx, ask, question)
        counts = asked_tx(tx, stores, reader, ask, question)
        ever = months is not None
        facts = counts.facts.taken(np.flatnonzero(counted(counts.facts, measure_of(question.measure), ever=ever)))
        found = members(facts, question) if months is None else members_at(facts, question, months)
        lines = _lines_tx(tx, reader, facts, found[skip : skip + limit])
        known = {o.outcome.case for line in lines for o in line.outcomes if o.outcome is not None}
        return Records(
            question=question,
            lines=lines,
            total=len(found),
            figure=said(sum(member.value for member in found)),
            captions=captions_tx(tx, reader, known | set(question.where.get("case", ()))),
            jpa=jpa,
            whose=counts.whose,
            months=months,
        )

    return read(stores, ask, Action.READ_STATISTICS, event_of(question, records=limit), work)


def _require_point(question: Question, months: int | None) -> None:
    if months is None:
        return
    if question.credit is Credit.ALL:
        raise InvalidInputError("No such figure.", {"credit": "Months are counted from the opening of a joint period."})
    if not 0 <= months <= _MOST_MONTHS:
        raise InvalidInputError("No such figure.", {"months": f"Between 0 and {_MOST_MONTHS} months."})


def _lines_tx(tx: Tx, reader: Readership, facts: Facts, page: Sequence[Member]) -> list[RecordLine]:
    ids = [i for member in page for i in member.outcomes]
    readable = {o.id: o for o in outcomes.readable_tx(tx, reader, ids)}
    glances = entities.glances_tx(tx, reader, sorted({o.person for o in readable.values() if o.person}))
    coded = _coded(facts, ids)

    def one(outcome: str) -> CodedOutcome:
        kind, said, name = coded[outcome]
        full = readable.get(outcome)
        person = None if full is None else glances.get(full.person)
        return CodedOutcome(outcome, kind, said, full, person, return_in_words(name))

    return [RecordLine([one(outcome) for outcome in member.outcomes], member.value) for member in page]


def _coded(facts: Facts, ids: Sequence[str]) -> dict[str, tuple[str, Mapping[str, str], str]]:
    found: dict[str, tuple[str, Mapping[str, str], str]] = {}
    for row in np.flatnonzero(np.isin(facts.ids, np.array(ids, dtype="S32"))):
        said = {name: facts.columns[name].labels[facts.columns[name].codes[row]] for name in CODED}
        if said["month"]:
            del said["year"]
        known = {name: label for name, label in said.items() if label}
        found[facts.ids[row].decode()] = KIND_NAMES[facts.kind[row]], known, return_of(facts, int(row))
    return found
