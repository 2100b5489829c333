"""Reports: save what an officer typed, all of it or nothing; read a report; correct a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import cases, entities, evidence, links, outcomes, retractions, writes
from jpa.graph.granted import ChosenThing
from jpa.graph.links import StatedLink
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.graph.writes import Batch, NewRecord, Role
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.entity import Entity, Glance
from jpa.model.evidence import EvidenceFile
from jpa.model.ids import derived_id, new_id
from jpa.model.record import Record, Report
from jpa.model.retraction import Retraction
from jpa.services import recall_drafts, statements, victims
from jpa.services.cases import writing
from jpa.services.evidence import TypedFile, attach_tx, check_files
from jpa.services.grant_ceilings import follow_tx, require_below_tx
from jpa.services.outcomes import LedgerLine, lines_tx
from jpa.services.retractions import standing
from jpa.services.statements import Statements
from jpa.services.stores import Also, Ask, Event, Stores, found, nothing_else, read, write

MOST_REPORTS: Final = 100
"""Reports of one transaction: enough to spread its cost, little enough for Neo4j to hold it in memory."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as its page shows it."""

    report: Report
    case: Case | None
    records: Sequence[Record]
    glances: Mapping[str, Glance]
    """For each record the entity that holds it now."""
    links: Sequence[StatedLink] = ()
    retractions: Sequence[Retraction] = ()
    """Every retraction of the report and of what it states, newest first, undone ones too."""
    files: Sequence[EvidenceFile] = ()
    on_team: bool = False
    outcomes: Sequence[LedgerLine] = ()
    """The outcomes that it states."""

    def retracted(self, target: str) -> Retraction | None:
        """Return the retraction of the report itself, or of one thing that it states, that stands."""
        return standing(self.retractions, target)


def add_report(
    stores: Stores, ask: Ask, typed: TypedReport, files: Sequence[TypedFile] = (), also: Also = nothing_else
) -> Statements:
    """Save a report with everything it states and the files behind it, in one transaction; any problem saves nothing."""
    statements.check(typed)
    new_files = check_files(ask, files)
    victim_ids = [new_id(ask.at) for _ in typed.victims]

    def work(tx: Tx, reader: Readership, _: object) -> Statements:
        case = writing(tx, reader, typed.case)
        settled = replace(typed, links=_settle_ends(tx, reader, typed))
        sealed = victims.seal_typed(stores, ask, case, typed.victims, victim_ids)
        if len(sealed) > 0:
            victims.recall_typed_tx(tx, ask, case, typed.victims)
            victims.redact_case_tx(tx, stores, case, ask)
        made = statements.build(ask, settled, victims.redactor(stores, case.id))
        insert_tx(tx, case, made)
        victims.insert_tx(tx, case, made.report, sealed, ask)
        attach_tx(tx, stores, ask, new_files, made.report, reach_of(case, made.report))
        also(tx, made.report.id)
        return made

    details: dict[str, object] = {
        "records": len(typed.records),
        "links": len(typed.links),
        "victims": len(typed.victims),
    }
    if len(new_files) > 0:
        details["files"] = [file.facts for file in new_files]
    return write(stores, ask, Action.ADD_REPORT, Event(AuditTag.REPORT_ADDED, typed.case, details), work)


def add_reports(stores: Stores, ask: Ask, typed: Sequence[TypedReport]) -> list[Statements]:
    """Save many reports of one case in one transaction and one audited act; a problem in any of them saves none."""
    case_id = _check_all(typed)
    victim_ids = [[new_id(ask.at) for _ in one.victims] for one in typed]

    def work(tx: Tx, reader: Readership, _: object) -> list[Statements]:
        case = writing(tx, reader, case_id)
        sealed = [
            victims.seal_typed(stores, ask, case, one.victims, ids) for one, ids in zip(typed, victim_ids, strict=True)
        ]
        if any(len(identities) > 0 for identities in sealed):
            victims.recall_typed_tx(tx, ask, case, [v for one in typed for v in one.victims])
            victims.redact_case_tx(tx, stores, case, ask)
        redact = victims.redactor(stores, case.id)
        settled = [replace(one, links=_settle_ends(tx, reader, one)) for one in typed]
        made = [statements.build(ask, one, redact) for one in settled]
        insert_all_tx(tx, case, made)
        for one, identities in zip(made, sealed, strict=True):
            victims.insert_tx(tx, case, one.report, identities, ask)
        return made

    details = {
        "reports": len(typed),
        "records": sum(len(one.records) for one in typed),
        "links": sum(len(one.links) for one in typed),
        "victims": sum(len(one.victims) for one in typed),
    }
    return write(stores, ask, Action.ADD_REPORT, Event(AuditTag.REPORT_ADDED, case_id, details), work)


def read_report(stores: Stores, ask: Ask, report: str) -> ReportFile:
    """Read a report and what it states."""

    def work(tx: Tx, reader: Readership) -> ReportFile:
        this = found(cases.report_tx(tx, reader, report))
        records = entities.stated_by_tx(tx, reader, report)
        glances = entities.glances_tx(tx, reader, [r.id for r in records])
        ties = links.stated_by_tx(tx, reader, report)
        return ReportFile(
            report=this,
            case=cases.case_tx(tx, reader, this.case),
            records=records,
            glances=glances,
            links=ties,
            retractions=retractions.about_tx(tx, [report, *(r.id for r in records), *(t.link.id for t in ties)]),
            files=evidence.of_report_tx(tx, reader, report),
            on_team=this.case in reader.team,
            outcomes=lines_tx(tx, reader, outcomes.of_report_tx(tx, reader, report)),
        )

    return read(stores, ask, Action.READ, Event(AuditTag.REPORT_READ, report), work)


