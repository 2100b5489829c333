"""Administration: states, agencies, officers and their log-ins."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model import states as known_states
from jpa.model.access import Action
from jpa.model.case import Agency
from jpa.model.officer import Role
from jpa.services import agencies as services
from jpa.services import leads
from jpa.services import officers as logins
from jpa.services.officers import LoginState, NewOfficer
from jpa.services.stores import require
from jpa.web.forms import Answer, form_page
from jpa.web.gate import ask, installation

pages = Blueprint("admin", __name__, url_prefix="/administration")


@pages.get("/states")
def states() -> str:
    """List the states with their agencies."""
    rows = services.list_states(installation().stores, ask())
    return render_template("admin/states.html", rows=rows, active=sum(len(r.agencies) > 0 for r in rows))


@pages.get("/agencies")
def agencies() -> str:
    """List the agencies with their desks."""
    listed = services.list_agencies(installation().stores, ask())
    return render_template("admin/agencies.html", agencies=listed)


@pages.route("/agencies/new", methods=["GET", "POST"])
def new_agency() -> Answer:
    """Create an agency."""
    here, asked, form = installation(), ask(), request.form
    require(asked, Action.ADMINISTER)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        typed = Agency(form.get("id", ""), form.get("name", ""), form.get("state", ""), form.get("desk", ""))
        try:
            made = services.create_agency(here.stores, asked, typed)
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("%(name)s is there; officers can be added to it.", name=made.name))
            return redirect(url_for("admin.agencies"))
    options = known_states.choices(demo=here.settings.demo)
    return form_page("admin/agency.html", fields, agency=None, typed=form, options=options)


@pages.route("/agencies/<agency>", methods=["GET", "POST"])
def agency(agency: str) -> Answer:
    """Change an agency's name and desk."""
    stores, asked, form = installation().stores, ask(), request.form
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            changed = services.change_agency(
                stores, asked, agency, name=form.get("name", ""), desk=form.get("desk", "")
            )
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("%(name)s was changed.", name=changed.name))
            return redirect(url_for("admin.agencies"))
    this = services.read_agency(stores, asked, agency)
    typed = form if request.method == "POST" else {"name": this.name, "desk": this.desk}
    return form_page("admin/agency.html", fields, agency=this, typed=typed, options=())


@pages.route("/officers", methods=["GET", "POST"])
def officers() -> str:
    """List officers; words are looked for by POST, because a name does not belong in an address."""
    here, asked, given = installation(), ask(), request.values
    words, state, which = request.form.get("words", ""), given.get("state", ""), given.get("agency", "")
    rows = logins.list_officers(
        here, asked, words=words, agency=which, state=LoginState(state) if state in set(LoginState) else None
    )
    return render_template(
        "admin/officers.html", rows=rows, words=words, agency=which, state=state, states=LoginState,
        agencies=services.list_agencies(here.stores, asked),
    )  # fmt: skip


@pages.route("/officers/new", methods=["GET", "POST"])
def new_officer() -> Answer:
    """Create an officer and show the first password, now and never again."""
    here, asked, form = installation(), ask(), request.form
    require(asked, Action.ADMINISTER)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        typed = NewOfficer(form.get("login", ""), form.get("name", ""), form.get("agency", ""), _roles())
        try:
            account, password = logins.create_officer(here, asked, typed)
        except InvalidInputError as error:
            fields = error.fields
        else:
            return render_template("admin/password.html", account=account, password=password, first=True)
    listed = services.list_agencies(here.stores, asked)
    return form_page("admin/new_officer.html", fields, typed=form, chosen=_roles(), agencies=listed, roles=role_words())


@pages.route("/officers/<officer>", methods=["GET", "POST"])
def officer(officer: str) -> Answer:
    """Show an officer; change name and roles."""
    here, asked, form = installation(), ask(), request.form
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            logins.change_officer(here, asked, officer, name=form.get("name", ""), roles=_roles())
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("Saved; it takes effect with the next request."))
            return redirect(url_for("admin.officer", officer=officer))
    file = logins.read_officer(here, asked, officer)
    account = file.row.account
    name, chosen = (form.get("name", ""), _roles()) if request.method == "POST" else (account.name, account.roles)
    return form_page(
        "admin/officer.html", fields, file=file, account=account, name=name, chosen=chosen, roles=role_words(),
        own=account.id == asked.officer.id, demo=here.settings.demo,
    )  # fmt: skip


@pages.post("/officers/<officer>/disable")
def disable(officer: str) -> Response:
    """Disable an officer at once."""
    here, asked = installation(), ask()
    account = logins.disable_officer(here, asked, officer)
    flash(_("%(name)s is disabled; every session and token has ended.", name=account.name))
    leaderless = len(leads.list_leaderless(here.stores, asked))
    if leaderless > 0:
        flash(_("Cases that nobody leads now: %(n)s. Name a lead under Cases without a lead.", n=leaderless))
    return redirect(url_for("admin.officer", officer=officer))


@pages.post("/officers/<officer>/enable")
def enable(officer: str) -> Response:
    """Enable an officer again."""
    account = logins.enable_officer(installation(), ask(), officer)
    flash(_("%(name)s can log in again.", name=account.name))
    return redirect(url_for("admin.officer", officer=officer))


@pages.post("/officers/<officer>/release")
def release(officer: str) -> Response:
    """Unlock an officer."""
    logins.release_officer(installation(), ask(), officer)
    flash(_("The lock is released; the password is as it was."))
    return redirect(url_for("admin.officer", officer=officer))


@pages.post("/officers/<officer>/password")
def password(officer: str) -> str:
    """Give a random password and show it, now and never again."""
    here, asked = installation(), ask()
    made = logins.reset_password(here, asked, officer)
    return render_template("admin/password.html", account=here.accounts.known(officer), password=made, first=False)


@pages.post("/officers/<officer>/factor")
def factor(officer: str) -> Response:
    """Forget an officer's second factor."""
    logins.reset_factor(installation(), ask(), officer)
    flash(_("The second factor is gone; a new one is set up at the next log-in."))
    return redirect(url_for("admin.officer", officer=officer))


def role_words() -> list[tuple[str, str, str]]:
    """Return each role with its name and what it allows, as the form says it."""
    return [
        (Role.READ.value, _("read"), _("Reads the cases that the officer is on or that are open in the agency.")),
        (Role.CONTRIBUTE.value, _("contribute"), _("Adds reports and judges who is the same.")),
        (Role.LEAD.value, _("lead"), _("Opens cases, staffs and closes them, records decisions.")),
        (Role.ANALYST.value, _("analyst"), _("Runs comparison and network detection, reviews candidates.")),
        (Role.LIAISON.value, _("liaison"), _("Decides what leaves the agency.")),
        (Role.SUPERVISOR.value, _("supervisor"), _("Opens cases, reads the agency's open cases and figures.")),
        (Role.AUDITOR.value, _("auditor"), _("Reads the audit log; no case data.")),
        (Role.ADMINISTRATOR.value, _("administrator"), _("Looks after agencies, officers and joint periods; no case data.")),
    ]  # fmt: skip


def _roles() -> frozenset[Role]:
    return frozenset(Role(r) for r in request.form.getlist("roles") if r in set(Role))
