"""What waits for an officer, one function per kind of work; every count is of what they may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from jpa.graph import cases, overview
from jpa.graph.rows import stamp
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditAct, AuditEvent, AuditTag, Outcome, Standing
from jpa.model.case import Agency, Change, LeaderlessCase
from jpa.services import (
    agencies,
    blind_log,
    dashboards,
    flows,
    frames,
    leads,
    networks,
    officers,
    planned,
    resolution,
    teams,
)
from jpa.services.blind_log import Logged
from jpa.services.cases import CaseList, CaseRow
from jpa.services.dashboards import Tiles
from jpa.services.frames import Frame
from jpa.services.installation import Installation
from jpa.services.networks import CandidateFile
from jpa.services.officers import LoginState, OfficerRow
from jpa.services.planned import Met
from jpa.services.resolution import ProposalRow
from jpa.services.stores import Ask, Event, Stores, read, require
from jpa.services.teams import TeamList
from jpa.statistics.surges import Surges

SHORT: Final = 5
"""Lines of a side card: a start page answers without scrolling."""
LONG: Final = 10
"""Lines of a main card."""


@dataclass(frozen=True, slots=True)
class Investigation:
    """For investigators and leads: my cases, what changed since yesterday, what might be the same."""

    teams: TeamList
    cases: CaseList
    changes: Sequence[Change]
    proposals: Sequence[ProposalRow]
    waiting: int
    candidates: Sequence[CandidateFile]


@dataclass(frozen=True, slots=True)
class Liaison:
    """For liaison officers: whom to telephone, joint periods of the state, desks to ask, cases that they may read."""

    frames: Sequence[Frame]
    desks: Sequence[Agency]
    cases: CaseList
    hits: Sequence[Logged]
    """The newest blind questions and standing checks that hit, of either side."""
    met: Sequence[Met]
    """The newest plans of others that one's own meet."""


@dataclass(frozen=True, slots=True)
class Supervision:
    """For supervisors: the agency's open cases with their leads, the figures of the newest joint period, surges."""

    teams: TeamList
    figures: Tiles | None
    """None where the state takes part in no joint period."""
    surges: Surges
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Audit:
    """For auditors: how the log stands, and what was refused, failed or left open."""

    standing: Standing
    latest: Sequence[AuditAct]
    refused: Sequence[AuditEvent]


@dataclass(frozen=True, slots=True)
class Administration:
    """For administrators: log-ins that need a hand, and agencies."""

    officers: int
    locked: Sequence[OfficerRow]
    without_factor: Sequence[OfficerRow]
    behind: Sequence[OfficerRow]
    agencies: Sequence[tuple[Agency, int]]
    """Each with the count of its officers that are not disabled."""
    leaderless: Sequence[LeaderlessCase]


def for_investigator(stores: Stores, ask: Ask) -> Investigation:
    """Gather an investigator's, a lead's or an analyst's page."""
    proposals, waiting = resolution.list_proposals(stores, ask, limit=SHORT)
    listed, changes = _read(stores, ask)
    return Investigation(
        teams=teams.list_teams(stores, ask, limit=LONG),
        cases=listed,
        changes=changes,
        proposals=proposals,
        waiting=waiting,
        candidates=networks.list_candidates(stores, ask, limit=LONG),
    )


def for_liaison(stores: Stores, ask: Ask) -> Liaison:
    """Gather a liaison officer's page."""
    listed, _ = _read(stores, ask)
    desks = [a for a in agencies.list_agencies(stores, ask) if a.id != ask.officer.agency]
    hits = [line for line in blind_log.read_log(stores, ask).lines if line.this.hit]
    met = planned.read_board(stores, ask).met
    return Liaison(frames.list_frames(stores, ask), desks, listed, hits[:SHORT], met[:SHORT])


def for_supervisor(stores: Stores, ask: Ask) -> Supervision:
    """Gather a supervisor's page."""

    def work(tx: Tx, reader: Readership) -> list[Change]:
        return overview.changes_tx(tx, reader, _yesterday(ask), limit=LONG)

    changes = read(stores, ask, Action.READ, Event(AuditTag.START_PAGE_READ), work)
    return Supervision(
        teams=teams.list_agency_cases(stores, ask, limit=LONG),
        figures=dashboards.read_tiles(stores, ask),
        surges=flows.read_warnings(stores, ask),
        changes=changes,
    )


def for_auditor(stores: Stores, ask: Ask) -> Audit:
    """Gather an auditor's page; the whole chain is walked on the log's own page."""
    require(ask, Action.READ_AUDIT)
    with stores.audit.act(AuditTag.START_PAGE_READ, ask.officer, at=ask.at):
        return Audit(
            standing=stores.audit.standing(),
            latest=stores.audit.acts(limit=LONG),
            refused=stores.audit.events(outcomes=(Outcome.REFUSED, Outcome.FAILED, Outcome.UNKNOWN), limit=LONG),
        )


def for_administrator(here: Installation, ask: Ask) -> Administration:
    """Gather an administrator's page."""
    rows = officers.list_officers(here, ask)
    active = [r for r in rows if r.state is not LoginState.DISABLED]
    listed = agencies.list_agencies(here.stores, ask)
    return Administration(
        officers=len(rows),
        locked=[r for r in active if r.state is LoginState.LOCKED],
        without_factor=[r for r in active if not r.account.has_totp],
        behind=[r for r in rows if not r.in_step],
        agencies=[(a, sum(r.account.agency == a.id for r in active)) for a in listed],
        leaderless=leads.list_leaderless(here.stores, ask),
    )


def _read(stores: Stores, ask: Ask) -> tuple[CaseList, list[Change]]:
    def work(tx: Tx, reader: Readership) -> tuple[CaseList, list[Change]]:
        rows = [CaseRow(*row) for row in cases.cases_tx(tx, reader, limit=LONG)]
        changes = overview.changes_tx(tx, reader, _yesterday(ask), limit=LONG)
        return CaseList(rows, cases.count_tx(tx, reader)), changes

    return read(stores, ask, Action.READ, Event(AuditTag.START_PAGE_READ), work)


def _yesterday(ask: Ask) -> str:
    start = (ask.at - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return stamp(start)
