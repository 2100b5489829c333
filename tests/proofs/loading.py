"""Bringing a world into the real store, and taking out of it what one reader may not read."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from jpa.graph import agencies, cases, claims, outcomes, teams, writes
from jpa.graph.copying import LINKS, NODES, create_links_tx, create_nodes_tx
from jpa.graph.cypher import Query, upkeep
from jpa.graph.rows import Reach, stamp
from jpa.graph.session import Tx
from jpa.graph.writes import Batch, NewRecord, Role
from jpa.model.case import ActionState, CaseAction, Decision
from jpa.model.officer import Officer
from jpa.model.outcome import Claim, Outcome
from jpa.model.record import Link, Record, Report
from jpa.services.statements import search_words
from jpa.services.stores import Stores
from tests.proofs.desk_loading import hide_desks_tx, load_desks_tx
from tests.proofs.reaching import may_see_evidence
from tests.proofs.worlds import AGENCIES, AGREED, BROKEN, JPA, LAPSED, NOW, OFFICERS, Marked, World

CLEAR: Query = upkeep("MATCH (n) WHERE NOT n:Migration AND NOT n:MigrationLock DETACH DELETE n")
GRANTS: Query = upkeep("UNWIND $rows AS row CREATE (g:Grant) SET g = row")
AGREEMENTS: Query = upkeep("UNWIND $rows AS row CREATE (a:Agreement) SET a = row")
Content = tuple[list[dict[str, Any]], list[dict[str, Any]]]
"""Nodes and links of a store."""
_AGREEMENTS = (
    (AGREED, "2026-12-31", None),
    (LAPSED, "2026-11-23", None),
    (BROKEN, "2026-12-31", NOW - timedelta(days=1)),
)
HIDE_NODES: Query = upkeep("MATCH (n:Report|Record) WHERE n.id IN $hidden DETACH DELETE n")
HIDE_LINKS: Query = upkeep("MATCH (:Record)-[l]->() WHERE l.id IN $hidden DELETE l")
# The columns that figures are counted from are read anew.
HIDE_OUTCOMES: Query = upkeep("""
MATCH (s:Serial) SET s.born = randomUUID() WITH s MATCH (o:Outcome) WHERE o.id IN $hidden DETACH DELETE o
""")
HIDE_CLAIMS: Query = upkeep("MATCH (k:Claim) WHERE k.id IN $hidden DETACH DELETE k")
HIDE_CASES: Query = upkeep("""
MATCH (c:Case) OPTIONAL MATCH (c)-[:HAS]->(e) WHERE c.agency <> $agency OR NOT c.id IN $compartments
DETACH DELETE e
WITH DISTINCT c WHERE NOT c.id IN $compartments DETACH DELETE c
""")
HIDE_VERDICTS: Query = upkeep("""
MATCH (j:Judgement)
WHERE NOT EXISTS { MATCH (a:Record {id: j.left}) MATCH (b:Record {id: j.right}) } DETACH DELETE j
""")
VERDICTS: Query = upkeep("MATCH (j:Judgement) RETURN j.id AS id, j.by AS by, j.left AS left, j.right AS right")
HIDE_EVIDENCE: Query = upkeep("MATCH (j:Judgement) WHERE j.id IN $hidden SET j.evidence = '[]'")
# Ids of verdicts are random; the same world loaded twice must be the same to the letter.
NAME_VERDICTS: Query = upkeep("""
MATCH (j:Judgement) WITH j ORDER BY j.at WITH collect(j) AS found
UNWIND range(0, size(found) - 1) AS place
WITH found[place] AS j, found[place].id AS old, left(found[place].id, 12) + right('00000000000000000000' + toString(place), 20) AS new
SET j.id = new
WITH old, new
CALL (old, new) { MATCH (n:Judgement {supersedes: old}) SET n.supersedes = new }
CALL (old, new) { MATCH ()-[s:SAME {judgement: old}]->() SET s.judgement = new }
""")
HIDE_RUNS: Query = upkeep("""
MATCH (r:Run) WHERE r.by IN $wider
OPTIONAL MATCH (c:Candidate)-[:FOUND_BY]->(r) OPTIONAL MATCH (d:CandidateDecision)-[:ABOUT]->(c)
DETACH DELETE d, c, r
""")
HIDE_TABLES: Query = upkeep("MATCH (t:NameTable) WHERE t.by IN $wider DETACH DELETE t")
HIDE_PROPOSALS: Query = upkeep("""
MATCH (p:Proposal)
WHERE NOT EXISTS { MATCH (:Run {id: p.run}) } OR NOT EXISTS { MATCH (:Record {id: p.left}) MATCH (:Record {id: p.right}) }
DETACH DELETE p
""")


def load_world(stores: Stores, world: World) -> None:
    """Put a world into the emptied store."""
    stores.graph.upkeep(lambda tx: _load_tx(tx, world))


def take(stores: Stores) -> Content:
    """Read the whole store, to be put back as it was."""
    return stores.graph.upkeep(lambda tx: ([r.data() for r in tx.run(NODES)], [r.data() for r in tx.run(LINKS)]))


def put_back(stores: Stores, content: Content) -> None:
    """Make the store what it was."""

    def put(tx: Tx) -> None:
        nodes, links = content
        tx.run(CLEAR).consume()
        create_links_tx(tx, links, create_nodes_tx(tx, nodes))

    stores.graph.upkeep(put)


def name_verdicts(stores: Stores) -> None:
    """Give the verdicts ids that the world's seed alone decides."""
    stores.graph.upkeep(lambda tx: tx.run(NAME_VERDICTS).consume())


