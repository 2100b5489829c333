"""Entities as views: the component among the records that one reader may read, and its ties."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.entity import Entity, Glance, Involvement, Tie
from jpa.model.record import Record

# A component grows over SAME verdicts, corrections and equal keys, never through a record that the reader may not read.
# A superseded record keeps its verdicts but loses its key: a mistyped number must not tie two things for ever.
GROW: Final[Query] = query("""
UNWIND $ids AS start
MATCH (s:Record {id: start}) WHERE readable(s)
MATCH (s) (()-[:SAME|SUPERSEDES]-(b WHERE readable(b)))* (m)
WITH collect(DISTINCT m) AS grown
UNWIND grown AS g
OPTIONAL MATCH (k:Record {key: g.key}) WHERE g.key IS NOT NULL AND in_force(g) AND readable(k) AND in_force(k)
WITH grown, collect(DISTINCT k.id) AS keyed
RETURN [m IN grown | m.id] AS grown, keyed
""")

READ_RECORDS: Final[Query] = query("""
MATCH (r:Record) WHERE r.id IN $ids AND readable(r)
MATCH (p:Report {id: r.report}) WHERE readable(p)
RETURN labels(r) AS labels, properties(r) AS record, properties(p) AS report, in_force(r) AS in_force
ORDER BY r.id
""")

READ_INVOLVEMENTS: Final[Query] = query("""
MATCH (r:Record)-[i:INVOLVED_IN]->(c:Case)
WHERE r.id IN $ids AND readable(r) AND readable(i) AND c.id IN $compartments
RETURN i.id AS id, c.id AS case, c.number AS case_number, c.title AS case_title, i.role AS role, r.id AS record, i.report AS report
ORDER BY c.number, i.role
""")

READ_TIES: Final[Query] = query("""
MATCH (r:Record)-[links(l)]-(o:Record)
WHERE r.id IN $ids AND readable(r) AND readable(l) AND readable(o) AND NOT o.id IN $ids
MATCH (p:Report {id: l.report}) WHERE readable(p)
RETURN type(l) AS type, startNode(l).id AS source, endNode(l).id AS target, properties(l) AS link,
       properties(p) AS report, r.id = startNode(l).id AS outgoing, o.id AS other
ORDER BY l.id
SKIP $skip LIMIT $limit
""")

COUNT_TIES: Final[Query] = query("""
MATCH (r:Record)-[links(l)]-(o:Record)
WHERE r.id IN $ids AND readable(r) AND readable(l) AND readable(o) AND NOT o.id IN $ids
RETURN type(l) AS type, count(DISTINCT l) AS n
""")

READ_GLANCES: Final[Query] = query("""
UNWIND $ids AS start
MATCH (s:Record {id: start}) WHERE readable(s)
MATCH (s) (()-[:SAME|SUPERSEDES]-(b WHERE readable(b)))* (m)
WITH start, s, collect(DISTINCT m) AS grown
OPTIONAL MATCH (k:Record {key: s.key}) WHERE s.key IS NOT NULL AND in_force(s) AND readable(k) AND in_force(k)
WITH start, s, grown, collect(DISTINCT k) AS keyed
UNWIND grown + keyed AS x
WITH start, s, x ORDER BY x.id
WITH start, s, collect(DISTINCT x) AS members
RETURN start, members[0].id AS id, labels(members[0]) AS labels, [m IN members WHERE in_force(m) | m.caption] AS captions,
       members[0].caption AS caption, size(members) AS records
