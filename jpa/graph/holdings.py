"""What an agency answers blind questions from: its own records in its own cases, without whoever was smuggled.

The whole agency reads here, through the same guard as an officer; nothing that it holds of others, and nothing that it may not read.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.entities import type_of
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import Agency, CaseRole
from jpa.model.marking import Marking
from jpa.model.officer import Officer
from jpa.model.record import Record

PAGE: Final = 10_000

WHOLE_AGENCY: Final[Query] = upkeep("""
CALL { MATCH (c:Case {agency: $agency}) RETURN collect(c.id) AS cases }
CALL { MATCH (j:Jpa) WHERE $state IN j.states RETURN collect(j.id) AS jpas }
RETURN cases, jpas
""")

HELD: Final[Query] = query("""
MATCH (p:Report)-[:STATES]->(r:Record)
WHERE r.id > $after AND r.agency = $agency AND p.agency = $agency AND any(t IN $types WHERE t IN labels(r))
      AND readable(r) AND readable(p) AND in_force(r)
MATCH (p)-[:FILED_IN]->(:Case {agency: $agency})
WITH r, p ORDER BY r.id LIMIT $limit
RETURN collect([labels(r), properties(r), p {.case, .tlp, .release, .release_names, .handling, .pap}]) AS page
""")

# Whoever is a smuggled migrant in any case of any agency answers nowhere, and neither does what identifies them: asked over all agencies,
# because who asks must not find a migrant through an agency that does not know of the role.
MIGRANTS: Final[Query] = upkeep("MATCH (r:Record)-[:INVOLVED_IN {role: $role}]->(:Case) RETURN DISTINCT r.id AS id")
JOINED: Final[Query] = upkeep("""
MATCH (r:Record)-[:SAME|SUPERSEDES]-(o:Record) WHERE r.id IN $ids RETURN DISTINCT o.id AS id
""")
THEIRS: Final[Query] = upkeep("""
MATCH (m:Record)-[links(l)]-(k:Record) WHERE m.id IN $ids AND k.key IS NOT NULL
WITH DISTINCT k.key AS key, 'IdentityDocument' IN labels(k) AS document
WHERE document OR NOT EXISTS {
  MATCH (t:Record {key: key})-[links(o)]-(x:Record)
  WHERE NOT x.id IN $ids AND ('Person' IN labels(x) OR 'Organization' IN labels(x))
}
RETURN collect(DISTINCT key) AS keys
""")
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Held:
    """One record that an agency could answer with, and how far its report may go."""

    record: Record
    state: str
    """Of the agency."""
    case: str
    marking: Marking


@dataclass(frozen=True, slots=True)
class Guarded:
    """Who and what is never answered with."""

    records: frozenset[str]
    keys: frozenset[str]
    """Identity keys of things that only migrants are tied to; documents of migrants in any case."""


def whole_agency_tx(tx: Tx, agency: Agency) -> Readership:
    """Return what an agency as a whole may read of its own: every case of its own, and nothing granted by others."""
    row = tx.run(WHOLE_AGENCY, agency=agency.id, state=agency.state).single(strict=True)
    nobody = Officer("", "", agency.name, agency.id, agency.state, frozenset())
    compartments = frozenset((*row["cases"], f"agency:{agency.id}"))
    return Readership(nobody, compartments, team=frozenset(row["cases"]), jpas=frozenset(row["jpas"]))


def guarded_tx(tx: Tx) -> Guarded:
    """Find every smuggled migrant of the installation and what identifies nobody else."""
    found = {row["id"] for row in tx.run(MIGRANTS, role=CaseRole.SMUGGLED_MIGRANT.value)}
    frontier = sorted(found)
    while len(frontier) > 0:
        near = {row["id"] for part in _parts(frontier) for row in tx.run(JOINED, ids=part)}
        frontier = sorted(near - found)
        found |= near
    row = tx.run(THEIRS, ids=sorted(found)).single(strict=True)
    return Guarded(frozenset(found), frozenset(row["keys"]))


def held_tx(tx: Tx, agency: Agency, types: Collection[str], guarded: Guarded) -> list[Held]:
    """Read what an agency holds of its own of these types, oldest first, without whom and what is guarded."""
    reader = whole_agency_tx(tx, agency)
    found: list[Held] = []
    after = ""
    while True:
        parameters = {"agency": agency.id, "types": sorted(types), "after": after, "limit": PAGE, **reader.parameters()}
        page = tx.run(HELD, parameters).single(strict=True)["page"]
        for labels, node, report in page:
            after = node["id"]
            if node["id"] in guarded.records or node.get("key") in guarded.keys:
                continue
            marked = {name: value for name, value in report.items() if value is not None}
            record = rows.record_of(type_of(labels), node)
            found.append(Held(record, agency.state, report["case"], rows.report_marking(marked)))
        if len(page) < PAGE:
            return found


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
