"""The ledger of verdicts, the SAME ties kept in step with it, and proposals."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach, moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.judgement import MOST_COUNTED, Feature, Judgement, Proposal, Verdict

ADD: Final[Query] = upkeep("""
MATCH (l:Record {id: $left}) MATCH (r:Record {id: $right})
MERGE (j:Judgement {id: $id}) ON CREATE SET j = $properties
MERGE (j)-[:ABOUT]->(l) MERGE (j)-[:ABOUT]->(r)
WITH l, r, j
CALL (j) { MATCH (o:Judgement {id: $supersedes}) MERGE (j)-[:SUPERSEDES]->(o) }
WITH l, r
OPTIONAL MATCH (l)-[s:SAME]-(r) DELETE s
WITH DISTINCT l, r
FOREACH (_ IN CASE WHEN $same THEN [1] ELSE [] END | MERGE (l)-[:SAME {judgement: $id}]->(r))
""")

ABOUT: Final[Query] = query("""
MATCH (j:Judgement)-[:ABOUT]->(r:Record) WHERE r.id IN $ids AND readable(r)
WITH DISTINCT j
MATCH (a:Record {id: j.left}) WHERE readable(a)
MATCH (b:Record {id: j.right}) WHERE readable(b)
RETURN properties(j) AS judgement, covered(j) AS shown, EXISTS { (j)<-[:SUPERSEDES]-(:Judgement) } AS superseded
ORDER BY j.id DESC
""")

IN_FORCE: Final[Query] = query("""
MATCH (j:Judgement {pair: $pair})
WHERE NOT EXISTS { (j)<-[:SUPERSEDES]-(:Judgement) }
MATCH (a:Record {id: j.left}) WHERE readable(a)
MATCH (b:Record {id: j.right}) WHERE readable(b)
RETURN properties(j) AS judgement, covered(j) AS shown ORDER BY j.id DESC LIMIT 1
""")

ALL_IN_FORCE: Final[Query] = query("""
MATCH (j:Judgement) WHERE NOT EXISTS { (j)<-[:SUPERSEDES]-(:Judgement) }
MATCH (a:Record {id: j.left}) WHERE readable(a)
MATCH (b:Record {id: j.right}) WHERE readable(b)
RETURN properties(j) AS judgement, covered(j) AS shown ORDER BY j.id
""")

READ: Final[Query] = query("""
MATCH (j:Judgement {id: $id})
MATCH (a:Record {id: j.left}) WHERE readable(a)
MATCH (b:Record {id: j.right}) WHERE readable(b)
RETURN properties(j) AS judgement, covered(j) AS shown
""")

# A proposal is of one view: runs of officers with different views keep theirs apart, and none may change what another's shows.
SAVE_PROPOSALS: Final[Query] = upkeep("""
UNWIND $rows AS row
MATCH (l:Record {id: row.left}) MATCH (r:Record {id: row.right})
MERGE (p:Proposal {id: row.id})
SET p += row.properties
MERGE (p)-[:ABOUT]->(l) MERGE (p)-[:ABOUT]->(r)
""")

WITHDRAW_PROPOSALS: Final[Query] = upkeep("""
MATCH (p:Proposal {view: $view}) WHERE p.run <> $run DETACH DELETE p
""")
BATCH: Final = 5000
"""Proposals of one statement: each carries its itemised evidence as text."""

# The views whose results the reader may open: a table of names carries the same reach as the proposals of its run. Asked once, because
# a reach lists hundreds of compartments and there are tens of thousands of proposals.
VIEWS: Final[Query] = query("MATCH (t:NameTable) WHERE covered(t) RETURN t.id AS id ORDER BY t.id")

# Read by rank from the index and ended at the limit: nothing is gathered first, so that a page of tens of thousands costs a page.
PROPOSALS: Final[Query] = query("""
MATCH (p:Proposal)
WHERE p.bits IS NOT NULL AND p.view IN $views
WITH p ORDER BY p.bits DESC
WHERE NOT EXISTS { MATCH (j:Judgement {pair: p.pair}) WHERE NOT EXISTS { (j)<-[:SUPERSEDES]-(:Judgement) } AND j.verdict <> $open }
      AND NOT EXISTS { MATCH (n:Proposal {pair: p.pair}) WHERE n.view IN $views AND (n.at > p.at OR n.at = p.at AND n.id > p.id) }
