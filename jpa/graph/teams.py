"""Teams across cases: who leads what, how many work on it, and who may lead."""

from typing import Any, Final

from jpa.graph.cases import case_of
from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import StaffedCase, TeamRole

STAFFED: Final[Query] = query("""
MATCH (c:Case) WHERE c.id IN $compartments AND c.agency = $agency
      AND CASE WHEN $mine THEN EXISTS { (:Officer {id: $officer})-[:ON_TEAM]->(c) } ELSE c.status = 'open' END
RETURN properties(c) AS case, COUNT { (:Officer)-[:ON_TEAM]->(c) } AS size,
       COLLECT { MATCH (o:Officer)-[:ON_TEAM {role: 'lead'}]->(c) RETURN o.name ORDER BY o.name } AS leads,
       head(COLLECT { MATCH (:Officer {id: $officer})-[t:ON_TEAM]->(c) RETURN t.role }) AS role
ORDER BY c.status DESC, c.opened DESC, c.id DESC SKIP $skip LIMIT $limit
""")

COUNT_STAFFED: Final[Query] = query("""
MATCH (c:Case) WHERE c.id IN $compartments AND c.agency = $agency
      AND CASE WHEN $mine THEN EXISTS { (:Officer {id: $officer})-[:ON_TEAM]->(c) } ELSE c.status = 'open' END
RETURN count(c) AS n
""")

MAY_LEAD: Final[Query] = upkeep("""
MATCH (o:Officer {id: $officer, active: true}) RETURN $role IN coalesce(o.roles, []) AS may
""")


def staffed_tx(tx: Tx, reader: Readership, *, mine: bool, skip: int = 0, limit: int = 50) -> list[StaffedCase]:
    """List readable cases of the own agency with their leads: those with the reader on the team, or all that are open."""
    found = tx.run(STAFFED, **_parameters(reader, mine=mine), skip=skip, limit=limit)
    return [
        StaffedCase(
            case_of(row["case"]),
            tuple(row["leads"]),
            row["size"],
            None if row["role"] is None else TeamRole(row["role"]),
        )
        for row in found
    ]


def count_staffed_tx(tx: Tx, reader: Readership, *, mine: bool) -> int:
    """Count the same."""
    row = tx.run(COUNT_STAFFED, **_parameters(reader, mine=mine)).single()
    return 0 if row is None else int(row["n"])


def may_lead_tx(tx: Tx, officer: str, role: str) -> bool:
    """Say whether an active officer holds the role that leading takes."""
    row = tx.run(MAY_LEAD, officer=officer, role=role).single()
    return row is not None and bool(row["may"])


def _parameters(reader: Readership, *, mine: bool) -> dict[str, Any]:
    return {**reader.parameters(), "agency": reader.officer.agency, "officer": reader.officer.id, "mine": mine}
