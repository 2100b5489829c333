"""What a case hands out: its readable records in force with the ids they were imported under, and the ties among them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query
from jpa.graph.entities import type_of
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.record import Link, Record, Report

PAGE: Final = 5000

RECORDS: Final[Query] = query("""
MATCH (p:Report {case: $case})-[:STATES]->(r:Record)
WHERE p.case IN $compartments AND readable(p) AND readable(r) AND in_force(r) AND r.id > $after
WITH p, r ORDER BY r.id LIMIT $limit
OPTIONAL MATCH (r)-[:SUPERSEDES]->+(o:Record) WHERE readable(o)
WITH p, r, o ORDER BY o.id
WITH p, r, collect({id: o.id, source_key: o.source_key}) AS earlier
RETURN labels(r) AS labels, properties(r) AS record, properties(p) AS report, earlier ORDER BY r.id
""")

LINKS: Final[Query] = query("""
MATCH (p:Report {case: $case})-[:STATES]->(a:Record)-[links(l)]->(b:Record)
WHERE p.case IN $compartments AND readable(p) AND readable(a) AND readable(l) AND in_force(l) AND readable(b) AND l.id > $after
MATCH (s:Report {id: l.report, case: $case}) WHERE readable(s)
WITH DISTINCT a, l, b ORDER BY l.id LIMIT $limit
RETURN type(l) AS type, a.id AS source, b.id AS target, properties(l) AS link
ORDER BY l.id
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
    """Read a case's readable records in force, oldest first."""
    for row in _pages(tx, RECORDS, reader, case, "record"):
        record = rows.record_of(type_of(row["labels"]), row["record"])
        earlier = [e for e in row["earlier"] if e["id"] is not None]
        keys = [e["source_key"] for e in earlier if e["source_key"] is not None]
        yield ExportedRecord(
            record,
            rows.report_of(row["report"]),
            tuple(e["id"] for e in earlier),
            keys[0] if len(keys) > 0 else record.source_key,
        )


def links_tx(tx: Tx, reader: Readership, case: str) -> Iterator[Link]:
    """Read the readable ties that a case's reports state from its own records."""
    for row in _pages(tx, LINKS, reader, case, "link"):
        yield rows.link_of(row["type"], row["source"], row["target"], row["link"])


def _pages(tx: Tx, wanted: Query, reader: Readership, case: str, name: str) -> Iterator[Mapping[str, Any]]:
    after = ""
    while True:
        page = [r.data() for r in tx.run(wanted, case=case, after=after, limit=PAGE, **reader.parameters())]
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1][name]["id"]
