"""What resolution and detection read: records and relations of a stated set of compartments, in a few reads."""

import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query
from jpa.graph.entities import type_of
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.job import Progress, no_progress
from jpa.model.record import Record

# A record from another agency that may not be compared here stands apart.
RECORDS: Final[Query] = query("""
MATCH (r:Record) WHERE r.id > $after AND r.apart IS NULL AND readable(r) AND in_force(r) AND any(t IN $types WHERE t IN labels(r))
WITH r ORDER BY r.id LIMIT $limit RETURN collect([labels(r), properties(r)]) AS page
""")

TIED_KEYS: Final[Query] = query("""
MATCH (r:Record)-[links(l)]-(k:Record)
WHERE k.key IS NOT NULL AND readable(r) AND readable(l) AND readable(k) AND in_force(k) AND in_force(l)
RETURN r.id AS record, collect(DISTINCT k.key) AS keys
""")

TIED_KEYS_OF: Final[Query] = query("""
MATCH (r:Record)-[links(l)]-(k:Record)
WHERE r.id IN $ids AND k.key IS NOT NULL AND readable(r) AND readable(l) AND readable(k) AND in_force(k) AND in_force(l)
RETURN r.id AS record, collect(DISTINCT k.key) AS keys
""")

DEGREES: Final[Query] = query("""
MATCH (k:Record)-[links(l)]-(r:Record)
WHERE k.key IN $keys AND readable(k) AND readable(l) AND readable(r) AND in_force(k) AND in_force(l) AND in_force(r)
      AND any(t IN $types WHERE t IN labels(r))
RETURN k.key AS key, count(DISTINCT r) AS n
""")

# One slice of the records, in the order of an index, with the links that start there: neither side holds the whole graph.
RELATIONS: Final[Query] = query("""
MATCH (a:Record) WHERE a.id > $after
WITH a ORDER BY a.id LIMIT $limit
WITH collect(a) AS slice
CALL {
  WITH slice UNWIND slice AS a
  MATCH (a)-[links(l)]->(b:Record) WHERE readable(a) AND readable(l) AND readable(b) AND in_force(l)
  MATCH (p:Report {id: l.report}) WHERE readable(p)
  WITH a, l, b, p ORDER BY l.id
  RETURN collect({source: a.id, target: b.id, type: type(l), count: l.count[0],
                  date: coalesce(l.date[0], l.startDate[0], l.endDate[0], p.date), report: p.id,
                  scheme: p.grade_scheme, grade_source: p.grade_source, information: p.grade_information}) AS relations
}
RETURN slice[-1].id AS last, size(slice) AS records, relations
""")

GUARDED: Final[Query] = query("""
MATCH (r:Record)-[i:INVOLVED_IN]->(c:Case)
WHERE c.id IN $compartments AND readable(r) AND readable(i) AND in_force(i) AND i.role = $role RETURN DISTINCT r.id AS id
""")

MARKINGS: Final[Query] = query("""
CALL {
  MATCH (r:Record) WHERE readable(r) RETURN r.compartments AS compartments, r.audience AS audience
  UNION MATCH (p:Report) WHERE readable(p) RETURN p.compartments AS compartments, p.audience AS audience
  UNION
  MATCH (a:Record)-[links(l)]->(b:Record) WHERE readable(a) AND readable(l) AND readable(b)
  RETURN l.compartments AS compartments, l.audience AS audience
  UNION
  MATCH (r:Record)-[i:INVOLVED_IN]->(c:Case) WHERE c.id IN $compartments AND readable(r) AND readable(i)
  RETURN i.compartments AS compartments, i.audience AS audience
}
RETURN compartments, audience
""")

# What the evidence about some records rests on: they, their ties, and what else is tied to the same keys. Records by id and by key,
# both from an index.
MARKINGS_AROUND: Final[Query] = query("""
CALL {
  MATCH (r:Record) WHERE r.id IN $ids AND readable(r) RETURN r.compartments AS compartments, r.audience AS audience
  UNION
  MATCH (r:Record)-[links(l)]-(o:Record) WHERE r.id IN $ids AND readable(r) AND readable(l) AND readable(o)
  UNWIND [[l.compartments, l.audience], [o.compartments, o.audience]] AS mark
  RETURN mark[0] AS compartments, mark[1] AS audience
  UNION
  MATCH (r:Record)-[links(t)]-(e:Record) WHERE r.id IN $ids AND e.key IS NOT NULL AND readable(r) AND readable(t) AND readable(e)
  WITH DISTINCT e.key AS key
  MATCH (k:Record {key: key})-[links(l)]-(o:Record) WHERE readable(k) AND readable(l) AND readable(o)
  UNWIND [[k.compartments, k.audience], [l.compartments, l.audience], [o.compartments, o.audience]] AS mark
  RETURN mark[0] AS compartments, mark[1] AS audience
}
RETURN compartments, audience
""")

