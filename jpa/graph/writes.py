"""Batches of reports, records, links and roles into the graph, all of them idempotent by id."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from jpa.graph import cypher, rows
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.record import Link, Record, Report

K = TypeVar("K", str, tuple[str, str])
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Role:
    """A record's role in a case, stated by a report."""

    id: str
    record: str
    case: str
    role: str
    report: str


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record with the words that search finds it by."""

    record: Record
    names: list[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction adds; everything in it has the same reach."""

    reach: Reach
    reports: Sequence[tuple[Report, str]] = ()
    """Reports with their content hash."""
    records: Sequence[NewRecord] = ()
    links: Sequence[Link] = ()
    roles: Sequence[Role] = field(default=())


@dataclass(frozen=True, slots=True)
class RecordRows:
    """Records as the store takes them."""

    grouped: Sequence[tuple[tuple[str, str], list[dict[str, Any]]]]
    """By report and type."""
    corrections: Sequence[dict[str, str]]


CREATE_REPORTS: Final = cypher.upkeep("""
UNWIND $rows AS row
MATCH (c:Case {id: row.case})
MERGE (p:Report {id: row.id})
ON CREATE SET p = row
MERGE (p)-[:FILED_IN]->(c)
""")

CREATE_ROLES: Final = cypher.upkeep("""
UNWIND $rows AS row
MATCH (r:Record {id: row.record})
MATCH (c:Case {id: row.case})
MERGE (r)-[i:INVOLVED_IN {id: row.id}]->(c)
ON CREATE SET i = row.properties
""")

CREATE_CORRECTIONS: Final = cypher.upkeep("""
UNWIND $rows AS row
MATCH (n:Record {id: row.id}) MATCH (o:Record {id: row.supersedes})
MERGE (n)-[:SUPERSEDES]->(o)
WITH n, o MATCH (o)-[:SUPERSEDES]->(older:Record)
MERGE (n)-[:SUPERSEDES]->(older)
""")
"""A correction supersedes the whole chain before it, so that retracting a link of the chain cannot bring two back at once."""

# What a report ties although it does not state it: found again from the report (ties to things that were known already).
CREATE_OUTSIDE_TIES: Final = cypher.upkeep("""
UNWIND $rows AS row
MATCH (p:Report {id: row.report}) MATCH (r:Record {id: row.source})
WHERE NOT (p)-[:STATES]->(r)
MERGE (p)-[:TIES]->(r)
""")

CREATE_LINK_CORRECTIONS: Final = cypher.upkeep("""
UNWIND $rows AS row
OPTIONAL MATCH (older:LinkCorrection {link: row.supersedes})
WITH row, collect(older.target) + [row.supersedes] AS targets
UNWIND targets AS target
MERGE (k:LinkCorrection {link: row.id, target: target})
ON CREATE SET k.id = row.id, k.report = row.report, k.compartments = row.compartments, k.audience = row.audience
""")
"""Neo4j cannot point a relationship at a relationship: a node of its own says that a link supersedes the chain before it."""


def insert_tx(tx: Tx, batch: Batch) -> None:
    """Write the batch; doing it again changes nothing."""
    reach = batch.reach
    if len(batch.reports) > 0:
        tx.run(CREATE_REPORTS, rows=[rows.report_properties(r, reach, h) for r, h in batch.reports])
    insert_rows_tx(tx, rows_of(reach, batch.records))
    for type_name, links in _grouped((link.type, link) for link in batch.links):
        tx.run(cypher.create_links(type_name), rows=[_link_row(link, reach) for link in links])
    _insert_around_links_tx(tx, batch)
    if len(batch.roles) > 0:
        tx.run(CREATE_ROLES, rows=[_role_row(role, reach) for role in batch.roles])


def rows_of(reach: Reach, records: Iterable[NewRecord]) -> RecordRows:
    """Make records ready for the store, which may be busy with others meanwhile."""
    made = [
        ((n.record.report, n.record.type), n.record.supersedes, rows.record_properties(n.record, reach, n.names))
        for n in records
    ]
    return RecordRows(
        _grouped((group, row) for group, _, row in made),
        [{"id": row["id"], "supersedes": older} for _, older, row in made if older is not None],
    )


def insert_rows_tx(tx: Tx, ready: RecordRows) -> None:
    """Write records that were made ready; doing it again changes nothing."""
    for (report, type_name), properties in ready.grouped:
        tx.run(cypher.create_records(type_name), report=report, rows=properties)
    if len(ready.corrections) > 0:
        tx.run(CREATE_CORRECTIONS, rows=ready.corrections)


def _insert_around_links_tx(tx: Tx, batch: Batch) -> None:
    own = {n.record.id for n in batch.records}
    outside = [{"report": link.report, "source": link.source} for link in batch.links if link.source not in own]
    if len(outside) > 0:
        tx.run(CREATE_OUTSIDE_TIES, rows=outside)
    corrected = [
        {"id": link.id, "supersedes": link.supersedes, "report": link.report,
         "compartments": list(batch.reach.compartments), "audience": list(batch.reach.audience)}
        for link in batch.links if link.supersedes is not None
    ]  # fmt: skip
    if len(corrected) > 0:
        tx.run(CREATE_LINK_CORRECTIONS, rows=corrected)


def _link_row(link: Link, reach: Reach) -> dict[str, Any]:
    return {
        "id": link.id,
        "source": link.source,
        "target": link.target,
        "properties": rows.link_properties(link, reach),
    }


def _role_row(role: Role, reach: Reach) -> dict[str, Any]:
    return {
        "id": role.id,
        "record": role.record,
        "case": role.case,
        "properties": {
            "id": role.id,
            "role": role.role,
            "report": role.report,
            "compartments": list(reach.compartments),
            "audience": list(reach.audience),
        },
    }


def _grouped(pairs: Iterable[tuple[K, T]]) -> list[tuple[K, list[T]]]:
    grouped: dict[K, list[T]] = defaultdict(list)
    for key, item in pairs:
        grouped[key].append(item)
    return sorted(grouped.items(), key=lambda group: group[0])
