"""Joint periods of action and investigation plans."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from jpa.errors import InvalidInputError
from jpa.model import states
from jpa.model.access import Action, can
from jpa.model.case import Plan
from jpa.services import agencies, frames, outcomes
from jpa.services.frames import Frame, TypedJpa, TypedPlan
from jpa.services.stores import require
from jpa.web import register
from jpa.web.forms import Answer, form_page
from jpa.web.gate import ask, installation

pages = Blueprint("frames", __name__, url_prefix="/jpas")


@pages.get("/")
def listed() -> str:
    """List the joint periods with their plans."""
    return render_template("frames/list.html", frames=frames.list_frames(installation().stores, ask()))


@pages.get("/<jpa>")
def show(jpa: str) -> str:
    """Show a joint period with its plans, meetings and targets, and what the own agency reported under it without a case."""
    stores, asked = installation().stores, ask()
    frame = frames.read_frame(stores, asked, jpa)
    reports = can(asked.officer, Action.REPORT_OUTCOME) and asked.officer.state in frame.jpa.states
    reported = outcomes.counts_of(outcomes.agency_ledger(stores, asked, jpa)) if reports else []
    shown = register.shown(stores, asked, jpa)
    named = {a.id: a.name for a in agencies.list_agencies(stores, asked)}
    return render_template("frames/show.html", frame=frame, reports=reports, reported=reported, named=named, **shown)


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Create a joint period."""
    stores, asked = installation().stores, ask()
    require(asked, Action.ADMINISTER)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            made = frames.create_jpa(stores, asked, _jpa())
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("%(name)s is there; cases can be opened under it.", name=made.name))
            return redirect(url_for("frames.show", jpa=made.id))
    return _jpa_form(fields, jpa=None, typed=request.form, chosen=request.form.getlist("states"))


@pages.route("/<jpa>/change", methods=["GET", "POST"])
def change(jpa: str) -> Answer:
    """Change a joint period."""
    stores, asked = installation().stores, ask()
    require(asked, Action.ADMINISTER)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            changed = frames.change_jpa(stores, asked, jpa, _jpa())
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("%(name)s was changed.", name=changed.name))
            return redirect(url_for("frames.show", jpa=jpa))
    this = frames.read_frame(stores, asked, jpa).jpa
    posted = request.method == "POST"
    typed, chosen = (request.form, request.form.getlist("states")) if posted else (frames.as_typed(this), this.states)
    return _jpa_form(fields, jpa=this, typed=typed, chosen=chosen)


@pages.route("/<jpa>/plans/new", methods=["GET", "POST"])
def new_plan(jpa: str) -> Answer:
    """Create a plan under a joint period."""
    stores, asked = installation().stores, ask()
    require(asked, Action.ADMINISTER)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            made = frames.create_plan(stores, asked, jpa, _plan())
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("%(name)s is there; cases can be opened under it.", name=made.name))
            return redirect(url_for("frames.show", jpa=jpa))
    return _plan_form(frames.read_frame(stores, asked, jpa), None, fields)


@pages.route("/<jpa>/plans/<plan>", methods=["GET", "POST"])
def plan(jpa: str, plan: str) -> Answer:
    """Change a plan."""
    stores, asked = installation().stores, ask()
    require(asked, Action.ADMINISTER)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            changed = frames.change_plan(stores, asked, jpa, plan, _plan())
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("%(name)s was changed.", name=changed.name))
            return redirect(url_for("frames.show", jpa=jpa))
    frame = frames.read_frame(stores, asked, jpa)
    return _plan_form(frame, frame.plan(plan), fields)


def _jpa() -> TypedJpa:
    form = request.form
    return TypedJpa(
        form.get("number", ""), form.get("name", ""), form.get("start", ""), form.get("end", ""),
        tuple(form.getlist("states")), form.get("focus", ""), form.get("observers", ""), form.get("co_chairs", ""),
        form.get("coordinator", ""),
    )  # fmt: skip


def _plan() -> TypedPlan:
    return TypedPlan(request.form.get("name", ""), tuple(request.form.getlist("states")))


def _plan_form(frame: Frame, this: Plan | None, fields: Mapping[str, str]) -> Answer:
    if request.method == "POST" or this is None:
        name, chosen = request.form.get("name", ""), request.form.getlist("states")
    else:
        name, chosen = this.name, list(this.states)
    options = [(code, states.name_of(code)) for code in frame.jpa.states]
    return form_page("frames/plan.html", fields, frame=frame, plan=this, name=name, chosen=chosen, options=options)


def _jpa_form(fields: Mapping[str, str], **shown: object) -> Answer:
    known = agencies.list_agencies(installation().stores, ask())
    named = [("", _("none yet")), *((a.id, f"{a.name} ({states.name_of(a.state)})") for a in known)]
    options = states.choices(demo=installation().settings.demo)
    return form_page("frames/jpa.html", fields, options=options, agencies=named, **shown)
