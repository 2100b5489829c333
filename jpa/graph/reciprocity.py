"""What agencies have given each other, as numbers alone: each kind of sharing counts its own."""

from typing import Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.session import Tx

# A grant counts once for the agency that reads; one of earlier releases for each whose officers it names. What was revoked was given.
GRANTS: Final[Query] = upkeep("""
MATCH (g:Grant)
WITH g, CASE WHEN coalesce(g.partner, '') <> '' THEN [g.partner]
             ELSE COLLECT { MATCH (o:Officer) WHERE o.id IN g.officers RETURN DISTINCT o.agency } END AS receivers
UNWIND receivers AS receiver
WITH g, receiver WHERE receiver <> g.owner AND $agency IN [g.owner, receiver]
RETURN g.owner AS giver, receiver, count(g) AS n
""")


def grants_tx(tx: Tx, agency: str) -> dict[tuple[str, str], int]:
    """Count the grants of each giving to each receiving agency, where one of both is this agency."""
    return {(row["giver"], row["receiver"]): int(row["n"]) for row in tx.run(GRANTS, agency=agency)}
