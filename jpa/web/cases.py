"""Cases: list, open, read, team, actions, decisions."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model.case import ActionState, CaseState, TeamRole
from jpa.services import agencies, break_glass, case_entries, cases, requests
from jpa.services import teams as staffing
from jpa.services.cases import NewCase
from jpa.web.context import marking
from jpa.web.forms import Answer, chosen, form_page, skipped
from jpa.web.gate import ask, installation

pages = Blueprint("cases", __name__, url_prefix="/cases")
PAGE = 50


@pages.get("/")
def listed() -> str:
    """List the cases that the officer may know of."""
    skip = skipped()
    return render_template(
        "cases/list.html", cases=cases.list_cases(installation().stores, ask(), skip=skip), skip=skip, page=PAGE
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
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
    return form_page("cases/new.html", fields, jpas=jpas, plans=plans, typed=request.form)


@pages.get("/<case>")
def show(case: str) -> str:
    """Show a case."""
    stores, asked = installation().stores, ask()
    skip = skipped()
    this = cases.read_case(stores, asked, case, skip=skip)
    return render_template(
        "cases/show.html",
        file=this,
        case=this.case,
        colleagues=agencies.list_colleagues(stores, asked) if this.may_write else [],
        most=cases.MOST_PEOPLE,
        action_states=ActionState,
        marking=marking(r for r, _count in this.reports),
        victims=break_glass.list_victims(stores, asked, case),
        requests=requests.list_case_requests(stores, asked, case),
        now=asked.at,
        skip=skip,
        page=PAGE,
    )


@pages.get("/teams")
def teams() -> str:
    """List the cases whose team the officer is on."""
    skip = skipped()
    listed = staffing.list_teams(installation().stores, ask(), skip=skip)
    return render_template("cases/teams.html", teams=listed, mine=True, skip=skip, page=PAGE)


@pages.get("/agency")
def agency() -> str:
    """List the open cases of the agency with their leads."""
    skip = skipped()
    listed = staffing.list_agency_cases(installation().stores, ask(), skip=skip)
    return render_template("cases/teams.html", teams=listed, mine=False, skip=skip, page=PAGE)


@pages.route("/<case>/change", methods=["GET", "POST"])
def change(case: str) -> Answer:
    """Change the summary and who in the agency reads the case, or close it and open it again."""
    stores, asked, form = installation().stores, ask(), request.form
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            said = _change(case)
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(said)
            return redirect(url_for("cases.show", case=case))
    this = cases.read_leading(stores, asked, case)
    typed = form if request.method == "POST" else {"summary": this.summary, "open": "1" if this.open_in_agency else ""}
    return form_page("cases/change.html", fields, case=this, typed=typed)


@pages.post("/<case>/team")
def team(case: str) -> Response:
    """Add a colleague to the team, change what one does there, take one off, or hand the case over."""
    stores, asked, form = installation().stores, ask(), request.form
    if form.get("leave", "") != "":
        staffing.leave_team(stores, asked, case, form["leave"])
    elif form.get("hand_over", "") != "":
        staffing.hand_over(stores, asked, case, form["hand_over"])
    else:
        role = chosen(TeamRole, form.get("role", "member"), "role")
        staffing.join_team(stores, asked, case, form.get("officer", ""), role)
    flash(_("The team was changed; it takes effect with the next request."))
    return redirect(url_for("cases.show", case=case))


@pages.post("/<case>/actions")
def act(case: str) -> Response:
    """Record an action."""
    form = request.form
    case_entries.record_action(
        installation().stores, ask(), case, title=form.get("title", ""), due=form.get("due", ""),
        state=chosen(ActionState, form.get("state", "for allocation"), "state"), officer=form.get("officer", ""), result=form.get("result", ""),
    )  # fmt: skip
    flash(_("The action was recorded."))
    return redirect(url_for("cases.show", case=case))


@pages.post("/<case>/decisions")
def decide(case: str) -> Response:
    """Append to the decision log."""
    form = request.form
    case_entries.record_decision(
        installation().stores, ask(), case, decision=form.get("decision", ""), reason=form.get("reason", ""),
        alternative=form.get("alternative", ""),
    )  # fmt: skip
    flash(_("The decision stands in the log; it cannot be changed."))
    return redirect(url_for("cases.show", case=case))


def _change(case: str) -> str:
    """Carry out what the form asks for and say what happened."""
    stores, asked, form = installation().stores, ask(), request.form
    if form.get("status", "") == "":
        wide = form.get("open") == "1"
        cases.change_case(stores, asked, case, open_in_agency=wide, summary=form.get("summary", ""))
        return str(_("The case was changed."))
    changed = cases.change_case(stores, asked, case, status=chosen(CaseState, form["status"], "status"))
    if changed.status is CaseState.CLOSED:
        return str(_("%(number)s is closed. Its lead can open it again.", number=changed.number))
    return str(_("%(number)s is open again.", number=changed.number))
