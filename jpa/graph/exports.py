"""What a case hands out: its readable records in force with the ids they were imported under, and the ties among them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query
from jpa.graph.entities import type_of
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.record import Link, Record, Report

AT_ONCE: Final = 1000
"""Rows whose reports are looked up together."""
MOST_RECORDS: Final = 1_000_000_000
"""More records than a case has."""

RECORDS: Final[Query] = query("""
MATCH (p:Report {case: $case})-[:STATES]->(r:Record)
WHERE p.case IN $compartments AND readable(p) AND readable(r) AND in_force(r)
WITH p.id AS report, r ORDER BY r.id
RETURN labels(r) AS labels, properties(r) AS record, report,
  COLLECT {
    MATCH (r)-[:SUPERSEDES]->+(o:Record) WHERE readable(o)
    RETURN {id: o.id, source_key: o.source_key} ORDER BY o.id
  } AS earlier
ORDER BY r.id
""")

REPORTS: Final[Query] = query("""
MATCH (p:Report {case: $case}) WHERE p.id IN $ids AND p.case IN $compartments AND readable(p) RETURN properties(p) AS report
""")

LINKS: Final[Query] = query("""
MATCH (p:Report {case: $case})-[:STATES]->(a:Record)-[links(l)]->(b:Record)
WHERE p.case IN $compartments AND readable(p) AND readable(a) AND readable(l) AND in_force(l) AND readable(b)
MATCH (s:Report {id: l.report, case: $case}) WHERE readable(s)
WITH DISTINCT a, l, b ORDER BY l.id
RETURN type(l) AS type, a.id AS source, b.id AS target, properties(l) AS link
ORDER BY l.id
""")

COUNT: Final[Query] = query("""
MATCH (p:Report {case: $case})-[:STATES]->(r:Record)
WHERE p.case IN $compartments AND readable(p) AND readable(r) AND in_force(r)
WITH r LIMIT $most
RETURN count(r) AS records,
  sum(COUNT { (r)-[links(l)]->(b:Record) WHERE readable(l) AND in_force(l) AND readable(b) }) AS links
""")


@dataclass(frozen=True, slots=True)
class ExportedRecord:
    """A record in force with its report, and what it was before corrections."""

    record: Record
    report: Report
    earlier: tuple[str, ...]
    """Ids of the records that it supersedes, oldest first: ties still point at them."""
    source_key: str | None
    """Key of the row that it, or the oldest of those, was imported from."""


def records_tx(tx: Tx, reader: Readership, case: str) -> Iterator[ExportedRecord]:
    """Read a case's readable records in force, oldest first; they pass by, and memory holds no more than some."""
    found = iter(tx.run(RECORDS, case=case, **reader.parameters()))
    reports: dict[str, Report] = {}
    while len(page := list(islice(found, AT_ONCE))) > 0:
        wanted = {row["report"] for row in page}
        reports = {i: r for i, r in reports.items() if i in wanted} | _reports_tx(
            tx, reader, case, wanted - reports.keys()
        )
        for row in page:
            yield _exported(row, reports[row["report"]])


def links_tx(tx: Tx, reader: Readership, case: str) -> Iterator[Link]:
    """Read the readable ties that a case's reports state from its own records, in the same way."""
    for row in tx.run(LINKS, case=case, **reader.parameters()):
        yield rows.link_of(row["type"], row["source"], row["target"], row["link"])


def count_tx(tx: Tx, reader: Readership, case: str, most: int = MOST_RECORDS) -> int:
    """Return about how many records, of so many at most, and ties of them the two above will read: ties by what ties them, not by who states them."""
    row = tx.run(COUNT, case=case, most=most, **reader.parameters()).single(strict=True)
    return int(row["records"]) + int(row["links"])


def _reports_tx(tx: Tx, reader: Readership, case: str, ids: Collection[str]) -> dict[str, Report]:
    if len(ids) == 0:
        return {}
    found = tx.run(REPORTS, case=case, ids=sorted(ids), **reader.parameters())
    return {report.id: report for report in (rows.report_of(row["report"]) for row in found)}


def _exported(row: Mapping[str, Any], report: Report) -> ExportedRecord:
    record = rows.record_of(type_of(row["labels"]), row["record"])
    keys = [e["source_key"] for e in row["earlier"] if e["source_key"] is not None]
    earlier = tuple(e["id"] for e in row["earlier"])
    return ExportedRecord(record, report, earlier, keys[0] if len(keys) > 0 else record.source_key)
