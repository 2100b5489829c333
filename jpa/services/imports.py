"""Imports: a file lands in a draft that lists what it would do; commit in resumable batches, or discard without a trace."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from jpa.errors import InvalidInputError
from jpa.graph import writes
from jpa.graph.session import Tx
from jpa.graph.writes import Batch, NewRecord, RecordRows, rows_of
from jpa.interchange.spreadsheet import write_csv
from jpa.interchange.tabular import read_lines
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.catalogue.incidents import INCIDENT
from jpa.model.draft import TypedReport
from jpa.model.ids import derived_id, new_id
from jpa.model.job import Progress, no_progress
from jpa.model.redaction import Redact
from jpa.operations.drafts import Draft, DraftState
from jpa.services import statements, victims
from jpa.services.cases import writing
from jpa.services.grant_ceilings import require_below_tx
from jpa.services.import_files import File, columns_of, incoming_of, pack_face, typed_face
from jpa.services.import_incidents import decide_incidents, insert_incidents_tx
from jpa.services.import_outcomes import decide_outcomes, insert_rows_tx
from jpa.services.import_rows import (
    CREATE,
    REJECT,
    SAME,
    UPDATE,
    Row,
    Setting,
    context_of,
    decide_rows,
    mark_likely,
    typed_link,
    typed_record,
)
from jpa.services.incidents import compartment_of
from jpa.services.reports import reach_of
from jpa.services.stores import Ask, Event, Stores, found, read, require, write

MARKS: Final = ("likely", "odd")
"""What a row may be beside what it does: a thing that might be known already, an outcome with something odd about it."""
KINDS: Final = (CREATE, UPDATE, *MARKS, SAME, REJECT)
SHOWN: Final = 200
"""Rows of each kind that the draft's page lists; the counts are of all."""
KEPT_REJECTS: Final = 5000
"""Rejected rows kept with a draft after its commit, so that they can be mended."""
AHEAD_ROWS: Final = 1000
"""Rows that are understood while the store writes the rows before them, all in one transaction."""
FIRST_ROWS: Final = 200
"""Of the first part: the store has nothing to do until it comes."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft with some rows of each kind."""

    draft: Draft
    case_number: str
    """Empty for a draft of incidents."""
    rows: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a draft's rows go."""

    case: Case | None
    """None: the own agency's compartment."""
    redact: Redact


def upload(stores: Stores, ask: Ask, face: TypedReport | None, file: File) -> Draft:
    """Take a file whose head is readable; `face` is the report that will state it all. Reading it is a job's work.

    A table of incidents has no face: it belongs to the own agency, and no report states it.
    """
    if (face is None) != (file.type_name == INCIDENT.name):
        raise InvalidInputError("The file was not taken.", {"type": "Incidents are imported from their own page."})
    if face is not None:
        statements.check(replace(face, text=face.text or file.name))
    columns = None if file.is_ftm else columns_of(file)
    if file.is_ftm:
        read_lines(file.content)

    place = face.case if face is not None else compartment_of(ask)

    def work(tx: Tx, reader: Readership) -> Draft:
        redact = _desk_tx(tx, stores, reader, place).redact
        draft_id = new_id(ask.at)
        head = {
            "file": file.name,
            "dataset": file.dataset.strip() or file.name,
            "type": file.type_name,
            "map": "" if columns is None else columns.to_toml(),
            "counts": {},
            "face": {} if face is None else pack_face(face),
        }
        stores.drafts.upload(draft_id, place, ask.officer.id, _redacted(head, redact), file.content, ask.at)
        return found(stores.drafts.get(draft_id))

    return read(stores, ask, Action.IMPORT, Event(AuditTag.DRAFT_CREATED, place), work)


