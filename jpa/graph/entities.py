"""Entities as views: the component among the records that one reader may read, and its ties."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.entity import Entity, Glance, Involvement, Tie
from jpa.model.record import Record, Report

# One step of a component: over SAME verdicts, corrections and equal keys, never through a record that the reader may not
# read. Steps are breadth first, so that a clique of verdicts costs its edges and not its paths. A superseded record keeps its
# verdicts but loses its key: a mistyped number must not tie two things for ever. A key is followed once ($seen).
STEP: Final[Query] = query("""
UNWIND $ids AS start
MATCH (s:Record {id: start}) WHERE readable(s)
WITH s, in_force(s) AS current
OPTIONAL MATCH (s)-[:SAME|SUPERSEDES]-(b:Record) WHERE readable(b)
WITH s, current, collect(DISTINCT b.id) AS near
OPTIONAL MATCH (k:Record {key: s.key}) WHERE current AND NOT s.key IN $seen AND readable(k) AND in_force(k)
RETURN s.id AS id, labels(s) AS labels, s.caption AS caption, CASE WHEN current THEN s.key END AS key, current, near,
       collect(DISTINCT k.id) AS keyed
""")

READ_RECORDS: Final[Query] = query("""
MATCH (r:Record) WHERE r.id IN $ids AND readable(r)
MATCH (p:Report {id: r.report}) WHERE readable(p)
RETURN labels(r) AS labels, properties(r) AS record, properties(p) AS report, in_force(r) AS in_force
ORDER BY r.id
""")

READ_INVOLVEMENTS: Final[Query] = query("""
MATCH (r:Record)-[i:INVOLVED_IN]->(c:Case)
WHERE r.id IN $ids AND readable(r) AND readable(i) AND c.id IN $compartments AND in_force(i)
RETURN i.id AS id, c.id AS case, c.number AS case_number, c.title AS case_title, i.role AS role, r.id AS record, i.report AS report
ORDER BY c.number, i.role, id
""")

# One row: a page of ties, the reports that state them, and which keys of their other ends more than one record has. What is
# withdrawn is asked once for all ties, not in a subquery for each; a row for each tie would cost the driver more than it holds.
READ_TIES: Final[Query] = query("""
MATCH (r:Record)-[links(l)]-(o:Record)
WHERE r.id IN $ids AND readable(r) AND readable(l) AND readable(o) AND NOT o.id IN $ids
WITH collect({r: r, l: l, o: o, id: l.id, report: l.report, names: [l.id, l.report, r.id, r.report, o.id, o.report]}) AS near,
     collect(l.id) AS links, collect(DISTINCT l.report) AS stating,
     collect(DISTINCT r.id) + collect(DISTINCT r.report) + collect(DISTINCT o.id) + collect(DISTINCT o.report) AS ends
WITH near, links, stating, links + stating + ends AS named
WITH near, retracted(named) + corrected(links) AS gone,
     COLLECT { MATCH (p:Report) WHERE p.id IN stating AND readable(p) RETURN p } AS reports
WITH near, gone, reports, [p IN reports | p.id] AS open
UNWIND near AS n
WITH n, gone, reports, open WHERE n.report IN open AND none(name IN n.names WHERE name IN gone)
WITH n, reports ORDER BY n.id SKIP $skip LIMIT $limit
WITH n, n.l AS l, n.o AS o, reports
WITH reports, collect(DISTINCT n.report) AS shown, collect(DISTINCT o.key) AS keys, collect(o) AS others,
     collect({type: type(l), link: properties(l), own: n.names[2], other: n.names[4], outgoing: startNode(l) = n.r, caption: o.caption,
              labels: labels(o), key: o.key}) AS ties
RETURN ties, [p IN reports WHERE p.id IN shown | properties(p)] AS reports,
       COLLECT { MATCH (k:Record) WHERE k.key IN keys AND readable(k) WITH k.key AS key, count(*) AS n WHERE n > 1 RETURN key } AS shared,
       COLLECT { UNWIND others AS o MATCH (o)-[:SAME|SUPERSEDES]-() RETURN DISTINCT o.id } AS joined
""")

COUNT_TIES: Final[Query] = query("""
MATCH (r:Record)-[links(l)]-(o:Record)
WHERE r.id IN $ids AND readable(r) AND readable(l) AND readable(o) AND NOT o.id IN $ids AND in_force(l)
RETURN type(l) AS type, count(DISTINCT l) AS n
""")

READ_STATED: Final[Query] = query("""
MATCH (p:Report {id: $report})-[:STATES]->(r:Record) WHERE readable(p) AND readable(r)
RETURN labels(r) AS labels, properties(r) AS record ORDER BY r.id
""")

IN_ROLE: Final[Query] = query("""
MATCH (r:Record)-[i:INVOLVED_IN {role: $role}]->(c:Case)
WHERE r.id IN $ids AND c.id IN $compartments AND readable(r) AND readable(i) AND in_force(i)
RETURN DISTINCT r.id AS id
""")


def component_tx(tx: Tx, reader: Readership, record: str) -> list[str]:
    """Return the ids of all records of the entity that `record` belongs to, oldest first; empty when not readable."""
    return sorted(_grow_tx(tx, reader, [record]))


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
    row = tx.run(READ_TIES, ids=list(ids), skip=skip, limit=limit, **reader.parameters()).single()
    if row is None:
        return []
    shared, joined = set(row["shared"]), set(row["joined"])
    alone = (
        tie for tie in row["ties"] if tie["other"] not in joined and tie["key"] not in shared
    )  # most need no component
    glances = {tie["other"]: Glance(tie["other"], type_of(tie["labels"]), tie["caption"]) for tie in alone}
    glances |= glances_tx(tx, reader, sorted({tie["other"] for tie in row["ties"]} - set(glances)))
    reports = {node["id"]: rows.report_of(node) for node in row["reports"]}
    return [
        _tie(tie, glances[tie["other"]], reports[tie["link"]["report"]])
        for tie in row["ties"]
        if tie["other"] in glances
    ]


def count_ties_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> dict[str, int]:
    """Count the ties of an entity's records by link type."""
    return {row["type"]: row["n"] for row in tx.run(COUNT_TIES, ids=list(ids), **reader.parameters())}


