"""Loading the fictional region through the same services that officers use."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from jpa.graph import cases as graph_cases
from jpa.model.audit import AuditTag
from jpa.model.case import Plan
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.ids import derived_id
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking, Release, Tlp
from jpa.services import cases, grant_offers, reports, resolution
from jpa.services.cases import NewCase
from jpa.services.grant_offers import NewGrant
from jpa.services.installation import Installation
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Stores
from jpa.world.agreements import PURPOSE, enter_agreements
from jpa.world.case_book import keep_book
from jpa.world.generate import generate
from jpa.world.incidents import enter_incidents
from jpa.world.lead_case import MERGED
from jpa.world.ledger import Entered, enter_ledger
from jpa.world.neighbour import enter_neighbour
from jpa.world.plan import World, WorldCase, WorldJpa, WorldReport
from jpa.world.register import register_of
from jpa.world.releases import enter_releases
from jpa.world.requests import AskedCase, enter_requests
from jpa.world.returns import enter_returns
from jpa.world.staff import Staff, engage
from jpa.world.truth import source_key

BATCH: Final = 25
"""Reports of one transaction: enough to share its cost, few enough to hold little memory in Neo4j."""
_GRANTED: Final = timedelta(days=730)
LEAD_CASE: Final = "T-2024-0117"
_TEAM: Final = ("investigator", "analyst")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A case as it stands in the store."""

    id: str
    agency: str
    jpa: str | None


def load_world(
    installation: Installation,
    size: str,
    seed: int,
    at: datetime,
    password: Callable[[], str],
    progress: Progress | None = None,
) -> tuple[World, list[tuple[str, str, str]]]:
    """Generate a region and enter it; returns it with the demo log-ins (login, password, what for)."""
    world = generate(size, seed)
    stores = installation.stores
    staff = engage(installation, at, password)
    frames = {jpa.number: _save_jpa(stores, jpa, at) for jpa in world.jpas}
    arrangement = enter_agreements(stores, staff, at)
    enter_neighbour(stores, staff, at)
    opened = {case.number: _open_case(stores, staff, case, frames, world.jpas, at, arrangement) for case in world.cases}
    people: dict[tuple[str, str], str] = {}
    done = 0
    for step, batch in enumerate(_batches(world.reports)):
        case = opened[batch[0].case]
        ask = staff.ask(case.agency, "lead", at + timedelta(milliseconds=20 * (step + 1)))
        made = reports.add_reports(stores, ask, [_typed(case, report) for report in batch])
        if batch[0].case == LEAD_CASE:
            _merge(stores, staff.ask(case.agency, "investigator", at + timedelta(seconds=1)), batch, made)
        _remember(people, batch, made)
        done += len(batch)
        if progress is not None:
            progress(done, len(world.reports))
    entered = Entered(
        {number: (case.id, case.agency) for number, case in opened.items()},
        {number: jpa for number, (jpa, _plan) in frames.items()},
        people,
    )
    keep_book(stores, staff, opened[LEAD_CASE].id)
    enter_ledger(stores, staff, world, entered, at + timedelta(seconds=2))
    enter_incidents(stores, staff, world.incidents, at + timedelta(seconds=3))
    enter_returns(stores, staff, entered.jpas, at + timedelta(seconds=4))
    enter_releases(stores, staff, entered.jpas, at + timedelta(seconds=5))
    states = {frames[jpa.number][0]: jpa.states for jpa in world.jpas}
    asked = [AskedCase(c.id, c.agency, c.jpa or "", states.get(c.jpa or "", ())) for c in opened.values()]
    enter_requests(stores, staff, asked, arrangement, at)
    return world, staff.logins


def _remember(people: dict[tuple[str, str], str], batch: Sequence[WorldReport], made: Sequence[Statements]) -> None:
    """Keep the first record of each person in each case: what the ledger says of them points there."""
    for report, one in zip(batch, made, strict=True):
        for written, stated in zip(report.records, one.records, strict=True):
            if written.type == "Person":
                people.setdefault((report.case, written.truth), stated.id)


