"""What a grant of chosen things opens: reports, records and links of one case, by their compartment lists alone.

A compartment list is the one thing about them that changes; it stands outside the content hash, and each change is an audited grant.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import CaseRole
from jpa.model.marking import Marking
from jpa.model.outcome import marking_of
from jpa.model.record import Report

REPORTS: Final[Query] = query("""
MATCH (p:Report)-[:FILED_IN]->(c:Case {id: $case}) WHERE c.id IN $compartments AND p.id IN $ids AND readable(p)
RETURN properties(p) AS report ORDER BY p.id
""")

RECORDS: Final[Query] = query("""
MATCH (p:Report)-[:FILED_IN]->(c:Case {id: $case}), (p)-[:STATES]->(r:Record)
WHERE c.id IN $compartments AND (p.id IN $ids OR r.id IN $ids) AND readable(p) AND readable(r)
RETURN r.id AS id, p.id AS report, properties(p) AS said ORDER BY id
""")

LINKS: Final[Query] = query("""
MATCH (p:Report)-[:FILED_IN]->(c:Case {id: $case}), (p)-[:STATES|TIES]->(r:Record)-[links(l)]->(o:Record)
WHERE c.id IN $compartments AND l.report = p.id AND (p.id IN $ids OR l.id IN $ids)
  AND readable(p) AND readable(r) AND readable(l) AND readable(o)
RETURN DISTINCT l.id AS id, r.id AS source, o.id AS target, p.id AS report, properties(p) AS said ORDER BY id
""")

# Asked of records that the reader may read, about whatever role the same person has anywhere: a migrant's shield is nobody's to lift.
MIGRANTS: Final[Query] = upkeep("""
MATCH (r:Record) WHERE r.id IN $ids
  AND EXISTS { (r)-[:SAME]-{0,3}(:Record)-[i:INVOLVED_IN]->(:Case) WHERE i.role = $role }
RETURN r.id AS id
""")

OPEN_REPORTS: Final[Query] = upkeep("""
MATCH (p:Report) WHERE p.id IN $ids AND NOT $grant IN p.compartments SET p.compartments = p.compartments + $grant
""")

OPEN_RECORDS: Final[Query] = upkeep("""
MATCH (r:Record) WHERE r.id IN $ids AND NOT $grant IN r.compartments SET r.compartments = r.compartments + $grant
""")

OPEN_LINKS: Final[Query] = upkeep("""
UNWIND $rows AS row
MATCH (r:Record {id: row.source})-[links(l)]->(:Record {id: row.target}) WHERE l.id = row.id AND NOT $grant IN l.compartments
SET l.compartments = l.compartments + $grant
""")

OPEN_CORRECTIONS: Final[Query] = upkeep("""
MATCH (k:LinkCorrection) WHERE k.link IN $ids AND NOT $grant IN k.compartments SET k.compartments = k.compartments + $grant
""")

# Of a whole case, whoever may read it: what is marked above a ceiling must not be granted because the granter cannot see it.
MARKINGS: Final[Query] = upkeep("""
MATCH (p:Report)-[:FILED_IN]->(:Case {id: $case})
RETURN [p.tlp, p.release, p.handling] + p.release_names + CASE WHEN p.pap IS NULL THEN [] ELSE [p.pap] END AS marking, count(p) AS number
UNION ALL
MATCH (o:Outcome {case: $case}) WHERE o.marking IS NOT NULL RETURN o.marking AS marking, count(o) AS number
""")

HELD: Final[Query] = query("""
MATCH (p:Report {case: $case}) WHERE $grant IN p.compartments AND readable(p)
RETURN 'report' AS kind, p.id AS id, p.title AS caption ORDER BY id
UNION ALL
MATCH (p:Report {case: $case})-[:STATES]->(r:Record) WHERE $grant IN r.compartments AND readable(p) AND readable(r)
RETURN 'record' AS kind, r.id AS id, r.caption AS caption ORDER BY id
""")

OPENED: Final[Query] = upkeep("""
MATCH (p:Report)-[:FILED_IN]->(:Case {id: $case}) OPTIONAL MATCH (p)-[:STATES]->(r:Record) WHERE $compartment IN r.compartments
WITH p, collect(r.id) AS records
UNWIND records + CASE WHEN $compartment IN p.compartments THEN [p.id] ELSE [] END AS id RETURN id
""")

COMPARTMENTS: Final[Query] = upkeep("MATCH (r:Record {id: $record}) RETURN r.compartments AS compartments")

LINK_COMPARTMENTS: Final[Query] = upkeep("""
MATCH (:Record {id: $source})-[links(l)]->(:Record) WHERE l.id = $link RETURN l.compartments AS compartments
""")


@dataclass(frozen=True, slots=True)
class ChosenThing:
    """A record or a link that was chosen, with the report that states it."""

    id: str
    report: Report
    source: str = ""
    target: str = ""
    """Ends of a link."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a grant opens."""

    reports: Collection[str] = ()
    records: Collection[str] = ()
    links: Sequence[ChosenThing] = ()


