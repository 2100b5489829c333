"""Grants in the graph; `jpa.graph.agencies.READERSHIP` reads those in force in the transaction of each read.

What a grant of chosen things opens, and what it may open, is `jpa.graph.granted`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.grant import Grant

SAVE: Final[Query] = upkeep("""
MATCH (c:Case {id: $case})
MERGE (g:Grant {id: $properties.id}) ON CREATE SET g = $properties
MERGE (g)-[:OPENS]->(c)
""")

REVOKE: Final[Query] = upkeep("""
MATCH (g:Grant {id: $id}) WHERE g.revoked IS NULL SET g.revoked = $at, g.revoked_by = $by, g.reason = $reason RETURN g.id AS id
""")

# The owner's side: those who may know of the case.
GIVEN: Final[Query] = query("""
MATCH (g:Grant) WHERE g.owner = $agency AND ($id = '' OR g.id = $id) AND ($case = '' OR coalesce(g.case, g.compartment) = $case)
  AND coalesce(g.case, g.compartment) IN $compartments
RETURN properties(g) AS grant ORDER BY g.id
""")

# The other side: whom it names, whole agency or officer, revoked and past ones too; `$desk` also sees what is granted to colleagues.
RECEIVED: Final[Query] = upkeep("""
MATCH (g:Grant) WHERE ($id = '' OR g.id = $id) AND g.owner <> $agency
  AND (g.agency = $agency OR (coalesce(g.partner, $agency) = $agency AND $officer IN g.officers) OR ($desk AND g.partner = $agency))
RETURN properties(g) AS grant ORDER BY g.id
""")

# Of two who grant a case and add to it at once, the second sees what the first did.
LOCK: Final[Query] = upkeep("MATCH (c:Case {id: $case}) SET c.touched = true REMOVE c.touched")

ON_CASE: Final[Query] = upkeep("""
MATCH (g:Grant {compartment: $case}) WHERE g.revoked IS NULL AND $at < g.end RETURN properties(g) AS grant ORDER BY g.id
""")

FOLLOWING: Final[Query] = upkeep("""
MATCH (g:Grant) WHERE g.id IN $ids AND g.follows AND g.revoked IS NULL AND $at < g.end RETURN properties(g) AS grant ORDER BY g.id
""")

COUNTING: Final[Query] = upkeep("""
MATCH (g:Grant) WHERE $officer IN g.officers AND g.counting AND g.start <= $at AND $at < g.end AND g.revoked IS NULL
  AND (g.agreement IS NULL OR EXISTS { MATCH (a:Agreement {id: g.agreement})
       WHERE a.start <= left($at, 10) AND left($at, 10) <= a.end AND (a.ended IS NULL OR a.ended > $at) })
RETURN DISTINCT g.compartment AS compartment
""")


def save_tx(tx: Tx, grant: Grant) -> None:
    """Store a grant; it is in force from its start."""
    tx.run(SAVE, case=grant.case or grant.compartment, properties=_properties(grant))


def revoke_tx(tx: Tx, grant: str, *, by: str, at: datetime, reason: str) -> bool:
    """End a grant now; False when it was revoked already."""
    return tx.run(REVOKE, id=grant, by=by, at=stamp(at), reason=reason).single() is not None


def grant_tx(tx: Tx, reader: Readership, grant: str) -> Grant | None:
    """Read one grant that the own agency made; None when its case is not readable."""
    row = tx.run(GIVEN, id=grant, case="", agency=reader.officer.agency, **reader.parameters()).single()
    return None if row is None else _grant_of(row["grant"])


def grants_tx(tx: Tx, reader: Readership, case: str = "") -> list[Grant]:
    """List what the own agency granted of a readable case, or of all of them, ended and revoked ones too, oldest first."""
    found = tx.run(GIVEN, id="", case=case, agency=reader.officer.agency, **reader.parameters())
    return [_grant_of(row["grant"]) for row in found]


def received_tx(tx: Tx, reader: Readership, *, desk: bool, grant: str = "") -> list[Grant]:
    """List what was granted to the officer or the own agency, oldest first; to a desk, also what names colleagues."""
    found = tx.run(RECEIVED, id=grant, agency=reader.officer.agency, officer=reader.officer.id, desk=desk)
    return [_grant_of(row["grant"]) for row in found]


def lock_tx(tx: Tx, case: str) -> None:
    """Let one transaction at a time grant a case or add to it, until it ends."""
    tx.run(LOCK, case=case).consume()


def on_case_tx(tx: Tx, case: str, at: datetime) -> list[Grant]:
    """List the grants of a whole case that are not over, whoever made them and whoever asks."""
    return [_grant_of(row["grant"]) for row in tx.run(ON_CASE, case=case, at=stamp(at))]


def following_tx(tx: Tx, ids: Collection[str], at: datetime) -> list[Grant]:
    """Return those of the compartments that are grants which corrections follow, and are not over."""
    return [_grant_of(row["grant"]) for row in tx.run(FOLLOWING, ids=list(ids), at=stamp(at))]


def counting_tx(tx: Tx, officer: str, at: datetime) -> set[str]:
    """Return the compartments whose outcomes an officer of another agency may count at this moment."""
    return {row["compartment"] for row in tx.run(COUNTING, officer=officer, at=stamp(at))}


def _properties(grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.id,
        "compartment": grant.compartment,
        "owner": grant.owner,
        "agency": "" if len(grant.officers) > 0 else grant.partner,
        "officers": list(grant.officers),
        "start": stamp(grant.start),
        "end": stamp(grant.end),
        "purpose": grant.purpose,
        "by": grant.by,
        "counting": grant.counting,
        "case": grant.case or grant.compartment,
        "partner": grant.partner or None,
        "agreement": grant.agreement or None,
        "why": grant.why,
        "follows": grant.follows,
        "reports": grant.reports,
        "records": grant.records,
        "links": grant.links,
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
        case=node.get("case", node["compartment"]),
        partner=node.get("partner", ""),
        agreement=node.get("agreement", ""),
        why=node.get("why", ""),
        follows=node.get("follows", False),
        reports=node.get("reports", 0),
        records=node.get("records", 0),
        links=node.get("links", 0),
        revoked=None if revoked is None else moment(revoked),
        revoked_by=node.get("revoked_by", ""),
        reason=node.get("reason", ""),
    )
