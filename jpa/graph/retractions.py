"""Retractions and their undoing: acts are only appended; `standing` is kept in step with them in the same transaction.

A retraction's `standing` is its target while nobody has undone it, and absent afterwards. It is unique, so that a thing is
retracted once however many officers press the button, and `in_force` is one seek in its index.
"""

from collections.abc import Collection
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.retraction import Retraction, RetractionKind, Undoing

ADD: Final[Query] = upkeep("CREATE (t:Retraction) SET t = $properties")

UNDO: Final[Query] = upkeep("""
MATCH (t:Retraction {id: $id})
CREATE (u:Restoration {undoes: t.id, by: $by, at: $at, reason: $reason})-[:SUPERSEDES]->(t)
REMOVE t.standing
""")

# Its caller passes the ids of what the reader may read: a retraction is seen with its target and never without it.
ABOUT: Final[Query] = query("""
MATCH (t:Retraction) WHERE t.target IN $targets
OPTIONAL MATCH (u:Restoration)-[:SUPERSEDES]->(t)
OPTIONAL MATCH (o:Officer {id: t.by})
OPTIONAL MATCH (w:Officer {id: u.by})
RETURN properties(t) AS retraction, coalesce(o.name, t.by) AS name, properties(u) AS undone, coalesce(w.name, u.by) AS undone_by
ORDER BY t.id DESC
""")

READ: Final[Query] = query("""
MATCH (t:Retraction {id: $id}) RETURN properties(t) AS retraction
""")


def add_tx(tx: Tx, retraction: Retraction) -> None:
    """Append a retraction; ConflictError from the store when another stands already."""
    properties = {
        "id": retraction.id,
        "kind": retraction.kind.value,
        "target": retraction.target,
        "standing": retraction.target,
        "report": retraction.report,
        "case": retraction.case,
        "by": retraction.by,
        "at": stamp(retraction.at),
        "reason": retraction.reason,
    }
    tx.run(ADD, properties=properties)


def undo_tx(tx: Tx, retraction: str, undoing: Undoing) -> None:
    """Append the act that supersedes a retraction; everything is in force again as before."""
    tx.run(UNDO, id=retraction, by=undoing.by, at=stamp(undoing.at), reason=undoing.reason)


def about_tx(tx: Tx, targets: Collection[str]) -> list[Retraction]:
    """Read every retraction of things that the caller has read for this reader, newest first, undone ones too."""
    found = tx.run(ABOUT, targets=sorted(targets))
    return [_retraction_of(r["retraction"], r["name"], r["undone"], r["undone_by"]) for r in found]


def retraction_tx(tx: Tx, retraction: str) -> Retraction | None:
    """Read one retraction; the caller decides by its target whether the reader may know of it."""
    row = tx.run(READ, id=retraction).single()
    if row is None:
        return None
    return next((r for r in about_tx(tx, [row["retraction"]["target"]]) if r.id == retraction), None)


def _retraction_of(node: dict[str, Any], name: str, undone: dict[str, Any] | None, undone_by: str) -> Retraction:
    return Retraction(
        id=node["id"],
        kind=RetractionKind(node["kind"]),
        target=node["target"],
        report=node["report"],
        case=node["case"],
        by=node["by"],
        at=moment(node["at"]),
        reason=node["reason"],
        name=name,
        undone=None if undone is None else Undoing(undone["by"], undone_by, moment(undone["at"]), undone["reason"]),
    )
