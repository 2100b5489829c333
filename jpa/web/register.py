"""The register of a joint period: its meetings and targets."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.model.access import Action, can
from jpa.model.case import MeetingKind
from jpa.services import register
from jpa.services.register import TypedMeeting
from jpa.services.stores import Ask, Stores
from jpa.statistics.measures import MEASURES
from jpa.web.gate import ask, installation

pages = Blueprint("register", __name__, url_prefix="/jpas")


@pages.post("/<jpa>/meetings")
def add_meeting(jpa: str) -> Response:
    """Enter a meeting."""
    register.add_meeting(installation().stores, ask(), jpa, _meeting())
    flash(_("The meeting stands in the register."))
    return redirect(url_for("frames.show", jpa=jpa))


@pages.post("/<jpa>/meetings/remove")
def remove_meeting(jpa: str) -> Response:
    """Take a meeting out."""
    register.remove_meeting(installation().stores, ask(), jpa, _meeting())
    flash(_("The meeting was taken out; the audit log keeps that it stood there."))
    return redirect(url_for("frames.show", jpa=jpa))


@pages.post("/<jpa>/targets")
def set_target(jpa: str) -> Response:
    """Set a target, or take one out."""
    form = request.form
    register.set_target(installation().stores, ask(), jpa, form.get("measure", ""), form.get("number", ""))
    flash(_("The target was set.") if form.get("number", "").strip() else _("The target was taken out."))
    return redirect(url_for("frames.show", jpa=jpa))


def shown(stores: Stores, asked: Ask, jpa: str) -> dict[str, Any]:
    """Return what the page of a joint period shows of the register, as far as the officer's roles go."""
    return {
        "progress": register.read_progress(stores, asked, jpa) if can(asked.officer, Action.READ_STATISTICS) else None,
        "history": register.read_history(stores, asked, jpa) if can(asked.officer, Action.ADMINISTER) else [],
        "meeting_kinds": list(MeetingKind),
        "MEASURES": MEASURES,
    }


def _meeting() -> TypedMeeting:
    form = request.form
    return TypedMeeting(form.get("kind", ""), form.get("date", ""), form.get("place", ""), form.get("note", ""))
