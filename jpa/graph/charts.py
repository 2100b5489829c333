"""The case graph: what lies in a case, and what expanding one entity brings."""

from collections.abc import Mapping
from typing import Any, Final

from jpa.graph.cypher import Query, query
from jpa.graph.entities import glances_tx
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.chart import ChartTie
from jpa.model.entity import Glance

CASE_RECORDS: Final[Query] = query("""
MATCH (p:Report {case: $case})-[:STATES]->(r:Record)
WHERE p.case IN $compartments AND readable(p) AND readable(r) AND in_force(r)
RETURN r.id AS id ORDER BY r.id LIMIT $limit
""")

CASE_COUNT: Final[Query] = query("""
MATCH (p:Report {case: $case})-[:STATES]->(r:Record)
WHERE p.case IN $compartments AND readable(p) AND readable(r) AND in_force(r)
RETURN count(DISTINCT r) AS n
""")

TIES_AMONG: Final[Query] = query("""
MATCH (a:Record)-[links(l)]->(b:Record)
WHERE a.id IN $ids AND b.id IN $ids AND readable(a) AND readable(l) AND readable(b) AND in_force(l)
MATCH (p:Report {id: l.report}) WHERE readable(p)
RETURN l.id AS id, type(l) AS type, a.id AS source, b.id AS target, p.grade_scheme AS scheme, p.grade_source AS grade_source,
       p.grade_information AS grade_information, coalesce(l.startDate, l.date, [p.date])[0] AS date
ORDER BY l.id LIMIT $limit
""")

NEIGHBOURS: Final[Query] = query("""
MATCH (a:Record)-[links(l)]-(b:Record)
WHERE a.id IN $ids AND readable(a) AND readable(l) AND readable(b) AND NOT b.id IN $ids AND in_force(l)
RETURN b.id AS id, count(l) AS ties ORDER BY ties DESC, id SKIP $skip LIMIT $limit
""")

# What ties people to each other without being one of them: several reports may state it under one key.
MEANS: Final[Query] = query("""
MATCH (a:Record)-[links(l)]-(m:Record)
WHERE a.id IN $ids AND NOT m.id IN $ids AND readable(a) AND readable(l) AND readable(m) AND in_force(l) AND in_force(m)
  AND NOT m:Person AND NOT m:Organization
MATCH (p:Report {id: l.report}) WHERE readable(p)
RETURN coalesce(m.key, m.id) AS key, collect(DISTINCT a.id) AS ends, collect(DISTINCT m.id) AS ids ORDER BY key
""")


def case_records_tx(tx: Tx, reader: Readership, case: str, limit: int) -> tuple[list[str], int]:
    """Return the ids of a case's readable records in force, up to `limit`, and how many there are in all."""
    ids = [row["id"] for row in tx.run(CASE_RECORDS, case=case, limit=limit, **reader.parameters())]
    total = tx.run(CASE_COUNT, case=case, **reader.parameters()).single()
    return ids, 0 if total is None else int(total["n"])


def things_tx(tx: Tx, reader: Readership, records: list[str]) -> tuple[list[Glance], dict[str, str]]:
    """Fold records to entities: the glances, oldest first, and for each record the entity it belongs to."""
    glances = glances_tx(tx, reader, records)
    things = {g.id: g for g in glances.values()}
    return [things[i] for i in sorted(things)], {record: g.id for record, g in glances.items()}


def ties_tx(tx: Tx, reader: Readership, entity_of: dict[str, str], limit: int) -> list[ChartTie]:
    """Return the ties among these records, their ends folded to entities; ties inside one entity are left out."""
    found = tx.run(TIES_AMONG, ids=list(entity_of), limit=limit, **reader.parameters())
    ties = [_tie(row.data(), entity_of) for row in found]
    return [tie for tie in ties if tie.source != tie.target]


def neighbours_tx(tx: Tx, reader: Readership, ids: list[str], *, skip: int, limit: int) -> list[str]:
    """Return the records tied to these, most tied first."""
    return [row["id"] for row in tx.run(NEIGHBOURS, ids=ids, skip=skip, limit=limit, **reader.parameters())]


def means_tx(tx: Tx, reader: Readership, entity_of: Mapping[str, str]) -> list[str]:
    """Return the records, of no person or organisation, that tie at least two of these entities to each other."""
    found = tx.run(MEANS, ids=list(entity_of), **reader.parameters())
    return [i for row in found if len({entity_of[end] for end in row["ends"]}) > 1 for i in row["ids"]]


def _tie(row: dict[str, Any], entity_of: dict[str, str]) -> ChartTie:
    return ChartTie(**{**row, "source": entity_of[row["source"]], "target": entity_of[row["target"]]})
