"""Requests between agencies: each written once by the asking desk, what either side says and does appended."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership, can
from jpa.model.agreement import Purpose
from jpa.model.outcome import marked, marking_of
from jpa.model.request import Kind, Move, MoveKind, Request, Urgency

ADD: Final[Query] = upkeep("CREATE (q:Request) SET q = $properties")

# The key is unique, and counts what was done before: of two who press a button at once one finds it taken.
MOVE: Final[Query] = upkeep("""
MATCH (q:Request {id: $request}) SET q.touched = true REMOVE q.touched
CREATE (m:RequestMove)-[:ABOUT]->(q) SET m = $properties
""")

# The one thing of a request that changes: from its sending on the asked desk reads it.
SEND: Final[Query] = upkeep("MATCH (q:Request {id: $request}) SET q.sent = $at")

LOCK: Final[Query] = upkeep("MATCH (q:Request {id: $request}) SET q.touched = true REMOVE q.touched")

# Moves stand in the order in which they were said: one that came from another installation may have crossed an own one on the way.
# Two ways to know of a request, and no third: the asking agency's officers who may read its case, and, once it was sent, both desks.
LIST: Final[Query] = query("""
MATCH (q:Request) WHERE ($id = '' OR q.id = $id) AND ($case = '' OR q.case = $case)
  AND (('agency:' + q.asker) IN $compartments AND ('agency:' + q.asker) IN $audience AND q.case IN $compartments
    OR $desk AND q.sent IS NOT NULL
      AND any(_a IN [q.asker, q.asked] WHERE ('agency:' + _a) IN $compartments AND ('agency:' + _a) IN $audience))
RETURN properties(q) AS request, COLLECT { MATCH (m:RequestMove)-[:ABOUT]->(q) RETURN properties(m) ORDER BY m.at, m.number } AS moves
ORDER BY q.id DESC
""")

CASE: Final[Query] = upkeep("MATCH (q:Request {id: $request}) RETURN q.case AS case")


def add_tx(tx: Tx, this: Request) -> None:
    """Write a draft."""
    properties = {
        "id": this.id,
        "asker": this.asker,
        "asked": this.asked,
        "agreement": this.agreement,
        "purpose": this.purpose.value,
        "kind": this.kind.value,
        "text": this.text,
        "basis": this.basis,
        "urgency": this.urgency.value,
        "due": this.due,
        "marking": marked(this.marking),
        "made": stamp(this.made),
        "made_by": this.made_by,
        "made_name": this.made_name,
        "case": this.case,
        "jpa": this.jpa,
    }
    tx.run(ADD, properties=properties).consume()


def move_tx(tx: Tx, this: Request, move: Move) -> None:
    """Append a move; ConflictError from the store when somebody else did something at the same moment."""
    number = len(this.moves)
    properties = {
        "key": f"{this.id}:{number}",
        "number": number,
        "id": move.id,
        "kind": move.kind.value,
        "agency": move.agency,
        "at": stamp(move.at),
        "by": move.by,
        "name": move.name,
        "code": move.code,
        "text": move.text,
        "reference": move.reference,
        "marking": [] if move.marking is None else marked(move.marking),
        "case": move.case,
    }
    tx.run(MOVE, request=this.id, properties=properties).consume()
    if move.kind is MoveKind.SENT:
        tx.run(SEND, request=this.id, at=stamp(move.at)).consume()


def lock_tx(tx: Tx, request: str) -> None:
    """Let one officer at a time act on a request, until the transaction ends."""
    tx.run(LOCK, request=request).consume()


def case_tx(tx: Tx, request: str) -> str:
    """Return the case that a request is about, whoever asks: to take its sealed victims out of what is written, for that alone."""
    return str(tx.run(CASE, request=request).single(strict=True)["case"])


def requests_tx(tx: Tx, reader: Readership, *, case: str = "") -> list[Request]:
    """List the requests that a reader may know of, newest first, each as the reader's agency sees it."""
    return [_seen(row, reader) for row in tx.run(LIST, id="", case=case, **_parameters(reader))]


def request_tx(tx: Tx, reader: Readership, request: str) -> Request | None:
    """Read one; None when there is none that this reader may know of."""
    row = tx.run(LIST, id=request, case="", **_parameters(reader)).single() if request != "" else None
    return None if row is None else _seen(row, reader)


def _parameters(reader: Readership) -> dict[str, Any]:
    return {"desk": can(reader.officer, Action.COUNT_REQUEST), **reader.parameters()}


def _seen(row: Mapping[str, Any], reader: Readership) -> Request:
    seen = _request_of(row["request"], row["moves"]).seen_by(reader.officer.agency)
    known = reader.compartments | {""}
    moves = [m if m.case in known else replace(m, case="") for m in seen.moves]
    return replace(seen, case=seen.case if seen.case in known else "", moves=moves)


def _request_of(node: Mapping[str, Any], moves: Sequence[Mapping[str, Any]]) -> Request:
    return Request(
        id=node["id"],
        asker=node["asker"],
        asked=node["asked"],
        agreement=node["agreement"],
        purpose=Purpose(node["purpose"]),
        kind=Kind(node["kind"]),
        text=node["text"],
        basis=node["basis"],
        urgency=Urgency(node["urgency"]),
        due=node["due"],
        marking=marking_of(node["marking"]),
        made=moment(node["made"]),
        made_by=node["made_by"],
        made_name=node["made_name"],
        case=node["case"],
        jpa=node["jpa"],
        moves=tuple(_move_of(m) for m in moves),
    )


def _move_of(node: Mapping[str, Any]) -> Move:
    return Move(
        id=node["id"],
        kind=MoveKind(node["kind"]),
        agency=node["agency"],
        at=moment(node["at"]),
        by=node["by"],
        name=node["name"],
        code=node["code"],
        text=node["text"],
        reference=node["reference"],
        marking=marking_of(node["marking"]) if node["marking"] else None,
        case=node["case"],
    )
