"""The ledger of a case as a file: every entry with what became of it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import cases, outcomes
from jpa.graph.session import Tx
from jpa.interchange.outcome_map import OUTCOME_PROPERTIES
from jpa.interchange.spreadsheet import Sheet, write_csv, write_workbook
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.marking import Marking
from jpa.services.exports import Exported
from jpa.services.outcomes import LedgerLine, lines_tx
from jpa.services.stores import Ask, Event, Stores, found, read


class LedgerForm(StrEnum):
    """What a ledger is written as."""

    XLSX = "xlsx"
    CSV = "csv"


_HEAD: Final = ("Id", "Kind", "Standing", "Person", "Person id", "Victim", "Report", "Entered by", "Entered", "Why")


def export_ledger(stores: Stores, ask: Ask, case: str, form: LedgerForm, purpose: str) -> Exported:
    """Write the outcomes of a case that the officer may read; the purpose stands in the audit log."""
    if purpose.strip() == "":
        raise InvalidInputError("Nothing was exported.", {"purpose": "Say what the file is for; it stands in the log."})

    def work(tx: Tx, reader: Readership) -> Exported:
        this = found(cases.case_tx(tx, reader, case))
        lines = lines_tx(tx, reader, outcomes.of_case_tx(tx, reader, case))
        header, rows = _table(lines)
        tlp = _marking_tx(tx, reader, lines)
        cover = [
            ("Case", f"{this.number} {this.title}"), ("Marking", tlp), ("Exported by", ask.officer.name),
            ("Exported at", ask.at.isoformat(timespec="seconds")), ("Purpose", purposeful.purpose),
        ]  # fmt: skip
        content = (
            write_csv(header, rows).encode()
            if form is LedgerForm.CSV
            else write_workbook([Sheet("Ledger of a case", ("What", "Value"), cover), Sheet("Outcomes", header, rows)])
        )
        stem = re.sub(r"[^\w.-]+", "-", f"{this.number}_outcomes_{tlp}_{ask.at.date().isoformat()}")
        return Exported(f"{stem}.{form.value}", content, len(lines))

    purposeful = replace(ask, purpose=purpose.strip()[:500])
    return read(stores, purposeful, Action.EXPORT, Event(AuditTag.EXPORT_MADE, case, {"form": form.value}), work)


def _marking_tx(tx: Tx, reader: Readership, lines: Sequence[LedgerLine]) -> str:
    """Return the strictest marking of the reports that state the entries; an entry without a report is as when unmarked."""
    stating = sorted({line.outcome.report for line in lines})
    reports = [cases.report_tx(tx, reader, report) for report in stating if report]
    return Marking.strictest(
        [r.marking if r is not None else Marking() for r in [*reports, *([None] if "" in stating else [])]]
    ).value


def _table(lines: Sequence[LedgerLine]) -> tuple[list[str], list[list[str]]]:
    used = [p for p in OUTCOME_PROPERTIES.values() if any(p.name in line.outcome.properties for line in lines)]
    header = [*_HEAD[:4], *(p.label for p in used), *_HEAD[4:]]
    return header, [
        [
            line.outcome.id,
            line.outcome.type.label,
            _standing(line),
            line.person,
            *("; ".join(v.best for v in line.outcome.properties.get(p.name, ())) for p in used),
            line.outcome.person,
            line.victim,
            line.outcome.report,
            line.by,
            line.outcome.entered.isoformat(timespec="seconds"),
            line.outcome.reason,
        ]
        for line in lines
    ]


def _standing(line: LedgerLine) -> str:
    if line.retraction is not None:
        return f"retracted: {line.retraction.reason}" if line.retraction.told else "retracted with its report"
    return "corrected" if line.corrected else "in force"
