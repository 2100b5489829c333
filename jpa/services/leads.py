"""Cases whose leads can no longer act: the administrator names a new one, and learns nothing of the case (decision 0013)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import cases, leads, teams
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Decision, LeaderlessCase, TeamRole
from jpa.model.ids import new_id
from jpa.services.stores import Ask, Event, Stores, found, read, write


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A case without a lead, and the officers of its agency who could take it."""

    case: LeaderlessCase
    able: Sequence[tuple[str, str]]
    """(id, name)."""


def list_leaderless(stores: Stores, ask: Ask) -> list[LeaderlessCase]:
    """List the cases of all agencies whose every lead is disabled or lost the role."""
    event = Event(AuditTag.ADMINISTRATION_READ)
    return read(stores, ask, Action.ADMINISTER, event, lambda tx, _: leads.leaderless_tx(tx))


def read_vacancy(stores: Stores, ask: Ask, case: str) -> Vacancy:
    """Read who could lead a case that nobody leads; one that has a lead cannot be found here."""

    def work(tx: Tx, _: Readership) -> Vacancy:
        return _vacancy_tx(tx, ask, case)

    return read(stores, ask, Action.ADMINISTER, Event(AuditTag.ADMINISTRATION_READ, case), work)


def name_lead(stores: Stores, ask: Ask, case: str, officer: str, reason: str) -> LeaderlessCase:
    """Make an officer of the case's agency its lead; the reason enters the audit log and the case's decision log."""
    vacancy = read_vacancy(stores, ask, case)
    problems = {}
    if reason.strip() == "":
        problems["reason"] = "Say why: the team reads it in the decision log."
    if officer not in {able for able, _ in vacancy.able}:
        problems["officer"] = (
            "Choose an active officer of the case's agency with the role of lead, other than yourself."
        )
    if len(problems) > 0:
        raise InvalidInputError("No lead was named.", problems)
    said = stores.vault.redactor(case)(reason.strip())
    entry = Decision(
        new_id(ask.at), case, f"{dict(vacancy.able)[officer]} leads this case", said, "", ask.officer.id, ask.at
    )

    def work(tx: Tx, _: Readership, __: object) -> LeaderlessCase:
        this = _vacancy_tx(tx, ask, case).case
        if not teams.join_tx(tx, case, officer, TeamRole.LEAD):
            raise ConflictError("This officer was disabled meanwhile; choose another.")
        cases.add_decision_tx(tx, entry)
        return this

    event = Event(AuditTag.LEAD_NAMED, case, {"officer": officer})
    return write(stores, replace(ask, purpose=said), Action.ADMINISTER, event, work)


def _vacancy_tx(tx: Tx, ask: Ask, case: str) -> Vacancy:
    this = found(next(iter(leads.leaderless_tx(tx, case)), None))
    # Nobody opens a case to themselves this way: an administrator who is a lead as well asks another administrator.
    return Vacancy(this, [(i, name) for i, name in leads.able_tx(tx, this.agency) if i != ask.officer.id])
