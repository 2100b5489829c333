"""The peer: what the same machine does over bare Bolt, without drafts, meaning, access or audit."""

from typing import Any, Final

from jpa.config import Settings
from jpa.graph.agencies import readership_tx
from jpa.graph.cypher import LINK_PATTERN, Query, upkeep
from jpa.graph.server import ensure_server
from jpa.graph.session import Graph
from jpa.services.stores import Ask, Stores

BATCH: Final = 10_000

CONSTRAINT: Final = "CREATE CONSTRAINT bare_id IF NOT EXISTS FOR (n:Bare) REQUIRE n.id IS UNIQUE"
READ: Final[Query] = upkeep(
    "MATCH (p:Report {case: $case})-[:STATES]->(r:Person) RETURN properties(r) AS row LIMIT $limit"
)
UNWIND: Final[Query] = upkeep("""
MERGE (p:BareReport {id: 1}) WITH p
UNWIND $rows AS row MERGE (n:Bare:BarePerson {id: row.id}) ON CREATE SET n = row MERGE (p)-[:STATES]->(n)
""")
HUBS: Final[Query] = upkeep(
    "MATCH (r:Person) WHERE COUNT { (r)-[:ASSOCIATE_OF]-() } > $least RETURN r.id AS id LIMIT 100"
)
NEIGHBOURS: Final[Query] = upkeep(f"""
MATCH (r:Record {{id: $id}})-[l:{LINK_PATTERN}]-(o:Record)
WHERE any(c IN l.compartments WHERE c IN $compartments) AND any(c IN o.compartments WHERE c IN $compartments)
RETURN type(l) AS type, properties(l) AS link, o.id AS id, o.caption AS caption, labels(o) AS labels ORDER BY l.id LIMIT 200
""")
FIVE: Final[Query] = upkeep("UNWIND range(0, 4) AS i CREATE (:Bare {id: toString($n) + '-' + toString(i)})")


def properties_of(stores: Stores, case: str, rows: int) -> list[dict[str, Any]]:
    """Read back as many people as they were stored: the peer writes exactly the same."""
    return stores.graph.upkeep(lambda tx: [r["row"] for r in tx.run(READ, case=case, limit=rows)])


def unwind(stores: Stores, rows: list[dict[str, Any]]) -> None:
    """Write rows in batches under a unique constraint."""
    stores.graph.run_statement(CONSTRAINT)
    for start in range(0, len(rows), BATCH):
        page = rows[start : start + BATCH]
        stores.graph.upkeep(lambda tx, page=page: tx.run(UNWIND, rows=page).consume())  # type: ignore[misc]  # bound now


def hubs(stores: Stores, least: int) -> list[str]:
    """Find people with many ties."""
    return stores.graph.upkeep(lambda tx: [r["id"] for r in tx.run(HUBS, least=least)])


def compartments(stores: Stores, ask: Ask) -> list[str]:
    """Return the compartments that the officer reads."""
    return stores.graph.upkeep(lambda tx: sorted(readership_tx(tx, ask.officer, ask.at).compartments))


def neighbours(stores: Stores, record: str, readable: list[str]) -> list[Any]:
    """Read 200 neighbours with the same compartment parameter."""
    return stores.graph.upkeep(lambda tx: list(tx.run(NEIGHBOURS, id=record, compartments=readable)))


def five_nodes(stores: Stores, number: int) -> None:
    """Write five nodes in one transaction."""
    stores.graph.upkeep(lambda tx: tx.run(FIVE, n=number).consume())


def start(settings: Settings) -> None:
    """Start Neo4j and get one answer."""
    with ensure_server(settings) as server, Graph(server) as graph:
        graph.ping()
