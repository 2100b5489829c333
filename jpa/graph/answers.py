"""What recipients propose back: each item written once, its decision appended once."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach, moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.answer import Answer, AnswerKind, Decision

ADD: Final[Query] = upkeep("MERGE (n:PackageAnswer {id: $properties.id}) ON CREATE SET n = $properties")

# The key is unique: of two who decide at once one finds it decided.
DECIDE: Final[Query] = upkeep("""
MATCH (n:PackageAnswer {id: $answer})
CREATE (a:NoticeAct {key: $key, accepted: $accepted, by: $by, name: $name, at: $at, text: $text, made: $made})-[:ABOUT]->(n)
""")

KNOWN: Final[Query] = upkeep("MATCH (n:PackageAnswer) WHERE n.id IN $ids RETURN n.id AS id")

LIST: Final[Query] = query("""
MATCH (n:PackageAnswer) WHERE ($id = '' OR n.id = $id) AND ($package = '' OR n.package = $package) AND readable(n)
RETURN properties(n) AS answer, COLLECT { MATCH (a:NoticeAct)-[:ABOUT]->(n) RETURN properties(a) } AS decisions
ORDER BY n.at DESC, n.id
""")

WAITING: Final[Query] = query("""
MATCH (n:PackageAnswer) WHERE readable(n) AND NOT EXISTS { (:NoticeAct)-[:ABOUT]->(n) }
RETURN n.package AS package, n.partner AS partner, count(n) AS number ORDER BY package DESC
""")


def add_tx(tx: Tx, this: Answer, reach: Reach) -> None:
    """Write an item; the same again changes nothing."""
    said = {name: value for name, value in asdict(this).items() if name != "decision"}
    properties = {
        **said, "kind": this.kind.value, "at": stamp(this.at), "compartments": list(reach.compartments),
        "audience": list(reach.audience),
    }  # fmt: skip
    tx.run(ADD, properties=properties).consume()


def decide_tx(tx: Tx, answer: str, decision: Decision) -> None:
    """Append the decision; ConflictError from the store when somebody decided at the same moment."""
    tx.run(
        DECIDE, answer=answer, key=f"{answer}:decided", accepted=decision.accepted, by=decision.by, name=decision.name,
        at=stamp(decision.at), text=decision.text, made=decision.made,
    ).consume()  # fmt: skip


def known_tx(tx: Tx, ids: list[str]) -> set[str]:
    """Return those of the ids that are here; the caller says no more than how many."""
    return {row["id"] for row in tx.run(KNOWN, ids=ids)}


def answers_tx(tx: Tx, reader: Readership, package: str) -> list[Answer]:
    """List what was proposed about a package, newest first."""
    return [
        _answer_of(r["answer"], r["decisions"]) for r in tx.run(LIST, id="", package=package, **reader.parameters())
    ]


def waiting_tx(tx: Tx, reader: Readership) -> list[tuple[str, str, int]]:
    """List the packages that nobody has decided all proposals about: package, who proposes, how many wait; newest first."""
    return [(r["package"], r["partner"], r["number"]) for r in tx.run(WAITING, **reader.parameters())]


def answer_tx(tx: Tx, reader: Readership, this: str) -> Answer | None:
    """Read one; None when there is none that this reader may know of."""
    row = tx.run(LIST, id=this, package="", **reader.parameters()).single()
    return None if row is None else _answer_of(row["answer"], row["decisions"])


def _answer_of(node: Mapping[str, Any], decisions: list[Mapping[str, Any]]) -> Answer:
    said = {k: v for k, v in node.items() if k not in {"compartments", "audience", "kind", "at"}}
    decided = next(
        (Decision(d["accepted"], d["by"], d["name"], moment(d["at"]), d["text"], d["made"]) for d in decisions), None
    )
    return Answer(**said, kind=AnswerKind(node["kind"]), at=moment(node["at"]), decision=decided)
