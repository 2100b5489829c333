"""Jobs: history, progress, ending, nightly orders."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.model.job import Job, JobKind, JobState
from jpa.services import jobs
from jpa.web.forms import chosen
from jpa.web.gate import ask, installation

pages = Blueprint("jobs", __name__, url_prefix="/jobs")

_PAGE: Final = {
    JobKind.RESOLUTION: "resolution.queue",
    JobKind.DETECTION: "networks.listed",
    JobKind.RELEASE: "releases.listed",
    JobKind.PACKAGE: "packages.listed",
}


@pages.get("/")
def listed() -> str:
    """List one's own jobs, newest first."""
    return render_template("jobs/list.html", jobs=jobs.list_jobs(installation().stores, ask()), page_of=page_of)


@pages.get("/<job>/progress")
def progress(job: str) -> str:
    """Return the fragment that shows how far a job is; the page asks for it again until it has ended."""
    this = jobs.read_job(installation().stores, ask(), job)
    return render_template("jobs/progress.html", job=this, page_of=page_of)


@pages.post("/<job>/cancel")
def cancel(job: str) -> Response:
    """End a job at its next step."""
    this = jobs.cancel_job(installation().stores, ask(), job)
    flash(_("The work ends at its next step; what was committed before stays."))
    return redirect(page_of(this))


@pages.post("/nightly")
def nightly() -> Response:
    """Order work for every night, or call it off."""
    kind, wanted = chosen(JobKind, request.form.get("kind", ""), "kind"), request.form.get("wanted") == "1"
    jobs.order_nightly(installation().stores, ask(), kind, wanted=wanted)
    flash(_("It will run every night with what you may read then.") if wanted else _("It no longer runs at night."))
    return redirect(url_for(_PAGE[kind]))


def page_of(job: Job) -> str:
    """Return the page on which the result of a job is read."""
    if job.kind is JobKind.IMPORT:
        return url_for("imports.show", draft=job.object)
    if job.kind is JobKind.PACKAGE and job.state is JobState.DONE:
        return url_for("packages.show", package=job.id)
    if job.kind is JobKind.PREVIEW:
        return url_for("packages.preview", job=job.id)
    if job.kind is JobKind.PACKAGE_RELEASE:
        return url_for("packages.show", package=job.object)
    return url_for(_PAGE[job.kind])
