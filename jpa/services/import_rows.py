"""What each row of a file would do to a case: create, update, nothing, or be rejected with the reason."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from jpa.entity_resolution.resolve import propose
from jpa.graph import entities, imports, projection
from jpa.graph.session import Tx
from jpa.interchange.incoming import Incoming, IncomingLink, IncomingRecord
from jpa.model.access import Readership
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.draft import TypedLink, TypedRecord
from jpa.model.entity import key_of
from jpa.model.ids import derived_id
from jpa.model.job import Progress
from jpa.model.record import Record
from jpa.model.redaction import Redact, redact_typed
from jpa.model.value_types import COUNTRY, Context
from jpa.services import statements
from jpa.services.resolution import RESOLVABLE, profile_of
from jpa.services.stores import Ask

CREATE, UPDATE, SAME, REJECT = "create", "update", "unchanged", "rejected"
PAGE: Final = 5000
"""Keys looked up in one query."""
MOST_KEY: Final = 400
"""Characters of a row's own id; longer ones are texts, not ids."""
MOST_COMPARED: Final = 200_000
"""Records above which likely duplicates are left to the comparison job: blocking them takes minutes."""
NAMING: Final = "its id names somebody who is sealed in this case; give the rows numbers as ids"
_VERSION: Final = re.compile(r"@[0-9a-f]{16}$")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """What every row of one file is decided in."""

    ask: Ask
    case: str
    dataset: str
    redact: Redact

    def context(self, reported_by: str) -> Context:
        """Say what helps to understand a row: the state that the row names, else the officer's own."""
        return context_of(self.ask, reported_by)

    def source_key(self, key: str) -> str:
        """Name a row in the store: unique to the case and the dataset, the row's own id readable at its end."""
        within = hashlib.sha256(f"{self.case}\x1f{self.dataset}".encode()).hexdigest()[:24]
        return f"{within}:{self.redact(key)[:MOST_KEY]}"


def context_of(ask: Ask, reported_by: str) -> Context:
    """Say what helps to understand a row: the state that it names as its reporter, else the officer's own."""
    own = Context(state=ask.officer.state, today=ask.at.date())
    named = COUNTRY.clean(reported_by, own).clean if reported_by != "" else None
    return own if named is None else replace(own, state=named.upper())


def external_id(source_key: str) -> str:
    """Return the id that a row had in its file."""
    return unversioned(source_key.partition(":")[2])


def unversioned(source_key: str) -> str:
    """Return the key of a row whatever version of it was taken in."""
    return _VERSION.sub("", source_key)


def refused_key(row: Row, key: str) -> Row | None:
    """Reject a row whose own id cannot be kept; None where it can."""
    if len(key) > MOST_KEY:
        return {
            **row,
            "key": row["key"][:60],
            "status": REJECT,
            "reason": f"its id is longer than {MOST_KEY} characters",
        }
    return {**row, "status": REJECT, "reason": NAMING} if row["key"] != key else None


def decide_rows(tx: Tx, reader: Readership, setting: Setting, incoming: Incoming, progress: Progress) -> list[Row]:
    """Say of each row what it would do; records come before the ties that need them."""
    keys = {r.key: setting.source_key(r.key) for r in incoming.records}
    ends = {e: setting.source_key(e) for k in incoming.links for e in (k.source, k.target)}
    wanted = sorted({*keys.values(), *ends.values()})
    standing = _in_pages(lambda page: imports.standing_tx(tx, reader, page), wanted, progress)
    rows = [_record_row(setting, r, keys[r.key], standing.get(keys[r.key])) for r in incoming.records]
    # A tie holds on to the record of its end that first had the id: corrections hang on to that one.
    known = {key: first for key, (first, _) in standing.items()}
    known |= {keys[r.key]: row["id"] for r, row in zip(incoming.records, rows, strict=True) if row["status"] == CREATE}
    types = {first: record.type for first, record in standing.values()}
    types |= {row["id"]: row["type"] for row in rows if row["status"] != REJECT}
    links = [_link_row(setting, k, ends, known, types) for k in incoming.links]
    written = _links_standing(tx, reader, links)
    for row in links:
        if row["source_key"] in written:
            row["status"] = SAME
    rejected = [{"kind": "row", "status": REJECT, "row": r.row, "reason": r.reason} for r in incoming.rejected]
    return [*rows, *links, *rejected]


def mark_likely(tx: Tx, reader: Readership, setting: Setting, rows: Sequence[Row], progress: Progress) -> None:
    """Mark the new rows that might be something already known, or each other; they are created all the same."""
    made = {row["id"]: row for row in rows if row["kind"] == "record" and row["status"] == CREATE}
    records = [
        statements.build_record(
            setting.ask, "", row["id"], typed_record(row), setting.context(row["by"]), setting.redact
        )
        for row in made.values()
    ]
    known = {k: r for r in records if (k := key_of(r)) is not None}
    for page in _pages(sorted(known)):
        for key, found in imports.by_key_tx(tx, reader, page).items():
            made[known[key].id]["likely"] = {"id": found[0], "caption": found[1], "score": 1.0}
    types = sorted({r.type for r in records} & set(RESOLVABLE))
    standing = projection.records_tx(tx, reader, types) if len(types) > 0 else []
    if len(types) == 0 or len(standing) + len(records) > MOST_COMPARED:
        return
    profiles = [profile_of(r, ()) for r in (*standing, *(r for r in records if r.type in types))]
    pairs = propose(profiles, among=made, progress=progress)
    captions = {
        i: g.caption for i, g in entities.glances_tx(tx, reader, [e for p in pairs for e in (p.left, p.right)]).items()
    }
    for pair in pairs:
        for own, other in ((pair.left, pair.right), (pair.right, pair.left)):
            if own in made and "likely" not in made[own]:
                caption = captions.get(other) or f"row {made[other]['row']} of this file"
                made[own]["likely"] = {
                    "id": other if other in captions else "",
                    "caption": caption,
                    "score": round(pair.score, 3),
                }


