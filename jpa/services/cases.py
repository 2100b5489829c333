"""Cases: open, list, read, change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import cases, grants, outcomes, retractions, roles, teams
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import (
    Case,
    CaseAction,
    CaseState,
    Decision,
    Jpa,
    Plan,
    TeamMember,
    TeamRole,
    leads_of,
)
from jpa.model.entity import Glance
from jpa.model.grant import Grant
from jpa.model.ids import new_id
from jpa.model.record import Report
from jpa.services.stores import Ask, Event, Stores, found, read, write

MOST_PEOPLE: Final = 200
"""Records with a role that a case page shows: more are found by search or on the chart."""


LONGEST_SUMMARY: Final = 4000
"""A summary is read at a glance; what is longer is a report."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list with its counts of what the officer may read."""

    case: Case
    reports: int
    records: int


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of cases and how many there are."""

    rows: Sequence[CaseRow]
    total: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as its page shows it."""

    case: Case
    team: Sequence[TeamMember]
    reports: Sequence[tuple[Report, int]]
    report_count: int
    actions: Sequence[CaseAction]
    decisions: Sequence[Decision]
    jpa: Jpa | None
    plan: Plan | None
    may_write: bool
    leads: bool
    """Whether the officer is a lead on the team."""
    people: Mapping[str, Sequence[Glance]]
    """Who is involved, by role."""
    people_count: int
    granted: Sequence[Grant] = ()
    """Grants in force to officers of other agencies; shown to the owner alone."""
    retracted: frozenset[str] = frozenset()
    """The listed reports that are retracted now."""
    outcomes: int = 0
    """Outcomes of its ledger that stand."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What the form for a new case says."""

    number: str
    title: str
    summary: str = ""
    jpa: str | None = None
    plan: str | None = None
    open_in_agency: bool = False
    opened: datetime | None = None
    """When the investigation began, for one that began on paper; unset: now."""
    team: Sequence[str] = ()
    """Colleagues of the same agency who are members of the team from the first moment."""


def list_cases(stores: Stores, ask: Ask, *, skip: int = 0, limit: int = 50) -> CaseList:
    """List the cases that the officer may know of, newest first."""

    def work(tx: Tx, reader: Readership) -> CaseList:
        listed = cases.cases_tx(tx, reader, skip=skip, limit=limit)
        return CaseList([CaseRow(*row) for row in listed], cases.count_tx(tx, reader))

    return read(stores, ask, Action.READ, Event(AuditTag.CASE_LISTED), work)


def read_case(stores: Stores, ask: Ask, case: str, *, skip: int = 0, limit: int = 50) -> CaseFile:
    """Read a case with its team, reports, actions and decisions."""

    def work(tx: Tx, reader: Readership) -> CaseFile:
        this = found(cases.case_tx(tx, reader, case))
        team = teams.team_tx(tx, reader, case)
        listed = cases.reports_tx(tx, reader, case, skip=skip, limit=limit)
        return CaseFile(
            case=this,
            team=team,
            reports=listed,
            report_count=cases.count_reports_tx(tx, reader, case),
            actions=cases.actions_tx(tx, reader, case),
            decisions=cases.decisions_tx(tx, reader, case),
            jpa=next((j for j in cases.jpas_tx(tx, reader.officer.state) if j.id == this.jpa), None),
            plan=next((p for p in cases.plans_tx(tx, reader.officer.state) if p.id == this.plan), None),
            may_write=case in reader.team,
            granted=[g for g in grants.grants_tx(tx, reader, case) if g.revoked is None and g.end > ask.at]
            if this.agency == reader.officer.agency
            else [],
            retracted=frozenset(a.target for a in retractions.about_tx(tx, [r.id for r, _ in listed]) if a.stands),
            leads=reader.officer.id in leads_of(team),
            people=roles.involved_tx(tx, reader, case, limit=MOST_PEOPLE),
            people_count=roles.count_involved_tx(tx, reader, case),
            outcomes=outcomes.count_of_case_tx(tx, reader, case),
        )

    return read(stores, ask, Action.READ, Event(AuditTag.CASE_READ, case), work)


def find_case(stores: Stores, ask: Ask, number: str) -> Case | None:
    """Find a case that the officer may know of by its exact number; the newest where agencies number alike."""
    event = Event(AuditTag.CASE_LISTED)
    return read(stores, ask, Action.READ, event, lambda tx, reader: cases.by_number_tx(tx, reader, number.strip()))


