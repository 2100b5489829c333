"""Loading the fictional region through the same services that officers use."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from jpa.graph import cases as graph_cases
from jpa.model.audit import AuditTag
from jpa.model.case import Agency, Jpa, Plan, TeamRole
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.ids import derived_id
from jpa.model.marking import Marking
from jpa.model.officer import Officer, Role
from jpa.services import agencies, cases, reports
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask
from jpa.world.generate import generate
from jpa.world.plan import AGENCIES, World, WorldReport

DEMO_ROLES: dict[str, tuple[str, frozenset[Role]]] = {
    "investigator": ("Insp. D. Wulan", frozenset({Role.CONTRIBUTE, Role.READ})),
    "lead": ("Supt. A. Rahman", frozenset({Role.LEAD, Role.CONTRIBUTE})),
    "analyst": ("M. Chaiya", frozenset({Role.ANALYST})),
    "liaison": ("Lt. S. Perera", frozenset({Role.LIAISON})),
    "supervisor": ("Col. N. Tran", frozenset({Role.SUPERVISOR})),
    "auditor": ("R. Osman", frozenset({Role.AUDITOR})),
    "administrator": ("K. Lim", frozenset({Role.ADMINISTRATOR})),
}
"""One demo log-in per role, in each of three agencies."""

JPA_START, JPA_END = "2024-01-01", "2024-12-31"


def load_world(
    installation: Installation,
    size: str,
    seed: int,
    at: datetime,
    password: Callable[[], str],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[World, list[tuple[str, str, str]]]:
    """Generate a region and enter it; returns it with the demo log-ins (login, password, what for)."""
    world = generate(size, seed)
    stores = installation.stores
    logins: list[tuple[str, str, str]] = []
    leads: dict[str, Ask] = {}
    teams: dict[str, list[Officer]] = {}
    for agency_id, name, state, desk in AGENCIES:
        agencies.save_agency(stores, Agency(agency_id, name, state, desk), at)
        for role, (person, roles) in DEMO_ROLES.items():
            login, secret = f"{role}.{agency_id}", password()
            account = installation.accounts.create(
                login=login, name=person, agency=agency_id, state=state, roles=roles, password=secret, at=at
            )
            agencies.save_officer(stores, account.officer, at, active=True)
            logins.append((login, secret, f"{role} at {name}"))
            teams.setdefault(agency_id, []).append(account.officer)
            if role == "lead":
                leads[agency_id] = Ask(account.officer, at, "fictional region")
    jpa_id, plan_id = derived_id(at, "jpa", "3"), derived_id(at, "plan", "selat")
    states = tuple(state for _, _, state, _ in AGENCIES)
    jpa = Jpa(jpa_id, 3, "JPA 3, 2024", JPA_START, JPA_END, states, "smuggling by sea")
    plan = Plan(plan_id, jpa_id, "Plan Selat", states)
    with stores.audit.act(AuditTag.JPA_CREATED, None, object=jpa_id, at=at) as act:
        stores.graph.write(act.intent, lambda tx: graph_cases.save_frame_tx(tx, jpa, plan))
    case_ids = {}
    for case in world.cases:
        ask = leads[case.agency]
        new = NewCase(
            case.number, case.title, case.summary, jpa_id if case.under_jpa else None, plan_id if case.under_jpa else None,
            open_in_agency=True,
        )  # fmt: skip
        made = cases.open_case(stores, ask, new)
        case_ids[case.number] = (made.id, ask)
        for colleague in teams[case.agency]:
            if colleague.holds(Role.CONTRIBUTE, Role.ANALYST) and colleague.id != ask.officer.id:
                cases.join_team(stores, ask, made.id, colleague.id, TeamRole.MEMBER)
    for number, report in enumerate(world.reports):
        case_id, ask = case_ids[report.case]
        reports.add_report(stores, replace(ask, at=at + timedelta(seconds=number)), _typed(case_id, report))
        if progress is not None:
            progress(number + 1, len(world.reports))
    return world, logins


def _typed(case: str, report: WorldReport) -> TypedReport:
    return TypedReport(
        case=case,
        title=report.title,
        source_reference=report.source_reference,
        date=report.date,
        grade=Grade("4x4", report.grade[0], report.grade[1], "H2"),
        marking=Marking(handling="H2"),
        text=report.text,
        records=[TypedRecord(r.ref, r.type, r.properties, role=r.role) for r in report.records],
        links=[TypedLink(link.type, link.source, link.target, link.properties) for link in report.links],
        victims=[
            TypedVictim({"name": [name]}, {"ageBand": [age], "exploitation": [form]})
            for name, age, form in report.victims
        ],
    )
