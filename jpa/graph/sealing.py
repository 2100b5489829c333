"""Victims in the graph: a pseudonym and coarse codes; and the removal of all that named one.

The one exception to immutability (design section 4): a sealed person's records leave the graph whole.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.entities import component_tx
from jpa.graph.rows import stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership

ADD_VICTIM: Final[Query] = upkeep("""
MATCH (p:Report {id: $report})
MERGE (v:Victim {id: $id}) ON CREATE SET v = $properties
MERGE (p)-[:CONCERNS]->(v)
""")

READ_VICTIMS: Final[Query] = query("""
MATCH (v:Victim {case: $case}) WHERE readable(v) AND v.case IN $compartments
RETURN properties(v) AS victim ORDER BY v.pseudonym
""")

READ_VICTIM: Final[Query] = query("""
MATCH (v:Victim {id: $id}) WHERE readable(v) AND v.case IN $compartments RETURN properties(v) AS victim
""")

READ_SEALED: Final[Query] = upkeep("""
MATCH (r:Record) WHERE r.id IN $ids
OPTIONAL MATCH (r)-[l]-(o)
RETURN properties(r) AS record, collect({type: type(l), properties: properties(l), other: o.id}) AS ties
""")

# Things that identify whoever holds them. One that somebody else is tied to as well is evidence about them and stays.
IDENTIFYING: Final[Query] = query("""
MATCH (r:Record)-[links(l)]-(o:Record)
WHERE r.id IN $ids AND readable(r) AND readable(l) AND readable(o) AND NOT o.id IN $ids AND any(t IN $types WHERE t IN labels(o))
RETURN DISTINCT o.id AS id ORDER BY id
""")

OTHERS_TIED: Final[Query] = query("""
MATCH (r:Record)-[links(l)]-(o:Record)
WHERE r.id IN $things AND readable(r) AND readable(l) AND readable(o) AND NOT o.id IN $ids AND NOT o.id IN $things
RETURN count(l) AS n
""")

REMOVE: Final[Query] = upkeep("""
MATCH (r:Record) WHERE r.id IN $ids
OPTIONAL MATCH (x:Proposal|Judgement)-[:ABOUT]->(r)
DETACH DELETE x, r
""")


def add_victim_tx(
    tx: Tx,
    victim: str,
    pseudonym: str,
    case: str,
    report: str,
    coded: Mapping[str, Sequence[str]],
    audience: Sequence[str],
    at: datetime,
) -> None:
    """Write a victim's pseudonym and codes into a case."""
    properties: dict[str, Any] = {name: list(values) for name, values in coded.items()}
    properties |= {
        "id": victim,
        "pseudonym": pseudonym,
        "case": case,
        "report": report,
        "entered": stamp(at),
        "compartments": [case],
        "audience": list(audience),
    }
    tx.run(ADD_VICTIM, id=victim, report=report, properties=properties)


def victims_tx(tx: Tx, reader: Readership, case: str) -> list[dict[str, Any]]:
    """List the victims of a readable case by pseudonym, with their codes."""
    return [row["victim"] for row in tx.run(READ_VICTIMS, case=case, **reader.parameters())]


def victim_tx(tx: Tx, reader: Readership, victim: str) -> dict[str, Any] | None:
    """Read one victim's pseudonym and codes; None when there is none that this reader may know of."""
    row = tx.run(READ_VICTIM, id=victim, **reader.parameters()).single()
    return None if row is None else dict(row["victim"])


def read_sealed_tx(tx: Tx, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Read what is about to leave the graph, for the vault."""
    return [row.data() for row in tx.run(READ_SEALED, ids=list(ids))]


def identifying_tx(tx: Tx, reader: Readership, ids: Sequence[str], types: Sequence[str]) -> list[str]:
    """Return the records of things of these types that these records, and nobody else, are tied to."""
    near = [row["id"] for row in tx.run(IDENTIFYING, ids=list(ids), types=list(types), **reader.parameters())]
    alone: set[str] = set()
    for thing in near:
        same = component_tx(tx, reader, thing)
        others = tx.run(OTHERS_TIED, ids=list(ids), things=same, **reader.parameters()).single()
        if others is not None and others["n"] == 0:
            alone.update(same)
    return sorted(alone)


def remove_tx(tx: Tx, ids: Sequence[str]) -> None:
    """Take records out of the graph with their ties, verdicts, proposals and places in candidates."""
    tx.run(REMOVE, ids=list(ids))
