"""Open quality questions about what this officer counts, with the outcomes that may be opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import cases, entities, outcomes
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.outcome import Outcome
from jpa.services.ledger import counted_tx
from jpa.services.stores import Ask, Event, Stores, read
from jpa.statistics.quality import STALE_AFTER_MONTHS, OpenQuestion, open_questions

MOST_SHOWN: Final = 50
"""Outcomes of one question on the page; the number beside it counts all."""
_MOST_MONTHS: Final = 240


@dataclass(frozen=True, slots=True)
class AskedOutcome:
    """An outcome that a question is about, as far as the officer may open it."""

    outcome: Outcome
    case: str
    """Number of its case; empty where there is none."""
    person: str


@dataclass(frozen=True, slots=True)
class QuestionList:
    """All questions, each with the first outcomes that may be opened."""

    questions: Sequence[tuple[OpenQuestion, Sequence[AskedOutcome]]]
    whose: str
    months: int


def read_questions(stores: Stores, ask: Ask, months: int = STALE_AFTER_MONTHS) -> QuestionList:
    """Ask what is open in everything that this officer counts."""
    if not 1 <= months <= _MOST_MONTHS:
        raise InvalidInputError("Nothing was asked.", {"months": f"Between 1 and {_MOST_MONTHS} months."})

    def work(tx: Tx, reader: Readership) -> QuestionList:
        counted = counted_tx(tx, stores, reader, ask)
        asked = open_questions(counted.facts, ask.at.date(), months)
        shown = [(question, _openable(tx, reader, question)) for question in asked]
        return QuestionList(shown, counted.whose, months)

    return read(stores, ask, Action.READ_STATISTICS, Event(AuditTag.FIGURE_READ, "open questions"), work)


def _openable(tx: Tx, reader: Readership, question: OpenQuestion) -> list[AskedOutcome]:
    readable = outcomes.readable_tx(tx, reader, question.outcomes[: 4 * MOST_SHOWN])[:MOST_SHOWN]
    glances = entities.glances_tx(tx, reader, sorted({o.person for o in readable if o.person}))
    numbers = {c: this.number for c in {o.case for o in readable if o.case} if (this := cases.case_tx(tx, reader, c))}
    return [
        AskedOutcome(o, numbers.get(o.case, ""), glances[o.person].caption if o.person in glances else "")
        for o in readable
    ]
