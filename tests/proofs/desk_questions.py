"""What is asked at the desks of liaison officers and supervisors in the proof of views, and what is tried on things that may be hidden."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from random import Random
from typing import Any, Final

from openpyxl import load_workbook

from jpa.model.agreement import Purpose
from jpa.model.draft import TypedOutcome, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.package import Selection
from jpa.model.record import Link
from jpa.services import (
    attribution,
    break_glass,
    cases,
    dashboards,
    entities,
    evidence,
    flows,
    grant_choices,
    grants,
    imports,
    incidents,
    joint_cases,
    links,
    outcome_checks,
    outcome_entry,
    outcomes,
    package_options,
    packages,
    planned,
    planning,
    register,
    requests,
    resolution,
    sharing_desk,
    starts,
    views,
)
from jpa.services.closing import read_closing
from jpa.services.exports import ExportForm, export_case
from jpa.services.figures import question_of
from jpa.services.import_files import File
from jpa.services.outcome_files import LedgerForm, export_ledger
from jpa.services.package_setting import Order
from jpa.services.planning import Stage
from jpa.services.stores import Ask, Stores
from tests.proofs.desk_loading import AWAY, TREATY
from tests.proofs.worlds import JPA, World

_LIST: Final = b"id,name,birthDate\n1,Rahim Uddin,1987\n2,Hla Myint,1991\n3,Somchai,1987-03-12\n4,Rohim Uddin,1987\n"
"""A file that every case is sent."""


def desk_questions(stores: Stores, world: World, ask: Ask, draw: Random, unknown: str) -> dict[str, Callable[[], Any]]:
    """Give every question of the desks about a world; `unknown` is an id of nothing."""
    found: dict[str, Callable[[], Any]] = {
        "liaison's start": partial(starts.for_liaison, stores, ask),
        "supervisor's start": partial(starts.for_supervisor, stores, ask),
        "claims to sign": partial(attribution.list_waiting, stores, ask),
        "own claims": partial(attribution.read_own, stores, ask, JPA.id),
        "joint cases": partial(joint_cases.list_cases, stores, ask),
        "grants given": partial(grants.list_given, stores, ask),
        "what waits in sharing": partial(sharing_desk.list_sharing, stores, ask),
        "planned actions": partial(planned.read_board, stores, ask),
        "incidents": partial(incidents.list_incidents, stores, ask, flows.question_of("incidents")),
        "places": partial(incidents.read_places, stores, ask),
        "flows": lambda: [
            f.table for f in flows.read_flows(stores, ask, [flows.question_of("migrants", ("place",))]).flows
        ],
        "surges": partial(flows.read_warnings, stores, ask),
        "dashboard": partial(_dashboard, stores, ask),
        "tiles": partial(dashboards.read_tiles, stores, ask),
        "progress": partial(register.read_progress, stores, ask, JPA.id),
        "closing report": partial(_closing, stores, ask),
        "ledger of the agency": partial(outcomes.agency_ledger, stores, ask, JPA.id),
        "run": partial(resolution.read_summary, stores, ask),
        "choices of a table": lambda: views.read_desk(stores, ask, question_of("persons_arrested", ("case",))).choices,
    }
    for stage in Stage:
        found[f"planning {stage}"] = partial(planning.read_planning, stores, ask, JPA.id, stage)
    for number in (*(c.number for c in world.cases), "T-9"):
        found[f"case of number {number}"] = partial(cases.find_case, stores, ask, number)
    for incident in (*(m.id for m in world.incidents), unknown):
        found[f"incident {incident}"] = partial(incidents.read_incident, stores, ask, incident)
    for file in (*(m.id for m in world.files), unknown):
        found[f"file {file}"] = partial(_dossier, stores, ask, file)
    for record in (*(m.id for m in world.records), unknown):
        found[f"count of ties {record}"] = partial(entities.count_ties, stores, ask, record)
    for marked in world.links:
        if isinstance(marked.thing, Link):
            said = draw.choice((marked.thing.report, draw.choice(world.reports).id))
            found[f"link {marked.id} of {said}"] = partial(links.read_link, stores, ask, said, marked.id)
    files = tuple(m.id for m in world.files)
    people = [m.id for m in world.records]
    for case in (*(c.id for c in world.cases), unknown):
        order = Order(case, AWAY.id, TREATY, Purpose.SMUGGLING.value, _selection(draw, files, people))
        typed = TypedOutcome("arrested", {"date": ["2026-02-01"]}, case, person=draw.choice(people))
        found |= {
            f"victims of {case}": partial(break_glass.list_victims, stores, ask, case),
            f"grants of {case}": partial(grants.list_grants, stores, ask, case),
            f"choices to grant {case}": partial(grant_choices.read_choices, stores, ask, case),
            f"requests of {case}": partial(requests.list_case_requests, stores, ask, case),
            f"whom to ask of {case}": partial(requests.read_form, stores, ask, case),
            f"what to send of {case}": partial(package_options.read_options, stores, ask, case),
            f"form of outcomes of {case}": partial(outcome_entry.read_desk, stores, ask, case, draw.choice(people)),
            f"odd in {case}": partial(outcome_checks.check_case_outcomes, stores, ask, case, [typed]),
            f"package of {case}": partial(_previewed, stores, ask, order),
            f"file of outcomes of {case}": partial(export_ledger, stores, ask, case, LedgerForm.CSV, "proof"),
            f"import into {case}": partial(_imported, stores, ask, case),
            f"workbook of {case}": partial(_workbook, stores, ask, case),
        }
    return found


def _selection(draw: Random, files: tuple[str, ...], records: list[str]) -> Selection:
    return Selection(
        types=draw.choice(((), (), ("Person",))),
        least_grade=draw.choice((0.0, 0.0, 0.5)),
        hops=draw.choice((None, None, 1)),
        left_out=tuple(draw.sample(records, 1)) if draw.random() < 0.2 else (),
        texts=draw.random() < 0.5,
        files=tuple(draw.sample(files, min(len(files), 1))) if draw.random() < 0.3 else (),
    )


def _previewed(stores: Stores, ask: Ask, order: Order) -> Any:
    """Preview a package; its own id and moment are not compared, nor who opened its files when."""
    manifest, shown = packages.preview_package(stores, ask, order)
    told = {f.path: f.sha256 for f in manifest.files if "custody" not in f.path}
    return manifest.marking, manifest.withheld, manifest.counts, manifest.periods, told, shown.things, shown.ties


def _dashboard(stores: Stores, ask: Ask) -> Any:
    """Read a dashboard; when it was counted is not compared."""
    board = dashboards.read_dashboard(stores, ask, JPA.id)
    return board and (
        board.pairs,
        board.curves,
        board.trend,
        board.by_state,
        board.by_offence,
        board.captions,
        board.whose,
    )


def _closing(stores: Stores, ask: Ask) -> Any:
    """Read a closing report without the moment at which it was made."""
    report = read_closing(stores, ask, JPA.id)
    return report.frame, report.lines, report.vintage, report.whose


def _imported(stores: Stores, ask: Ask, case: str) -> Any:
    """Stage a file whose rows may be there already, or be like what is there; nothing is kept of it."""
    face = TypedReport(case, "List", "L-1", "2026-05-05", Grade("4x4", "A", "1"), Marking())
    draft = imports.stage(stores, ask, face, File("list.csv", _LIST, "Person", dataset="list"))
    rows = imports.preview(stores, ask, draft.id).rows
    imports.discard(stores, ask, draft.id)
    return draft.head["counts"], rows


def _dossier(stores: Stores, ask: Ask, file: str) -> Any:
    """Read what is known of a file without who opened it, which the questions themselves change."""
    dossier = evidence.read_dossier(stores, ask, file)
    return dossier.file, dossier.report


def _workbook(stores: Stores, ask: Ask, case: str) -> Any:
    """Export a case and read every cell; the file itself bears the moment at which it was written."""
    made = export_case(stores, ask, case, ExportForm.XLSX, "proof")
    book = load_workbook(BytesIO(made.content), read_only=True)
    return made.name, made.records, [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]
