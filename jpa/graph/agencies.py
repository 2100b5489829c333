"""States' agencies, their officers, and what one officer may read right now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.rows import stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import Agency
from jpa.model.officer import Officer
from jpa.model.post import CLERK

SAVE_AGENCY: Final[Query] = upkeep("""
MERGE (a:Agency {id: $id}) SET a.name = $name, a.state = $state, a.desk = $desk
""")

SAVE_OFFICER: Final[Query] = upkeep("""
MERGE (o:Officer {id: $id}) SET o.name = $name, o.agency = $agency, o.roles = $roles, o.active = $active
""")

CREATE_AGENCY: Final[Query] = upkeep("""
CREATE (a:Agency {id: $id}) SET a.name = $name, a.state = $state, a.desk = $desk
""")

CLERK_READERSHIP: Final[Query] = upkeep("MATCH (c:Case {agency: $agency}) RETURN collect(c.id) AS cases")

READ_PLACES: Final[Query] = upkeep("""
MATCH (o:Officer) WHERE $officer IS NULL OR o.id = $officer
RETURN o.id AS id, o.name AS name, o.agency AS agency, coalesce(o.roles, []) AS roles, coalesce(o.active, false) AS active
""")

LIST_AGENCIES: Final[Query] = upkeep("""
MATCH (a:Agency) RETURN a.id AS id, a.name AS name, a.state AS state, coalesce(a.desk, '') AS desk ORDER BY a.state, a.name
""")

LIST_OFFICERS: Final[Query] = upkeep("""
MATCH (o:Officer) WHERE o.agency = $agency AND o.active RETURN o.id AS id, o.name AS name ORDER BY o.name
""")

# The one place that turns an officer into compartments: own agency's cases that the officer is on or that are open
# inside the agency, what the agency keeps without a case, plus grants in force at this moment under agreements in force. It runs in the transaction of the read that it serves.
READERSHIP: Final[Query] = upkeep("""
CALL { MATCH (o:Officer {id: $officer, active: true})-[:ON_TEAM]->(c:Case {agency: $agency}) RETURN collect(c.id) AS team }
CALL { MATCH (c:Case {agency: $agency, open_in_agency: true}) WHERE EXISTS { (:Officer {id: $officer, active: true}) }
       RETURN collect(c.id) AS open }
CALL { MATCH (g:Grant) WHERE (g.agency = $agency OR $officer IN g.officers) AND coalesce(g.partner, $agency) = $agency
       AND g.start <= $at AND $at < g.end AND g.revoked IS NULL
       AND (g.agreement IS NULL OR EXISTS { MATCH (a:Agreement {id: g.agreement})
            WHERE a.start <= left($at, 10) AND left($at, 10) <= a.end AND (a.ended IS NULL OR a.ended > $at) })
       AND EXISTS { (:Officer {id: $officer, active: true}) } RETURN collect(g.compartment) AS granted }
CALL { MATCH (j:Jpa) WHERE $state IN j.states RETURN collect(j.id) AS jpas }
CALL { OPTIONAL MATCH (o:Officer {id: $officer, agency: $agency, active: true})
       RETURN CASE WHEN o IS NULL THEN [] ELSE ['agency:' + $agency] END AS own }
RETURN team, open, granted, jpas, own
""")


@dataclass(frozen=True, slots=True)
class Place:
    """What the graph knows of an officer: must say the same as the log-in in the operations store."""

    name: str
    agency: str
    roles: tuple[str, ...]
    active: bool


def place_of(officer: Officer, *, active: bool) -> Place:
    """Return the place that an officer should have in the graph."""
    return Place(officer.name, officer.agency, tuple(sorted(r.value for r in officer.roles)), active)


def readership_tx(tx: Tx, officer: Officer, at: datetime) -> Readership:
    """Say what `officer` may read at the moment `at`; computed for every transaction, never kept.

    The clerk, who takes in what comes by post and shows it to nobody, reaches every case of the agency: a receipt finds its package whoever
    drafted it.
    """
    if officer.id == CLERK:
        cases = tx.run(CLERK_READERSHIP, agency=officer.agency).single(strict=True)["cases"]
        return Readership(officer, frozenset({*cases, f"agency:{officer.agency}"}))
    row = tx.run(READERSHIP, officer=officer.id, agency=officer.agency, state=officer.state, at=stamp(at)).single()
    if row is None:
        return Readership(officer, frozenset())
    return Readership(
        officer,
        compartments=frozenset(row["team"] + row["open"] + row["granted"] + row["own"]),
        team=frozenset(row["team"]),
        jpas=frozenset(row["jpas"]),
    )


def save_agency_tx(tx: Tx, agency: Agency) -> None:
    """Create or rename an agency."""
    tx.run(SAVE_AGENCY, id=agency.id, name=agency.name, state=agency.state, desk=agency.desk)


def create_agency_tx(tx: Tx, agency: Agency) -> None:
    """Create an agency; ConflictError when there is one of that id."""
    tx.run(CREATE_AGENCY, id=agency.id, name=agency.name, state=agency.state, desk=agency.desk)


def save_officer_tx(tx: Tx, officer: Officer, *, active: bool) -> None:
    """Create, rename or deactivate an officer; an inactive one reads nothing."""
    place = place_of(officer, active=active)
    tx.run(SAVE_OFFICER, id=officer.id, name=place.name, agency=place.agency, roles=list(place.roles), active=active)


def places_tx(tx: Tx, officer: str | None = None) -> dict[str, Place]:
    """Read the places of all officers, or of one, by officer id."""
    found = tx.run(READ_PLACES, officer=officer)
    return {r["id"]: Place(r["name"], r["agency"], tuple(r["roles"]), r["active"]) for r in found}


def agencies_tx(tx: Tx) -> list[Agency]:
    """List the agencies by state and name."""
    return [Agency(**row.data()) for row in tx.run(LIST_AGENCIES)]


def agency_tx(tx: Tx, agency: str) -> Agency | None:
    """Read one agency; None when there is none of that id."""
    return next((a for a in agencies_tx(tx) if a.id == agency), None)


def officers_tx(tx: Tx, agency: str) -> list[tuple[str, str]]:
    """List id and name of an agency's active officers."""
    return [(row["id"], row["name"]) for row in tx.run(LIST_OFFICERS, agency=agency)]
