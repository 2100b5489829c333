"""Entities: read one, its ties, its history; nothing an officer may not read changes anything they get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jpa.graph import cases, entities, judgements, outcomes, retractions
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.entity import Entity, Glance, Tie
from jpa.model.judgement import Judgement, Proposal
from jpa.model.marking import Marking, Tlp
from jpa.model.record import Record
from jpa.model.retraction import Retraction
from jpa.services.outcomes import LedgerLine, lines_tx
from jpa.services.retractions import standing
from jpa.services.stores import Ask, Event, Stores, found, read

TIES_PER_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class EntityFile:
    """An entity as its page shows it."""

    entity: Entity
    ties: Sequence[Tie]
    tie_counts: Mapping[str, int]
    """By link type, of all pages."""
    proposals: Sequence[tuple[Proposal, Glance]]
    """What it might be the same as, and where that can be opened."""
    judgements: Sequence[tuple[Judgement, bool]]
    """All verdicts about its records, newest first, superseded ones too."""
    cases: Sequence[Case]
    """The readable cases whose reports speak of it."""
    retractions: Sequence[Retraction] = ()
    """Every retraction of its records and their reports, newest first, undone ones too."""
    team: frozenset[str] = frozenset()
    """The cases whose team the officer is on."""
    outcomes: Sequence[LedgerLine] = ()
    """What courts and officers did about the person, as far as the officer may read it."""

    def retracted(self, record: Record) -> Retraction | None:
        """Return the retraction of a record, or of its whole report, that stands."""
        return standing(self.retractions, record.id, record.report)

    @property
    def tlp(self) -> Tlp:
        """The strictest marking of what the page shows."""
        shown = [*self.entity.reports.values(), *(tie.report for tie in self.ties)]
        return Marking.strictest([report.marking for report in shown])


def read_entity(stores: Stores, ask: Ask, record: str, *, skip: int = 0, limit: int = TIES_PER_PAGE) -> EntityFile:
    """Read the entity that holds a record now; any record id ever seen leads to it."""

    def work(tx: Tx, reader: Readership) -> EntityFile:
        entity = found(entities.entity_tx(tx, reader, record))
        ids = [r.id for r in (*entity.history, *entity.records)]
        proposals = judgements.proposals_about_tx(tx, reader, ids)
        others = {p.right if p.left in ids else p.left for p in proposals}
        glances = entities.glances_tx(tx, reader, sorted(others))
        spoken = dict.fromkeys(r.case for r in entity.reports.values())
        return EntityFile(
            entity=entity,
            ties=entities.ties_tx(tx, reader, ids, skip=skip, limit=limit),
            tie_counts=entities.count_ties_tx(tx, reader, ids),
            proposals=[(p, glances[p.right if p.left in ids else p.left]) for p in proposals],
            judgements=judgements.about_tx(tx, reader, ids),
            cases=[c for i in spoken if (c := cases.case_tx(tx, reader, i)) is not None],
            retractions=retractions.about_tx(tx, [*ids, *entity.reports]),
            team=reader.team,
            outcomes=lines_tx(tx, reader, outcomes.of_person_tx(tx, reader, ids)) if entity.type == "Person" else [],
        )

    return read(stores, ask, Action.READ, Event(AuditTag.ENTITY_READ, record), work)


def read_ties(stores: Stores, ask: Ask, record: str, *, skip: int = 0, limit: int = TIES_PER_PAGE) -> list[Tie]:
    """Read one page of an entity's ties."""

    def work(tx: Tx, reader: Readership) -> list[Tie]:
        ids = entities.component_tx(tx, reader, record)
        found(ids or None)
        return entities.ties_tx(tx, reader, ids, skip=skip, limit=limit)

    return read(stores, ask, Action.READ, Event(AuditTag.ENTITY_READ, record), work)


def count_ties(stores: Stores, ask: Ask, record: str) -> int:
    """Count an entity's ties in force that this officer may read; apart from `read_ties`, because most callers need no total."""

    def work(tx: Tx, reader: Readership) -> int:
        ids = entities.component_tx(tx, reader, record)
        found(ids or None)
        return sum(entities.count_ties_tx(tx, reader, ids).values())

    return read(stores, ask, Action.READ, Event(AuditTag.ENTITY_READ, record), work)
