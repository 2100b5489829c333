"""The start page of each role; the auditor's log."""

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, render_template, request

from jpa.model.access import Action, can
from jpa.model.officer import Role
from jpa.services import agreements, attribution, break_glass, flows, request_figures, sharing_desk, starts, trail
from jpa.services.installation import Installation
from jpa.services.stores import Ask
from jpa.web.gate import ask, installation

pages = Blueprint("start", __name__)

DESKS: Final[Mapping[str, tuple[Role, ...]]] = {
    "investigator": (Role.READ, Role.CONTRIBUTE, Role.LEAD),
    "analyst": (Role.ANALYST,),
    "liaison": (Role.LIAISON,),
    "supervisor": (Role.SUPERVISOR,),
    "auditor": (Role.AUDITOR,),
    "administrator": (Role.ADMINISTRATOR,),
}
"""A start page per group of roles; an officer of several switches between them."""

GATHER: Final[Mapping[str, Callable[[Installation, Ask], object]]] = {
    "investigator": lambda here, asked: starts.for_investigator(here.stores, asked),
    "analyst": lambda here, asked: starts.for_investigator(here.stores, asked),
    "liaison": lambda here, asked: starts.for_liaison(here.stores, asked),
    "supervisor": lambda here, asked: starts.for_supervisor(here.stores, asked),
    "auditor": lambda here, asked: starts.for_auditor(here.stores, asked),
    "administrator": starts.for_administrator,
}


@pages.get("/")
def home() -> str:
    """Show what waits for this officer."""
    here, asked = installation(), ask()
    desks = [desk for desk, roles in DESKS.items() if asked.officer.holds(*roles)]
    wanted = request.args.get("as", "")
    desk = wanted if wanted in desks else desks[0]
    return render_template(
        f"start/{desk}.html",
        waits=GATHER[desk](here, asked),
        desk=desk,
        desks=desks,
        names=trail.names_of(here) if desk == "auditor" else {},
        reviews=break_glass.list_for_review(here.stores, asked) if desk == "auditor" else [],
        identities=break_glass.list_waiting(here.stores, asked) if can(asked.officer, Action.APPROVE_VAULT) else [],
        claims=attribution.list_waiting(here.stores, asked) if can(asked.officer, Action.SIGN_CLAIM) else [],
        agreements=agreements.list_to_heed(here.stores, asked) if can(asked.officer, Action.READ_AGREEMENT) else [],
        requests=request_figures.list_waiting(here.stores, asked) if can(asked.officer, Action.COUNT_REQUEST) else None,
        caption=flows.caption,
        sharing=sharing_desk.list_sharing(here.stores, asked) if can(asked.officer, Action.READ_PACKAGE) else None,
        now=asked.at,
    )


@pages.get("/audit")
def audit() -> str:
    """Show the log to the auditor, and whether it is whole."""
    actor, about = request.args.get("actor", ""), request.args.get("object", "")
    before = request.args.get("before", type=int)
    read = trail.read_trail(installation(), ask(), actor=actor, object_id=about, before=before)
    return render_template("audit.html", trail=read, filters={"actor": actor or None, "object": about or None})