def glances_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> dict[str, Glance]:
    """Map each readable record id to a glance at the entity that holds it now."""
    found = _grow_tx(tx, reader, ids) if len(ids) > 0 else {}
    glances = {start: _glance(members) for start, members in _components(found).items()}
    return {i: glances[i] for i in ids if i in glances}


def members_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> dict[str, list[str]]:
    """Map each readable record to the ids of all records of its entity, oldest first."""
    found = _grow_tx(tx, reader, ids) if len(ids) > 0 else {}
    members = {start: [m["id"] for m in those] for start, those in _components(found).items()}
    return {i: members[i] for i in ids if i in members}


def standing_tx(tx: Tx, reader: Readership, ids: Sequence[str], *, besides: str) -> dict[str, str]:
    """Map each readable record whose entity still has a record in force to what that entity is called now.

    Leaves out entities of which any readable record has the role `besides` in a case.
    """
    found = _grow_tx(tx, reader, ids) if len(ids) > 0 else {}
    parameters = {"ids": sorted(found), "role": besides, **reader.parameters()}
    apart = {row["id"] for row in tx.run(IN_ROLE, parameters)} if len(found) > 0 else set()
    current = {
        start: [m["caption"] for m in members if m["current"]]
        for start, members in _components(found).items()
        if apart.isdisjoint(m["id"] for m in members)
    }
    return {i: current[i][0] for i in ids if len(current.get(i, ())) > 0}


def _grow_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return every record of the components that these records are in, each as its step read it."""
    parameters = reader.parameters()
    known: dict[str, Mapping[str, Any]] = {}
    seen: set[str] = set()
    frontier = list(dict.fromkeys(ids))
    while len(frontier) > 0:
        step = [row.data() for row in tx.run(STEP, ids=frontier, seen=sorted(seen), **parameters)]
        known |= {row["id"]: row for row in step}
        seen |= {row["key"] for row in step if row["key"] is not None}
        near = dict.fromkeys(i for row in step for i in (*row["near"], *row["keyed"]))
        frontier = [i for i in near if i not in known]
    return known


def _components(found: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Map each record to all records of its component, oldest first."""
    parent = {i: i for i in found}

    def root(record: str) -> str:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    first_with: dict[str, str] = {}
    for record, row in found.items():
        ties = [*row["near"], *row["keyed"]]
        if row["key"] is not None:
            ties.append(first_with.setdefault(row["key"], record))
        for other in ties:
            if other in parent:
                parent[root(record)] = root(other)
    members: dict[str, list[Mapping[str, Any]]] = {}
    for record in sorted(found):
        members.setdefault(root(record), []).append(found[record])
    return {record: members[root(record)] for record in found}


def _glance(members: Sequence[Mapping[str, Any]]) -> Glance:
    current = next((m for m in members if m["current"]), members[0])
    return Glance(members[0]["id"], type_of(members[0]["labels"]), current["caption"], len(members))


def type_of(labels: Sequence[str]) -> str:
    """Return the catalogue's type among a record's labels."""
    return next(name for name in labels if name != "Record")


def _tie(row: Mapping[str, Any], other: Glance, report: Report) -> Tie:
    source, target = (row["own"], row["other"]) if row["outgoing"] else (row["other"], row["own"])
    return Tie(
        link=rows.link_of(row["type"], source, target, row["link"]),
        report=report,
        outgoing=row["outgoing"],
        other=other,
    )


def record_tx(tx: Tx, reader: Readership, record: str) -> Record | None:
    """Read one record; None when there is none that this reader may know of."""
    found = tx.run(READ_RECORDS, ids=[record], **reader.parameters()).single()
    return None if found is None else rows.record_of(type_of(found["labels"]), found["record"])


def in_force_tx(tx: Tx, reader: Readership, record: str) -> bool:
    """Say whether a readable record is neither retracted nor superseded by one that the reader may read."""
    found = tx.run(READ_RECORDS, ids=[record], **reader.parameters()).single()
    return found is not None and bool(found["in_force"])


def stated_by_tx(tx: Tx, reader: Readership, report: str) -> list[Record]:
    """Read what one report states, in the order of entry."""
    found = tx.run(READ_STATED, report=report, **reader.parameters())
    return [rows.record_of(type_of(row["labels"]), row["record"]) for row in found]
