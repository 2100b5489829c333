"""Reports: save what an officer typed, all of it or nothing; read a report; correct a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jpa.errors import InvalidInputError
from jpa.graph import cases, entities, writes
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.graph.writes import Batch, NewRecord, Role
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.entity import Glance
from jpa.model.ids import derived_id, new_id
from jpa.model.record import Record, Report
from jpa.services import statements, victims
from jpa.services.cases import writing
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Event, Stores, found, read, write


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as its page shows it."""

    report: Report
    case: Case | None
    records: Sequence[Record]
    glances: Mapping[str, Glance]
    """For each record the entity that holds it now."""


def add_report(stores: Stores, ask: Ask, typed: TypedReport) -> Statements:
    """Save a report with everything it states, in one transaction; a problem with any field saves nothing."""
    statements.check(typed)
    victim_ids = [new_id(ask.at) for _ in typed.victims]

    def work(tx: Tx, reader: Readership, _: object) -> Statements:
        case = writing(tx, reader, typed.case)
        sealed = victims.seal_typed(stores, ask, case, typed.victims, victim_ids)
        if len(sealed) > 0:
            victims.redact_case_tx(tx, stores, case, ask)
        made = statements.build(ask, typed, victims.redactor(stores, case.id))
        insert_tx(tx, case, made)
        victims.insert_tx(tx, case, made.report, sealed, ask)
        _require_ends(tx, reader, made)
        return made

    details = {"records": len(typed.records), "links": len(typed.links), "victims": len(typed.victims)}
    return write(stores, ask, Action.ADD_REPORT, Event(AuditTag.REPORT_ADDED, typed.case, details), work)


def read_report(stores: Stores, ask: Ask, report: str) -> ReportFile:
    """Read a report and what it states."""

    def work(tx: Tx, reader: Readership) -> ReportFile:
        this = found(cases.report_tx(tx, reader, report))
        records = entities.stated_by_tx(tx, reader, report)
        glances = entities.glances_tx(tx, reader, [r.id for r in records])
        return ReportFile(this, cases.case_tx(tx, reader, this.case), records, glances)

    return read(stores, ask, Action.READ, Event(AuditTag.REPORT_READ, report), work)


def correct_record(
    stores: Stores, ask: Ask, record: str, properties: Mapping[str, Sequence[str]], typed: TypedReport
) -> Record:
    """Replace what a record says by a new record that supersedes it; the old one stays as history.

    `typed` is the report of the correction (who says so, how sure) without records of its own.
    """

    def work(tx: Tx, reader: Readership, _: object) -> Record:
        old = found(entities.record_tx(tx, reader, record))
        case = writing(tx, reader, typed.case)
        _require_correctable(tx, reader, old, case)
        line = TypedRecord("1", old.type, properties, schema=old.schema, supersedes=old.id)
        whole = TypedReport(
            typed.case, typed.title, typed.source_reference, typed.date, typed.grade, typed.marking, typed.text, (line,)
        )
        statements.check(whole)
        made = statements.build(ask, whole, victims.redactor(stores, case.id))
        insert_tx(tx, case, made)
        return made.records[0]

    return write(stores, ask, Action.CORRECT_RECORD, Event(AuditTag.RECORD_CORRECTED, record), work)


def insert_tx(tx: Tx, case: Case, made: Statements) -> None:
    """Write a report's statements into the compartment of its case, with the reach its marking gives."""
    reach = reach_of(case, made.report)
    writes.insert_tx(
        tx,
        Batch(
            reach,
            reports=[(made.report, made.report_hash)],
            records=[NewRecord(r, statements.search_words(r)) for r in made.records],
            links=made.links,
            roles=[
                Role(derived_id(made.report.entered, record, role), record, case.id, role, made.report.id)
                for record, role in made.roles
            ],
        ),
    )


def reach_of(case: Case, report: Report) -> Reach:
    """Return who may read what a report states: the case's compartment, and the audience of its marking."""
    audience = report.marking.audience(agency=case.agency, state=case.state, case=case.id)
    return Reach((case.id,), tuple(audience))


def _require_ends(tx: Tx, reader: Readership, made: Statements) -> None:
    own = {r.id for r in made.records}
    outside = sorted({end for link in made.links for end in (link.source, link.target)} - own)
    readable = entities.glances_tx(tx, reader, outside)
    if len(readable) < len(outside):
        raise InvalidInputError("The report was not saved.", {"lines": "A tie points at a record that is not there."})


def _require_correctable(tx: Tx, reader: Readership, old: Record, case: Case) -> None:
    report = found(cases.report_tx(tx, reader, old.report))
    if report.case != case.id:
        raise InvalidInputError(
            "The correction was not saved.", {"case": "A record is corrected in the case that it was reported in."}
        )
    if not entities.in_force_tx(tx, reader, old.id):
        raise InvalidInputError(
            "The correction was not saved.",
            {"record": "Somebody corrected this record meanwhile. Open it again and correct the newer one."},
        )
