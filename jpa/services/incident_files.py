"""Incidents as a file: each with what became of it; the columns are those that an import takes."""

from dataclasses import replace
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import incidents
from jpa.graph.session import Tx
from jpa.interchange.spreadsheet import Sheet, write_csv, write_workbook
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.catalogue.incidents import INCIDENT
from jpa.model.marking import Marking
from jpa.services.exports import Exported
from jpa.services.incidents import IncidentLine, lines_tx
from jpa.services.outcome_files import LedgerForm
from jpa.services.stores import Ask, Event, Stores, read

_BEHIND: Final = ("standing", "entered_by", "entered", "why")


def export_incidents(stores: Stores, ask: Ask, form: LedgerForm, purpose: str) -> Exported:
    """Write every incident that the officer may read; the purpose stands in the audit log."""
    if purpose.strip() == "":
        raise InvalidInputError("Nothing was exported.", {"purpose": "Say what the file is for; it stands in the log."})
    purposeful = replace(ask, purpose=purpose.strip()[:500])

    def work(tx: Tx, reader: Readership) -> Exported:
        lines = lines_tx(tx, reader, incidents.all_tx(tx, reader))
        names = [p.name for p in INCIDENT.properties]
        header, rows = ["id", *names, *_BEHIND], [_row(line, names) for line in lines]
        marking = Marking().tlp.value
        if form is LedgerForm.CSV:
            content = write_csv(header, rows).encode()
        else:
            cover = [("Marking", marking), ("Exported by", ask.officer.name), ("Exported at", ask.at.isoformat(timespec="seconds")), ("Purpose", purposeful.purpose)]  # fmt: skip
            content = write_workbook([Sheet("Cover", ("What", "Value"), cover), Sheet("Incidents", header, rows)])
        name = f"incidents_{marking.replace(':', '-').replace('+', '-')}_{ask.at.date().isoformat()}.{form.value}"
        return Exported(name, content, len(lines))

    event = Event(AuditTag.EXPORT_MADE, ask.officer.agency, {"form": form.value, "what": "incidents"})
    return read(stores, purposeful, Action.EXPORT, event, work)


def _row(line: IncidentLine, names: list[str]) -> list[str]:
    this = line.incident
    said = ["; ".join(v.best for v in this.properties.get(name, ())) for name in names]
    return [this.id, *said, _standing(line), line.fate.by, this.entered.isoformat(timespec="seconds"), this.reason]


def _standing(line: IncidentLine) -> str:
    if line.fate.retraction is not None:
        return f"retracted: {line.fate.retraction.reason}"
    return "corrected" if line.fate.correction is not None else "in force"
