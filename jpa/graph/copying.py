"""Copying a graph node by node into an empty one: what the old store's files held besides is not copied."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.session import Graph, Tx

BATCH: Final = 2000
"""Nodes or links of one transaction: little enough for a heap of 256 MB."""

# Labels and types are those that stand in the old store: they were written through the catalogue's gate.
NODES: Final[Query] = upkeep("""
MATCH (n) WHERE NOT n:Migration AND NOT n:MigrationLock
RETURN elementId(n) AS id, labels(n) AS labels, properties(n) AS properties
""")
LINKS: Final[Query] = upkeep("""
MATCH (a)-[l]->(b) RETURN elementId(a) AS source, elementId(b) AS target, type(l) AS type, properties(l) AS properties
""")
CREATE_NODES: Final[Query] = upkeep("""
UNWIND $rows AS row CREATE (n:$(row.labels)) SET n = row.properties RETURN row.id AS old, elementId(n) AS new
""")
CREATE_LINKS: Final[Query] = upkeep("""
UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row.source MATCH (b) WHERE elementId(b) = row.target
CREATE (a)-[l:$(row.type)]->(b) SET l = row.properties
""")


def copy_graph(source: Graph, target: Graph) -> None:
    """Copy every node and link but the ledger of migrations; `target` is empty and migrated. Audited by the caller."""
    places: dict[str, str] = {}

    def copy_nodes(tx: Tx) -> None:
        for rows in _batches(row.data() for row in tx.run(NODES)):
            places.update(target.upkeep(lambda to, rows=rows: create_nodes_tx(to, rows)))  # type: ignore[misc]  # bound now on purpose

    def copy_links(tx: Tx) -> None:
        for rows in _batches(row.data() for row in tx.run(LINKS)):
            target.upkeep(lambda to, rows=rows: create_links_tx(to, rows, places))  # type: ignore[misc]  # bound now on purpose

    source.upkeep(copy_nodes)
    source.upkeep(copy_links)


def create_nodes_tx(tx: Tx, rows: list[dict[str, Any]]) -> dict[str, str]:
    """Create nodes as `NODES` read them; return where each now stands, by the place where it stood."""
    return {row["old"]: row["new"] for row in tx.run(CREATE_NODES, rows=rows)}


def create_links_tx(tx: Tx, rows: list[dict[str, Any]], places: dict[str, str]) -> None:
    """Create links as `LINKS` read them between nodes that stand at `places`."""
    placed = [{**row, "source": places[row["source"]], "target": places[row["target"]]} for row in rows]
    tx.run(CREATE_LINKS, rows=placed).consume()


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(rows)
    while len(batch := list(islice(waiting, BATCH))) > 0:
        yield batch
