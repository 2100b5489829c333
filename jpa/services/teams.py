"""Teams across cases: those that an officer is on, and those of the agency with their leads."""

from collections.abc import Sequence
from dataclasses import dataclass

from jpa.graph import teams
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import StaffedCase
from jpa.services.stores import Ask, Event, Stores, read


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


def _listed(stores: Stores, ask: Ask, *, mine: bool, skip: int, limit: int) -> TeamList:
    def work(tx: Tx, reader: Readership) -> TeamList:
        rows = teams.staffed_tx(tx, reader, mine=mine, skip=skip, limit=limit)
        return TeamList(rows, teams.count_staffed_tx(tx, reader, mine=mine))

    return read(stores, ask, Action.READ, Event(AuditTag.CASE_LISTED), work)