MATCH (a:Record {id: p.left}) WHERE readable(a) AND in_force(a)
MATCH (b:Record {id: p.right}) WHERE readable(b) AND in_force(b)
WITH p, a, b WHERE NOT EXISTS { (a)-[:SAME]-(b) }
RETURN properties(p) AS proposal ORDER BY p.bits DESC, p.pair SKIP $skip LIMIT $limit
""")

COUNT_PROPOSALS: Final[Query] = query("""
MATCH (p:Proposal)
WHERE p.view IN $views
      AND NOT EXISTS { MATCH (j:Judgement {pair: p.pair}) WHERE NOT EXISTS { (j)<-[:SUPERSEDES]-(:Judgement) } AND j.verdict <> $open }
      AND NOT EXISTS { MATCH (n:Proposal {pair: p.pair}) WHERE n.view IN $views AND (n.at > p.at OR n.at = p.at AND n.id > p.id) }
MATCH (a:Record {id: p.left}) WHERE readable(a) AND in_force(a)
MATCH (b:Record {id: p.right}) WHERE readable(b) AND in_force(b)
WITH p, a, b WHERE NOT EXISTS { (a)-[:SAME]-(b) }
WITH p LIMIT $most RETURN count(p) AS n
""")

PROPOSALS_ABOUT: Final[Query] = query("""
MATCH (p:Proposal)-[:ABOUT]->(r:Record) WHERE r.id IN $ids AND readable(r)
WITH DISTINCT p
WHERE covered(p) AND NOT EXISTS { MATCH (j:Judgement {pair: p.pair}) WHERE NOT EXISTS { (j)<-[:SUPERSEDES]-(:Judgement) } AND j.verdict <> $open }
MATCH (a:Record {id: p.left}) WHERE readable(a) AND in_force(a)
MATCH (b:Record {id: p.right}) WHERE readable(b) AND in_force(b)
WITH p WHERE NOT (p.left IN $ids AND p.right IN $ids)
WITH p ORDER BY p.at DESC, p.id DESC
WITH p.pair AS pair, collect(p)[0] AS p
RETURN properties(p) AS proposal ORDER BY p.score DESC, p.pair
""")


def add_tx(tx: Tx, judgement: Judgement, reach: Reach) -> None:
    """Append a verdict and bring SAME in step with it, in the same transaction.

    Its evidence opens to those whom `reach` covers: the officer may have been shown more than others can read.
    """
    properties = {
        "id": judgement.id,
        "pair": judgement.pair,
        "verdict": judgement.verdict.value,
        "left": judgement.left,
        "right": judgement.right,
        "by": judgement.by,
        "agency": judgement.agency,
        "at": stamp(judgement.at),
        "reason": judgement.reason,
        "model": judgement.model,
        "evidence": _dump(judgement.evidence),
        "supersedes": judgement.supersedes,
        "compartments": list(reach.compartments),
        "audience": list(reach.audience),
    }
    tx.run(
        ADD,
        id=judgement.id,
        left=judgement.left,
        right=judgement.right,
        properties=properties,
        supersedes=judgement.supersedes,
        same=judgement.verdict is Verdict.SAME,
    )


def about_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> list[tuple[Judgement, bool]]:
    """Read every verdict about these records, newest first, each with whether a later one supersedes it."""
    found = tx.run(ABOUT, ids=list(ids), **reader.parameters())
    return [(_judgement_of(row), row["superseded"]) for row in found]


def in_force_tx(tx: Tx, reader: Readership, pair: str) -> Judgement | None:
    """Read the verdict in force about a pair."""
    row = tx.run(IN_FORCE, pair=pair, **reader.parameters()).single()
    return None if row is None else _judgement_of(row)


def all_in_force_tx(tx: Tx, reader: Readership) -> list[Judgement]:
    """Read all verdicts in force that the reader may see, oldest first."""
    return [_judgement_of(row) for row in tx.run(ALL_IN_FORCE, **reader.parameters())]


def judgement_tx(tx: Tx, reader: Readership, judgement: str) -> Judgement | None:
    """Read one verdict; None when one of its records is not readable."""
    row = tx.run(READ, id=judgement, **reader.parameters()).single()
    return None if row is None else _judgement_of(row)


def reach_tx(tx: Tx, reader: Readership, judgement: str) -> Reach:
    """Say to whom the evidence of a readable verdict opens."""
    node = tx.run(READ, id=judgement, **reader.parameters()).single(strict=True)["judgement"]
    return Reach(tuple(node["compartments"]), tuple(node["audience"]))


def save_proposals_tx(tx: Tx, proposals: Iterable[Proposal], run: str, reach: Reach, at: datetime) -> None:
    """Save a model's proposals for those whom the run's reach covers, in place of what an earlier run of the same view proposed."""
    _save_tx(tx, proposals, run, reach, reach.view, at)
    tx.run(WITHDRAW_PROPOSALS, view=reach.view, run=run).consume()


def add_proposals_tx(tx: Tx, proposals: Iterable[Proposal], source: str, reach: Reach, at: datetime) -> None:
    """Add what another agency says about pairs of records; it stands beside what any run proposes, and again changes nothing."""
    _save_tx(tx, proposals, source, reach, source, at)


def _save_tx(tx: Tx, proposals: Iterable[Proposal], run: str, reach: Reach, view: str, at: datetime) -> None:
    rows = [
        {
            "id": f"{p.pair}|{view}",
            "left": p.left,
            "right": p.right,
            "properties": {
                "pair": p.pair,
                "left": p.left,
                "right": p.right,
                "score": p.score,
                "bits": p.bits,
                "model": p.model,
                "features": _dump(p.features),
                "run": run,
                "view": view,
                "at": stamp(at),
                "compartments": list(reach.compartments),
                "audience": list(reach.audience),
            },
        }
        for p in proposals
    ]
    for start in range(0, len(rows), BATCH):
        tx.run(SAVE_PROPOSALS, rows=rows[start : start + BATCH]).consume()


def proposals_tx(tx: Tx, reader: Readership, *, skip: int, limit: int) -> tuple[list[Proposal], int]:
    """Read one page of open proposals, most probable first, and how many there are, counted as far as `MOST_COUNTED` beyond."""
    views = [row["id"] for row in tx.run(VIEWS, **reader.parameters())]
    parameters = {"open": Verdict.UNSURE.value, "views": views, **reader.parameters()}
    found = [_proposal_of(r["proposal"]) for r in tx.run(PROPOSALS, skip=skip, limit=limit, **parameters)]
    total = tx.run(COUNT_PROPOSALS, most=skip + MOST_COUNTED, **parameters).single()
    return found, 0 if total is None else int(total["n"])


def proposals_about_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> list[Proposal]:
    """Read the open proposals between these records and others."""
    found = tx.run(PROPOSALS_ABOUT, ids=list(ids), open=Verdict.UNSURE.value, **reader.parameters())
    return [_proposal_of(row["proposal"]) for row in found]


def _judgement_of(row: Mapping[str, Any]) -> Judgement:
    node = row["judgement"]
    return Judgement(
        id=node["id"],
        verdict=Verdict(node["verdict"]),
        left=node["left"],
        right=node["right"],
        by=node["by"],
        agency=node["agency"],
        at=moment(node["at"]),
        reason=node["reason"],
        model=node["model"],
        evidence=_load(node["evidence"]) if row["shown"] else (),
        supersedes=node.get("supersedes"),
    )


def _proposal_of(node: dict[str, Any]) -> Proposal:
    return Proposal(
        left=node["left"],
        right=node["right"],
        score=node["score"],
        bits=node["bits"],
        features=_load(node["features"]),
        model=node["model"],
    )


def _dump(features: Sequence[Feature]) -> str:
    return json.dumps([[f.name, f.bits, f.left, f.right, f.detail] for f in features], ensure_ascii=False)


def _load(text: str) -> tuple[Feature, ...]:
    return tuple(Feature(*parts) for parts in json.loads(text))
