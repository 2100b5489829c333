"""Candidate networks: run, list, open, decide."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.model.candidate import CandidateState
from jpa.model.ids import new_id
from jpa.networks.detect import Parameters
from jpa.services import networks
from jpa.web.forms import chosen
from jpa.web.gate import ask, installation

pages = Blueprint("networks", __name__, url_prefix="/networks")


@pages.get("/")
def listed() -> str:
    """List candidates, best first."""
    return render_template("networks/list.html", files=networks.list_candidates(installation().stores, ask()))


@pages.post("/run")
def run() -> Response:
    """Detect among everything that the analyst may read."""
    count = networks.run_detection(installation().stores, ask(), new_id(datetime.now(UTC)), Parameters())
    flash(_("%(n)s candidates, for review.", n=count))
    return redirect(url_for("networks.listed"))


@pages.get("/<candidate>")
def show(candidate: str) -> str:
    """Open one candidate."""
    file = networks.read_candidate(installation().stores, ask(), candidate)
    return render_template("networks/show.html", file=file, candidate=file.candidate, states=CandidateState)


@pages.post("/<candidate>")
def decide(candidate: str) -> Response:
    """Adopt, dismiss or take under review."""
    form = request.form
    networks.decide(
        installation().stores,
        ask(),
        candidate,
        chosen(CandidateState, form.get("state", ""), "state"),
        form.get("reason", ""),
    )
    flash(_("The decision was recorded."))
    return redirect(url_for("networks.show", candidate=candidate))
