"""Finding records again: the full-text index only fetches candidates; order and score are the caller's own."""

from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query
from jpa.graph.entities import type_of
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.record import Record

FETCH_LIMIT: Final = 2000
"""Readable candidates that our own score looks at; enough that a common name still finds its bearer."""

# The index gives all that match: a limit before the access rule would let hidden records crowd readable ones out. What is
# cut, is cut by the records' own words, never by the index's score, which counts hidden records too.
BY_WORDS: Final[Query] = query("""
CALL db.index.fulltext.queryNodes('names', $words) YIELD node AS r
WITH r WHERE r:Record AND readable(r) AND in_force(r)
WITH r, size([w IN $plain WHERE any(n IN r.names WHERE toLower(n) CONTAINS w)]) AS held
ORDER BY held DESC, r.id LIMIT $fetch
RETURN labels(r) AS labels, properties(r) AS record
""")

BY_KEYS: Final[Query] = query("""
MATCH (r:Record) WHERE r.key IN $keys AND readable(r) AND in_force(r)
RETURN labels(r) AS labels, properties(r) AS record ORDER BY r.id LIMIT $fetch
""")

CASES_BY_NUMBER: Final[Query] = query("""
MATCH (c:Case) WHERE c.id IN $compartments AND (toUpper(c.number) CONTAINS $number OR toUpper(c.title) CONTAINS $number)
RETURN c.id AS id, c.number AS number, c.title AS title ORDER BY c.number LIMIT 20
""")

REPORTS_BY_TEXT: Final[Query] = query("""
CALL db.index.fulltext.queryNodes('report_text', $words) YIELD node AS p
WITH p WHERE p:Report AND readable(p) AND in_force(p)
RETURN p.id AS id, p.title AS title, p.source_reference AS source_reference, p.date AS date, p.text AS text
ORDER BY p.id LIMIT 20
""")


def by_words_tx(tx: Tx, reader: Readership, words: str, plain: list[str]) -> list[Record]:
    """Fetch readable records whose names match a Lucene query made by the caller; those with most `plain` words first."""
    found = tx.run(BY_WORDS, words=words, plain=plain, fetch=FETCH_LIMIT, **reader.parameters())
    return [rows.record_of(type_of(row["labels"]), row["record"]) for row in found]


def by_keys_tx(tx: Tx, reader: Readership, keys: list[str]) -> list[Record]:
    """Fetch readable records by identity keys."""
    found = tx.run(BY_KEYS, keys=keys, fetch=FETCH_LIMIT, **reader.parameters())
    return [rows.record_of(type_of(row["labels"]), row["record"]) for row in found]


def cases_tx(tx: Tx, reader: Readership, number: str) -> list[dict[str, Any]]:
    """Find readable cases whose number or title holds the text."""
    return [r.data() for r in tx.run(CASES_BY_NUMBER, number=number.upper(), **reader.parameters())]


def reports_tx(tx: Tx, reader: Readership, words: str) -> list[dict[str, Any]]:
    """Find readable reports whose title or text matches a Lucene query made by the caller."""
    return [r.data() for r in tx.run(REPORTS_BY_TEXT, words=words, **reader.parameters())]
