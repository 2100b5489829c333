"""Flows: trends of incidents as table and chart, fees, and the surge warnings of a month."""

from typing import Final

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from jpa.services import flows
from jpa.services.figure_files import TableForm
from jpa.statistics import surges
from jpa.statistics.incidents import INCIDENT_DIMENSIONS, INCIDENT_MEASURES, IncidentQuestion
from jpa.web.forms import chosen
from jpa.web.gate import ask, installation
from jpa.web.incidents import flow_args, question_asked

pages = Blueprint("flows", __name__, url_prefix="/incidents")

FIRST: Final = ("incidents", ("month",))
"""What the page opens with."""
MOST_ROWS: Final = 200
MOST_USUAL: Final = 50
"""Series without a surge that the page of warnings lists, the nearest to one first."""
_BESIDE: Final = (("migrants", "route"), ("migrants", "nationality"), ("migrants", "group"), ("incidents", "means"))


@pages.get("/trends")
def trends() -> str:
    """Count by route, month, nationality and so on."""
    question = question_asked(*FIRST)
    beside = [IncidentQuestion(m, (d,), {}, question.since, question.until) for m, d in _BESIDE]
    fees_by = request.args.get("fees", "route")
    board = flows.read_flows(installation().stores, ask(), [question, *beside], fees_by)
    return render_template(
        "incidents/trends.html", board=board, main=board.flows[0], beside=board.flows[1:], question=question, args=flow_args(question),
        measures=INCIDENT_MEASURES, dimensions=INCIDENT_DIMENSIONS, caption=flows.caption, most=MOST_ROWS, link=_link,
    )  # fmt: skip


@pages.get("/trends/file")
def trend_file() -> Response:
    """Hand out a table as a file."""
    form = chosen(TableForm, request.args.get("form", ""), "form")
    name, content = flows.write_flow(flows.read_flow(installation().stores, ask(), question_asked(*FIRST)), form)
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.get("/warnings")
def warnings() -> str:
    """Show which places and routes had more than their season explains, and what that rests on."""
    found = flows.read_warnings(installation().stores, ask(), request.args.get("month", ""))
    return render_template(
        "incidents/warnings.html", found=found, usual=found.of(surges.Verdict.USUAL)[:MOST_USUAL],
        too_little=found.of(surges.Verdict.TOO_LITTLE)[:MOST_USUAL], rates=surges, caption=flows.caption, link=_link,
    )  # fmt: skip


def _link(question: IncidentQuestion, dimensions: tuple[str, ...] = (), labels: tuple[str, ...] = ()) -> str:
    cell = question.within(dict(zip(dimensions, labels, strict=True)))
    return url_for("incidents.listed", **flow_args(cell))


@pages.app_template_global("series_link")
def series_link(series: surges.Series, month: str) -> str:
    """Lead to the incidents of a series in a month."""
    where = {**series.where, "month": (month,)}
    return url_for("incidents.listed", **flow_args(IncidentQuestion("incidents", (), where)))
