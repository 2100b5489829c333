"""Reports: one with its text and what it states."""

from apiflask.fields import List, Nested, String

from jpa.services import reports
from jpa.web.api.blueprint import answers, pages
from jpa.web.api.cases import CaseSchema
from jpa.web.api.shapes import GlanceSchema, RecordSchema, ReportBriefSchema, Shape
from jpa.web.gate import ask, installation


class ReportSchema(ReportBriefSchema):
    """A report with its text, in which sealed identities are replaced."""

    text = String()


class StatementSchema(Shape):
    """A record and the entity that holds it now."""

    record = Nested(RecordSchema)
    entity = Nested(GlanceSchema)


class ReportFileSchema(Shape):
    """A report and what it states."""

    report = Nested(ReportSchema)
    case = Nested(CaseSchema, allow_none=True, metadata={"description": "Null where the case itself is not readable"})
    records = List(Nested(StatementSchema))


@pages.get("/reports/<id:report>")
@answers(ReportFileSchema)
def read_report(report: str) -> object:
    """Read a report and what it states."""
    file = reports.read_report(installation().stores, ask(), report)
    records = [{"record": record, "entity": file.glances[record.id]} for record in file.records]
    return {"report": file.report, "case": file.case, "records": records}