def open_case(stores: Stores, ask: Ask, new: NewCase) -> Case:
    """Open a case of the own agency; the officer becomes its lead and the only one who can read it."""
    problems = {}
    if new.number.strip() == "":
        problems["number"] = "Enter the case number that your agency uses, for example T-2024-0117."
    if new.title.strip() == "":
        problems["title"] = "Enter a title by which colleagues recognise the case."
    if new.opened is not None and new.opened > ask.at:
        problems["opened"] = "An investigation cannot have begun after today."
    if len(problems) > 0:
        raise InvalidInputError("The case was not opened.", problems)
    case = Case(
        id=new_id(ask.at),
        number=new.number.strip(),
        title=new.title.strip(),
        agency=ask.officer.agency,
        state=ask.officer.state,
        opened=ask.at if new.opened is None else new.opened,
        open_in_agency=new.open_in_agency,
        jpa=new.jpa or None,
        plan=new.plan or None,
        summary=new.summary.strip(),
    )

    def work(tx: Tx, reader: Readership, _: object) -> Case:
        _require_under(tx, reader, case)
        cases.create_tx(tx, case)
        teams.join_tx(tx, case.id, ask.officer.id, TeamRole.LEAD)
        for colleague in new.team:
            put_on_team(tx, case.id, colleague, TeamRole.MEMBER)
        return case

    details = {"team": list(new.team)} if len(new.team) > 0 else None
    return write(stores, ask, Action.OPEN_CASE, Event(AuditTag.CASE_OPENED, case.id, details), work)


def change_case(
    stores: Stores,
    ask: Ask,
    case: str,
    *,
    open_in_agency: bool | None = None,
    status: CaseState | None = None,
    summary: str | None = None,
) -> Case:
    """Change who in the agency may read the case, its state or its summary, by a lead on its team; None leaves as is."""
    if summary is not None and len(summary) > LONGEST_SUMMARY:
        raise InvalidInputError(
            "The case was not changed.",
            {"summary": f"Use at most {LONGEST_SUMMARY} characters; details go into reports."},
        )

    def work(tx: Tx, reader: Readership, _: object) -> Case:
        this = leading(tx, reader, case)
        changed = replace(
            this,
            open_in_agency=this.open_in_agency if open_in_agency is None else open_in_agency,
            status=this.status if status is None else status,
            summary=this.summary if summary is None else stores.vault.redactor(case)(summary.strip()),
        )
        cases.change_tx(tx, changed)
        return changed

    details = {"status": status and status.value, "open_in_agency": open_in_agency, "summary": summary is not None}
    return write(stores, ask, Action.EDIT_CASE, Event(AuditTag.CASE_CHANGED, case, details), work)


def read_leading(stores: Stores, ask: Ask, case: str) -> Case:
    """Read a case for its lead to change."""
    return read(stores, ask, Action.EDIT_CASE, Event(AuditTag.CASE_READ, case), lambda tx, r: leading(tx, r, case))


def list_frames(stores: Stores, ask: Ask) -> tuple[list[Jpa], list[Plan]]:
    """List the joint periods and plans that the officer's state takes part in."""

    def work(tx: Tx, reader: Readership) -> tuple[list[Jpa], list[Plan]]:
        return cases.jpas_tx(tx, reader.officer.state), cases.plans_tx(tx, reader.officer.state)

    return read(stores, ask, Action.READ, Event(AuditTag.CASE_LISTED), work)


def put_on_team(tx: Tx, case: str, officer: str, role: TeamRole) -> None:
    """Put a colleague of the same agency on the team."""
    if not teams.join_tx(tx, case, officer, role):
        raise InvalidInputError(
            "Nobody was added.", {"officer": "Choose an officer of your own agency; others read by a grant."}
        )


def writing(tx: Tx, reader: Readership, case: str) -> Case:
    """Return the case if the officer is on its team; a case that cannot be read cannot be found."""
    this = found(cases.case_tx(tx, reader, case))
    if case not in reader.team:
        raise ForbiddenError(f"Only the team of {this.number} adds to it. Ask its lead to put you on the team.")
    if this.status is CaseState.CLOSED:
        raise ConflictError(f"{this.number} is closed. Its lead can open it again.")
    return this


def leading(tx: Tx, reader: Readership, case: str) -> Case:
    """Return the case if the officer leads its team."""
    this = found(cases.case_tx(tx, reader, case))
    if reader.officer.id not in leads_of(teams.team_tx(tx, reader, case)):
        raise ForbiddenError(f"Only a lead of {this.number} may do this.")
    return this


def _require_under(tx: Tx, reader: Readership, case: Case) -> None:
    problems = {}
    if case.jpa is not None and case.jpa not in reader.jpas:
        problems["jpa"] = "Choose a joint period that your state takes part in."
    if case.plan is not None and case.plan not in {p.id for p in cases.plans_tx(tx, reader.officer.state)}:
        problems["plan"] = "Choose a plan that your state is party to."
    if len(problems) > 0:
        raise InvalidInputError("The case was not opened.", problems)
