"""Retracting a report, a record or a tie, and undoing any retraction."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.model.retraction import RetractionKind
from jpa.services import retractions
from jpa.web.gate import ask, installation

pages = Blueprint("retractions", __name__)


@pages.post("/reports/<report>/retract")
def report(report: str) -> Response:
    """Retract a report with everything that it states."""
    retractions.retract_report(installation().stores, ask(), report, request.form.get("reason", ""))
    flash(_("Retracted with everything that it states. Nothing was erased."))
    return redirect(url_for("reports.show", report=report))


@pages.post("/entities/<record>/retract")
def record(record: str) -> Response:
    """Retract what a report says about one thing."""
    retractions.retract_record(installation().stores, ask(), record, request.form.get("reason", ""))
    flash(_("The record was retracted. Nothing was erased."))
    return redirect(url_for("entities.show", record=record))


@pages.post("/reports/<report>/links/<link>/retract")
def link(report: str, link: str) -> Response:
    """Retract one tie that a report states."""
    retractions.retract_link(installation().stores, ask(), report, link, request.form.get("reason", ""))
    flash(_("The tie was retracted; both of its ends stay."))
    return redirect(url_for("reports.show", report=report))


@pages.post("/retractions/<retraction>/undo")
def undo(retraction: str) -> Response:
    """Undo a retraction."""
    undone = retractions.undo(installation().stores, ask(), retraction, request.form.get("reason", ""))
    flash(_("Undone; everything is in force again, exactly as before."))
    if undone.kind is RetractionKind.OUTCOME:
        return redirect(url_for("outcomes.show", outcome=undone.target))
    if undone.kind is RetractionKind.INCIDENT:
        return redirect(url_for("incidents.show", incident=undone.target))
    if undone.kind is RetractionKind.RECORD:
        return redirect(url_for("entities.show", record=undone.target))
    return redirect(url_for("reports.show", report=undone.report))
