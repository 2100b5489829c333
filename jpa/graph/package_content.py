"""What the decision about a package needs to know of a case beyond what an export reads: roles, protected persons, reports that speak of them."""

from collections.abc import Collection
from typing import Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.entities import component_tx
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import CaseRole

ROLES: Final[Query] = query("""
MATCH (r:Record)-[i:INVOLVED_IN]->(c:Case {id: $case})
WHERE c.id IN $compartments AND readable(r) AND readable(i) AND in_force(i)
RETURN r.id AS record, collect(DISTINCT [i.role, i.report]) AS roles
""")

# Whoever is a smuggled migrant in the case, or anywhere the officer reads; corrected records of theirs count as well.
MIGRANTS: Final[Query] = query("""
MATCH (r:Record)-[i:INVOLVED_IN {role: $role}]->(c:Case)
WHERE c.id IN $compartments AND readable(r) AND readable(i)
RETURN DISTINCT r.id AS id
""")

# Of those, whoever has the role as it is stated now.
MIGRANTS_NOW: Final[Query] = query("""
MATCH (r:Record)-[i:INVOLVED_IN {role: $role}]->(c:Case)
WHERE c.id IN $compartments AND readable(r) AND readable(i) AND in_force(i)
RETURN DISTINCT r.id AS id
""")

CORRECTIONS: Final[Query] = query("""
MATCH (n:Record)-[:SUPERSEDES]->(o:Record) WHERE o.id IN $ids AND readable(n) AND readable(o) RETURN DISTINCT n.id AS id
""")

# Whether or not the officer may know of the victim: the only effect is that the report's text and files stay.
OF_VICTIMS: Final[Query] = upkeep("MATCH (p:Report {case: $case})-[:CONCERNS]->(:Victim) RETURN DISTINCT p.id AS id")

STATING: Final[Query] = query("""
MATCH (p:Report)-[:STATES]->(r:Record) WHERE r.id IN $ids AND readable(p) AND readable(r) RETURN DISTINCT p.id AS id
""")

HASHES: Final[Query] = query("""
MATCH (r:Record) WHERE r.id IN $ids AND readable(r) AND in_force(r) RETURN r.id AS id, r.content_hash AS hash
""")

REPORT_HASHES: Final[Query] = query("""
MATCH (p:Report) WHERE p.id IN $ids AND readable(p) RETURN p.id AS id, p.content_hash AS hash
""")


def roles_tx(tx: Tx, reader: Readership, case: str) -> dict[str, list[tuple[str, str]]]:
    """Map the records with a role in a readable case to their roles, each with the report that says so."""
    return {
        row["record"]: sorted((role, report) for role, report in row["roles"])
        for row in tx.run(ROLES, case=case, **reader.parameters())
    }


def migrants_tx(tx: Tx, reader: Readership, *, in_force: bool = False) -> set[str]:
    """Return every record of everybody who is, or with `in_force` still is, a smuggled migrant in a case that the officer may know of."""
    parameters = reader.parameters()
    wanted = MIGRANTS_NOW if in_force else MIGRANTS
    found = {row["id"] for row in tx.run(wanted, role=CaseRole.SMUGGLED_MIGRANT.value, **parameters)}
    edge = found
    while len(edge) > 0:
        corrected = {row["id"] for row in tx.run(CORRECTIONS, ids=sorted(edge), **parameters)}
        same = {i for one in edge for i in component_tx(tx, reader, one)}
        edge = (corrected | same) - found
        found |= edge
    return found


def guarded_reports_tx(tx: Tx, reader: Readership, case: str, protected: Collection[str]) -> set[str]:
    """Return the reports of a case that concern a victim, and those that state a protected person."""
    concerning = {row["id"] for row in tx.run(OF_VICTIMS, case=case)}
    return concerning | {row["id"] for row in tx.run(STATING, ids=sorted(protected), **reader.parameters())}


def hashes_tx(tx: Tx, reader: Readership, ids: Collection[str]) -> dict[str, str]:
    """Map those of the records that are in force and may be read to what they say."""
    return {row["id"]: row["hash"] for row in tx.run(HASHES, ids=sorted(ids), **reader.parameters())}


def report_hashes_tx(tx: Tx, reader: Readership, ids: Collection[str]) -> dict[str, str]:
    """Map those of the reports that may be read to what they say."""
    return {row["id"]: row["hash"] for row in tx.run(REPORT_HASHES, ids=sorted(ids), **reader.parameters())}
