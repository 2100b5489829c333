"""Start page per role; the auditor's log; the administrator's officers."""

from flask import Blueprint, render_template, request

from jpa.model.access import Action, can
from jpa.model.audit import AuditTag
from jpa.services import cases, networks, resolution
from jpa.services.stores import require
from jpa.web.gate import ask, installation

pages = Blueprint("start", __name__)


@pages.get("/")
def home() -> str:
    """Show what waits for this officer."""
    here, asked = installation().stores, ask()
    if not can(asked.officer, Action.READ):
        here.audit.note(AuditTag.START_PAGE_READ, asked.officer, at=asked.at, object=asked.officer.id)
        return render_template("start_upkeep.html")
    proposals, waiting = resolution.list_proposals(here, asked, limit=5)
    return render_template(
        "start.html",
        cases=cases.list_cases(here, asked, limit=10),
        proposals=proposals,
        waiting=waiting,
        candidates=networks.list_candidates(here, asked, limit=5),
    )


@pages.get("/audit")
def audit() -> str:
    """Show the log to the auditor, and whether it is whole."""
    here, asked = installation().stores, ask()
    with here.audit.act(AuditTag.AUDIT_READ, asked.officer, at=asked.at):
        require(asked, Action.READ_AUDIT)
        before = request.args.get("before", type=int)
        events = here.audit.events(
            actor=request.args.get("actor", ""), object=request.args.get("object", ""), before=before
        )
        verification = here.audit.verify() if before is None else None
    names = {a.id: a.name for a in installation().accounts.listed()}
    return render_template("audit.html", events=events, verification=verification, names=names)


@pages.get("/officers")
def officers() -> str:
    """List the log-ins to the administrator."""
    here, asked = installation(), ask()
    with here.stores.audit.act(AuditTag.ADMINISTRATION_READ, asked.officer, at=asked.at):
        require(asked, Action.ADMINISTER)
        accounts = here.accounts.listed()
    return render_template("officers.html", accounts=accounts)
