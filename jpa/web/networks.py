"""Candidate networks: run, list, open, decide."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.model.candidate import CandidateState
from jpa.model.job import JobKind
from jpa.services import jobs, networks
from jpa.web.forms import chosen
from jpa.web.gate import ask, installation
from jpa.web.jobs import page_of

pages = Blueprint("networks", __name__, url_prefix="/networks")

PAGE: Final = 50
"""Candidates of one page."""


@pages.get("/")
def listed() -> str:
    """List candidates, best first."""
    stores, asked = installation().stores, ask()
    desk = jobs.read_desk(stores, asked, JobKind.DETECTION)
    skip = max(0, request.args.get("skip", 0, type=int))
    overview, files = networks.read_list(stores, asked, skip=skip, limit=PAGE)
    return render_template(
        "networks/list.html", files=files, desk=desk, overview=overview, skip=skip, page=PAGE, page_of=page_of
    )


@pages.post("/run")
def run() -> Response:
    """Let the worker detect among everything that the analyst may read."""
    jobs.start_job(installation().stores, ask(), JobKind.DETECTION)
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
