"""Planned actions as tokens, and the collisions that both desks are told of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.blind import Collision, PlannedAction, PlannedKind

ADD: Final[Query] = upkeep("CREATE (p:PlannedAction) SET p = $properties")
WITHDRAW: Final[Query] = upkeep("""
MATCH (p:PlannedAction {id: $id}) WHERE p.withdrawn IS NULL SET p.withdrawn = $at, p.withdrawn_by = $by RETURN p.id AS id
""")

# Own plans and their tokens are read by their own agency alone; the search for a collision gives ids and agencies to the service.
MEETING: Final[Query] = upkeep("""
MATCH (p:PlannedAction) WHERE p.agency IN $agencies AND p.purpose = $purpose AND p.withdrawn IS NULL AND p.expires > $day
  AND (any(t IN p.holds WHERE t IN $asks) OR any(t IN p.asks WHERE t IN $holds))
RETURN p.id AS id, p.agency AS agency ORDER BY p.id
""")
LIST: Final[Query] = query("""
MATCH (p:PlannedAction) WHERE ($id = '' OR p.id = $id) AND readable(p) RETURN p {.*, asks: null, holds: null} AS plan ORDER BY p.id DESC
""")
LIVE: Final[Query] = query("""
MATCH (p:PlannedAction) WHERE p.agency = $agency AND ($purpose = '' OR p.purpose = $purpose) AND p.withdrawn IS NULL AND p.expires > $day
  AND readable(p) RETURN p {.*, asks: null, holds: null} AS plan ORDER BY p.expires, p.id
""")
POSTED: Final[Query] = upkeep("MATCH (p:PlannedAction {agency: $agency, day: $day}) RETURN count(p) AS n")
LOCK: Final[Query] = upkeep("MERGE (s:Serial {id: 'planned actions'}) SET s.value = coalesce(s.value, 0) + 1")
ADD_COLLISION: Final[Query] = upkeep("CREATE (c:Collision) SET c = $properties")
ADD_ONCE: Final[Query] = upkeep("""
MERGE (c:Collision {pair: $properties.pair}) ON CREATE SET c = $properties RETURN c.id = $properties.id AS new
""")
COLLISIONS: Final[Query] = query(
    "MATCH (c:Collision) WHERE readable(c) RETURN properties(c) AS collision ORDER BY c.id DESC"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What is compared: an action meets another when what one asks for is what the other holds."""

    asks: tuple[str, ...]
    holds: tuple[str, ...]


def lock_tx(tx: Tx) -> None:
    """Let one planned action at a time be posted, so that of two at once the later finds the earlier."""
    tx.run(LOCK).consume()


def add_tx(tx: Tx, plan: PlannedAction, tokens: Tokens) -> None:
    """Keep a planned action."""
    own = [f"agency:{plan.agency}"]
    properties = {
        "id": plan.id, "agency": plan.agency, "officer": plan.officer, "kind": plan.kind.value, "purpose": plan.purpose,
        "about": plan.about, "at": stamp(plan.at), "day": plan.at.date().isoformat(), "expires": plan.expires,
        "asks": list(tokens.asks), "holds": list(tokens.holds), "compartments": own, "audience": own,
    }  # fmt: skip
    tx.run(ADD, properties=properties).consume()


def withdraw_tx(tx: Tx, plan: str, *, by: str, at: datetime) -> bool:
    """Take a planned action back; False when it was taken back already."""
    return tx.run(WITHDRAW, id=plan, by=by, at=stamp(at)).single() is not None


def meeting_tx(tx: Tx, tokens: Tokens, agencies: Collection[str], purpose: str, day: date) -> list[tuple[str, str]]:
    """Return id and agency of the live plans of these agencies for a purpose that meet the tokens."""
    found = tx.run(
        MEETING, asks=list(tokens.asks), holds=list(tokens.holds), agencies=sorted(agencies), purpose=purpose, day=day.isoformat()
    )  # fmt: skip
    return [(row["id"], row["agency"]) for row in found]


def posted_tx(tx: Tx, agency: str, day: date) -> int:
    """Count the planned actions that an agency posted in a day."""
    return int(tx.run(POSTED, agency=agency, day=day.isoformat()).single(strict=True)["n"])


def plans_tx(tx: Tx, reader: Readership, this: str = "") -> list[PlannedAction]:
    """List the own agency's planned actions, newest first; with an id, that one alone."""
    return [_plan_of(row["plan"]) for row in tx.run(LIST, id=this, **reader.parameters())]


def live_tx(tx: Tx, reader: Readership, day: date, purpose: str = "") -> list[PlannedAction]:
    """List the own agency's plans that still collide, those that are over first; for one purpose, or for all."""
    found = tx.run(LIVE, agency=reader.officer.agency, purpose=purpose, day=day.isoformat(), **reader.parameters())
    return [_plan_of(row["plan"]) for row in found]


def collide_tx(tx: Tx, collision: Collision) -> None:
    """Tell both desks; ConflictError from the store when this pair was told."""
    tx.run(ADD_COLLISION, properties=_kept(collision, "|".join(sorted(collision.plans)))).consume()


def collide_elsewhere_tx(tx: Tx, collision: Collision) -> bool:
    """Tell the own desk of a plan in another installation; False when this plan was told with these references before."""
    pair = "|".join((collision.plans[0], collision.agencies[1], *collision.references))
    return bool(tx.run(ADD_ONCE, properties=_kept(collision, pair)).single(strict=True)["new"])


def collisions_tx(tx: Tx, reader: Readership) -> list[Collision]:
    """List the collisions that the own agency was told of, newest first."""
    return [_collision_of(row["collision"]) for row in tx.run(COLLISIONS, **reader.parameters())]


def _kept(collision: Collision, pair: str) -> dict[str, Any]:
    """Return what is kept of a collision: with who works here it is told to both, otherwise to the first."""
    told = collision.agencies[:1] if collision.elsewhere else collision.agencies
    tokens = [f"agency:{agency}" for agency in told]
    return {
        "id": collision.id, "pair": pair, "at": stamp(collision.at), "plans": list(collision.plans),
        "agencies": list(collision.agencies), "references": list(collision.references), "compartments": tokens, "audience": tokens,
    }  # fmt: skip


def _plan_of(node: Mapping[str, Any]) -> PlannedAction:
    withdrawn = node.get("withdrawn")
    return PlannedAction(
        id=node["id"],
        agency=node["agency"],
        officer=node["officer"],
        kind=PlannedKind(node["kind"]),
        purpose=node["purpose"],
        about=node["about"],
        at=moment(node["at"]),
        expires=node["expires"],
        withdrawn=None if withdrawn is None else moment(withdrawn),
    )


def _collision_of(node: Mapping[str, Any]) -> Collision:
    def pair(values: Sequence[str]) -> tuple[str, str]:
        return values[0], values[1]

    return Collision(
        node["id"], moment(node["at"]), pair(node["plans"]), pair(node["agencies"]), pair(node["references"])
    )
