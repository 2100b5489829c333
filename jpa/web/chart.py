"""The case graph: page, data, expansion, and who says so."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.chart import ChartTie
from jpa.model.entity import Glance
from jpa.model.grading import Grade
from jpa.services import cases, charts, networks
from jpa.services.charts import Chart
from jpa.web.gate import ask, installation

pages = Blueprint("chart", __name__)


@pages.get("/cases/<case>/chart")
def show(case: str) -> str:
    """Show the case graph."""
    this = cases.read_case(installation().stores, ask(), case)
    return render_template(
        "chart.html", case=this.case, candidate=None, graph=url_for("chart.data", case=case), name=this.case.number
    )


@pages.get("/networks/<id:candidate>/chart")
def show_candidate(candidate: str) -> str:
    """Show the graph of a candidate network."""
    file = networks.read_candidate(installation().stores, ask(), candidate)
    name = _("a candidate of %(n)s people", n=len(file.candidate.members))
    graph = url_for("chart.candidate_data", candidate=candidate)
    return render_template("chart.html", case=None, candidate=file.candidate, graph=graph, name=name)


@pages.get("/networks/<id:candidate>/chart/data")
def candidate_data(candidate: str) -> Response:
    """Return a candidate's members with what ties them."""
    return _answer(charts.candidate_chart(installation().stores, ask(), candidate))


@pages.get("/cases/<case>/chart/data")
def data(case: str) -> Response:
    """Return the case's things and ties."""
    return _answer(charts.case_chart(installation().stores, ask(), case))


@pages.post("/chart/expand")
def expand() -> Response:
    """Return what one thing is tied to, a page at a time."""
    form = request.form
    chart = charts.expand(
        installation().stores,
        ask(),
        form.get("record", ""),
        form.getlist("shown"),
        page=max(0, form.get("page", 0, type=int)),
    )
    return _answer(chart)


@pages.get("/chart/why/<left>/<right>")
def why(left: str, right: str) -> str:
    """Return the fragment that says who states the ties between two things."""
    return render_template("why.html", ties=charts.why_tied(installation().stores, ask(), left, right))


def _answer(chart: Chart) -> Response:
    return jsonify(things=[_thing(t) for t in chart.things], ties=[_tie(t) for t in chart.ties], more=chart.more)


def _thing(thing: Glance) -> dict[str, Any]:
    declared = ENTITY_TYPES[thing.type]
    return {
        "id": thing.id,
        "caption": thing.caption,
        "type": thing.type,
        "label": declared.label,
        "shape": declared.shape.value,
        "colour": declared.colour,
    }


def _tie(tie: ChartTie) -> dict[str, Any]:
    grade = Grade(tie.scheme, tie.grade_source, tie.grade_information)
    line = "solid" if grade.score >= 0.6 else "dashed" if grade.score >= 0.3 else "dotted"
    return {
        "id": tie.id,
        "source": tie.source,
        "target": tie.target,
        "type": tie.type,
        "label": LINK_TYPES[tie.type].label,
        "grade": grade.caption,
        "line": line,
        "date": tie.date,
    }
