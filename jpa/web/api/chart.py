"""The case graph as things and ties."""

from typing import Any

from apiflask.fields import Integer, List, Nested, String
from apiflask.validators import OneOf, Range

from jpa.model.catalogue import LINK_TYPES
from jpa.model.chart import MOST_THINGS, ChartTie
from jpa.model.grading import Grade
from jpa.services import charts
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import Asked, GlanceSchema, GradeSchema, Shape
from jpa.web.gate import ask, installation


class ChartQuery(Asked):
    """How much of the graph is asked for."""

    limit = Integer(
        load_default=MOST_THINGS,
        validate=Range(1, MOST_THINGS, error="Give a whole number from {min} to {max}."),
        metadata={"description": "Records at most, oldest first"},
    )


class ChartTieSchema(Shape):
    """One tie between two things."""

    id = String()
    type = String(validate=OneOf(list(LINK_TYPES)))
    source = String()
    target = String()
    date = String()
    grade = Nested(GradeSchema)


class ChartSchema(Shape):
    """Things and ties, and how many records were left out by the limit."""

    things = List(Nested(GlanceSchema))
    ties = List(Nested(ChartTieSchema))
    more = Integer()


@pages.get("/cases/<id:case>/chart")
@takes(ChartQuery)
@answers(ChartSchema)
def read_chart(case: str, query_data: dict[str, int]) -> object:
    """Read the things of a case and the ties among them."""
    chart = charts.case_chart(installation().stores, ask(), case, limit=query_data["limit"])
    return {"things": chart.things, "ties": [_tie(tie) for tie in chart.ties], "more": chart.more}


def _tie(tie: ChartTie) -> dict[str, Any]:
    grade = Grade(tie.scheme, tie.grade_source, tie.grade_information)
    return {
        "id": tie.id,
        "type": tie.type,
        "source": tie.source,
        "target": tie.target,
        "date": tie.date,
        "grade": grade,
    }
