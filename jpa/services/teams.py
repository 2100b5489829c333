"""Teams: who works on a case and who leads it; the cases that an officer is on, and those of the agency."""

from collections.abc import Sequence
from dataclasses import dataclass

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import teams
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import StaffedCase, TeamRole, leads_of
from jpa.model.officer import Role
from jpa.services.cases import leading, put_on_team
from jpa.services.stores import Ask, Event, Stores, read, write


@dataclass(frozen=True, slots=True)
class TeamList:
    """One page of cases with their teams, and how many there are."""

    rows: Sequence[StaffedCase]
    total: int


def list_teams(stores: Stores, ask: Ask, *, skip: int = 0, limit: int = 50) -> TeamList:
    """List the cases whose team the officer is on."""
    return _listed(stores, ask, mine=True, skip=skip, limit=limit)


def list_agency_cases(stores: Stores, ask: Ask, *, skip: int = 0, limit: int = 50) -> TeamList:
    """List the agency's open cases that the officer may read, with lead and team size."""
    return _listed(stores, ask, mine=False, skip=skip, limit=limit)


def join_team(stores: Stores, ask: Ask, case: str, officer: str, role: TeamRole) -> None:
    """Put a colleague of the same agency on the team, or change what they do there; a lead stays."""

    def work(tx: Tx, reader: Readership, _: object) -> None:
        leading(tx, reader, case)
        if role is TeamRole.LEAD:
            _require_able(tx, officer)
        else:
            _require_lead_beside(tx, reader, case, officer)
        put_on_team(tx, case, officer, role)

    details = {"officer": officer, "role": role.value}
    write(stores, ask, Action.EDIT_CASE, Event(AuditTag.TEAM_CHANGED, case, details), work)


def hand_over(stores: Stores, ask: Ask, case: str, officer: str) -> None:
    """Make a colleague lead in the own place; the officer stays on the team as a member."""

    def work(tx: Tx, reader: Readership, _: object) -> None:
        leading(tx, reader, case)
        _require_able(tx, officer)
        if officer == ask.officer.id or not teams.join_tx(tx, case, officer, TeamRole.LEAD):
            raise InvalidInputError(
                "The case was not handed over.", {"officer": "Choose another officer of your own agency."}
            )
        teams.join_tx(tx, case, ask.officer.id, TeamRole.MEMBER)

    event = Event(AuditTag.TEAM_CHANGED, case, {"officer": officer, "role": "lead, handed over"})
    write(stores, ask, Action.EDIT_CASE, event, work)


def leave_team(stores: Stores, ask: Ask, case: str, officer: str) -> None:
    """Take an officer off the team; the last lead stays."""

    def work(tx: Tx, reader: Readership, _: object) -> None:
        leading(tx, reader, case)
        _require_lead_beside(tx, reader, case, officer)
        teams.leave_tx(tx, case, officer)

    write(stores, ask, Action.EDIT_CASE, Event(AuditTag.TEAM_CHANGED, case, {"officer": officer}), work)


def _listed(stores: Stores, ask: Ask, *, mine: bool, skip: int, limit: int) -> TeamList:
    def work(tx: Tx, reader: Readership) -> TeamList:
        rows = teams.staffed_tx(tx, reader, mine=mine, skip=skip, limit=limit)
        return TeamList(rows, teams.count_staffed_tx(tx, reader, mine=mine))

    return read(stores, ask, Action.READ, Event(AuditTag.CASE_LISTED), work)


def _require_lead_beside(tx: Tx, reader: Readership, case: str, officer: str) -> None:
    if leads_of(teams.team_tx(tx, reader, case)) == {officer}:
        raise ConflictError("A case needs a lead: make somebody else lead first.")


def _require_able(tx: Tx, officer: str) -> None:
    if not teams.may_lead_tx(tx, officer, Role.LEAD.value):
        raise InvalidInputError(
            "Nobody was made lead.", {"officer": "Leading takes the role of lead, which an administrator gives."}
        )
