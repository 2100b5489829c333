"""Joint periods of action with their plans, as lists and one by one; saved by `jpa.graph.cases`."""

from collections.abc import Mapping
from typing import Any, Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.session import Tx
from jpa.model.case import Jpa, Plan

READ_FRAMES: Final[Query] = upkeep("""
MATCH (j:Jpa) WHERE ($state IS NULL OR $state IN j.states) AND ($jpa IS NULL OR j.id = $jpa)
OPTIONAL MATCH (p:Plan)-[:UNDER]->(j) WHERE $state IS NULL OR $state IN p.states
WITH j, p ORDER BY p.name
WITH j, collect(properties(p)) AS plans
RETURN properties(j) AS jpa, plans ORDER BY jpa.number DESC
""")

NUMBERED: Final[Query] = upkeep("MATCH (j:Jpa {number: $number}) RETURN j.id AS id")


def frames_tx(tx: Tx, *, state: str | None = None, jpa: str | None = None) -> list[tuple[Jpa, list[Plan]]]:
    """List joint periods, newest first, with their plans: all, those that a state takes part in, or one."""
    found = tx.run(READ_FRAMES, state=state, jpa=jpa)
    return [(_jpa_of(row["jpa"]), [_plan_of(row["jpa"]["id"], p) for p in row["plans"]]) for row in found]


def numbered_tx(tx: Tx, number: int) -> str | None:
    """Return the id of the joint period of that number; None when it is free."""
    row = tx.run(NUMBERED, number=number).single()
    return None if row is None else str(row["id"])


def _jpa_of(node: Mapping[str, Any]) -> Jpa:
    return Jpa(**{**node, "states": tuple(node["states"])})


def _plan_of(jpa: str, node: Mapping[str, Any]) -> Plan:
    return Plan(node["id"], jpa, node["name"], tuple(node["states"]))
