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
AS_INDEXED: Final = (
    "CREATE CONSTRAINT indexed_id IF NOT EXISTS FOR (n:Indexed) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT indexed_source_key IF NOT EXISTS FOR (n:Indexed) REQUIRE n.source_key IS UNIQUE",
    "CREATE INDEX indexed_key IF NOT EXISTS FOR (n:Indexed) ON (n.key)",
    (
        "CREATE FULLTEXT INDEX indexed_names IF NOT EXISTS FOR (n:Indexed) ON EACH [n.names]"
        " OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words'}}"
    ),
)
"""Every constraint and index that stands on `Record`, in the same words."""
READ: Final[Query] = upkeep(
    "MATCH (p:Report {case: $case})-[:STATES]->(r:Person) RETURN properties(r) AS row ORDER BY r.id DESC LIMIT $limit"
)
UNWIND: Final[Query] = upkeep("""
MERGE (p:BareReport {id: 1}) WITH p
UNWIND $rows AS row MERGE (n:Bare:BarePerson {id: row.id}) ON CREATE SET n = row MERGE (p)-[:STATES]->(n)
""")
UNWIND_INDEXED: Final[Query] = upkeep("""
MERGE (p:BareReport {id: 2}) WITH p
UNWIND $rows AS row MERGE (n:Indexed:BarePerson {id: row.id}) ON CREATE SET n = row MERGE (p)-[:STATES]->(n)
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


def newest(stores: Stores, case: str, rows: int) -> list[dict[str, Any]]:
    """Read the newest people of a case back as they were stored: the peer writes exactly the same."""
    return stores.graph.upkeep(lambda tx: [r["row"] for r in tx.run(READ, case=case, limit=rows)])


def prepare(stores: Stores) -> None:
    """Make the peers' constraints and indexes; what a statement waits for is not theirs to pay."""
    for statement in (CONSTRAINT, *AS_INDEXED, "CALL db.awaitIndexes(120)"):
        stores.graph.run_statement(statement)


def unwind(stores: Stores, rows: list[dict[str, Any]], how: Query = UNWIND) -> None:
    """Write rows in batches: under one unique constraint, or indexed as records are."""
    for start in range(0, len(rows), BATCH):
        page = rows[start : start + BATCH]
        stores.graph.upkeep(lambda tx, page=page: tx.run(how, rows=page).consume())  # type: ignore[misc]  # bound now


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
