"""Who is involved in a case, by role: the role belongs to the case, never to the person."""

from collections.abc import Sequence
from typing import Final

from jpa.graph import entities
from jpa.graph.cypher import Query, query
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import CaseRole
from jpa.model.entity import Glance

READ_ROLES: Final[Query] = query("""
MATCH (r:Record)-[i:INVOLVED_IN]->(c:Case {id: $case})
WHERE c.id IN $compartments AND readable(r) AND readable(i)
RETURN DISTINCT r.id AS record, i.role AS role ORDER BY record, role LIMIT $limit
""")

COUNT_ROLES: Final[Query] = query("""
MATCH (r:Record)-[i:INVOLVED_IN]->(c:Case {id: $case})
WHERE c.id IN $compartments AND readable(r) AND readable(i)
RETURN count(DISTINCT [r.id, i.role]) AS n
""")


def involved_tx(tx: Tx, reader: Readership, case: str, *, limit: int) -> dict[str, list[Glance]]:
    """Read who is involved in a readable case, by role in the order of the roles; one person once in each."""
    found = [(row["role"], row["record"]) for row in tx.run(READ_ROLES, case=case, limit=limit, **reader.parameters())]
    glances = entities.glances_tx(tx, reader, sorted({record for _, record in found}))
    people: dict[str, dict[str, Glance]] = {role.value: {} for role in CaseRole}
    for role, record in found:
        if record in glances:
            people.setdefault(role, {})[glances[record].id] = glances[record]
    return {role: list(those.values()) for role, those in people.items() if len(those) > 0}


def migrants_tx(tx: Tx, reader: Readership, records: Sequence[str]) -> dict[str, str]:
    """Map those of these persons who are a smuggled migrant in a case that the reader may know of to that case's number."""
    members = entities.members_tx(tx, reader, list(dict.fromkeys(records)))
    everybody = sorted({i for those in members.values() for i in those})
    roles = entities.involvements_tx(tx, reader, everybody) if len(everybody) > 0 else ()
    case = {i.record: i.case_number for i in roles if i.role == CaseRole.SMUGGLED_MIGRANT}
    return {
        r: next(case[i] for i in those if i in case)
        for r, those in members.items()
        if not case.keys().isdisjoint(those)
    }


def count_involved_tx(tx: Tx, reader: Readership, case: str) -> int:
    """Count the records with a role in a readable case."""
    return int(tx.run(COUNT_ROLES, case=case, **reader.parameters()).single(strict=True)["n"])
