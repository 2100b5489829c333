"""Teams: who is on one, who leads what, how many work on it, and who may lead."""

from typing import Any, Final

from jpa.graph.cases import case_of
from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import StaffedCase, TeamMember, TeamRole

JOIN_TEAM: Final[Query] = upkeep("""
MATCH (c:Case {id: $case}) MATCH (o:Officer {id: $officer, agency: c.agency, active: true})
MERGE (o)-[t:ON_TEAM]->(c) SET t.role = $role
RETURN o.id AS officer
""")

LEAVE_TEAM: Final[Query] = upkeep("MATCH (:Officer {id: $officer})-[t:ON_TEAM]->(:Case {id: $case}) DELETE t")

# A team carries no marking: unmarked means own agency only, whatever a grant opens.
READ_TEAM: Final[Query] = query("""
MATCH (o:Officer)-[t:ON_TEAM]->(c:Case {id: $id}) WHERE c.id IN $compartments AND ('agency:' + c.agency) IN $audience
RETURN o.id AS officer, o.name AS name, o.agency AS agency, t.role AS role ORDER BY t.role, o.name
""")

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


def join_tx(tx: Tx, case: str, officer: str, role: TeamRole) -> bool:
    """Put an officer of the same agency on the team; False when there is no such officer there."""
    return tx.run(JOIN_TEAM, case=case, officer=officer, role=role.value).single() is not None


def leave_tx(tx: Tx, case: str, officer: str) -> None:
    """Take an officer off the team; their next read no longer has the compartment."""
    tx.run(LEAVE_TEAM, case=case, officer=officer)


def team_tx(tx: Tx, reader: Readership, case: str) -> list[TeamMember]:
    """List the team of a readable case."""
    found = tx.run(READ_TEAM, id=case, **reader.parameters())
    return [TeamMember(r["officer"], r["name"], r["agency"], TeamRole(r["role"])) for r in found]


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
    return int(tx.run(COUNT_STAFFED, **_parameters(reader, mine=mine)).single(strict=True)["n"])


def may_lead_tx(tx: Tx, officer: str, role: str) -> bool:
    """Say whether an active officer holds the role that leading takes."""
    row = tx.run(MAY_LEAD, officer=officer, role=role).single()
    return row is not None and bool(row["may"])


def _parameters(reader: Readership, *, mine: bool) -> dict[str, Any]:
    return {**reader.parameters(), "agency": reader.officer.agency, "officer": reader.officer.id, "mine": mine}