def hide_from(stores: Stores, world: World, reader: Officer) -> None:
    """Delete whatever `reader` may not read, by the rule in Python: what is left is the filtered graph."""
    readable = world.readable_by(reader)
    hidden = [m.id for m in world.marked() if m.id not in readable]
    # What another officer worked out from more than the reader may read is hidden with it.
    wider = [o.id for o in OFFICERS if not world.reached_by(o) <= readable]

    def hide(tx: Tx) -> None:
        compartments = sorted(world.compartments_of(reader))
        closed = [v["id"] for v in tx.run(VERDICTS) if not _may_see(world, reader, v.data())]
        tx.run(HIDE_LINKS, hidden=hidden).consume()
        tx.run(HIDE_NODES, hidden=hidden).consume()
        tx.run(HIDE_OUTCOMES, hidden=hidden).consume()
        tx.run(HIDE_CLAIMS, hidden=hidden).consume()
        hide_desks_tx(tx, world, readable, hidden)
        tx.run(HIDE_CASES, compartments=compartments, agency=reader.agency).consume()
        tx.run(HIDE_VERDICTS).consume()
        tx.run(HIDE_EVIDENCE, hidden=closed).consume()
        tx.run(HIDE_RUNS, wider=wider).consume()
        tx.run(HIDE_TABLES, wider=wider).consume()
        tx.run(HIDE_PROPOSALS).consume()

    stores.graph.upkeep(hide)


def _may_see(world: World, reader: Officer, verdict: dict[str, str]) -> bool:
    judge = next(o for o in OFFICERS if o.id == verdict["by"])
    return may_see_evidence(world, judge, reader, (verdict["left"], verdict["right"]))


def _load_tx(tx: Tx, world: World) -> None:
    tx.run(CLEAR).consume()
    for agency in AGENCIES:
        agencies.save_agency_tx(tx, agency)
    for officer in OFFICERS:
        agencies.save_officer_tx(tx, officer, active=True)
    cases.save_jpa_tx(tx, JPA)
    for case in world.cases:
        staff = [(o, role) for c, o, role in world.teams if c == case.id]
        cases.create_tx(tx, case)
        for officer_id, role in staff:
            teams.join_tx(tx, case.id, officer_id, role)
        done = CaseAction(f"{case.id[:31]}a", case.id, "Ask", ActionState.FOR_ALLOCATION, "", "", staff[0][0], NOW)
        cases.add_action_tx(tx, done)
        cases.add_decision_tx(tx, Decision(f"{case.id[:31]}d", case.id, "Go on", "why", "", staff[0][0], NOW))
    tx.run(AGREEMENTS, rows=[_agreement_row(*one) for one in _AGREEMENTS]).consume()
    tx.run(GRANTS, rows=[_grant_row(world, i) for i in range(len(world.grants))]).consume()
    by_reach: dict[Reach, list[Marked]] = defaultdict(list)
    for kind in (world.reports, world.records, world.links, world.roles):
        by_reach.clear()
        for marked in kind:
            by_reach[Reach(marked.compartments, marked.audience)].append(marked)
        for reach, group in by_reach.items():
            writes.insert_tx(tx, _batch(reach, group))
    told = [(m.thing, Reach(m.compartments, m.audience)) for m in world.outcomes if isinstance(m.thing, Outcome)]
    outcomes.add_tx(tx, told)
    for marked in world.claims:
        if isinstance(marked.thing, Claim):
            claims.add_tx(tx, marked.thing, Reach(marked.compartments, marked.audience))
            claims.sign_tx(tx, marked.id, by="budi", at=NOW)
    load_desks_tx(tx, world)


def _batch(reach: Reach, group: list[Marked]) -> Batch:
    things = [m.thing for m in group]
    return Batch(
        reach,
        reports=[(t, "hash") for t in things if isinstance(t, Report)],
        records=[NewRecord(t, search_words(t)) for t in things if isinstance(t, Record)],
        links=[t for t in things if isinstance(t, Link)],
        roles=[Role(*t) for t in things if isinstance(t, tuple)],
    )


def _agreement_row(agreement: str, end: str, ended: datetime | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": agreement, "title": "proof", "basis": "proof", "parties": [], "purposes": [], "ways": [], "start": "2026-01-01",
        "end": end, "warning_days": 0, "ended": None if ended is None else stamp(ended),
    }  # fmt: skip
    return row | {f"ceiling_{part}": [] for part in ("agencies", "tlps", "paps", "releases", "conditions")}


def _grant_row(world: World, index: int) -> dict[str, Any]:
    grant = world.grants[index]
    return {
        "id": grant.id,
        "compartment": grant.compartment,
        "agency": grant.agency,
        "officers": list(grant.officers),
        "start": stamp(grant.start),
        "end": stamp(grant.end),
        "owner": "owner",
        "purpose": "proof",
        "by": "owner",
        "revoked": stamp(NOW) if grant.revoked else None,
        "case": grant.case,
        "partner": grant.partner or None,
        "agreement": grant.agreement or None,
    }
