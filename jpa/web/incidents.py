"""Incidents without names: the list, quick entry, correction, retraction, a file in and out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model.access import Action
from jpa.model.catalogue.incidents import INCIDENT, Reason
from jpa.model.draft import TypedIncident
from jpa.model.incident import Incident
from jpa.model.job import JobKind
from jpa.services import flows, imports, incidents, jobs, retractions
from jpa.services.incident_files import export_incidents
from jpa.services.outcome_files import LedgerForm
from jpa.services.stores import require
from jpa.statistics.incidents import INCIDENT_DIMENSIONS, INCIDENT_MEASURES, IncidentQuestion
from jpa.web.forms import Answer, chosen, form_page, skipped
from jpa.web.gate import ask, installation
from jpa.web.uploads import sent_file

pages = Blueprint("incidents", __name__, url_prefix="/incidents")

KEPT: Final = ("date", "state", "place", "origin", "transit", "destination", "means", "method", "currency")
"""What “saved, next one” keeps: a patrol meets several boats on one route in a night."""
_HELD: Final = "next incident"
_NARROWED: Final = ("year", "month", "state", "place", "route", "nationality", "means", "result")
"""What the list can be narrowed by on its page; figures narrow it by anything."""


@pages.get("/")
def listed() -> str:
    """List the incidents in force, or those that a figure rests on."""
    return _list({})


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter an incident."""
    stores, asked, form = installation().stores, ask(), request.form
    require(asked, Action.REPORT_INCIDENT)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            incidents.record_incidents(stores, asked, [_typed(form)])
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("Saved. It counts in every flow, trend and warning of your agency."))
            if form.get("then") != "next":
                return redirect(url_for("incidents.listed"))
            session[_HELD] = {name: form[name] for name in KEPT if form.get(name, "") != ""}
            return redirect(url_for("incidents.new"))
    typed = form if request.method == "POST" else MultiDict(session.pop(_HELD, {}))
    return form_page("incidents/new.html", fields, typed=typed, **_offered())


@pages.get("/<incident>")
def show(incident: str) -> str:
    """Show one incident with what became of it."""
    line = incidents.read_incident(installation().stores, ask(), incident)
    return render_template("incidents/show.html", line=line, reasons=list(Reason))


@pages.route("/<incident>/correct", methods=["GET", "POST"])
def correct(incident: str) -> Answer:
    """Correct an incident: a new entry supersedes it, the old one stays."""
    stores, asked, form = installation().stores, ask(), request.form
    require(asked, Action.REPORT_INCIDENT)
    line = incidents.read_incident(stores, asked, incident)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            made = incidents.correct_incident(stores, asked, incident, _typed(form))
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("Corrected. The earlier entry stays, folded."))
            return redirect(url_for("incidents.show", incident=made.id))
    shown = form if request.method == "POST" else _typed_of(line.incident)
    return form_page("incidents/correct.html", fields, line=line, typed=shown, reasons=list(Reason), **_offered())


@pages.post("/<incident>/retract")
def retract(incident: str) -> Response:
    """Retract an incident."""
    retractions.retract_incident(installation().stores, ask(), incident, request.form.get("reason", ""))
    flash(_("Retracted; it counts no more. Nothing was erased."))
    return redirect(url_for("incidents.show", incident=incident))


@pages.post("/file")
def file() -> Answer:
    """Hand out all incidents as a file, for a purpose that stands in the log."""
    form = request.form
    try:
        shape = chosen(LedgerForm, form.get("form", ""), "form")
        made = export_incidents(installation().stores, ask(), shape, form.get("purpose", ""))
    except InvalidInputError as error:
        return _list(error.fields), 422
    answer = make_response(made.content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


@pages.route("/import", methods=["GET", "POST"])
def take() -> Answer:
    """Take a table of incidents into a draft; the worker reads it."""
    stores, asked = installation().stores, ask()
    require(asked, Action.IMPORT)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            draft = imports.upload(stores, asked, None, sent_file(INCIDENT.name))
        except InvalidInputError as error:
            fields = error.fields
        else:
            jobs.start_job(stores, asked, JobKind.IMPORT, draft.id)
            return redirect(url_for("imports.show", draft=draft.id))
    return form_page("incidents/import.html", fields, typed=request.form, properties=INCIDENT.properties)


@pages.app_template_global("flow_args")
def flow_args(question: IncidentQuestion) -> dict[str, Any]:
    """Return a question as the part of an address behind the question mark; codes and places, never names of people."""
    where = [f"{dimension}:{label}" for dimension, labels in question.where.items() for label in labels]
    said = {"by": list(question.dimensions), "where": where, "since": question.since, "until": question.until}
    return {"measure": question.measure, **{name: value for name, value in said.items() if value}}


def question_asked(measure: str, by: tuple[str, ...] = ()) -> IncidentQuestion:
    """Read a question off the address."""
    given = request.args
    where = flows.where_of(text for text in given.getlist("where") if text)
    named = tuple(d for d in given.getlist("by") if d) or by
    name = given.get("measure", measure)
    wanted = INCIDENT_MEASURES.get(name)
    if wanted is not None and wanted.fee and "currency" not in {*named, *where}:
        named = (*named[:1], "currency")  # fees have a middle within one currency alone
    return flows.question_of(name, named, where, given.get("since", ""), given.get("until", ""))


def _list(fields: Mapping[str, str]) -> str:
    stores, asked, skip = installation().stores, ask(), skipped()
    question = replace(question_asked("incidents"), dimensions=())
    found = incidents.list_incidents(stores, asked, question, skip)
    choices = flows.read_flows(stores, asked, [IncidentQuestion("incidents", (d,)) for d in _NARROWED])
    return render_template(
        "incidents/list.html", found=found, question=question, measure=INCIDENT_MEASURES[question.measure], fields=fields,
        skip=skip, page=incidents.PAGE, choices=choices, dimensions=INCIDENT_DIMENSIONS, caption=flows.caption,
        args=flow_args(question), forms=LedgerForm, typed=request.form, reasons=list(Reason), whose=incidents.WHOSE,
    )  # fmt: skip


def _offered() -> dict[str, object]:
    places = incidents.read_places(installation().stores, ask())
    return {"properties": INCIDENT.properties, "places": places}


def _typed(form: MultiDict[str, str]) -> TypedIncident:
    said = {p.name: [form[p.name]] for p in INCIDENT.properties if form.get(p.name, "").strip() != ""}
    return TypedIncident(said, reason=form.get("reason", ""), confirmed=form.get("confirmed") == "1")


def _typed_of(incident: Incident) -> MultiDict[str, str]:
    return MultiDict({name: ", ".join(v.typed for v in values) for name, values in incident.properties.items()})
