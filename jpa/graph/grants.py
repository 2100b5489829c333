"""Grants in the graph; `jpa.graph.agencies.READERSHIP` reads those in force in the transaction of each read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.grant import Grant

SAVE: Final[Query] = upkeep("""
MATCH (c:Case {id: $properties.compartment})
MERGE (g:Grant {id: $properties.id}) ON CREATE SET g = $properties
MERGE (g)-[:OPENS]->(c)
""")

REVOKE: Final[Query] = upkeep("""
MATCH (g:Grant {id: $id}) WHERE g.revoked IS NULL SET g.revoked = $at, g.revoked_by = $by, g.reason = $reason RETURN g.id AS id
""")

READ: Final[Query] = query("""
MATCH (g:Grant) WHERE ($id = '' OR g.id = $id) AND ($case = '' OR g.compartment = $case) AND g.compartment IN $compartments
RETURN properties(g) AS grant ORDER BY g.id
""")

COUNTING: Final[Query] = upkeep("""
MATCH (g:Grant) WHERE $officer IN g.officers AND g.counting AND g.start <= $at AND $at < g.end AND g.revoked IS NULL
RETURN DISTINCT g.compartment AS compartment
""")

ELIGIBLE: Final[Query] = upkeep("""
MATCH (o:Officer {active: true}) WHERE o.id IN $officers
MATCH (a:Agency {id: o.agency}) WHERE a.state IN $states AND a.id <> $owner
RETURN o.id AS id
""")


def save_tx(tx: Tx, grant: Grant) -> None:
    """Store a grant; it is in force from its start."""
    tx.run(SAVE, properties=_properties(grant))


def revoke_tx(tx: Tx, grant: str, *, by: str, at: datetime, reason: str) -> bool:
    """End a grant now; False when it was revoked already."""
    return tx.run(REVOKE, id=grant, by=by, at=stamp(at), reason=reason).single() is not None


def grant_tx(tx: Tx, reader: Readership, grant: str) -> Grant | None:
    """Read one grant; None when its compartment is not readable."""
    row = tx.run(READ, id=grant, case="", **reader.parameters()).single()
    return None if row is None else _grant_of(row["grant"])


def grants_tx(tx: Tx, reader: Readership, case: str) -> list[Grant]:
    """List the grants of a readable case, ended and revoked ones too, oldest first."""
    return [_grant_of(row["grant"]) for row in tx.run(READ, id="", case=case, **reader.parameters())]


def counting_tx(tx: Tx, officer: str, at: datetime) -> set[str]:
    """Return the compartments whose outcomes an officer of another agency may count at this moment."""
    return {row["compartment"] for row in tx.run(COUNTING, officer=officer, at=stamp(at))}


def eligible_tx(tx: Tx, officers: Sequence[str], *, states: Sequence[str], owner: str) -> set[str]:
    """Return those of the officers who are active in another agency of these states."""
    return {row["id"] for row in tx.run(ELIGIBLE, officers=list(officers), states=list(states), owner=owner)}


def _properties(grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.id,
        "compartment": grant.compartment,
        "owner": grant.owner,
        "officers": list(grant.officers),
        "start": stamp(grant.start),
        "end": stamp(grant.end),
        "purpose": grant.purpose,
        "by": grant.by,
        "counting": grant.counting,
    }


def _grant_of(node: Mapping[str, Any]) -> Grant:
    revoked = node.get("revoked")
    return Grant(
        id=node["id"],
        compartment=node["compartment"],
        owner=node["owner"],
        officers=tuple(node["officers"]),
        start=moment(node["start"]),
        end=moment(node["end"]),
        purpose=node["purpose"],
        by=node["by"],
        counting=node.get("counting", False),
        revoked=None if revoked is None else moment(revoked),
        revoked_by=node.get("revoked_by", ""),
        reason=node.get("reason", ""),
    )
