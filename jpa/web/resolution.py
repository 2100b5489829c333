"""Might be the same: run, queue, comparison, verdict, undo."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.model.job import JobKind
from jpa.model.judgement import MOST_COUNTED, Verdict
from jpa.services import jobs, resolution
from jpa.web.context import marking
from jpa.web.forms import chosen, skipped
from jpa.web.gate import ask, installation
from jpa.web.jobs import page_of

pages = Blueprint("resolution", __name__, url_prefix="/same")
PAGE = 50


@pages.get("/")
def queue() -> str:
    """List what might be the same, most probable first."""
    skip = skipped()
    rows, total = resolution.list_proposals(installation().stores, ask(), skip=skip, limit=PAGE)
    desk = jobs.read_desk(installation().stores, ask(), JobKind.RESOLUTION)
    return render_template(
        "resolution/queue.html",
        rows=rows,
        total=total,
        skip=skip,
        page=PAGE,
        desk=desk,
        page_of=page_of,
        summary=resolution.read_summary(installation().stores, ask()),
    )


def counted(total: int, skip: int = 0) -> str:
    """Write how many wait; with a plus where the count ended early."""
    return f"{total:,}+" if total >= skip + MOST_COUNTED else f"{total:,}"


@pages.post("/run")
def run() -> Response:
    """Let the worker compare everything that the officer may read."""
    jobs.start_job(installation().stores, ask(), JobKind.RESOLUTION)
    return redirect(url_for("resolution.queue"))


@pages.get("/<left>/<right>")
def compare(left: str, right: str) -> str:
    """Put two side by side with the evidence."""
    shown = resolution.compare_records(installation().stores, ask(), left, right)
    reports = [*shown.left.reports.values(), *shown.right.reports.values()]
    return render_template(
        "resolution/compare.html", shown=shown, left=left, right=right, change=shown.change,
        marking=marking(reports), Verdict=Verdict,
    )  # fmt: skip


@pages.post("/<left>/<right>")
def judge(left: str, right: str) -> Response:
    """Record a verdict."""
    form = request.form
    verdict = chosen(Verdict, form.get("verdict", ""), "verdict")
    resolution.judge(installation().stores, ask(), left, right, verdict, form.get("reason", ""))
    words = {
        Verdict.SAME: _("Merged; it can be undone at any time."),
        Verdict.NOT_SAME: _("Recorded: not the same."),
        Verdict.UNSURE: _("Left open."),
    }
    flash(words[verdict])
    return redirect(url_for("entities.show", record=left) if verdict is Verdict.SAME else url_for("resolution.queue"))


@pages.post("/undo/<judgement>")
def undo(judgement: str) -> Response:
    """Undo a verdict."""
    undone = resolution.undo(installation().stores, ask(), judgement, request.form.get("reason", ""))
    flash(_("Undone; both are exactly as before."))
    return redirect(url_for("entities.show", record=undone.left))
