"""Imports: a file lands in a draft that lists what it would do; commit in resumable batches, or discard without a trace."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from jpa.errors import InvalidInputError
from jpa.graph import imports, writes
from jpa.graph.session import Tx
from jpa.graph.writes import Batch, NewRecord
from jpa.interchange.column_map import apply_map, guess_map, parse_map
from jpa.interchange.ftm_in import read_ftm
from jpa.interchange.incoming import Incoming, IncomingLink, IncomingRecord
from jpa.interchange.tabular import read_lines, read_table
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.ids import derived_id, new_id
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.record import Record
from jpa.model.redaction import Redact, redact_typed
from jpa.model.value_types import Context
from jpa.operations.drafts import Draft, DraftState
from jpa.services import statements, victims
from jpa.services.cases import writing
from jpa.services.reports import reach_of
from jpa.services.stores import Ask, Event, Stores, found, read, require, write

CREATE, UPDATE, SAME, REJECT = "create", "update", "unchanged", "rejected"
SHOWN: Final = 200
"""Rows of each kind that the draft's page lists; the counts are of all."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was uploaded or named."""

    name: str
    content: bytes
    type_name: str = "Person"
    """Kind of thing of a table's rows; FollowTheMoney says it itself."""
    map_text: str = ""
    """Column map; empty: guessed from the header."""
    dataset: str = ""
    """Name under which its ids are known; files of one dataset may point at each other's ids."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft with some rows of each kind."""

    draft: Draft
    rows: Mapping[str, Sequence[dict[str, Any]]]


def stage(stores: Stores, ask: Ask, face: TypedReport, file: File) -> Draft:
    """Read a file into a draft of its case; nothing reaches the graph. `face` is the report that will state it all."""
    statements.check(replace(face, text=face.text or file.name))
    incoming, map_text = _read_file(file)
    dataset = file.dataset.strip() or file.name

    def work(tx: Tx, reader: Readership) -> Draft:
        case = writing(tx, reader, face.case)
        redact = victims.redactor(stores, case.id)
        rows = _decide(tx, reader, ask, case, dataset, incoming, redact)
        counts = {kind: sum(r["status"] == kind for r in rows) for kind in (CREATE, UPDATE, SAME, REJECT)}
        draft_id = new_id(ask.at)
        head = {"file": file.name, "dataset": dataset, "map": map_text, "counts": counts, "face": _face(face)}
        stores.drafts.stage(
            draft_id, case.id, ask.officer.id, _redacted(head, redact), [_redacted(r, redact) for r in rows], ask.at
        )
        return found(stores.drafts.get(draft_id))

    return read(stores, ask, Action.IMPORT, Event(AuditTag.DRAFT_CREATED, face.case), work)


def preview(stores: Stores, ask: Ask, draft: str) -> Preview:
    """Show what a draft of one's own would do."""
    this = _own(stores, ask, draft)

    def work(tx: Tx, reader: Readership) -> Preview:
        writing(tx, reader, this.case)
        redact = victims.redactor(stores, this.case)  # somebody may have turned out to be a victim since it was staged
        shown: dict[str, list[dict[str, Any]]] = {kind: [] for kind in (CREATE, UPDATE, SAME, REJECT)}
        for _, chunk in stores.drafts.chunks(draft):
            for row in chunk:
                if len(shown[row["status"]]) < SHOWN:
                    shown[row["status"]].append(_redacted(row, redact))
        return Preview(replace(this, head=_redacted(this.head, redact)), shown)

    return read(stores, ask, Action.IMPORT, Event(AuditTag.DRAFT_READ, draft), work)


def list_drafts(stores: Stores, ask: Ask) -> list[Draft]:
    """List one's own drafts, newest first."""
    require(ask, Action.IMPORT)
    own = stores.drafts.listed(ask.officer.id)
    return [replace(d, head=_redacted(d.head, victims.redactor(stores, d.case))) for d in own]


def commit(stores: Stores, ask: Ask, draft: str, progress: Callable[[int, int], None] | None = None) -> Draft:
    """Write a draft batch by batch; after a crash the same call goes on where it stopped and doubles nothing."""
    this = _own(stores, ask, draft)
    if this.state is DraftState.COMMITTED:
        return this
    # Ids derive from the draft's moment, not from now: a batch that is written again is the same batch.
    then = replace(ask, at=datetime.fromtimestamp(this.created, tz=UTC))
    report_id = derived_id(then.at, "report", draft)
    total = sum(this.head["counts"][k] for k in (CREATE, UPDATE, SAME, REJECT))
    done = 0
    for number, chunk in stores.drafts.chunks(draft, this.cursor):
        stores.drafts.advance(draft, DraftState.COMMITTING, number)
        _commit_chunk(stores, ask, then, this, report_id, chunk)
        done += len(chunk)
        if progress is not None:
            progress(done, total)
    stores.drafts.advance(draft, DraftState.COMMITTED, 0)
    return found(stores.drafts.get(draft))


