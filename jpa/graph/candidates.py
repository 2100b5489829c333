"""Runs and candidates: stored with the compartments they saw, opened only by those who can read all of them now."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jpa.graph import entities
from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.candidate import Candidate, CandidateState, Member, Tier
from jpa.model.case import CaseRole

FoundCandidate = tuple[Candidate, CandidateState, dict[str, Any], dict[str, str], int]

SAVE_RUN: Final[Query] = upkeep("MERGE (r:Run {id: $id}) ON CREATE SET r = $properties")

SAVE_CANDIDATES: Final[Query] = upkeep("""
UNWIND $rows AS row
MATCH (run:Run {id: row.run})
MERGE (c:Candidate {id: row.id}) ON CREATE SET c = row.properties
MERGE (c)-[:FOUND_BY]->(run)
WITH c, row UNWIND row.members AS m
MATCH (r:Record {id: m.record})
MERGE (c)-[k:MEMBER]->(r) ON CREATE SET k.share = m.share, k.tier = m.tier, k.reasons = m.reasons, k.towards = m.towards,
  k.rank = m.rank
""")

# A candidate tells what its run saw: only who can read all of that now may open it. The newest run is the newest that this
# reader may know of: a later one with a wider view does not make an earlier one disappear. Runs come first, for each of them lists
# hundreds of compartments: it is asked once whether one may be opened, not once for each of its candidates.
LIST: Final[Query] = query("""
MATCH (run:Run {kind: 'detection'}) WHERE covered(run)
WITH run ORDER BY run.at DESC, run.id DESC
WITH run.scope AS scope, collect(run)[0] AS run
MATCH (c:Candidate)-[:FOUND_BY]->(run)
WHERE EXISTS { MATCH (c)-[:MEMBER]->(r:Record) WHERE readable(r) }
WITH c, run ORDER BY c.score DESC, c.id SKIP $skip LIMIT $limit
MATCH (c)-[k:MEMBER]->(r:Record) WHERE readable(r)
WITH c, run, k, r ORDER BY k.rank
WITH c, run, collect({record: r.id, share: k.share, tier: k.tier, reasons: k.reasons, towards: k.towards}) AS members
RETURN properties(c) AS candidate, properties(run) AS run, members
ORDER BY c.score DESC, c.id
""")

READ: Final[Query] = query("""
MATCH (c:Candidate {id: $id})-[:FOUND_BY]->(run:Run) WHERE covered(run)
MATCH (c)-[k:MEMBER]->(r:Record) WHERE readable(r)
WITH c, run, k, r ORDER BY k.rank
WITH c, run, collect({record: r.id, share: k.share, tier: k.tier, reasons: k.reasons, towards: k.towards}) AS members
RETURN properties(c) AS candidate, properties(run) AS run, members
""")

COUNT: Final[Query] = query("""
MATCH (run:Run {kind: 'detection'}) WHERE covered(run)
WITH run ORDER BY run.at DESC, run.id DESC
WITH run.scope AS scope, collect(run)[0] AS run
MATCH (c:Candidate)-[:FOUND_BY]->(run)
WHERE EXISTS { MATCH (c)-[:MEMBER]->(r:Record) WHERE readable(r) }
RETURN count(c) AS n
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

NEWEST_RUN: Final[Query] = query("""
MATCH (r:Run {kind: $kind}) WHERE covered(r) RETURN properties(r) AS run ORDER BY r.id DESC LIMIT 1
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
                "size": len(c.members),
                "state": CandidateState.NEW.value,
            },
            "members": [
                {
                    "record": m.record,
                    "share": m.share,
                    "tier": m.tier.value,
                    "reasons": list(m.reasons),
                    "towards": list(m.towards),
                    "rank": rank,
                }
                for rank, m in enumerate(c.members)
            ],
        }
        for c in candidates
    ]
    if len(rows) > 0:
        tx.run(SAVE_CANDIDATES, rows=rows)


def candidates_tx(tx: Tx, reader: Readership, *, skip: int = 0, limit: int = 50) -> list[FoundCandidate]:
    """Read the newest runs' candidates, best first: each with its state, its run, its members' captions and how many left since the run.

    A member has left when no record in force speaks of them: retracted, corrected away or sealed; or when they turned out to be a
    smuggled migrant, who is never a member. Which of these it was, the count does not tell.
    """
    found = tx.run(LIST, skip=skip, limit=limit, **reader.parameters())
    return _standing_tx(tx, reader, [row.data() for row in found])


def candidate_tx(tx: Tx, reader: Readership, candidate: str) -> FoundCandidate | None:
    """Read one candidate, of whatever run; None when there is none that this reader may know of."""
    found = [row.data() for row in tx.run(READ, id=candidate, **reader.parameters())]
    return next(iter(_standing_tx(tx, reader, found)), None)


def _standing_tx(tx: Tx, reader: Readership, found: Sequence[dict[str, Any]]) -> list[FoundCandidate]:
    members = dict.fromkeys(m["record"] for row in found for m in row["members"])
    captions = entities.standing_tx(tx, reader, list(members), besides=CaseRole.SMUGGLED_MIGRANT.value)
    return [_read(row, captions) for row in found]


def count_tx(tx: Tx, reader: Readership) -> int:
    """Count what `candidates_tx` lists."""
    return int(tx.run(COUNT, **reader.parameters()).single(strict=True)["n"])


def decide_tx(tx: Tx, candidate: str, state: CandidateState, reason: str, by: str, at: str) -> None:
    """Append a decision about a candidate."""
    tx.run(DECIDE, id=candidate, state=state.value, reason=reason, by=by, at=at)


def decisions_tx(tx: Tx, reader: Readership, candidate: str) -> list[dict[str, str]]:
    """Read the decisions about a candidate, newest first."""
    return [row.data() for row in tx.run(DECISIONS, id=candidate, **reader.parameters())]


def newest_run_tx(tx: Tx, reader: Readership, kind: str) -> dict[str, Any] | None:
    """Read the newest run that the reader may know of; None before any."""
    row = tx.run(NEWEST_RUN, kind=kind, **reader.parameters()).single()
    return None if row is None else dict(row["run"])


def _read(row: dict[str, Any], captions: Mapping[str, str]) -> FoundCandidate:
    node = row["candidate"]
    members = tuple(_member(m, captions) for m in row["members"] if m["record"] in captions)
    candidate = Candidate(
        id=node["id"],
        members=members,
        score=node["score"],
        stability=node["stability"],
        factors=json.loads(node["factors"]),
        reasons=tuple(node["reasons"]),
        against=tuple(node["against"]),
        reports=tuple(node["reports"]),
        brokers=tuple(b for b in node["brokers"] if b in captions),
    )
    left = node.get("size", len(row["members"])) - len(members)
    return candidate, CandidateState(node["state"]), row["run"], {m.record: captions[m.record] for m in members}, left


def _member(row: Mapping[str, Any], captions: Mapping[str, str]) -> Member:
    # A run of an older release did not store whom a reason speaks of.
    towards = row["towards"] if row["towards"] is not None else [row["record"]] * len(row["reasons"])
    why = [(other, reason) for other, reason in zip(towards, row["reasons"], strict=True) if other in captions]
    return Member(
        row["record"], row["share"], Tier(row["tier"]), tuple(reason for _, reason in why), tuple(o for o, _ in why)
    )