""")

READ_STATED: Final[Query] = query("""
MATCH (p:Report {id: $report})-[:STATES]->(r:Record) WHERE readable(p) AND readable(r)
RETURN labels(r) AS labels, properties(r) AS record ORDER BY r.id
""")


def component_tx(tx: Tx, reader: Readership, record: str) -> list[str]:
    """Return the ids of all records of the entity that `record` belongs to, oldest first; empty when not readable."""
    parameters = reader.parameters()
    known: set[str] = set()
    frontier = [record]
    while len(frontier) > 0:
        found = tx.run(GROW, ids=frontier, **parameters).single()
        if found is None:
            break
        known.update(found["grown"])
        frontier = [k for k in found["keyed"] if k not in known]
    return sorted(known)


def entity_tx(tx: Tx, reader: Readership, record: str) -> Entity | None:
    """Read the entity that holds `record` now; None when there is none that this reader may know of."""
    ids = component_tx(tx, reader, record)
    if len(ids) == 0:
        return None
    found = list(tx.run(READ_RECORDS, ids=ids, **reader.parameters()))
    if len(found) == 0:
        return None
    read = [(rows.record_of(type_of(row["labels"]), row["record"]), row["in_force"]) for row in found]
    return Entity(
        id=read[0][0].id,
        type=read[0][0].type,
        records=tuple(record for record, in_force in read if in_force),
        history=tuple(record for record, in_force in read if not in_force),
        reports={row["report"]["id"]: rows.report_of(row["report"]) for row in found},
        involvements=involvements_tx(tx, reader, ids),
    )


def involvements_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> tuple[Involvement, ...]:
    """Read the roles of these records in cases that the reader may know of."""
    found = tx.run(READ_INVOLVEMENTS, ids=list(ids), **reader.parameters())
    return tuple(Involvement(**row.data()) for row in found)


def ties_tx(tx: Tx, reader: Readership, ids: Sequence[str], *, skip: int = 0, limit: int = 200) -> list[Tie]:
    """Read the ties of an entity's records, each with a glance at the entity at its other end."""
    found = [row.data() for row in tx.run(READ_TIES, ids=list(ids), skip=skip, limit=limit, **reader.parameters())]
    glances = glances_tx(tx, reader, sorted({row["other"] for row in found}))
    return [_tie(row, glances[row["other"]]) for row in found if row["other"] in glances]


def count_ties_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> dict[str, int]:
    """Count the ties of an entity's records by link type."""
    return {row["type"]: row["n"] for row in tx.run(COUNT_TIES, ids=list(ids), **reader.parameters())}


def glances_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> dict[str, Glance]:
    """Map each readable record id to a glance at the entity that holds it now."""
    if len(ids) == 0:
        return {}
    found = tx.run(READ_GLANCES, ids=list(ids), **reader.parameters())
    return {
        row["start"]: Glance(
            id=row["id"],
            type=type_of(row["labels"]),
            caption=row["captions"][0] if len(row["captions"]) > 0 else row["caption"],
            records=row["records"],
        )
        for row in found
    }


def type_of(labels: Sequence[str]) -> str:
    """Return the catalogue's type among a record's labels."""
    return next(name for name in labels if name != "Record")


def _tie(row: Mapping[str, Any], other: Glance) -> Tie:
    return Tie(
        link=rows.link_of(row["type"], row["source"], row["target"], row["link"]),
        report=rows.report_of(row["report"]),
        outgoing=row["outgoing"],
        other=other,
    )


def record_tx(tx: Tx, reader: Readership, record: str) -> Record | None:
    """Read one record; None when there is none that this reader may know of."""
    found = tx.run(READ_RECORDS, ids=[record], **reader.parameters()).single()
    return None if found is None else rows.record_of(type_of(found["labels"]), found["record"])


def in_force_tx(tx: Tx, reader: Readership, record: str) -> bool:
    """Say whether a readable record is superseded by none that the reader may read."""
    found = tx.run(READ_RECORDS, ids=[record], **reader.parameters()).single()
    return found is not None and bool(found["in_force"])


def stated_by_tx(tx: Tx, reader: Readership, report: str) -> list[Record]:
    """Read what one report states, in the order of entry."""
    found = tx.run(READ_STATED, report=report, **reader.parameters())
    return [rows.record_of(type_of(row["labels"]), row["record"]) for row in found]
