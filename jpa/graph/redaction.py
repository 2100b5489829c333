"""Taking sealed identities out of all that stands in a case: texts, values, entries, verdicts, proposals, candidates.

The one exception to immutability (design section 4). What changes is hashed, captioned, keyed and indexed anew, so that neither
a digest nor a search word of the old text is left.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, upkeep
from jpa.graph.entities import type_of
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.ids import is_id
from jpa.model.record import Record, Report, origin_of
from jpa.model.redaction import Redact, redact_stated
from jpa.model.value_types import Context

READ_REPORTS: Final[Query] = upkeep("MATCH (p:Report {case: $case}) RETURN p.id AS id, properties(p) AS node")
WRITE_REPORTS: Final[Query] = upkeep("UNWIND $rows AS row MATCH (p:Report {id: row.id}) SET p = row.node")

READ_RECORDS: Final[Query] = upkeep("""
MATCH (p:Report {case: $case})-[:STATES]->(r:Record) RETURN r.id AS id, labels(r) AS labels, properties(r) AS node
""")
WRITE_RECORDS: Final[Query] = upkeep("UNWIND $rows AS row MATCH (r:Record {id: row.id}) SET r = row.node")

READ_LINKS: Final[Query] = upkeep("""
MATCH (p:Report {case: $case})-[:STATES|TIES]->(a:Record)-[links(l)]->(b:Record) WHERE l.report = p.id
RETURN elementId(l) AS id, type(l) AS type, a.id AS source, b.id AS target, properties(l) AS node
""")
WRITE_LINKS: Final[Query] = upkeep("UNWIND $rows AS row MATCH ()-[l]->() WHERE elementId(l) = row.id SET l = row.node")

READ_OUTCOMES: Final[Query] = upkeep("MATCH (o:Outcome {case: $case}) RETURN o.id AS id, properties(o) AS node")
# What is redacted takes a new place in the ledger, so that the columns that figures are made of are read again.
WRITE_OUTCOMES: Final[Query] = upkeep("""
MERGE (s:Serial {id: 'outcomes'}) ON CREATE SET s.born = randomUUID() SET s.value = coalesce(s.value, 0) + size($rows)
WITH s.value - size($rows) AS before
UNWIND range(0, size($rows) - 1) AS n
WITH before + n + 1 AS serial, $rows[n] AS row
MATCH (o:Outcome {id: row.id}) SET o = row.node, o.serial = serial
""")

# Case face, action book and decision log; verdicts and proposals about its records; candidates that its reports state;
# retractions with their reasons; what is known of evidence files; claims with their reasons; what recipients of packages proposed;
# requests to other agencies about it with all that was said, and what was answered from it.
READ_OTHERS: Final[Query] = upkeep("""
CALL {
  MATCH (n:Case {id: $case}) RETURN n
  UNION MATCH (:Case {id: $case})-[:HAS]->(n) RETURN n
  UNION MATCH (:Report {case: $case})-[:STATES]->(:Record)<-[:ABOUT]-(n:Judgement|Proposal) RETURN n
  UNION MATCH (p:Report {case: $case}) WITH collect(p.id) AS reports
        MATCH (n:Candidate) WHERE any(r IN n.reports WHERE r IN reports) RETURN n
  UNION MATCH (p:Report {case: $case}) WITH collect(p.id) AS reports
        MATCH (n:CandidateDecision)-[:ABOUT]->(c:Candidate) WHERE any(r IN c.reports WHERE r IN reports) RETURN n
  UNION MATCH (n:Retraction|Evidence|Claim|PackageAnswer {case: $case}) RETURN n
  UNION MATCH (:Retraction {case: $case})<-[:SUPERSEDES]-(n:Restoration) RETURN n
  UNION MATCH (n:Request {case: $case}) RETURN n
  UNION MATCH (:Request {case: $case})<-[:ABOUT]-(n:RequestMove) RETURN n
  UNION MATCH (n:RequestMove {case: $case}) RETURN n
}
RETURN elementId(n) AS id, properties(n) AS node
""")
WRITE_OTHERS: Final[Query] = upkeep("UNWIND $rows AS row MATCH (n) WHERE elementId(n) = row.id SET n = row.node")

READ_PLACES: Final[Query] = upkeep("""
MATCH (p:Report {case: $case}) WITH collect(p.id) AS reports
MATCH (c:Candidate)-[n:MEMBER]->() WHERE any(r IN c.reports WHERE r IN reports)
RETURN elementId(n) AS id, properties(n) AS node
""")
WRITE_PLACES: Final[Query] = upkeep(
    "UNWIND $rows AS row MATCH ()-[n:MEMBER]->() WHERE elementId(n) = row.id SET n = row.node"
)

_JSON: Final = frozenset({"evidence", "features"})
"""Properties that hold features as JSON: each text in them is redacted by itself, so that the JSON stays whole."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """How a case is redacted, by those who know words and hashes."""

    redact: Redact
    words: Callable[[Record], list[str]]
    """The search words of a record."""
    report_hash: Callable[[Report], str]
    context: Context


def redact_case_tx(tx: Tx, case: str, how: Redaction) -> None:
    """Replace sealed identities everywhere in a case; what names nobody stays as it is, byte by byte."""
    for read, write, redacted in (
        (READ_REPORTS, WRITE_REPORTS, _report),
        (READ_RECORDS, WRITE_RECORDS, _record),
        (READ_LINKS, WRITE_LINKS, _link),
        (READ_OUTCOMES, WRITE_OUTCOMES, _outcome),
        (READ_OTHERS, WRITE_OTHERS, _other),
        (READ_PLACES, WRITE_PLACES, _other),
    ):
        found = [(row["id"], redacted(row.data(), how)) for row in tx.run(read, case=case)]
        changed = [{"id": i, "node": node} for i, node in found if node is not None]
        if len(changed) > 0:
            tx.run(write, rows=changed)


def _report(row: Mapping[str, Any], how: Redaction) -> dict[str, Any] | None:
    old = rows.report_of(row["node"])
    reference = how.redact(old.source_reference)
    new = replace(
        old, title=how.redact(old.title), text=how.redact(old.text), date=how.redact(old.date), source_reference=reference,
        origin=old.origin if reference == old.source_reference else origin_of(old.agency, reference),
    )  # fmt: skip
    return None if new == old else rows.report_properties(new, _reach(row["node"]), how.report_hash(new))


def _record(row: Mapping[str, Any], how: Redaction) -> dict[str, Any] | None:
    old = rows.record_of(type_of(row["labels"]), row["node"])
    stated = redact_stated(ENTITY_TYPES[old.type], old.properties, how.redact, how.context)
    new = replace(old, properties=stated, source_key=_key(old.source_key, old.id, how.redact))
    return None if new == old else rows.record_properties(new, _reach(row["node"]), how.words(new))


def _link(row: Mapping[str, Any], how: Redaction) -> dict[str, Any] | None:
    old = rows.link_of(row["type"], row["source"], row["target"], row["node"])
    stated = redact_stated(LINK_TYPES[old.type], old.properties, how.redact, how.context)
    new = replace(old, properties=stated, source_key=_key(old.source_key, old.id, how.redact))
    return None if new == old else rows.link_properties(new, _reach(row["node"]))


def _outcome(row: Mapping[str, Any], how: Redaction) -> dict[str, Any] | None:
    node = row["node"]
    old = rows.outcome_of(node)
    stated = redact_stated(old.type, old.properties, how.redact, how.context)
    key = _key(old.source_key or None, old.id, how.redact) or ""
    new = replace(old, properties=stated, source_key=key, reason=how.redact(old.reason))
    return None if new == old else {**rows.outcome_properties(new, _reach(node)), "sealed": node.get("sealed")}


def _key(source_key: str | None, own: str, redact: Redact) -> str | None:
    # A file may have used names as its rows' ids. Two of them may become one pseudonym: the own id keeps them apart.
    redacted = None if source_key is None else redact(source_key)
    return source_key if redacted == source_key else f"{redacted} {own}"


def _other(row: Mapping[str, Any], how: Redaction) -> dict[str, Any] | None:
    new = {name: _redacted(name, value, how.redact) for name, value in row["node"].items()}
    return None if new == row["node"] else new


def _redacted(name: str, value: Any, redact: Redact) -> Any:
    if name in _JSON and isinstance(value, str):
        return json.dumps(_redacted("", json.loads(value), redact), ensure_ascii=False)
    if isinstance(value, str):
        return value if is_id(value) else redact(value)
    if isinstance(value, list):
        return [_redacted("", item, redact) for item in value]
    return value


def _reach(node: Mapping[str, Any]) -> Reach:
    return Reach(tuple(node["compartments"]), tuple(node["audience"]))
