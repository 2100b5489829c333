"""The content hash of the graph: equal for equal content, whatever ids Neo4j gave and in whatever order it answers.

A multiset hash: every node and every relationship becomes one canonical text, each text a number of 2,048 bits (SHAKE-256), and the
numbers are added up. So nothing is sorted, nothing is kept, and memory does not grow with the store.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.session import Graph, Tx

_BYTES: Final = 256
_MODULUS: Final = 1 << (8 * _BYTES)

# Commits and the ledger of migrations say how content came here; they are not content.
NODES: Final[Query] = upkeep("""
MATCH (n) WHERE NOT n:Commit AND NOT n:Migration AND NOT n:MigrationLock
RETURN labels(n) AS labels, properties(n) AS properties
""")
LINKS: Final[Query] = upkeep("""
MATCH (a)-[l]->(b) RETURN type(l) AS type, properties(l) AS properties,
  coalesce(a.id, [labels(a), properties(a)]) AS source, coalesce(b.id, [labels(b), properties(b)]) AS target
""")
CASE_NODES: Final[Query] = upkeep("""
CALL { MATCH (n:Case {id: $case}) RETURN n UNION MATCH (:Case {id: $case})-[:HAS]->(n) RETURN n
  UNION MATCH (n:Report {case: $case}) RETURN n UNION MATCH (:Report {case: $case})-[:STATES]->(n) RETURN n
  UNION MATCH (n:Victim {case: $case}) RETURN n }
RETURN labels(n) AS labels, properties(n) AS properties
""")
CASE_LINKS: Final[Query] = upkeep("""
CALL { MATCH (n:Case {id: $case}) RETURN n UNION MATCH (:Case {id: $case})-[:HAS]->(n) RETURN n
  UNION MATCH (n:Report {case: $case}) RETURN n UNION MATCH (:Report {case: $case})-[:STATES]->(n) RETURN n
  UNION MATCH (n:Victim {case: $case}) RETURN n }
MATCH (n)-[l]->(b) RETURN type(l) AS type, properties(l) AS properties,
  coalesce(n.id, [labels(n), properties(n)]) AS source, coalesce(b.id, [labels(b), properties(b)]) AS target
""")


@dataclass(frozen=True, slots=True)
class Content:
    """What a graph holds, in three figures."""

    hash: str
    nodes: int
    links: int


def content_hash(graph: Graph, case: str | None = None) -> str:
    """Return the hash of everything, or of what lies under one case with the links that begin there."""
    return read_content(graph, case).hash


def read_content(graph: Graph, case: str | None = None) -> Content:
    """Count and hash everything, or what lies under one case."""
    return graph.upkeep(lambda tx: _content_tx(tx, case))


def _content_tx(tx: Tx, case: str | None) -> Content:
    nodes, links = (NODES, LINKS) if case is None else (CASE_NODES, CASE_LINKS)
    node_sum, node_count = _sum(_node_text(row.data()) for row in tx.run(nodes, case=case))
    link_sum, link_count = _sum(_link_text(row.data()) for row in tx.run(links, case=case))
    whole = f"{node_count}:{link_count}:{(node_sum + link_sum) % _MODULUS:x}"
    return Content(hashlib.sha256(whole.encode()).hexdigest(), node_count, link_count)


def _sum(texts: Iterable[str]) -> tuple[int, int]:
    total, count = 0, 0
    for text in texts:
        total = (total + int.from_bytes(hashlib.shake_256(text.encode()).digest(_BYTES))) % _MODULUS
        count += 1
    return total, count


def _node_text(row: Mapping[str, Any]) -> str:
    return _canonical(["node", sorted(row["labels"]), row["properties"]])


def _link_text(row: Mapping[str, Any]) -> str:
    return _canonical(["link", row["type"], _end(row["source"]), _end(row["target"]), row["properties"]])


def _end(named: Any) -> Any:
    """An end is named by its id; the few nodes without one by all that they hold."""
    return [sorted(named[0]), named[1]] if isinstance(named, list) else named


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=_written)


def _written(value: Any) -> list[str]:
    """Write what JSON does not know (bytes, a date of Neo4j's own) with its type, so that no two values look alike."""
    return [type(value).__name__, value.hex() if isinstance(value, bytes | bytearray) else str(value)]
