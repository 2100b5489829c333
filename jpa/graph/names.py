"""Tables of how common names are: one per view, opened only to those who can read all that was counted."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Readership

SAVE_TABLE: Final[Query] = upkeep("MERGE (t:NameTable {id: $id}) SET t = $properties")
SAVE_COUNTS: Final[Query] = upkeep("""
UNWIND $rows AS row MERGE (n:NameCount {id: row.id}) SET n.table = $table, n.run = $run, n.records = row.records
""")
FORGET_COUNTS: Final[Query] = upkeep("MATCH (n:NameCount {table: $table}) WHERE n.run <> $run DELETE n")

TABLE: Final[Query] = query("""
MATCH (t:NameTable) WHERE covered(t)
RETURN t.id AS id, t.kinds AS kinds, t.records AS records, t.compartments AS compartments, t.audience AS audience
ORDER BY t.total DESC, t.at DESC, t.id LIMIT 1
""")
COUNTS: Final[Query] = query("""
MATCH (t:NameTable {id: $table}) WHERE covered(t)
MATCH (n:NameCount) WHERE n.id IN $ids RETURN n.id AS id, n.records AS records
""")


def save_table_tx(
    tx: Tx, counted: Mapping[str, int], counts: Mapping[str, int], run: str, reach: Reach, *, by: str, at: str
) -> None:
    """Keep a run's counts in place of those that a run of the same view kept before."""
    kinds = sorted(counted)
    name = reach.view
    properties: dict[str, Any] = {
        "id": name,
        "run": run,
        "by": by,
        "at": at,
        "kinds": kinds,
        "records": [counted[kind] for kind in kinds],
        "total": sum(counted.values()),
        "compartments": list(reach.compartments),
        "audience": list(reach.audience),
    }
    tx.run(SAVE_TABLE, id=name, properties=properties)
    rows = [{"id": _digest(name, key), "records": n} for key, n in sorted(counts.items())]
    tx.run(SAVE_COUNTS, table=name, run=run, rows=rows)
    tx.run(FORGET_COUNTS, table=name, run=run)


def table_reach_tx(tx: Tx, reader: Readership) -> Reach | None:
    """Say who may know of the table that `table_tx` looks in; None before any run."""
    head = tx.run(TABLE, **reader.parameters()).single()
    return None if head is None else Reach(tuple(head["compartments"]), tuple(head["audience"]))


def table_tx(tx: Tx, reader: Readership, keys: Iterable[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Look these keys up in the largest table that the reader may know of: records per kind of thing, and per key; empty before any run."""
    head = tx.run(TABLE, **reader.parameters()).single()
    if head is None:
        return {}, {}
    digests = {_digest(head["id"], key): key for key in keys}
    found = tx.run(COUNTS, table=head["id"], ids=list(digests), **reader.parameters())
    counts = {digests[row["id"]]: row["records"] for row in found}
    return dict(zip(head["kinds"], head["records"], strict=True)), counts


def _digest(table: str, key: str) -> str:
    return f"{table}|{hashlib.sha256(f'{table}|{key}'.encode()).hexdigest()[:20]}"
