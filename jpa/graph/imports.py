"""What an import needs to know: which rows stand already, in which version."""

from collections.abc import Sequence
from typing import Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query
from jpa.graph.entities import type_of
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.record import Record

# Of several corrections in force the newest stands: the last row of a key counts.
STANDING: Final[Query] = query("""
UNWIND $keys AS key
MATCH (r:Record {source_key: key}) WHERE readable(r)
OPTIONAL MATCH (n:Record)-[:SUPERSEDES]->+(r) WHERE readable(n) AND in_force(n)
WITH key, r, coalesce(n, r) AS now
RETURN key, r.id AS first, labels(now) AS labels, properties(now) AS record ORDER BY now.id
""")

PEOPLE_OF_CASE: Final[Query] = query("""
MATCH (p:Report {case: $case})-[:STATES]->(r:Person)
WHERE readable(p) AND readable(r) AND r.source_key IS NOT NULL
RETURN r.source_key AS key, r.id AS id ORDER BY id
""")

LINKS_STANDING: Final[Query] = query("""
MATCH (a:Record)-[links(l)]->(b:Record)
WHERE a.id IN $ids AND readable(a) AND readable(l) AND readable(b) AND l.source_key IN $keys
RETURN DISTINCT l.source_key AS key
""")

BY_KEY: Final[Query] = query("""
MATCH (r:Record) WHERE r.key IN $keys AND readable(r) AND in_force(r)
WITH r.key AS key, min(r.id) AS id
MATCH (first:Record {id: id}) WHERE readable(first)
RETURN key, id, first.caption AS caption
""")


def people_of_case_tx(tx: Tx, reader: Readership, case: str) -> list[tuple[str, str]]:
    """List source key and record of every imported person that a readable report of a case states, oldest first."""
    return [(row["key"], row["id"]) for row in tx.run(PEOPLE_OF_CASE, case=case, **reader.parameters())]


def standing_tx(tx: Tx, reader: Readership, keys: Sequence[str]) -> dict[str, tuple[str, Record]]:
    """Map each source key that stands already to its first record's id and the record in force now."""
    found = tx.run(STANDING, keys=list(keys), **reader.parameters())
    return {r["key"]: (r["first"], rows.record_of(type_of(r["labels"]), r["record"])) for r in found}


def links_standing_tx(tx: Tx, reader: Readership, sources: Sequence[str], keys: Sequence[str]) -> set[str]:
    """Return which of these links stand already."""
    found = tx.run(LINKS_STANDING, ids=list(sources), keys=list(keys), **reader.parameters())
    return {row["key"] for row in found}


def by_key_tx(tx: Tx, reader: Readership, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Map each identity key that a readable record in force has to that record's id and caption."""
    found = tx.run(BY_KEY, keys=list(keys), **reader.parameters())
    return {row["key"]: (row["id"], row["caption"]) for row in found}
