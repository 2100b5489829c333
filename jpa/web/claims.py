"""Attribution pages: what a case is credited to, the form for a claim, the second signature, withdrawal."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model.outcome import Basis, Claim
from jpa.services import attribution, claims
from jpa.services.attribution import Attribution
from jpa.services.claims import TypedClaim
from jpa.services.stores import Ask, Stores
from jpa.web.forms import Answer, form_page
from jpa.web.gate import ask, installation

pages = Blueprint("claims", __name__)


@pages.route("/cases/<case>/attribution", methods=["GET", "POST"])
def show(case: str) -> Answer:
    """Show what a case and its outcomes are credited to, and take a claim."""
    return _attributed(case, claims.make_claim, attribution.read_attribution)


@pages.route("/jpas/<jpa>/outcomes/attribution", methods=["GET", "POST"])
def own(jpa: str) -> Answer:
    """Show what the own agency's outcomes without a case are credited to, and take a claim."""
    return _attributed(jpa, claims.claim_own, attribution.read_own)


@pages.get("/claims")
def waiting() -> str:
    """List the claims that wait for the officer's second signature."""
    return render_template("claims/waiting.html", lines=attribution.list_waiting(installation().stores, ask()))


@pages.post("/claims/<claim>/sign")
def sign(claim: str) -> Response:
    """Sign second."""
    signed = claims.sign_claim(installation().stores, ask(), claim)
    flash(_("Signed. It counts from now on, in the column “because of the period”."))
    return redirect(place_of(signed))


@pages.post("/claims/<claim>/withdraw")
def withdraw(claim: str) -> Response:
    """Withdraw a claim; it stays as history."""
    withdrawn = claims.withdraw_claim(installation().stores, ask(), claim, request.form.get("reason", ""))
    flash(_("Withdrawn. It counts nothing any more and stays in the history."))
    return redirect(place_of(withdrawn))


def place_of(claim: Claim) -> str:
    """Return the address of the page that a claim stands on."""
    return url_for("claims.show", case=claim.case) if claim.case else url_for("claims.own", jpa=claim.under)


def _attributed(
    object_: str,
    make: Callable[[Stores, Ask, str, TypedClaim], Claim],
    read: Callable[[Stores, Ask, str], Attribution],
) -> Answer:
    stores, asked = installation().stores, ask()
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            make(stores, asked, object_, _typed())
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("Claimed. It counts nothing until a second officer of your agency has signed it."))
            return redirect(request.path)
    # What is suggested fills the form by its address alone: joint period and basis; reason and evidence are the officer's.
    typed = request.form if request.method == "POST" else request.args
    return form_page(
        "claims/show.html",
        fields,
        this=read(stores, asked, object_),
        bases=list(Basis),
        typed=typed,
        caption=attribution.caption,
    )


def _typed() -> TypedClaim:
    form = request.form
    return TypedClaim(
        form.get("target", ""), form.get("jpa", ""), form.get("basis", ""), form.get("share", ""),
        form.get("reason", ""), form.get("evidence", ""),
    )  # fmt: skip