def reports_tx(tx: Tx, reader: Readership, case: str, ids: Collection[str]) -> list[Report]:
    """Read those of the ids that are reports of a case."""
    found = tx.run(REPORTS, case=case, ids=list(ids), **reader.parameters())
    return [rows.report_of(row["report"]) for row in found]


def records_tx(tx: Tx, reader: Readership, case: str, ids: Collection[str]) -> list[ChosenThing]:
    """Read those of the ids that are records of a case, and all records of those that are reports."""
    found = tx.run(RECORDS, case=case, ids=list(ids), **reader.parameters())
    return [ChosenThing(row["id"], rows.report_of(row["said"])) for row in found]


def links_tx(tx: Tx, reader: Readership, case: str, ids: Collection[str]) -> list[ChosenThing]:
    """Read those of the ids that are links of a case, and all links of those that are reports."""
    found = tx.run(LINKS, case=case, ids=list(ids), **reader.parameters())
    return [ChosenThing(row["id"], rows.report_of(row["said"]), row["source"], row["target"]) for row in found]


def migrants_tx(tx: Tx, records: Collection[str]) -> set[str]:
    """Return those of the records whose person is entered as a smuggled migrant in any case."""
    found = tx.run(MIGRANTS, ids=list(records), role=CaseRole.SMUGGLED_MIGRANT.value)
    return {row["id"] for row in found}


def open_tx(tx: Tx, grant: str, opened: Opened) -> None:
    """Put a grant's compartment on what it opens; doing it again changes nothing."""
    links = [{"id": k.id, "source": k.source, "target": k.target} for k in opened.links]
    tx.run(OPEN_REPORTS, ids=list(opened.reports), grant=grant).consume()
    tx.run(OPEN_RECORDS, ids=list(opened.records), grant=grant).consume()
    tx.run(OPEN_LINKS, rows=links, grant=grant).consume()
    tx.run(OPEN_CORRECTIONS, ids=[k.id for k in opened.links], grant=grant).consume()


def markings_tx(tx: Tx, case: str) -> list[tuple[Marking, int]]:
    """Count the markings of a case's reports, and of those outcomes that are marked by themselves."""
    return [(marking_of(row["marking"]), row["number"]) for row in tx.run(MARKINGS, case=case)]


def held_tx(tx: Tx, reader: Readership, case: str, grant: str) -> list[tuple[str, str, str]]:
    """List kind, id and caption of what a grant opened of a case and the reader may read now."""
    found = tx.run(HELD, case=case, grant=grant, **reader.parameters())
    return [(row["kind"], row["id"], row["caption"]) for row in found]


def opened_tx(tx: Tx, case: str, compartment: str) -> set[str]:
    """Return the ids of what a compartment holds of a case's reports and records: what acts of reading name in the log."""
    return {row["id"] for row in tx.run(OPENED, case=case, compartment=compartment)}


def compartments_tx(tx: Tx, record: str, link: str = "") -> set[str]:
    """Return the compartments of a record, or of a link that begins there."""
    found: Any = (
        tx.run(COMPARTMENTS, record=record) if link == "" else tx.run(LINK_COMPARTMENTS, source=record, link=link)
    )
    row = found.single()
    return set() if row is None else set(row["compartments"])
