"""Attribution pages: what a case is credited to, the form for a claim, the second signature, withdrawal."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model.outcome import Basis
from jpa.services import attribution, claims
from jpa.services.claims import TypedClaim
from jpa.web.forms import Answer, form_page
from jpa.web.gate import ask, installation

pages = Blueprint("claims", __name__)


@pages.route("/cases/<case>/attribution", methods=["GET", "POST"])
def show(case: str) -> Answer:
    """Show what a case and its outcomes are credited to, and take a claim."""
    stores, asked = installation().stores, ask()
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            claims.make_claim(stores, asked, case, _typed(case))
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("Claimed. It counts nothing until a second officer of your agency has signed it."))
            return redirect(url_for("claims.show", case=case))
    # What the dates suggest fills the form by its address alone: joint period and basis; reason and evidence are the officer's.
    typed = request.form if request.method == "POST" else request.args
    return form_page(
        "claims/show.html", fields, this=attribution.read_attribution(stores, asked, case), bases=list(Basis), typed=typed,
        caption=attribution.caption,
    )  # fmt: skip


@pages.get("/claims")
def waiting() -> str:
    """List the claims that wait for the officer's second signature."""
    return render_template("claims/waiting.html", lines=attribution.list_waiting(installation().stores, ask()))


@pages.post("/claims/<claim>/sign")
def sign(claim: str) -> Response:
    """Sign second."""
    signed = claims.sign_claim(installation().stores, ask(), claim)
    flash(_("Signed. It counts from now on, in the column “because of the period”."))
    return redirect(url_for("claims.show", case=signed.case))


@pages.post("/claims/<claim>/withdraw")
def withdraw(claim: str) -> Response:
    """Withdraw a claim; it stays as history."""
    withdrawn = claims.withdraw_claim(installation().stores, ask(), claim, request.form.get("reason", ""))
    flash(_("Withdrawn. It counts nothing any more and stays in the history."))
    return redirect(url_for("claims.show", case=withdrawn.case))


def _typed(case: str) -> TypedClaim:
    form = request.form
    return TypedClaim(
        form.get("target", "") or case, form.get("jpa", ""), form.get("basis", ""), form.get("share", ""),
        form.get("reason", ""), form.get("evidence", ""),
    )  # fmt: skip
