"""Cases: list, one with its reports."""

from typing import Any

from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String

from jpa.model.case import ActionState, CaseState, TeamRole
from jpa.services import cases
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import PageQuery, PageShape, ReportBriefSchema, Shape, one_of
from jpa.web.gate import ask, installation


class CaseSchema(Shape):
    """One investigation of one agency."""

    id = String()
    number = String()
    title = String()
    summary = String()
    agency = String()
    state = String(metadata={"description": "ISO 3166-1 alpha-2"})
    opened = DateTime(format="iso")
    status = one_of(CaseState)
    open_in_agency = Boolean()
    jpa = String(allow_none=True)
    plan = String(allow_none=True)


class CaseRowSchema(Shape):
    """A case with its counts of what you may read."""

    case = Nested(CaseSchema)
    reports = Integer()
    records = Integer()


class CasePageSchema(PageShape):
    """One part of the list of cases."""

    items = List(Nested(CaseRowSchema))
    total = Integer()


class TeamMemberSchema(Shape):
    """An officer on the team."""

    officer = String()
    name = String()
    agency = String()
    role = one_of(TeamRole)


class CaseReportSchema(Shape):
    """A report of the case with the number of its records that you may read."""

    report = Nested(ReportBriefSchema)
    records = Integer()


class ReportPageSchema(PageShape):
    """One part of the case's reports, newest first."""

    items = List(Nested(CaseReportSchema))
    total = Integer()


class CaseActionSchema(Shape):
    """A line of enquiry; each change of state is an entry of its own."""

    id = String()
    title = String()
    state = one_of(ActionState)
    due = String()
    officer = String()
    by = String()
    at = DateTime(format="iso")
    result = String()


class DecisionSchema(Shape):
    """An entry of the decision log."""

    id = String()
    decision = String()
    reason = String()
    alternative = String()
    by = String()
    at = DateTime(format="iso")


class JpaSchema(Shape):
    """A Joint Period of Action."""

    id = String()
    number = Integer()
    name = String()
    start = String()
    end = String()
    states = List(String())
    focus = String()


class PlanSchema(Shape):
    """An investigation plan under a joint period."""

    id = String()
    jpa = String()
    name = String()
    states = List(String())


class CaseFileSchema(Shape):
    """A case with its team, reports, actions and decisions."""

    case = Nested(CaseSchema)
    team = List(Nested(TeamMemberSchema))
    reports = Nested(ReportPageSchema)
    actions = List(Nested(CaseActionSchema))
    decisions = List(Nested(DecisionSchema))
    jpa = Nested(JpaSchema, allow_none=True)
    plan = Nested(PlanSchema, allow_none=True)


@pages.get("/cases")
@takes(PageQuery)
@answers(CasePageSchema)
def list_cases(query_data: dict[str, int]) -> object:
    """List the cases that you may know of, newest first."""
    found = cases.list_cases(installation().stores, ask(), **query_data)
    return {"items": found.rows, "total": found.total, **_place(query_data, found.total)}


@pages.get("/cases/<id:case>")
@takes(PageQuery)
@answers(CaseFileSchema)
def read_case(case: str, query_data: dict[str, int]) -> object:
    """Read a case; `skip` and `limit` page through its reports."""
    file = cases.read_case(installation().stores, ask(), case, **query_data)
    reports = [{"report": report, "records": records} for report, records in file.reports]
    return {
        "case": file.case,
        "team": file.team,
        "reports": {"items": reports, "total": file.report_count, **_place(query_data, file.report_count)},
        "actions": file.actions,
        "decisions": file.decisions,
        "jpa": file.jpa,
        "plan": file.plan,
    }


def _place(query: dict[str, int], total: int) -> dict[str, Any]:
    return {**query, "more": query["skip"] + query["limit"] < total}
