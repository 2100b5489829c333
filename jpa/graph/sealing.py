"""Victims in the graph: a pseudonym and coarse codes; and the removal of all that named one.

The one exception to immutability (design section 4): a sealed person's records leave the graph whole.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership

ADD_VICTIM: Final[Query] = upkeep("""
MATCH (p:Report {id: $report})
MERGE (v:Victim {id: $id}) ON CREATE SET v = $properties
MERGE (p)-[:CONCERNS]->(v)
""")

READ_VICTIMS: Final[Query] = query("""
MATCH (v:Victim {case: $case}) WHERE readable(v) AND v.case IN $compartments
RETURN properties(v) AS victim ORDER BY v.pseudonym
""")

READ_VICTIM: Final[Query] = query("""
MATCH (v:Victim {id: $id}) WHERE readable(v) AND v.case IN $compartments RETURN properties(v) AS victim
""")

READ_SEALED: Final[Query] = upkeep("""
MATCH (r:Record) WHERE r.id IN $ids
OPTIONAL MATCH (r)-[l]-(o)
RETURN properties(r) AS record, collect({type: type(l), properties: properties(l), other: o.id}) AS ties
""")

REMOVE: Final[Query] = upkeep("""
MATCH (r:Record) WHERE r.id IN $ids
OPTIONAL MATCH (x:Proposal|Judgement)-[:ABOUT]->(r)
DETACH DELETE x, r
""")

READ_TEXTS: Final[Query] = upkeep("""
MATCH (p:Report {case: $case})
RETURN p.id AS id, p.title AS title, p.text AS text, p.source_reference AS source_reference
""")

WRITE_TEXTS: Final[Query] = upkeep("""
UNWIND $rows AS row MATCH (p:Report {id: row.id})
SET p.title = row.title, p.text = row.text, p.source_reference = row.source_reference
""")

READ_ENTRIES: Final[Query] = upkeep("""
MATCH (c:Case {id: $case})-[:HAS]->(e)
RETURN e.id AS id, properties(e) AS entry
""")

WRITE_ENTRIES: Final[Query] = upkeep("UNWIND $rows AS row MATCH (e:Action|Decision {id: row.id}) SET e += row.entry")

READ_NOTES: Final[Query] = upkeep("""
MATCH (e:Retraction|Evidence {case: $case}) RETURN e.id AS id, properties(e) AS note
UNION ALL
MATCH (t:Retraction {case: $case})<-[:SUPERSEDES]-(u:Restoration) RETURN t.id AS id, {undone_because: u.reason} AS note
""")

WRITE_NOTES: Final[Query] = upkeep("""
UNWIND $rows AS row
OPTIONAL MATCH (u:Restoration {undoes: row.id}) WHERE row.note.undone_because IS NOT NULL
SET u.reason = row.note.undone_because
WITH row WHERE row.note.undone_because IS NULL
MATCH (e:Retraction|Evidence {id: row.id}) SET e += row.note
""")

READ_STATEMENTS: Final[Query] = upkeep("""
MATCH (p:Report {case: $case})-[:STATES]->(r:Record) RETURN r.id AS id, properties(r) AS record
""")

WRITE_STATEMENTS: Final[Query] = upkeep("UNWIND $rows AS row MATCH (r:Record {id: row.id}) SET r += row.record")

READ_LINKS: Final[Query] = upkeep("""
MATCH (p:Report {case: $case}) MATCH ()-[links(l)]->() WHERE l.report = p.id RETURN l.id AS id, properties(l) AS link
""")


def add_victim_tx(
    tx: Tx,
    victim: str,
    pseudonym: str,
    case: str,
    report: str,
    coded: Mapping[str, Sequence[str]],
    audience: Sequence[str],
    at: datetime,
) -> None:
    """Write a victim's pseudonym and codes into a case."""
    properties: dict[str, Any] = {name: list(values) for name, values in coded.items()}
    properties |= {
        "id": victim,
        "pseudonym": pseudonym,
        "case": case,
        "report": report,
        "entered": stamp(at),
        "compartments": [case],
        "audience": list(audience),
    }
    tx.run(ADD_VICTIM, id=victim, report=report, properties=properties)


def victims_tx(tx: Tx, reader: Readership, case: str) -> list[dict[str, Any]]:
    """List the victims of a readable case by pseudonym, with their codes."""
    return [row["victim"] for row in tx.run(READ_VICTIMS, case=case, **reader.parameters())]


def victim_tx(tx: Tx, reader: Readership, victim: str) -> dict[str, Any] | None:
    """Read one victim's pseudonym and codes; None when there is none that this reader may know of."""
    row = tx.run(READ_VICTIM, id=victim, **reader.parameters()).single()
    return None if row is None else dict(row["victim"])


def read_sealed_tx(tx: Tx, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Read what is about to leave the graph, for the vault."""
    return [row.data() for row in tx.run(READ_SEALED, ids=list(ids))]


def remove_tx(tx: Tx, ids: Sequence[str]) -> None:
    """Take records out of the graph with their ties, verdicts, proposals and places in candidates."""
    tx.run(REMOVE, ids=list(ids))


def redact_tx(tx: Tx, case: str, redact: Callable[[str], str]) -> None:
    """Replace sealed identities in every text, entry and value of a case."""
    texts = [row.data() for row in tx.run(READ_TEXTS, case=case)]
    _write_changed(tx, WRITE_TEXTS, texts, [{k: v if k == "id" else redact(v) for k, v in t.items()} for t in texts])
    for read, write, name in (
        (READ_ENTRIES, WRITE_ENTRIES, "entry"),
        (READ_STATEMENTS, WRITE_STATEMENTS, "record"),
        (READ_NOTES, WRITE_NOTES, "note"),
    ):
        found = [row.data() for row in tx.run(read, case=case)]
        _write_changed(tx, write, found, [{"id": f["id"], name: _redacted(f[name], redact)} for f in found])


def _write_changed(tx: Tx, write: Query, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    changed = [n for o, n in zip(old, new, strict=True) if o != n]
    if len(changed) > 0:
        tx.run(write, rows=changed)


def _redacted(stored: Mapping[str, Any], redact: Callable[[str], str]) -> dict[str, Any]:
    return {name: _redact_value(value, redact) for name, value in stored.items()}


def _redact_value(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [_redact_value(item, redact) for item in value]
    return value