def _merge(stores: Stores, ask: Ask, batch: Sequence[WorldReport], made: Sequence[Statements]) -> None:
    """Merge what the team of the lead case has recognised: verdicts like any other, each can be undone."""
    for truth in MERGED:
        records = [
            stated.id
            for report, one in zip(batch, made, strict=True)
            for written, stated in zip(report.records, one.records, strict=True)
            if written.truth == truth
        ]
        for other in records[1:]:
            resolution.judge(
                stores, ask, records[0], other, Verdict.SAME, "Recognised by the officer who interviewed him."
            )


def _save_jpa(stores: Stores, world: WorldJpa, at: datetime) -> tuple[str, str]:
    jpa_id, plan_id = (derived_id(at, kind, str(world.number)) for kind in ("jpa", "plan"))
    jpa = register_of(jpa_id, world)
    plan = Plan(plan_id, jpa_id, world.plan, world.states)
    with stores.audit.act(AuditTag.JPA_CREATED, None, object=jpa_id, at=at) as act:
        stores.graph.write(act.intent, lambda tx: graph_cases.save_frame_tx(tx, jpa, plan))
    return jpa_id, plan_id


def _open_case(
    stores: Stores,
    staff: Staff,
    case: WorldCase,
    frames: dict[int, tuple[str, str]],
    jpas: Sequence[WorldJpa],
    at: datetime,
    arrangement: str,
) -> _Opened:
    """Open a case with its team; one under a joint period is granted to the analysts of the other participants."""
    ask = staff.ask(case.agency, "lead", at)
    jpa, plan = frames.get(case.jpa, (None, None))
    new = NewCase(
        case.number,
        case.title,
        case.summary,
        jpa,
        plan,
        open_in_agency=True,
        opened=datetime.fromisoformat(case.opened).replace(hour=9, tzinfo=UTC),
        team=[staff.officers[case.agency, role].id for role in _TEAM],
    )
    made = cases.open_case(stores, ask, new)
    for period in jpas:
        if period.number == case.jpa:
            why = f"joint analysis under {period.plan} of {period.name}"
            liaison = staff.ask(case.agency, "liaison", at)
            for agency, analyst in staff.analysts_of(period.states, besides=case.agency):
                grant_offers.offer_grant(
                    stores,
                    liaison,
                    NewGrant(made.id, agency, arrangement, PURPOSE.value, at + _GRANTED, officers=[analyst], why=why),
                )
    return _Opened(made.id, case.agency, jpa)


def _batches(written: Sequence[WorldReport]) -> Iterator[list[WorldReport]]:
    """Cut the reports into batches of one case each, in the order in which the cases come first."""
    by_case: dict[str, list[WorldReport]] = {}
    for report in written:
        by_case.setdefault(report.case, []).append(report)
    for found in by_case.values():
        for start in range(0, len(found), BATCH):
            yield found[start : start + BATCH]


def _typed(case: _Opened, report: WorldReport) -> TypedReport:
    marking = Marking(handling="H2")
    if report.shared and case.jpa is not None:
        marking = Marking(Tlp.AMBER, Release.JPA, (case.jpa,), handling="H2")
    return TypedReport(
        case=case.id,
        title=report.title,
        source_reference=report.source_reference,
        date=report.date,
        grade=Grade("4x4", report.grade[0], report.grade[1], "H2"),
        marking=marking,
        text=report.text,
        records=[
            TypedRecord(r.ref, r.type, r.properties, role=r.role, source_key=source_key(report, r))
            for r in report.records
        ],
        links=[TypedLink(link.type, link.source, link.target, link.properties) for link in report.links],
        victims=[
            TypedVictim({"name": [name]}, {"ageBand": [age], "exploitation": [form]})
            for name, age, form in report.victims
        ],
    )
