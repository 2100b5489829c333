"""What an officer chooses from when entering outcomes: the people, coded victims and reports of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jpa.graph import cases, entities, outcomes, roles, sealing
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case, Jpa
from jpa.model.record import Report
from jpa.services.cases import writing
from jpa.services.stores import Ask, Event, Stores, read

MOST_PEOPLE: Final = 500
"""Persons that the form lists; those of a longer case are entered from their own page or by reference."""
MOST_REPORTS: Final = 100


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of the case."""

    record: str
    caption: str
    roles: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class EntryDesk:
    """What the form offers."""

    case: Case
    people: Sequence[Named]
    victims: Sequence[Mapping[str, Any]]
    reports: Sequence[Report]
    periods: Sequence[Jpa] = ()
    """Joint periods of the own state, for a marking that names one."""


def read_desk(stores: Stores, ask: Ask, case: str, person: str = "") -> EntryDesk:
    """Read what the entry of outcomes into a case offers; `person` is a record that is listed first, of the case or not."""

    def work(tx: Tx, reader: Readership) -> EntryDesk:
        this = writing(tx, reader, case)
        return EntryDesk(
            this,
            _people_tx(tx, reader, case, person),
            sealing.victims_tx(tx, reader, case),
            [report for report, _ in cases.reports_tx(tx, reader, case, limit=MOST_REPORTS)],
            cases.jpas_tx(tx, ask.officer.state),
        )

    return read(stores, ask, Action.RECORD_OUTCOME, Event(AuditTag.OUTCOME_READ, case), work)


def _people_tx(tx: Tx, reader: Readership, case: str, person: str) -> list[Named]:
    """List each person of a case once, whatever their reports call them; those with a role first."""
    involved = roles.involved_tx(tx, reader, case, limit=MOST_PEOPLE)
    records = outcomes.people_tx(tx, reader, case, limit=MOST_PEOPLE)
    glances = entities.glances_tx(tx, reader, list(dict.fromkeys([*([person] if person else []), *records])))
    roles_of: dict[str, list[str]] = {}
    for role, those in involved.items():
        for glance in those:
            roles_of.setdefault(glance.id, []).append(role)
    listed: dict[str, Named] = {}
    for record, glance in glances.items():
        if glance.type == "Person":
            listed.setdefault(glance.id, Named(record, glance.caption, roles_of.get(glance.id, ())))
    return sorted(listed.values(), key=lambda n: (n.record != person, len(n.roles) == 0))
