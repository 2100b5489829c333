"""Runs and candidates: stored with the compartments they saw, opened only by those who can read all of them now."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.candidate import Candidate, CandidateState, Member, Tier

SAVE_RUN: Final[Query] = upkeep("MERGE (r:Run {id: $id}) ON CREATE SET r = $properties")

SAVE_CANDIDATES: Final[Query] = upkeep("""
UNWIND $rows AS row
MATCH (run:Run {id: row.run})
MERGE (c:Candidate {id: row.id}) ON CREATE SET c = row.properties
MERGE (c)-[:FOUND_BY]->(run)
WITH c, row UNWIND row.members AS m
MATCH (r:Record {id: m.record})
MERGE (c)-[k:MEMBER]->(r) ON CREATE SET k.share = m.share, k.tier = m.tier, k.reasons = m.reasons, k.rank = m.rank
""")

# A candidate tells what its run saw: only who can read all of that now may open it. The newest run is the newest that this
# reader may know of: a later one with a wider view does not make an earlier one disappear.
READ: Final[Query] = query("""
MATCH (c:Candidate)-[:FOUND_BY]->(run:Run)
WHERE ($id = '' OR c.id = $id) AND covered(run)
      AND ($id <> '' OR NOT EXISTS {
          MATCH (n:Run {kind: run.kind, scope: run.scope})
          WHERE covered(n) AND (n.at > run.at OR n.at = run.at AND n.id > run.id) })
MATCH (c)-[k:MEMBER]->(r:Record) WHERE readable(r)
WITH c, run, k, r ORDER BY k.rank
WITH c, run, collect({record: r.id, caption: r.caption, share: k.share, tier: k.tier, reasons: k.reasons}) AS members
RETURN properties(c) AS candidate, properties(run) AS run, members
ORDER BY c.score DESC, c.id SKIP $skip LIMIT $limit
""")

COUNT: Final[Query] = query("""
MATCH (c:Candidate)-[:FOUND_BY]->(run:Run)
WHERE covered(run) AND NOT EXISTS {
          MATCH (n:Run {kind: run.kind, scope: run.scope})
          WHERE covered(n) AND (n.at > run.at OR n.at = run.at AND n.id > run.id) }
      AND EXISTS { MATCH (c)-[:MEMBER]->(r:Record) WHERE readable(r) }
RETURN count(DISTINCT c) AS n
""")

DECIDE: Final[Query] = upkeep("""
MATCH (c:Candidate {id: $id})
CREATE (d:CandidateDecision {state: $state, reason: $reason, by: $by, at: $at})-[:ABOUT]->(c)
SET c.state = $state
""")

DECISIONS: Final[Query] = query("""
MATCH (d:CandidateDecision)-[:ABOUT]->(c:Candidate {id: $id})-[:FOUND_BY]->(run:Run)
WHERE covered(run)
RETURN d.state AS state, d.reason AS reason, d.by AS by, d.at AS at ORDER BY d.at DESC
""")

RUNS: Final[Query] = query("""
MATCH (r:Run) WHERE r.kind = $kind AND covered(r)
RETURN properties(r) AS run ORDER BY r.id DESC LIMIT 20
""")


def save_run_tx(tx: Tx, properties: dict[str, Any]) -> None:
    """Store a run with everything its result depends on."""
    tx.run(SAVE_RUN, id=properties["id"], properties=properties)


def save_candidates_tx(tx: Tx, run: str, candidates: Sequence[Candidate]) -> None:
    """Store a run's candidates with their members."""
    # The whole run's id goes into a candidate's: two runs of one moment, by officers with different views, share none.
    ids = {c.id: run[:12] + hashlib.sha256(f"{run}|{c.id}".encode()).hexdigest()[:20] for c in candidates}
    rows = [
        {
            "run": run,
            "id": ids[c.id],
            "properties": {
                "id": ids[c.id],
                "fingerprint": c.id,
                "run": run,
                "score": c.score,
                "stability": c.stability,
                "factors": json.dumps(dict(c.factors)),
                "reasons": list(c.reasons),
                "against": list(c.against),
                "reports": list(c.reports),
                "brokers": list(c.brokers),
                "state": CandidateState.NEW.value,
            },
            "members": [
                {"record": m.record, "share": m.share, "tier": m.tier.value, "reasons": list(m.reasons), "rank": rank}
                for rank, m in enumerate(c.members)
            ],
        }
        for c in candidates
    ]
    if len(rows) > 0:
        tx.run(SAVE_CANDIDATES, rows=rows)


def candidates_tx(
    tx: Tx, reader: Readership, *, candidate: str = "", skip: int = 0, limit: int = 50
) -> list[tuple[Candidate, CandidateState, dict[str, Any], dict[str, str]]]:
    """Read candidates, best first: each with its state, its run and its members' captions."""
    found = tx.run(READ, id=candidate, skip=skip, limit=limit, **reader.parameters())
    return [_read(row.data()) for row in found]


def count_tx(tx: Tx, reader: Readership) -> int:
    """Count the candidates that `candidates_tx` lists to this reader."""
    return int(tx.run(COUNT, **reader.parameters()).single(strict=True)["n"])


def decide_tx(tx: Tx, candidate: str, state: CandidateState, reason: str, by: str, at: str) -> None:
    """Append a decision about a candidate."""
    tx.run(DECIDE, id=candidate, state=state.value, reason=reason, by=by, at=at)


def decisions_tx(tx: Tx, reader: Readership, candidate: str) -> list[dict[str, str]]:
    """Read the decisions about a candidate, newest first."""
    return [row.data() for row in tx.run(DECISIONS, id=candidate, **reader.parameters())]


def runs_tx(tx: Tx, reader: Readership, kind: str) -> list[dict[str, Any]]:
    """Read the runs that the reader may know of, newest first."""
    return [row["run"] for row in tx.run(RUNS, kind=kind, **reader.parameters())]


def _read(row: dict[str, Any]) -> tuple[Candidate, CandidateState, dict[str, Any], dict[str, str]]:
    node = row["candidate"]
    members = tuple(Member(m["record"], m["share"], Tier(m["tier"]), tuple(m["reasons"])) for m in row["members"])
    candidate = Candidate(
        id=node["id"],
        members=members,
        score=node["score"],
        stability=node["stability"],
        factors=json.loads(node["factors"]),
        reasons=tuple(node["reasons"]),
        against=tuple(node["against"]),
        reports=tuple(node["reports"]),
        brokers=tuple(node["brokers"]),
    )
    return candidate, CandidateState(node["state"]), row["run"], {m["record"]: m["caption"] for m in row["members"]}
