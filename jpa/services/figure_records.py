"""Drill-down: the records behind a cell, as many as it says; names only where the officer may read the outcome [T3]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

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
from jpa.statistics.tables import Member, Question, counted, members

PAGE: Final = 50
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

    @property
    def measure(self) -> Measure:
        """What is counted, with its definition."""
        return measure_of(self.question.measure)


def read_records(stores: Stores, ask: Ask, question: Question, *, skip: int = 0, limit: int = PAGE) -> Records:
    """List what a figure rests on: coded facts of each, more of those that the officer may read."""

    def work(tx: Tx, reader: Readership) -> Records:
        jpa = period_tx(tx, ask, question)
        counts = asked_tx(tx, stores, reader, ask, question)
        facts = counts.facts.taken(np.flatnonzero(counted(counts.facts, measure_of(question.measure))))
        found = members(facts, question)
        lines = _lines_tx(tx, reader, facts, found[skip : skip + limit])
        known = {o.outcome.case for line in lines for o in line.outcomes if o.outcome is not None}
        return Records(
            question=question,
            lines=lines,
            total=len(found),
            figure=round(sum(member.value for member in found), 6),
            captions=captions_tx(tx, reader, known | set(question.where.get("case", ()))),
            jpa=jpa,
            whose=counts.whose,
        )

    return read(stores, ask, Action.READ_STATISTICS, event_of(question, records=limit), work)


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
