"""From what was typed to reports, records and links: checked, understood, with ids; nothing is stored here."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import rfc8785

from jpa.entity_resolution.normalise import search_forms
from jpa.errors import InvalidInputError
from jpa.model.case import CaseRole
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.ids import derived_id, is_id, new_id
from jpa.model.marking import Pap
from jpa.model.record import Link, Properties, Record, Report, origin_of
from jpa.model.redaction import Redact, redact_typed
from jpa.model.schema import EntityType, LinkType
from jpa.model.value_types import DATE, Context
from jpa.services.stores import Ask


@dataclass(frozen=True, slots=True)
class Statements:
    """A report with everything it states, ready to be written."""

    report: Report
    report_hash: str
    records: tuple[Record, ...]
    links: tuple[Link, ...]
    roles: tuple[tuple[str, str], ...]
    """(record id, role in the case)."""


def check(typed: TypedReport) -> None:
    """Refuse a report that cannot be saved whole; every problem is named at once."""
    problems: dict[str, str] = {}
    if typed.title.strip() == "":
        problems["title"] = "Say what kind of report it is, for example Boarding report."
    if typed.source_reference.strip() == "":
        problems["source_reference"] = "Enter your register's reference; it is how the paper is found again."
    if typed.date.strip() == "":
        problems["date"] = "Enter the date of the report; a year or month alone is enough."
    if len(typed.records) == 0 and len(typed.victims) == 0 and typed.text.strip() == "":
        problems["lines"] = "Enter at least one line or the text of the report."
    types = {record.ref: record.type for record in typed.records}
    for record in typed.records:
        problems.update(_record_problems(record))
    for index, link in enumerate(typed.links):
        problems.update(_link_problems(index, link, types))
    if len(problems) > 0:
        raise InvalidInputError("The report was not saved; what you typed is still here.", problems)


def build(ask: Ask, typed: TypedReport, redact: Redact) -> Statements:
    """Understand every value and give everything its id; sealed identities are replaced before anything else."""
    context = Context(state=ask.officer.state, today=ask.at.date())
    report = build_report(ask, typed, redact)
    ids = {record.ref: _record_id(ask, record) for record in typed.records}
    records = tuple(build_record(ask, report.id, ids[r.ref], r, context, redact) for r in typed.records)
    links = tuple(build_link(ask, report.id, link, ids, context, redact) for link in typed.links)
    roles = tuple((ids[r.ref], r.role) for r in typed.records if r.role != "")
    return Statements(report, report_hash(report), records, links, roles)


def build_report(ask: Ask, typed: TypedReport, redact: Redact) -> Report:
    """Make the report itself."""
    context = Context(state=ask.officer.state, today=ask.at.date())
    text, reference = redact(typed.text), redact(typed.source_reference.strip())
    return Report(
        id=new_id(ask.at),
        case=typed.case,
        agency=ask.officer.agency,
        title=redact(typed.title.strip()),
        source_reference=reference,
        date=DATE.clean(redact(typed.date.strip()), context).best,
        grade=typed.grade,
        marking=typed.marking,
        officer=ask.officer.id,
        entered=ask.at,
        text=text,
        origin=origin_of(ask.officer.agency, reference),
    )


def build_record(ask: Ask, report: str, record_id: str, typed: TypedRecord, context: Context, redact: Redact) -> Record:
    """Make one record of what was typed about one thing."""
    declared = ENTITY_TYPES[typed.type]
    return Record(
        id=record_id,
        type=typed.type,
        report=report,
        agency=ask.officer.agency,
        officer=ask.officer.id,
        entered=ask.at,
        properties=understand(declared, typed.properties, context, redact),
        schema=typed.schema or declared.ftm_schema,
        supersedes=typed.supersedes,
        source_key=typed.source_key,
    )


def build_link(
    ask: Ask, report: str, typed: TypedLink, ids: Mapping[str, str], context: Context, redact: Redact
) -> Link:
    """Make one link; its ends are refs of the same report or ids of records that stand already."""
    declared = LINK_TYPES[typed.type]
    link_id = new_id(ask.at) if typed.source_key is None else derived_id(ask.at, "link", typed.source_key)
    return Link(
        id=link_id,
        type=typed.type,
        source=ids.get(typed.source, typed.source),
        target=ids.get(typed.target, typed.target),
        report=report,
        agency=ask.officer.agency,
        officer=ask.officer.id,
        entered=ask.at,
        properties=understand(declared, typed.properties, context, redact),
        schema=typed.schema or declared.ftm_schema or "",
        source_key=typed.source_key,
    )


def understand(
    declared: EntityType | LinkType, typed: Mapping[str, Sequence[str]], context: Context, redact: Redact
) -> Properties:
    """Clean every typed value by its value type; empty ones are left out, nothing else is."""
    understood = {}
    for name, values in redact_typed(typed, redact).items():
        value_type = declared.property(name).type
        cleaned = [value_type.clean(text, context) for text in values if text.strip() != ""]
        if len(cleaned) > 0:
            understood[name] = tuple(cleaned)
    return understood


def search_words(record: Record) -> list[str]:
    """Return the words that the full-text index finds a record by: as typed, as understood, folded to Latin."""
    words: set[str] = set()
    for declared in ENTITY_TYPES[record.type].properties:
        if not declared.search:
            continue
        for value in record.properties.get(declared.name, ()):
            words.update((value.typed, value.best, *search_forms(value.best)))
    return sorted(words)


def report_hash(report: Report) -> str:
    """SHA-256 over the canonical JSON of all of a report that can never change."""
    pap = report.marking.pap
    content = {
        "id": report.id,
        "case": report.case,
        "agency": report.agency,
        "title": report.title,
        "source_reference": report.source_reference,
        "date": report.date,
        "grade": [report.grade.scheme, report.grade.source, report.grade.information, report.grade.handling],
        # As unmarked it is left out: reports of earlier releases keep their hash.
        "marking": [
            report.marking.tlp.value,
            report.marking.release.value,
            *report.marking.names,
            *([] if pap is Pap.AMBER else [pap.value]),
        ],
        "officer": report.officer,
        "entered": report.entered.isoformat(),
        "text": report.text,
        "origin": report.origin,
        "supersedes": report.supersedes,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def _record_id(ask: Ask, record: TypedRecord) -> str:
    return new_id(ask.at) if record.source_key is None else derived_id(ask.at, "record", record.source_key)


def _record_problems(record: TypedRecord) -> dict[str, str]:
    at = f"line {record.ref}"
    declared = ENTITY_TYPES.get(record.type)
    if declared is None:
        return {at: f"{record.type!r} is no kind of thing; choose one of {', '.join(ENTITY_TYPES)}."}
    unknown = [name for name in record.properties if not declared.has(name)]
    if len(unknown) > 0:
        return {at: f"{declared.label} has no property {unknown[0]!r}."}
    if all(text.strip() == "" for values in record.properties.values() for text in values):
        return {at: f"Nothing is said about this {declared.label.lower()}: enter a value or remove the line."}
    if record.role != "" and record.role not in set(CaseRole):
        return {at: f"{record.role!r} is no role in a case; choose one of {', '.join(CaseRole)}."}
    return {}


def _link_problems(index: int, link: TypedLink, types: Mapping[str, str]) -> dict[str, str]:
    at = f"tie {index + 1}"
    declared = LINK_TYPES.get(link.type)
    if declared is None:
        return {at: f"{link.type!r} is no kind of tie."}
    for end, allowed in ((link.source, declared.sources), (link.target, declared.targets)):
        if end not in types and not is_id(end):
            return {at: f"The tie points at line {end}, which is not there."}
        if end in types and types[end] not in allowed:
            kinds = ", ".join(ENTITY_TYPES[t].label.lower() for t in allowed)
            return {at: f"“{declared.label}” cannot tie a {types[end].lower()} there; it takes: {kinds}."}
    if link.source == link.target:
        return {at: "A tie needs two different ends."}
    return {}
