"""Exports: what an officer may read of a case as a file that carries its marking in its name."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import cases, exports
from jpa.graph.exports import ExportedRecord
from jpa.graph.session import Tx
from jpa.interchange.ftm_out import write_ftm
from jpa.interchange.spreadsheet import Sheet, write_workbook
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.entity import caption_of
from jpa.model.marking import Marking
from jpa.model.record import Link
from jpa.services.import_rows import external_id
from jpa.services.stores import Ask, Event, Stores, found, read


class ExportForm(StrEnum):
    """What a case is written as."""

    FTM = "ftm"
    XLSX = "xlsx"


ENDINGS: Final = {ExportForm.FTM: "ftm.ijson", ExportForm.XLSX: "xlsx"}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file ready to hand out."""

    name: str
    content: bytes
    records: int


def export_case(stores: Stores, ask: Ask, case: str, form: ExportForm, purpose: str) -> Exported:
    """Write a case's readable records in force and the ties among them; the purpose stands in the audit log."""
    if purpose.strip() == "":
        raise InvalidInputError("Nothing was exported.", {"purpose": "Say what the file is for; it stands in the log."})

    def work(tx: Tx, reader: Readership) -> Exported:
        this = found(cases.case_tx(tx, reader, case))
        records = list(exports.records_tx(tx, reader, case))
        links = _between(records, list(exports.links_tx(tx, reader, case)))
        tlp = Marking.strictest([r.report.marking for r in records])
        stem = re.sub(r"[^\w.-]+", "-", f"{this.number}_{tlp.value}_{ask.at.date().isoformat()}")
        content = _ftm(records, links) if form is ExportForm.FTM else _xlsx(this, tlp.value, ask, records, links)
        return Exported(f"{stem}.{ENDINGS[form]}", content, len(records))

    purposeful = replace(ask, purpose=purpose.strip()[:500])
    return read(stores, purposeful, Action.EXPORT, Event(AuditTag.EXPORT_MADE, case, {"form": form.value}), work)


def _between(records: list[ExportedRecord], links: list[Link]) -> list[Link]:
    """Let ties that point at a corrected record point at the one in force."""
    now = {old: r.record.id for r in records for old in (r.record.id, *r.earlier)}
    return [
        replace(link, source=now[link.source], target=now[link.target])
        for link in links
        if link.source in now and link.target in now
    ]


def _ftm(records: list[ExportedRecord], links: list[Link]) -> bytes:
    external = {r.record.id: external_id(r.source_key) for r in records if r.source_key is not None}
    external |= {k.id: external_id(k.source_key) for k in links if k.source_key is not None}
    return write_ftm([r.record for r in records], links, external)


def _xlsx(case: Case, tlp: str, ask: Ask, records: list[ExportedRecord], links: list[Link]) -> bytes:
    captions = {r.record.id: caption_of(r.record) for r in records}
    sheets = [Sheet("Case", ("What", "Value"), _cover(case, tlp, ask))]
    for name, declared in ENTITY_TYPES.items():
        own = [r for r in records if r.record.type == name]
        if len(own) == 0:
            continue
        used = [p for p in declared.properties if any(p.name in r.record.properties for r in own)]
        header = ("Id", *(p.label for p in used), "Source", "Grade", "Marking")
        rows = [
            (
                r.record.id,
                *("; ".join(v.best for v in r.record.properties.get(p.name, ())) for p in used),
                r.report.source_reference,
                r.report.grade.caption,
                ", ".join(
                    m for m in (r.report.marking.tlp.value, r.report.marking.handling, r.report.marking.pap.value) if m
                ),
            )
            for r in own
        ]
        sheets.append(Sheet(declared.plural, header, rows))
    ties = [
        (
            captions[k.source],
            LINK_TYPES[k.type].label,
            captions[k.target],
            "; ".join(
                f"{LINK_TYPES[k.type].property(n).label}: {v.best}"
                for n, values in k.properties.items()
                for v in values
            ),
            k.source,
            k.target,
        )
        for k in links
    ]
    sheets.append(Sheet("Ties", ("From", "Tie", "To", "Details", "From id", "To id"), ties))
    return write_workbook(sheets)


def _cover(case: Case, tlp: str, ask: Ask) -> list[tuple[str, ...]]:
    return [
        ("Case", f"{case.number} {case.title}"),
        ("Marking", tlp),
        ("Exported by", ask.officer.name),
        ("Exported at", ask.at.isoformat(timespec="seconds")),
        ("Purpose", ask.purpose),
        ("Note", "Holds what this officer may read, records in force only. Victims are never part of an export."),
    ]
