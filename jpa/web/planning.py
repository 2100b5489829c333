"""Planning pages of a joint period: plan, mid-point, closing review."""

from flask import Blueprint, render_template, request, url_for

from jpa.services import flows, planning
from jpa.services.planning import Stage
from jpa.statistics import surges
from jpa.statistics.incidents import INCIDENT_DIMENSIONS, IncidentQuestion
from jpa.statistics.measures import MEASURES
from jpa.web.forms import chosen
from jpa.web.gate import ask, installation
from jpa.web.incidents import flow_args

pages = Blueprint("planning", __name__, url_prefix="/jpas")


@pages.get("/<jpa>/planning")
def show(jpa: str) -> str:
    """Show one stage of a joint period."""
    stage = chosen(Stage, request.args.get("stage", Stage.PLAN.value), "stage")
    found = planning.read_planning(installation().stores, ask(), jpa, stage)
    return render_template(
        "incidents/planning.html", found=found, frame=found.frame, stages=list(Stage), progress=found.progress, MEASURES=MEASURES,
        dimensions=INCIDENT_DIMENSIONS, caption=flows.caption, rates=surges, link=_link,
    )  # fmt: skip


def _link(question: IncidentQuestion) -> str:
    return url_for("incidents.listed", **flow_args(question))
