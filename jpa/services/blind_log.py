"""The log of blind questions as either side reads it, and from a reference to the record, for whoever may read that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jpa.entity_resolution.blind_keys import ASKABLE
from jpa.graph import agencies, agreements, blind, entities
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.blind import BlindQuestion
from jpa.model.case import Agency
from jpa.model.entity import Glance
from jpa.services.stores import Ask, Event, Stores, found, read
from jpa.sharing.blind import reference_of

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Logged:
    """One question with the names around it, as one side sees it."""

    this: BlindQuestion
    asked: bool
    """The own agency asked; otherwise it was asked."""
    other: Agency
    agreements: tuple[str, ...]
    """Titles."""

    @property
    def about(self) -> str:
        """The asker's own reference; the side that was asked does not see it."""
        return self.this.about if self.asked else ""

    @property
    def reference(self) -> tuple[str, ...]:
        """What the other desk finds its record by."""
        return self.this.references if self.asked else self.this.own_references

    @property
    def own(self) -> tuple[str, ...]:
        """What the own desk finds its record by."""
        return self.this.own_references if self.asked else self.this.references

    @property
    def desk(self) -> str:
        """Whom to ask on the other side."""
        return self.this.desk or self.other.desk or self.other.name


@dataclass(frozen=True, slots=True)
class Found:
    """What a reference of the own agency leads to for this officer."""

    reference: str
    glance: Glance | None
    """None: it lies in a case that the officer is not on, or is gone."""


@dataclass(frozen=True, slots=True)
class OpenedQuestion:
    """One question with what its own references lead to."""

    line: Logged
    own: Sequence[Found]


@dataclass(frozen=True, slots=True)
class Log:
    """One page of the log, newest first."""

    lines: Sequence[Logged]
    count: int


def read_log(stores: Stores, ask: Ask, skip: int = 0, limit: int = PAGE) -> Log:
    """List what the own agency asked and was asked."""

    def work(tx: Tx, reader: Readership) -> Log:
        lines = blind.questions_tx(tx, reader, skip=skip, limit=limit)
        names = _names_tx(tx, ask)
        return Log([_logged(ask, q, *names) for q in lines], blind.count_tx(tx, reader))

    return read(stores, ask, Action.READ_BLIND, Event(AuditTag.BLIND_READ), work)


def read_question(stores: Stores, ask: Ask, this: str) -> OpenedQuestion:
    """Open one question; references of the own agency lead to what the officer may read and to nothing else."""
    secret = stores.agency_keys.reference_secret(ask.officer.agency)

    def work(tx: Tx, reader: Readership) -> OpenedQuestion:
        line = _logged(ask, found(blind.question_tx(tx, reader, this)), *_names_tx(tx, ask))
        return OpenedQuestion(line, found_tx(tx, reader, secret, line.this.question, line.own))

    return read(stores, ask, Action.READ_BLIND, Event(AuditTag.BLIND_READ, this), work)


def find_reference(stores: Stores, ask: Ask, this: str, reference: str) -> Found:
    """Find the record behind a reference that another desk reads out, for a question that was answered by file."""
    secret = stores.agency_keys.reference_secret(ask.officer.agency)
    said = "".join(reference.split()).lower()

    def work(tx: Tx, reader: Readership) -> Found:
        question = found(blind.question_tx(tx, reader, this))
        return found_tx(tx, reader, secret, question.question, [said])[0]

    return read(stores, ask, Action.READ_BLIND, Event(AuditTag.BLIND_READ, this, {"reference": said[:32]}), work)


def found_tx(tx: Tx, reader: Readership, secret: bytes, question: str, references: Sequence[str]) -> list[Found]:
    """Make the references of all records anew that the reader may open, and see which of these they are."""
    if len(references) == 0:
        return []
    wanted = set(references)
    made = {reference_of(secret, question, r): r for r in blind.readable_tx(tx, reader, ASKABLE)}
    glances = entities.glances_tx(tx, reader, [made[r] for r in sorted(wanted) if r in made])
    return [Found(r, glances.get(made.get(r, ""))) for r in references]


def _names_tx(tx: Tx, ask: Ask) -> tuple[Mapping[str, Agency], Mapping[str, str]]:
    known = {a.id: a for a in agencies.agencies_tx(tx)}
    return known, {a.id: a.title for a in agreements.agreements_tx(tx, ask.officer.agency)}


def _logged(ask: Ask, this: BlindQuestion, known: Mapping[str, Agency], titles: Mapping[str, str]) -> Logged:
    own = ask.officer.agency
    other = this.other(own)
    under = tuple(titles[a] for a in this.agreements if a in titles)
    return Logged(this, this.asker == own, known.get(other, Agency(other, other, "")), under)