def discard(stores: Stores, ask: Ask, draft: str) -> None:
    """Throw a staged draft away; nothing of it is left."""
    _own(stores, ask, draft)
    with stores.audit.act(AuditTag.DRAFT_DISCARDED, ask.officer, object=draft, at=ask.at):
        stores.drafts.discard(draft)


def _commit_chunk(
    stores: Stores, ask: Ask, then: Ask, draft: Draft, report_id: str, chunk: Sequence[Mapping[str, Any]]
) -> None:
    context = Context(state=ask.officer.state, today=then.at.date())

    def work(tx: Tx, reader: Readership, _: object) -> None:
        case = writing(tx, reader, draft.case)
        redact = victims.redactor(stores, case.id)
        report = replace(statements.build_report(then, _typed_face(draft), redact), id=report_id)
        records = [
            statements.build_record(then, report_id, row["id"], _typed_record(row), context, redact)
            for row in chunk
            if row["kind"] == "record" and row["status"] in {CREATE, UPDATE}
        ]
        links = [
            replace(statements.build_link(then, report_id, _typed_link(row), {}, context, redact), id=row["id"])
            for row in chunk
            if row["kind"] == "link" and row["status"] == CREATE
        ]
        writes.insert_tx(
            tx,
            Batch(
                reach_of(case, report),
                reports=[(report, statements.report_hash(report))],
                records=[NewRecord(r, statements.search_words(r)) for r in records],
                links=links,
            ),
        )

    event = Event(AuditTag.DRAFT_COMMITTED, draft.id, {"rows": len(chunk)})
    write(stores, ask, Action.IMPORT, event, work)


def _read_file(file: File) -> tuple[Incoming, str]:
    if file.name.lower().endswith((".ijson", ".json", ".jsonl", ".ftm")):
        return read_ftm(read_lines(file.content)), ""
    if file.type_name not in ENTITY_TYPES:
        raise InvalidInputError("The file was not taken.", {"type": "Choose what the rows are."})
    table = read_table(file.name, file.content)
    if file.map_text.strip() == "":
        columns = guess_map(file.type_name, table.header)
        if len(columns.properties) == 0:
            raise InvalidInputError(
                "The columns were not recognised.",
                {"map": f"Write a column map; the columns are: {', '.join(table.header[:30])}"},
            )
    else:
        columns = parse_map(file.map_text, file.type_name, table.header)
    return apply_map(table, columns, file.type_name), columns.to_toml()


def _decide(
    tx: Tx, reader: Readership, ask: Ask, case: Case, dataset: str, incoming: Incoming, redact: Redact
) -> list[dict[str, Any]]:
    """Say of each row what it would do; records come before the ties that need them."""
    keys = {r.key: _source_key(case.id, dataset, r.key) for r in incoming.records}
    ends = {e: _source_key(case.id, dataset, e) for k in incoming.links for e in (k.source, k.target)}
    standing = _in_pages(lambda page: imports.standing_tx(tx, reader, page), sorted({*keys.values(), *ends.values()}))
    context = Context(state=ask.officer.state, today=ask.at.date())
    rows = [_record_row(ask, r, keys[r.key], standing.get(keys[r.key]), context, redact) for r in incoming.records]
    # A tie holds on to the record of its end that first had the id: corrections hang on to that one.
    known = {key: first for key, (first, _) in standing.items()}
    known |= {keys[row["key"]]: row["id"] for row in rows if row["status"] == CREATE}
    types = {standing_id: record.type for standing_id, record in standing.values()} | {
        row["id"]: row["type"] for row in rows
    }
    links = [
        _link_row(ask, k, ends, known, types, _source_key(case.id, dataset, f"link {k.key}")) for k in incoming.links
    ]
    written = _links_standing(tx, reader, links)
    for row in links:
        if row.get("source_key") in written:
            row["status"] = SAME
    rejected = [{"kind": "row", "status": REJECT, "row": r.row, "reason": r.reason} for r in incoming.rejected]
    return [*rows, *links, *rejected]


