"""Cases: list, open, read, team, actions, decisions."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model.case import ActionState, TeamRole
from jpa.services import agencies, cases
from jpa.services.cases import NewCase
from jpa.web.context import marking
from jpa.web.forms import chosen
from jpa.web.gate import ask, installation

pages = Blueprint("cases", __name__, url_prefix="/cases")
PAGE = 50


@pages.get("/")
def listed() -> str:
    """List the cases that the officer may know of."""
    skip = max(0, request.args.get("skip", 0, type=int))
    return render_template(
        "cases/list.html", cases=cases.list_cases(installation().stores, ask(), skip=skip), skip=skip, page=PAGE
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> Response | str | tuple[str, int]:
    """Open a case."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    if request.method == "POST":
        form = request.form
        typed = NewCase(
            form.get("number", ""), form.get("title", ""), form.get("summary", ""), form.get("jpa") or None,
            form.get("plan") or None, open_in_agency=form.get("open") == "1",
        )  # fmt: skip
        try:
            case = cases.open_case(stores, asked, typed)
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("The case is open. Only you can read it until you add colleagues."))
            return redirect(url_for("cases.show", case=case.id))
    jpas, plans = cases.list_frames(stores, asked)
    page = render_template("cases/new.html", jpas=jpas, plans=plans, typed=request.form, fields=fields)
    return page if len(fields) == 0 else (page, 422)


@pages.get("/<case>")
def show(case: str) -> str:
    """Show a case."""
    stores, asked = installation().stores, ask()
    skip = max(0, request.args.get("skip", 0, type=int))
    this = cases.read_case(stores, asked, case, skip=skip)
    return render_template(
        "cases/show.html",
        file=this,
        case=this.case,
        colleagues=agencies.list_colleagues(stores, asked) if this.may_write else [],
        action_states=ActionState,
        marking=marking(r for r, _count in this.reports),
        skip=skip,
        page=PAGE,
    )


@pages.post("/<case>/team")
def team(case: str) -> Response:
    """Add a colleague to the team, or take one off."""
    stores, asked, form = installation().stores, ask(), request.form
    if form.get("leave", "") != "":
        cases.leave_team(stores, asked, case, form["leave"])
    else:
        cases.join_team(
            stores, asked, case, form.get("officer", ""), chosen(TeamRole, form.get("role", "member"), "role")
        )
    flash(_("The team was changed; it takes effect with the next request."))
    return redirect(url_for("cases.show", case=case))


@pages.post("/<case>/actions")
def act(case: str) -> Response:
    """Record an action."""
    form = request.form
    cases.record_action(
        installation().stores, ask(), case, title=form.get("title", ""), due=form.get("due", ""),
        state=chosen(ActionState, form.get("state", "for allocation"), "state"), officer=form.get("officer", ""), result=form.get("result", ""),
    )  # fmt: skip
    flash(_("The action was recorded."))
    return redirect(url_for("cases.show", case=case))


@pages.post("/<case>/decisions")
def decide(case: str) -> Response:
    """Append to the decision log."""
    form = request.form
    cases.record_decision(
        installation().stores, ask(), case, decision=form.get("decision", ""), reason=form.get("reason", ""),
        alternative=form.get("alternative", ""),
    )  # fmt: skip
    flash(_("The decision stands in the log; it cannot be changed."))
    return redirect(url_for("cases.show", case=case))
