"""What the forms of a correction share: the report that it is, and the properties as typed."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from jpa.errors import InvalidInputError
from jpa.model.draft import TypedReport
from jpa.model.record import Report
from jpa.model.schema import Property


def said_by(form: MultiDict[str, str], report: Report, at: datetime) -> TypedReport:
    """Return the report that a correction is: as sure and as marked as what it corrects."""
    reason = form.get("reason", "")
    if reason.strip() == "":
        raise InvalidInputError(
            _("The correction was not saved."), {"reason": _("Say why; it becomes the text of the correction.")}
        )
    return TypedReport(
        report.case, _("Correction"), form.get("source_reference", ""), at.date().isoformat(), report.grade, report.marking,
        reason,
    )  # fmt: skip


def typed_properties(form: MultiDict[str, str], declared: Iterable[Property]) -> dict[str, list[str]]:
    """Read the properties off a form: several values stand on lines of their own."""
    return {p.name: form[p.name].splitlines() for p in declared if form.get(p.name, "").strip() != ""}
