"""Grants: what the own agency granted and what it was granted; making one out of a case, revoking one."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from jpa.errors import InvalidInputError
from jpa.model.access import Action, can
from jpa.services import grant_choices, grant_offers, grants
from jpa.services.frames import day_in
from jpa.services.grant_offers import NewGrant
from jpa.services.stores import Ask
from jpa.web.forms import Answer, form_page, skipped
from jpa.web.gate import ask, installation

pages = Blueprint("grants", __name__)


@pages.get("/grants/")
def listed() -> str:
    """Show both directions."""
    stores, asked = installation().stores, ask()
    return render_template(
        "grants/list.html",
        given=grants.list_given(stores, asked) if can(asked.officer, Action.SHARE) else [],
        received=grants.list_received(stores, asked),
    )


@pages.route("/cases/<id:case>/grants/new", methods=["GET", "POST"])
def new(case: str) -> Answer:
    """Grant a case, or what is ticked of it."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = grant_offers.offer_grant(stores, asked, _typed(asked, case, request.form))
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("Granted. The other agency reads it from now on; you can revoke it at any time."))
            return redirect(url_for("grants.show", grant=made.id))
    choices = grant_choices.read_choices(stores, asked, case, skip=skipped())
    return form_page(
        "grants/new.html", fields, choices=choices, case=choices.case, typed=request.form, skip=skipped(),
        page=grant_choices.PAGE,
    )  # fmt: skip


@pages.get("/grants/<id:grant>")
def show(grant: str) -> str:
    """Open a grant."""
    return _page(grant, {})


@pages.post("/grants/<id:grant>/revoke")
def revoke(grant: str) -> Answer:
    """Revoke it."""
    try:
        grants.revoke_grant(installation().stores, ask(), grant, request.form.get("reason", ""))
    except InvalidInputError as error:
        return _page(grant, error.fields), 422
    flash(_("Revoked: the next request of the other agency finds nothing there."))
    return redirect(url_for("grants.show", grant=grant))


def _page(grant: str, fields: dict[str, str]) -> str:
    opened = grants.read_grant(installation().stores, ask(), grant)
    this = opened.listed.this
    return render_template(
        "grants/show.html", opened=opened, one=opened.listed, this=this, fields=fields,
        mine=this.owner == ask().officer.agency,
    )  # fmt: skip


def _typed(asked: Ask, case: str, form: MultiDict[str, str]) -> NewGrant:
    day = day_in(asked, form.get("end", ""))
    if day is None:
        problem = _("Enter the last day as a whole day, as 2026-03-12 or 12.03.2026.")
        raise InvalidInputError(grant_offers.NOT_GRANTED, {"end": problem})
    partner = form.get("partner", "")
    return NewGrant(
        case,
        partner,
        form.get("agreement", ""),
        form.get("purpose", ""),
        datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1),
        officers=form.getlist(f"officers_{partner}"),
        chosen=form.getlist("chosen") if form.get("what") != "case" else None,
        why=form.get("why", ""),
        follows=form.get("follows") == "1",
    )
