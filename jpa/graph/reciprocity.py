"""What agencies have given each other, as numbers alone: each kind of sharing counts its own."""

from typing import Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.session import Tx

# A grant to officers of two agencies counts once for each; one that was revoked was given all the same.
GRANTS: Final[Query] = upkeep("""
MATCH (g:Grant)
OPTIONAL MATCH (o:Officer) WHERE o.id IN g.officers
WITH g, collect(DISTINCT o.agency) + CASE WHEN g.agency IS NULL THEN [] ELSE [g.agency] END AS receivers
UNWIND receivers AS receiver
WITH DISTINCT g, receiver WHERE receiver <> g.owner AND $agency IN [g.owner, receiver]
RETURN g.owner AS giver, receiver, count(g) AS n
""")


def grants_tx(tx: Tx, agency: str) -> dict[tuple[str, str], int]:
    """Count the grants of each giving to each receiving agency, where one of both is this agency."""
    return {(row["giver"], row["receiver"]): int(row["n"]) for row in tx.run(GRANTS, agency=agency)}
