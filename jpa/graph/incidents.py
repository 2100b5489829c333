"""Incidents without names: append-only, each in the compartment of the agency that reports it."""

from collections.abc import Sequence
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach, incident_of, incident_properties
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.incident import Incident

ADD: Final[Query] = upkeep("""
UNWIND $rows AS row
MERGE (i:Incident {id: row.id}) ON CREATE SET i = row
WITH i, row
CALL (i, row) { MATCH (old:Incident {id: row.supersedes}) MERGE (i)-[:SUPERSEDES]->(old) }
""")

READ: Final[Query] = query("MATCH (i:Incident {id: $id}) WHERE readable(i) RETURN properties(i) AS incident")

ALL: Final[Query] = query("MATCH (i:Incident) WHERE readable(i) RETURN properties(i) AS incident ORDER BY i.id")

# What a correction in force supersedes does not count, however many corrections that may be read lie between.
IN_FORCE: Final[Query] = query("""
MATCH (i:Incident) WHERE readable(i) AND in_force(i)
      AND NOT EXISTS { MATCH way = (i)<-[:SUPERSEDES*1..]-(n:Incident)
                       WHERE readable(n) AND in_force(n) AND all(m IN nodes(way) WHERE readable(m)) }
RETURN properties(i) AS incident ORDER BY i.id
""")

OF_AGENCY: Final[Query] = query("""
MATCH (i:Incident {agency: $agency}) WHERE readable(i) RETURN properties(i) AS incident ORDER BY i.id
""")

SUPERSEDING: Final[Query] = query("""
MATCH way = (old:Incident)<-[:SUPERSEDES*1..]-(i:Incident)
WHERE old.id IN $ids AND readable(old) AND readable(i) AND all(m IN nodes(way) WHERE readable(m))
RETURN DISTINCT properties(i) AS incident, i.id AS id ORDER BY id
""")

PLACES: Final[Query] = query("""
MATCH (i:Incident {agency: $agency}) WHERE readable(i) AND i.place IS NOT NULL RETURN DISTINCT i.place[0] AS place ORDER BY place
""")


def add_tx(tx: Tx, incidents: Sequence[tuple[Incident, Reach]]) -> None:
    """Append incidents; one whose id is there already stays as it is."""
    if len(incidents) > 0:
        tx.run(ADD, rows=[incident_properties(incident, reach) for incident, reach in incidents]).consume()


def incident_tx(tx: Tx, reader: Readership, incident: str) -> Incident | None:
    """Read one incident; None when there is none that this reader may know of."""
    row = tx.run(READ, id=incident, **reader.parameters()).single()
    return None if row is None else incident_of(row["incident"])


def all_tx(tx: Tx, reader: Readership) -> list[Incident]:
    """List every incident as it was entered, corrected and retracted ones too."""
    return _read(tx, ALL, reader)


def in_force_tx(tx: Tx, reader: Readership) -> list[Incident]:
    """List the incidents that count."""
    return _read(tx, IN_FORCE, reader)


def of_agency_tx(tx: Tx, reader: Readership) -> list[Incident]:
    """List what the reader's own agency entered, corrected and retracted ones too."""
    return _read(tx, OF_AGENCY, reader, agency=reader.officer.agency)


def superseding_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> list[Incident]:
    """Return every correction of these incidents and of their corrections, retracted ones too."""
    return _read(tx, SUPERSEDING, reader, ids=list(ids))


def places_tx(tx: Tx, reader: Readership) -> list[str]:
    """List the places that the own agency has named before, by name."""
    found = tx.run(PLACES, agency=reader.officer.agency, **reader.parameters())
    return [row["place"] for row in found]


def _read(tx: Tx, query: Query, reader: Readership, **parameters: Any) -> list[Incident]:
    return [incident_of(row["incident"]) for row in tx.run(query, **parameters, **reader.parameters())]
