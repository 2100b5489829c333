"""Administration: cases without a lead, and naming a new one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.services import agencies, leads
from jpa.web.gate import ask, installation

pages = Blueprint("leads", __name__, url_prefix="/administration/leaderless")


@pages.get("/")
def listed() -> str:
    """List the cases that nobody leads any more."""
    stores, asked = installation().stores, ask()
    rows = leads.list_leaderless(stores, asked)
    names = {a.id: a.name for a in agencies.list_agencies(stores, asked)}
    return render_template("admin/leaderless.html", rows=rows, names=names)


@pages.route("/<id:case>", methods=["GET", "POST"])
def name(case: str) -> Response | str | tuple[str, int]:
    """Name a new lead, with a reason."""
    stores, asked, form = installation().stores, ask(), request.form
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            named = leads.name_lead(stores, asked, case, form.get("officer", ""), form.get("reason", ""))
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("%(number)s has a lead again; the case stays closed to you.", number=named.number))
            return redirect(url_for("leads.listed"))
    vacancy = leads.read_vacancy(stores, asked, case)
    names = {a.id: a.name for a in agencies.list_agencies(stores, asked)}
    page = render_template(
        "admin/lead.html", vacancy=vacancy, case=vacancy.case, names=names, fields=fields, typed=form
    )
    return page if len(fields) == 0 else (page, 422)