def _record_row(
    ask: Ask,
    record: IncomingRecord,
    source_key: str,
    standing: tuple[str, Record] | None,
    context: Context,
    redact: Redact,
) -> dict[str, Any]:
    typed = redact_typed(record.properties, redact)
    row: dict[str, Any] = {
        "kind": "record", "status": CREATE, "row": record.row, "key": record.key, "type": record.type, "schema": record.schema,
        "properties": typed, "source_key": source_key, "id": derived_id(ask.at, "record", source_key), "supersedes": None,
    }  # fmt: skip
    if standing is None:
        return row
    _, now = standing
    stated = statements.understand(ENTITY_TYPES[record.type], typed, context, redact)
    if now.type == record.type and _typed_only(stated) == _typed_only(now.properties):
        return {**row, "status": SAME, "id": now.id}
    version = hashlib.sha256(repr(sorted(typed.items())).encode() + now.id.encode()).hexdigest()[:16]
    versioned = f"{source_key}@{version}"
    return {
        **row, "status": UPDATE, "source_key": versioned, "id": derived_id(ask.at, "record", versioned), "supersedes": now.id,
    }  # fmt: skip


def _link_row(
    ask: Ask,
    link: IncomingLink,
    ends: Mapping[str, str],
    known: Mapping[str, str],
    types: Mapping[str, str],
    source_key: str,
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": "link", "status": CREATE, "row": link.row, "key": link.key, "type": link.type, "schema": link.schema,
        "properties": {n: list(v) for n, v in link.properties.items()}, "source_key": source_key,
        "id": derived_id(ask.at, "link", source_key),
    }  # fmt: skip
    missing = [e for e in (link.source, link.target) if ends[e] not in known]
    if len(missing) > 0:
        return {
            **row,
            "status": REJECT,
            "reason": f"ties to {missing[0][:60]}, which is neither in this file nor in the dataset",
        }
    source, target = known[ends[link.source]], known[ends[link.target]]
    declared = LINK_TYPES[link.type]
    if types[source] not in declared.sources or types[target] not in declared.targets:
        return {
            **row,
            "status": REJECT,
            "reason": f"“{declared.label}” cannot tie a {types[source]} to a {types[target]}",
        }
    return {**row, "source": source, "target": target}


def _links_standing(tx: Tx, reader: Readership, links: Sequence[Mapping[str, Any]]) -> set[str]:
    standing: set[str] = set()
    made = [row for row in links if row["status"] == CREATE]
    for start in range(0, len(made), 5000):
        page = made[start : start + 5000]
        standing |= imports.links_standing_tx(
            tx, reader, sorted({r["source"] for r in page}), [r["source_key"] for r in page]
        )
    return standing


def _in_pages(
    fetch: Callable[[list[str]], dict[str, tuple[str, Record]]], keys: list[str]
) -> dict[str, tuple[str, Record]]:
    merged: dict[str, tuple[str, Record]] = {}
    for start in range(0, len(keys), 5000):
        merged |= fetch(keys[start : start + 5000])
    return merged


def _typed_only(properties: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
    return {name: [v.typed for v in values] for name, values in sorted(properties.items())}


def _source_key(case: str, dataset: str, key: str) -> str:
    return hashlib.sha256(f"{case}\x1f{dataset}\x1f{key}".encode()).hexdigest()[:40]


def _typed_record(row: Mapping[str, Any]) -> TypedRecord:
    return TypedRecord(
        row["key"],
        row["type"],
        row["properties"],
        schema=row["schema"],
        source_key=row["source_key"],
        supersedes=row["supersedes"],
    )


def _typed_link(row: Mapping[str, Any]) -> TypedLink:
    return TypedLink(
        row["type"], row["source"], row["target"], row["properties"], schema=row["schema"], source_key=row["source_key"]
    )


def _face(face: TypedReport) -> dict[str, Any]:
    return {
        "case": face.case, "title": face.title, "source_reference": face.source_reference, "date": face.date, "text": face.text,
        "grade": [face.grade.scheme, face.grade.source, face.grade.information, face.grade.handling],
        "marking": [face.marking.tlp.value, face.marking.release.value, list(face.marking.names), face.marking.handling],
    }  # fmt: skip


def _typed_face(draft: Draft) -> TypedReport:
    face = draft.head["face"]
    tlp, release, names, handling = face["marking"]
    marking = Marking(Tlp(tlp), Release(release), tuple(names), handling)
    return TypedReport(
        face["case"],
        face["title"],
        face["source_reference"],
        face["date"],
        Grade(*face["grade"]),
        marking,
        face["text"],
    )


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
    this = found(stores.drafts.get(draft))
    return found(this if this.officer == ask.officer.id else None)