def read_rows(stores: Stores, ask: Ask, draft: str, progress: Progress = no_progress) -> Draft:
    """Read an uploaded file into rows that say what each would do; doing it again changes nothing."""
    this = _own(stores, ask, draft)
    content = stores.drafts.file(draft)
    if content is None:
        return this
    head = this.head
    incoming = incoming_of(File(head["file"], content, head["type"], head["map"]))
    after = stores.drafts.committed(this.case, head["dataset"])
    then = _then(ask, this)

    def work(tx: Tx, reader: Readership) -> list[Row]:
        setting = Setting(then, this.case, head["dataset"], _desk_tx(tx, stores, reader, this.case).redact)
        rows = decide_rows(tx, reader, setting, incoming, progress)
        mark_likely(tx, reader, setting, rows, progress)
        outcomes = decide_outcomes(tx, reader, setting, incoming.outcomes)
        return [*rows, *outcomes, *decide_incidents(tx, reader, setting, incoming.incidents)]

    rows = read(stores, ask, Action.IMPORT, Event(AuditTag.DRAFT_READ, draft), work)
    counts = {kind: sum(r["status"] == kind for r in rows) for kind in (CREATE, UPDATE, SAME, REJECT)}
    counts |= {mark: sum(bool(r.get(mark)) for r in rows) for mark in MARKS}
    rejects = [[r["row"], r["reason"]] for r in rows if r["status"] == REJECT][:KEPT_REJECTS]
    stores.drafts.stage(draft, {**head, "counts": counts, "rejects": rejects, "after": after}, rows)
    return found(stores.drafts.get(draft))


def stage(stores: Stores, ask: Ask, face: TypedReport | None, file: File, progress: Progress = no_progress) -> Draft:
    """Take a file and read it at once."""
    return read_rows(stores, ask, upload(stores, ask, face, file).id, progress)


def preview(stores: Stores, ask: Ask, draft: str) -> Preview:
    """Show what a draft of one's own would do."""
    this = _own(stores, ask, draft)

    def work(tx: Tx, reader: Readership) -> Preview:
        desk = _desk_tx(tx, stores, reader, this.case)
        redact = desk.redact  # somebody may have turned out to be a victim since it was staged
        shown: dict[str, list[Row]] = {kind: [] for kind in KINDS}
        for _, chunk in stores.drafts.chunks(draft):
            for row in chunk:
                for kind in (row["status"], *(mark for mark in MARKS if row.get(mark))):
                    if len(shown[kind]) < SHOWN:
                        shown[kind].append(_redacted(row, redact))
        if this.state is DraftState.COMMITTED:
            shown[REJECT] = [{"row": row, "reason": redact(reason)} for row, reason in this.head["rejects"][:SHOWN]]
        number = "" if desk.case is None else desk.case.number
        return Preview(replace(this, head=_redacted(this.head, redact)), number, shown)

    return read(stores, ask, Action.IMPORT, Event(AuditTag.DRAFT_READ, draft), work)


def read_rejects(stores: Stores, ask: Ask, draft: str) -> str:
    """Return the rejected rows of a draft of one's own with their reasons, as CSV."""
    this = _own(stores, ask, draft)
    stores.audit.note(AuditTag.DRAFT_READ, ask.officer, at=ask.at, object=draft)
    redact = str if this.case == compartment_of(ask) else victims.redactor(stores, this.case)
    return write_csv(("row", "reason"), [(str(row), redact(reason)) for row, reason in this.head.get("rejects", [])])


def list_drafts(stores: Stores, ask: Ask) -> list[Draft]:
    """List one's own drafts, newest first."""
    require(ask, Action.IMPORT)
    stores.audit.note(AuditTag.DRAFT_READ, ask.officer, at=ask.at)
    own = stores.drafts.listed(ask.officer.id)
    redact = {
        case: str if case == compartment_of(ask) else victims.redactor(stores, case) for case in {d.case for d in own}
    }
    return [replace(d, head=_redacted(d.head, redact[d.case])) for d in own]


def commit_next(stores: Stores, ask: Ask, draft: str) -> tuple[int, int]:
    """Write the next batch of a draft and return how many rows are done, and how many there are.

    Each batch is one transaction with the officer's rights of that moment; a batch that is written again is the same batch.
    """
    this = _own(stores, ask, draft)
    total = sum(this.head["counts"].get(k, 0) for k in (CREATE, UPDATE, SAME, REJECT))
    if this.state is DraftState.COMMITTED:
        return total, total
    stores.drafts.begin(draft)
    chunk = next((chunk for _, chunk in stores.drafts.chunks(draft, this.cursor)), None)
    if chunk is None:
        stores.drafts.finish(draft)
        return total, total
    _commit_chunk(stores, ask, this, chunk)
    stores.drafts.advance(draft, this.cursor + 1)
    return min(total, replace(this, cursor=this.cursor + 1).written), total


