"""Imports and exports: a file into a draft, what it would do, commit or discard; a case as a file."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.interchange.outcome_map import OUTCOME, OUTCOME_PROPERTIES
from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.catalogue.incidents import INCIDENT
from jpa.model.catalogue.outcomes import OUTCOME_KINDS
from jpa.model.draft import TypedReport
from jpa.model.grading import SCHEMES, Grade
from jpa.model.job import JobKind
from jpa.model.marking import Marking, Tlp, said_pap
from jpa.services import cases, exports, imports, jobs
from jpa.services.exports import ExportForm
from jpa.web.forms import Answer, chosen, form_page
from jpa.web.gate import ask, installation
from jpa.web.uploads import sent_file

pages = Blueprint("imports", __name__)


@pages.get("/imports/")
def listed() -> str:
    """List one's own drafts, newest first."""
    return render_template("imports/list.html", drafts=imports.list_drafts(installation().stores, ask()))


@pages.route("/cases/<case>/imports/new", methods=["GET", "POST"])
def new(case: str) -> Answer:
    """Take a file into a draft of a case; the worker reads it."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            draft = imports.upload(
                stores, asked, _face(case, request.form), sent_file(request.form.get("kind", "Person"))
            )
        except InvalidInputError as error:
            fields = error.fields
        else:
            jobs.start_job(stores, asked, JobKind.IMPORT, draft.id)
            return redirect(url_for("imports.show", draft=draft.id))
    this = cases.read_case(stores, asked, case)
    return form_page(
        "imports/new.html",
        fields,
        case=this.case,
        typed=request.form,
        schemes=SCHEMES,
        tlps=Tlp,
        kinds=[*((t.name, t.plural) for t in ENTITY_TYPES.values()), (OUTCOME, _("Outcomes"))],
        kind=request.values.get("kind", "Person"),
    )


@pages.get("/imports/<draft>")
def show(draft: str) -> str:
    """Show what a draft would do, and how far its reading or commit is."""
    stores, asked = installation().stores, ask()
    shown = imports.preview(stores, asked, draft)
    own = [j for j in jobs.read_desk(stores, asked, JobKind.IMPORT, 50).jobs if j.object == draft]
    return render_template(
        "imports/show.html", preview=shown, draft=shown.draft, jobs=own, running=next((j for j in own if j.open), None),
        OUTCOME_KINDS=OUTCOME_KINDS, OUTCOME_PROPERTIES=OUTCOME_PROPERTIES, INCIDENT=INCIDENT,
        INCIDENT_PROPERTIES={p.name: p for p in INCIDENT.properties},
    )  # fmt: skip


@pages.post("/imports/<draft>/commit")
def commit(draft: str) -> Response:
    """Let the worker write the draft, or go on where it broke off."""
    jobs.start_job(installation().stores, ask(), JobKind.IMPORT, draft)
    return redirect(url_for("imports.show", draft=draft))


@pages.post("/imports/<draft>/discard")
def discard(draft: str) -> Response:
    """Throw the draft away."""
    imports.discard(installation().stores, ask(), draft)
    flash(_("The draft was thrown away; nothing of it is left."))
    return redirect(url_for("imports.listed"))


@pages.get("/imports/<draft>/rejected.csv")
def rejected(draft: str) -> Response:
    """Hand out the rejected rows with their reasons."""
    table = imports.read_rejects(installation().stores, ask(), draft)
    return _download("rejected-rows.csv", table.encode())


@pages.route("/cases/<case>/export", methods=["GET", "POST"])
def export(case: str) -> Answer:
    """Hand a case out as a file, for a purpose that stands in the log."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = exports.export_case(
                stores,
                asked,
                case,
                chosen(ExportForm, request.form.get("form", ""), "form"),
                request.form.get("purpose", ""),
            )
        except InvalidInputError as error:
            fields = error.fields
        else:
            return _download(made.name, made.content)
    this = cases.read_case(stores, asked, case)
    return form_page("imports/export.html", fields, case=this.case, typed=request.form)


def _face(case: str, form: MultiDict[str, str]) -> TypedReport:
    scheme, handling = form.get("grade_scheme", "4x4"), form.get("handling", "")
    grade = Grade(scheme, form.get("grade_source", ""), form.get("grade_information", ""), handling)
    return TypedReport(
        case=case,
        title=form.get("title", ""),
        source_reference=form.get("source_reference", ""),
        date=form.get("date", ""),
        grade=grade,
        marking=Marking(
            chosen(Tlp, form.get("tlp", Tlp.AMBER_STRICT.value), "tlp"),
            handling=handling,
            pap=said_pap(form.get("pap", "")),
        ),
    )


def _download(name: str, content: bytes) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