PAGE: Final = 10_000
SLICE: Final = 5_000
"""Records whose links are read together: a few megabytes on either side, and a step after which a job can be ended."""
_WIDEST_FIRST: Final = ("*", "state", "jpa", "agency", "team")
"""Kinds of audience tokens: a state's officers are more than an agency's."""


def records_tx(tx: Tx, reader: Readership, types: list[str]) -> list[Record]:
    """Read all readable records in force of these types, oldest first."""
    found: list[Record] = []
    after = ""
    while True:
        # One answer a page: the driver's work for ten thousand answers would take longer than theirs.
        answer = tx.run(RECORDS, after=after, types=types, limit=PAGE, **reader.parameters()).single(strict=True)
        page = answer["page"]
        found.extend(rows.record_of(type_of(labels), record) for labels, record in page)
        if len(page) < PAGE:
            return found
        after = found[-1].id


def tied_keys_tx(tx: Tx, reader: Readership) -> dict[str, list[str]]:
    """Map each readable record to the identity keys of what it is tied to."""
    return {row["record"]: row["keys"] for row in tx.run(TIED_KEYS, **reader.parameters())}


def tied_keys_of_tx(tx: Tx, reader: Readership, ids: list[str]) -> dict[str, list[str]]:
    """Map these records to the identity keys of what they are tied to."""
    return {row["record"]: row["keys"] for row in tx.run(TIED_KEYS_OF, ids=ids, **reader.parameters())}


def degrees_tx(tx: Tx, reader: Readership, keys: list[str], types: list[str]) -> dict[str, int]:
    """Count the readable records of these types that are tied to each of these keys."""
    return {r["key"]: r["n"] for r in tx.run(DEGREES, keys=keys, types=types, **reader.parameters())}


def relations_tx(
    tx: Tx, reader: Readership, *, most: int = sys.maxsize, progress: Progress = no_progress
) -> list[dict[str, Any]]:
    """Read all readable links with grade and date, slice by slice; beyond `most` there is no use in reading on."""
    found: list[dict[str, Any]] = []
    after = ""
    while len(found) <= most:
        progress(0, 0)
        row = tx.run(RELATIONS, after=after, limit=SLICE, **reader.parameters()).single(strict=True)
        found.extend(row["relations"])
        if row["records"] < SLICE:
            break
        after = row["last"]
    return found


def reach_tx(tx: Tx, reader: Readership) -> Reach:
    """Say who can read all that this reader can: whatever is worked out from it opens to those alone.

    One compartment and the widest audience of each marking in use: who holds all of these can read every record.
    """
    return _cover(reader, tx.run(MARKINGS, **reader.parameters()))


def reach_around_tx(tx: Tx, reader: Readership, ids: list[str]) -> Reach:
    """Say likewise who can read what evidence about these records rests on: their ties, and what shares a key with these."""
    return _cover(reader, tx.run(MARKINGS_AROUND, ids=ids, **reader.parameters()))


def _cover(reader: Readership, stated_marks: Iterable[Mapping[str, Any]]) -> Reach:
    compartments: set[str] = set()
    audience: set[str] = set()
    marks = {(tuple(r["compartments"]), tuple(r["audience"])) for r in stated_marks}
    for stated, permitted in sorted(marks, key=lambda mark: (len(mark[0]), mark)):
        if compartments.isdisjoint(stated):
            compartments.add(min(reader.compartments.intersection(stated)))
        audience.add(min(set(reader.audience).intersection(permitted), key=_width))
    return Reach(tuple(sorted(compartments)), tuple(sorted(audience)))


def _width(token: str) -> tuple[int, str]:
    return _WIDEST_FIRST.index(token.partition(":")[0]), token


def guarded_tx(tx: Tx, reader: Readership, role: str) -> set[str]:
    """Return the readable records that have this role in a case."""
    return {row["id"] for row in tx.run(GUARDED, role=role, **reader.parameters())}