def commit(stores: Stores, ask: Ask, draft: str, progress: Progress = no_progress) -> Draft:
    """Write a whole draft batch by batch; after a crash the same call goes on where it stopped and doubles nothing."""
    while found(stores.drafts.get(draft)).state is not DraftState.COMMITTED:
        progress(*commit_next(stores, ask, draft))
    return found(stores.drafts.get(draft))


def discard(stores: Stores, ask: Ask, draft: str) -> None:
    """Throw a draft away that is not committed; nothing of it is left."""
    _own(stores, ask, draft)
    with stores.audit.act(AuditTag.DRAFT_DISCARDED, ask.officer, object=draft, at=ask.at):
        stores.drafts.discard(draft)


def _commit_chunk(stores: Stores, ask: Ask, draft: Draft, chunk: Sequence[Row]) -> None:
    then = _then(ask, draft)

    def work(tx: Tx, reader: Readership, _: object) -> None:
        desk = _desk_tx(tx, stores, reader, draft.case)
        if desk.case is None:
            insert_incidents_tx(tx, Setting(then, draft.case, draft.head["dataset"], desk.redact), chunk)
            return
        for by in sorted({row["by"] for row in chunk if row["kind"] != "row"}):
            rows = [r for r in chunk if r["kind"] != "row" and r["by"] == by]
            _insert_tx(tx, reader, desk.case, then, draft, rows, desk.redact)

    event = Event(AuditTag.DRAFT_COMMITTED, draft.id, {"rows": len(chunk), "case": draft.case})
    write(stores, ask, Action.IMPORT, event, work)


def _insert_tx(
    tx: Tx, reader: Readership, case: Case, then: Ask, draft: Draft, rows: Sequence[Row], redact: Redact
) -> None:
    """Write the rows of one reporter, stated by a report of their own."""
    by = rows[0]["by"]
    context = context_of(then, by)
    report_id = derived_id(then.at, "report", draft.id, by)
    report = replace(statements.build_report(then, typed_face(draft, by), redact), id=report_id)
    links = [
        replace(statements.build_link(then, report_id, typed_link(row), {}, context, redact), id=row["id"])
        for row in rows
        if row["kind"] == "link" and row["status"] == CREATE
    ]
    stated = [r for r in rows if r["kind"] == "record" and r["status"] in {CREATE, UPDATE}]
    made = [r for r in rows if r["kind"] == "outcome" and r["status"] in {CREATE, UPDATE}]

    reach = reach_of(case, report)

    def understood(part: Sequence[Row]) -> RecordRows:
        built = (statements.build_record(then, report_id, r["id"], typed_record(r), context, redact) for r in part)
        return rows_of(reach, (NewRecord(record, statements.search_words(record)) for record in built))

    if len(stated) + len(links) + len(made) > 0:
        require_below_tx(tx, case, [report.marking], then.at)
        writes.insert_tx(tx, Batch(reach, reports=[(report, statements.report_hash(report))]))
        starts = [0, *range(FIRST_ROWS, len(stated), AHEAD_ROWS), len(stated)]
        parts = [stated[start:end] for start, end in pairwise(starts) if start < end]
        with ThreadPoolExecutor(max_workers=1) as ahead:
            for ready in ahead.map(understood, parts):
                writes.insert_rows_tx(tx, ready)
        writes.insert_tx(tx, Batch(reach, links=links))
        insert_rows_tx(tx, reader, Setting(then, case.id, draft.head["dataset"], redact), made, case, report)


def _desk_tx(tx: Tx, stores: Stores, reader: Readership, place: str) -> "_Desk":
    """Open the case that a draft goes into; a draft of incidents goes to the own agency's compartment."""
    if place == f"agency:{reader.officer.agency}":
        return _Desk(None, str)
    case = writing(tx, reader, place)
    return _Desk(case, victims.redactor(stores, case.id))


def _then(ask: Ask, draft: Draft) -> Ask:
    # Ids derive from the draft's moment, not from now: a batch that is written again is the same batch.
    return replace(ask, at=datetime.fromtimestamp(draft.created, tz=UTC))


def _redacted(value: Any, redact: Redact) -> Any:
    """Redact every text of a draft's head or row; keys, states and ids name nobody and pass through unchanged."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {name: _redacted(item, redact) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(item, redact) for item in value]
    return value


def _own(stores: Stores, ask: Ask, draft: str) -> Draft:
    require(ask, Action.IMPORT)
    this = stores.drafts.get(draft)
    return found(this if this is not None and this.officer == ask.officer.id else None)
