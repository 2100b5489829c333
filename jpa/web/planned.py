"""Deconfliction: planned actions of the agency, and the desks whose plans they meet."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model import states
from jpa.model.access import Action
from jpa.model.agreement import Purpose, Way
from jpa.model.blind import LONGEST_WINDOW, PlannedKind
from jpa.services import planned
from jpa.services.blind import list_partners
from jpa.services.planned import AROUND_PERSON, TypedPlan
from jpa.services.stores import require
from jpa.web.forms import Answer, form_page
from jpa.web.gate import ask, installation

pages = Blueprint("planned", __name__, url_prefix="/planned")


@pages.get("/")
def listed() -> str:
    """List the agency's planned actions and what they meet."""
    return render_template("planned/list.html", board=planned.read_board(installation().stores, ask()))


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Post a planned action."""
    stores, asked, form = installation().stores, ask(), request.form
    require(asked, Action.PLAN_ACTION)
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            _plan, met = planned.post_plan(stores, asked, _typed())
        except InvalidInputError as error:
            fields = error.fields
        else:
            if len(met) > 0:
                flash(ngettext("It meets a plan of %(num)s desk: telephone before you act.", "It meets plans of %(num)s desks: telephone before you act.", len(met)), "warn")  # fmt: skip
            else:
                flash(
                    _("Posted. It meets no other plan here now; this page tells you when one comes, here or elsewhere.")
                )
            return redirect(url_for("planned.listed"))
    demo = installation().settings.demo
    return form_page(
        "planned/new.html", fields, typed=form, kinds=list(PlannedKind), purposes=list(Purpose), states=states.choices(demo=demo),
        partners=list_partners(stores, asked, Way.PLANNED_ACTION, Action.PLAN_ACTION),
        away=list_partners(stores, asked, Way.PLANNED_ACTION, Action.PLAN_ACTION, here=False), around=AROUND_PERSON, longest=LONGEST_WINDOW,
    )  # fmt: skip


@pages.post("/<id:this>/ask")
def again(this: str) -> Response:
    """Ask the partners elsewhere that were not asked."""
    sent = planned.ask_again(installation().stores, ask(), this)
    if len(sent) > 0:
        flash(ngettext("%(num)s question is on its way.", "%(num)s questions are on their way.", len(sent)))
    else:
        flash(_("Nobody could be asked. The page says why of each partner."), "warn")
    return redirect(url_for("planned.listed"))


@pages.post("/<id:this>/withdraw")
def withdraw(this: str) -> Response:
    """Take a planned action back."""
    planned.withdraw_plan(installation().stores, ask(), this)
    flash(_("Withdrawn. It meets nothing from now on; what it met stays told."))
    return redirect(url_for("planned.listed"))


def _typed() -> TypedPlan:
    names = TypedPlan.__dataclass_fields__
    return TypedPlan(**{name: request.form.get(name, "") for name in names})
