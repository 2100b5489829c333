"""Break-glass on the vault: ask, approve or refuse, open, review."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.model.catalogue import VICTIM
from jpa.services import break_glass
from jpa.web.gate import ask, installation

pages = Blueprint("break_glass", __name__, url_prefix="/vault")


@pages.post("/victims/<victim>/ask")
def ask_identity(victim: str) -> Response:
    """Ask to open a victim's identity."""
    form = request.form
    asked = break_glass.ask_identity(
        installation().stores, ask(), victim, form.get("reason", ""), form.get("basis", "")
    )
    flash(_("Asked. A second officer of your agency must approve; the data protection officer sees it now."))
    return redirect(url_for("cases.show", case=asked.case))


@pages.post("/<asked>/decide")
def decide(asked: str) -> Response:
    """Approve or refuse as the second officer."""
    if request.form.get("decision") == "approve":
        break_glass.approve(installation().stores, ask(), asked)
        flash(_("Approved. The officer who asked may open the identity for 60 minutes; the review follows."))
    else:
        break_glass.refuse(installation().stores, ask(), asked)
        flash(_("Refused. The identity stays closed."))
    return redirect(url_for("start.home"))


@pages.post("/<asked>/open")
def open_identity(asked: str) -> str:
    """Show the identity, once for each time that it is asked for."""
    this, identity = break_glass.open_identity(installation().stores, ask(), asked)
    labels = {p.name: p.label for p in VICTIM.identity}
    return render_template("vault/identity.html", asked=this, identity=identity, labels=labels)


@pages.post("/<asked>/review")
def review(asked: str) -> Response:
    """Mark a request as reviewed."""
    break_glass.review(installation().stores, ask(), asked, request.form.get("remark", ""))
    flash(_("Reviewed. Your remark stands with the request."))
    return redirect(url_for("start.home"))