def typed_record(row: Mapping[str, Any]) -> TypedRecord:
    """Return a row as an officer would have typed it."""
    return TypedRecord(
        row["key"],
        row["type"],
        row["properties"],
        schema=row["schema"],
        source_key=row["source_key"],
        supersedes=row["supersedes"],
    )


def typed_link(row: Mapping[str, Any]) -> TypedLink:
    """Return a row of a table of ties as an officer would have typed it."""
    return TypedLink(
        row["type"], row["source"], row["target"], row["properties"], schema=row["schema"], source_key=row["source_key"]
    )


def _record_row(setting: Setting, record: IncomingRecord, source_key: str, standing: tuple[str, Record] | None) -> Row:
    typed = redact_typed(record.properties, setting.redact)
    row: Row = {
        "kind": "record", "status": CREATE, "row": record.row, "key": setting.redact(record.key), "type": record.type, "schema": record.schema,
        "properties": typed, "source_key": source_key, "id": derived_id(setting.ask.at, "record", source_key), "supersedes": None,
        "by": setting.redact(record.reported_by)[:80],
    }  # fmt: skip
    if (refusal := refused_key(row, record.key)) is not None:
        return refusal
    if standing is None:
        return row
    _, now = standing
    stated = statements.understand(
        ENTITY_TYPES[record.type], typed, setting.context(record.reported_by), setting.redact
    )
    if now.type == record.type and _typed_only(stated) == _typed_only(now.properties):
        return {**row, "status": SAME, "id": now.id}
    version = hashlib.sha256(repr(sorted(typed.items())).encode() + now.id.encode()).hexdigest()[:16]
    versioned = f"{source_key}@{version}"
    return {
        **row, "status": UPDATE, "source_key": versioned, "id": derived_id(setting.ask.at, "record", versioned), "supersedes": now.id,
        "was": {n: [v.typed for v in values] for n, values in now.properties.items()},
    }  # fmt: skip


def _link_row(
    setting: Setting, link: IncomingLink, ends: Mapping[str, str], known: Mapping[str, str], types: Mapping[str, str]
) -> Row:
    source_key = setting.source_key(link.key)
    row: Row = {
        "kind": "link", "status": CREATE, "row": link.row, "key": setting.redact(link.key)[:MOST_KEY], "type": link.type, "schema": link.schema,
        "properties": redact_typed(link.properties, setting.redact), "source_key": source_key,
        "id": derived_id(setting.ask.at, "link", source_key), "by": setting.redact(link.reported_by)[:80],
    }  # fmt: skip
    if setting.redact(link.key) != link.key:
        return {**row, "status": REJECT, "reason": NAMING}
    missing = [e for e in (link.source, link.target) if ends[e] not in known]
    if len(missing) > 0:
        reason = f"ties to {setting.redact(missing[0])[:60]}, which is neither in this file nor in the dataset"
        return {**row, "status": REJECT, "reason": reason}
    source, target = known[ends[link.source]], known[ends[link.target]]
    declared = LINK_TYPES[link.type]
    if types[source] not in declared.sources or types[target] not in declared.targets:
        labels = [ENTITY_TYPES[types[end]].label.lower() for end in (source, target)]
        return {**row, "status": REJECT, "reason": f"“{declared.label}” cannot tie {labels[0]} to {labels[1]}"}
    return {**row, "source": source, "target": target}


def _links_standing(tx: Tx, reader: Readership, links: Sequence[Row]) -> set[str]:
    standing: set[str] = set()
    made = [row for row in links if row["status"] == CREATE]
    for start in range(0, len(made), PAGE):
        page = made[start : start + PAGE]
        ends = sorted({r["source"] for r in page})
        standing |= imports.links_standing_tx(tx, reader, ends, [r["source_key"] for r in page])
    return standing


def _in_pages(
    fetch: Callable[[list[str]], dict[str, tuple[str, Record]]], keys: list[str], progress: Progress
) -> dict[str, tuple[str, Record]]:
    merged: dict[str, tuple[str, Record]] = {}
    for page in _pages(keys):
        progress(len(merged), 0)
        merged |= fetch(page)
    return merged


def _pages(keys: list[str]) -> list[list[str]]:
    return [keys[start : start + PAGE] for start in range(0, len(keys), PAGE)]


def _typed_only(properties: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
    return {name: [v.typed for v in values] for name, values in sorted(properties.items())}