def correct_record(
    stores: Stores,
    ask: Ask,
    record: str,
    properties: Mapping[str, Sequence[str]],
    typed: TypedReport,
    also: Also = nothing_else,
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
        follow_tx(tx, case, made.report, old.id, ChosenThing(made.records[0].id, made.report))
        recall_drafts.correct_tx(tx, ask, {case.id, found(cases.report_tx(tx, reader, old.report)).case}, [old.id])
        also(tx, made.records[0].id)
        return made.records[0]

    return write(stores, ask, Action.CORRECT_RECORD, Event(AuditTag.RECORD_CORRECTED, record), work)


def insert_tx(tx: Tx, case: Case, made: Statements) -> None:
    """Write a report's statements into the compartment of its case, with the reach its marking gives."""
    insert_all_tx(tx, case, [made])


def insert_all_tx(tx: Tx, case: Case, made: Sequence[Statements]) -> None:
    """Write the statements of several reports of a case, those of one reach together."""
    require_below_tx(tx, case, (one.report.marking for one in made), made[0].report.entered)
    by_reach: dict[Reach, list[Statements]] = {}
    for one in made:
        by_reach.setdefault(reach_of(case, one.report), []).append(one)
    for reach, alike in by_reach.items():
        writes.insert_tx(
            tx,
            Batch(
                reach,
                reports=[(one.report, one.report_hash) for one in alike],
                records=[NewRecord(r, statements.search_words(r)) for one in alike for r in one.records],
                links=[link for one in alike for link in one.links],
                roles=[
                    Role(derived_id(one.report.entered, record, role), record, case.id, role, one.report.id)
                    for one in alike
                    for record, role in one.roles
                ],
            ),
        )


def reach_of(case: Case, report: Report) -> Reach:
    """Return who may read what a report states: the case's compartment, and the audience of its marking."""
    audience = report.marking.audience(agency=case.agency, state=case.state, case=case.id)
    return Reach((case.id,), tuple(audience))


def _check_all(typed: Sequence[TypedReport]) -> str:
    """Refuse a batch that cannot be saved whole; return the case that all its reports belong to."""
    problems: dict[str, str] = {}
    for number, one in enumerate(typed, start=1):
        try:
            statements.check(one)
        except InvalidInputError as error:
            problems |= {f"report {number}, {name}": text for name, text in error.fields.items()}
    found_cases = sorted({one.case for one in typed})
    if len(found_cases) != 1:
        problems["case"] = "The reports of one batch belong to one case."
    if len(typed) > MOST_REPORTS:
        problems["reports"] = f"At most {MOST_REPORTS} reports are saved together."
    if len(problems) > 0:
        raise InvalidInputError("No report was saved.", problems)
    return found_cases[0]


def _settle_ends(tx: Tx, reader: Readership, typed: TypedReport) -> list[TypedLink]:
    """Hang ties to things known already on a record in force of that thing; refuse ends that are not there or do not fit."""
    own = {record.ref for record in typed.records}
    outside = sorted({end for link in typed.links for end in (link.source, link.target)} - own)
    settled = {end: _standing(entities.entity_tx(tx, reader, end), end) for end in outside}
    for index, link in enumerate(typed.links):
        declared = LINK_TYPES[link.type]
        for end, allowed in ((link.source, declared.sources), (link.target, declared.targets)):
            if end in settled and settled[end].type not in allowed:
                kinds = ", ".join(ENTITY_TYPES[t].label.lower() for t in allowed)
                raise InvalidInputError(
                    "The report was not saved.",
                    {f"tie {index + 1}": f"“{declared.label}” does not fit there; it takes: {kinds}."},
                )
    ids = {end: record.id for end, record in settled.items()}
    return [replace(k, source=ids.get(k.source, k.source), target=ids.get(k.target, k.target)) for k in typed.links]


def _standing(entity: Entity | None, end: str) -> Record:
    if entity is None:
        raise InvalidInputError("The report was not saved.", {"lines": "A tie points at a record that is not there."})
    if len(entity.records) == 0:
        problem = f"{entity.caption} was retracted; nothing can be tied to it until a lead undoes that."
        raise InvalidInputError("The report was not saved.", {"lines": problem})
    return next((r for r in entity.records if r.id == end), entity.records[0])


def _require_correctable(tx: Tx, reader: Readership, old: Record, case: Case) -> None:
    report = found(cases.report_tx(tx, reader, old.report))
    if report.case != case.id:
        raise InvalidInputError(
            "The correction was not saved.", {"case": "A record is corrected in the case that it was reported in."}
        )
    if not entities.in_force_tx(tx, reader, old.id):
        raise InvalidInputError(
            "The correction was not saved.",
            {"record": "This record was corrected or retracted meanwhile. Open it again and correct what stands now."},
        )
