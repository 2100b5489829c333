"""Cases that nobody leads any more, and who could: faces of cases and names of officers, never content."""

from typing import Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.rows import moment
from jpa.graph.session import Tx
from jpa.model.case import CaseState, LeaderlessCase
from jpa.model.officer import Role

# No title and no summary: whoever looks after log-ins reads no case (decision 0010), and a title may name somebody.
LEADERLESS: Final[Query] = upkeep("""
MATCH (c:Case) WHERE ($case IS NULL OR c.id = $case)
      AND NOT EXISTS { (o:Officer {active: true})-[:ON_TEAM {role: 'lead'}]->(c) WHERE $role IN coalesce(o.roles, []) }
RETURN c.id AS id, c.number AS number, c.agency AS agency, c.status AS status, c.opened AS opened,
       COLLECT { MATCH (o:Officer)-[:ON_TEAM {role: 'lead'}]->(c) RETURN o.name ORDER BY o.name } AS before,
       COUNT { (:Officer {active: true})-[:ON_TEAM]->(c) } AS active
ORDER BY c.status DESC, c.agency, c.number, c.id
""")

ABLE: Final[Query] = upkeep("""
MATCH (o:Officer {active: true, agency: $agency}) WHERE $role IN coalesce(o.roles, [])
RETURN o.id AS id, o.name AS name ORDER BY name, id
""")


def leaderless_tx(tx: Tx, case: str | None = None) -> list[LeaderlessCase]:
    """List the cases without an active lead, open ones first; of one case alone, an empty list says that it has one or is not there."""
    return [
        LeaderlessCase(
            id=row["id"],
            number=row["number"],
            agency=row["agency"],
            status=CaseState(row["status"]),
            opened=moment(row["opened"]),
            before=tuple(row["before"]),
            active=row["active"],
        )
        for row in tx.run(LEADERLESS, case=case, role=Role.LEAD.value)
    ]


def able_tx(tx: Tx, agency: str) -> list[tuple[str, str]]:
    """List id and name of an agency's active officers who hold the role that leading takes."""
    return [(row["id"], row["name"]) for row in tx.run(ABLE, agency=agency, role=Role.LEAD.value)]
