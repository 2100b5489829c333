"""The log of blind questions that both sides share, what was spent of a day's limits, and how far the standing check has come."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.blind import ELSEWHERE, BlindQuestion, BlindWay, Spent

ADD: Final[Query] = upkeep("CREATE (q:BlindQuestion) SET q = $properties")
HEAR: Final[Query] = upkeep("""
MATCH (q:BlindQuestion {id: $id}) WHERE q.hit IS NULL SET q.hit = $hit, q.references = $references, q.desk = $desk, q.heard = $heard RETURN q.id AS id
""")

HEARD: Final[Query] = upkeep("MATCH (q:BlindQuestion {id: $id}) RETURN q.heard AS heard")
LINES: Final[Query] = query("""
MATCH (q:BlindQuestion) WHERE q.question IN $questions AND readable(q) RETURN q.question AS question, q.id AS id
""")

# One at a time for each agency, so that two questions at once cannot both be the last that a limit allows.
LOCK: Final[Query] = upkeep("MERGE (s:Serial {id: 'blind:' + $agency}) SET s.value = coalesce(s.value, 0) + 1")

SPENT: Final[Query] = upkeep("""
MATCH (q:BlindQuestion {asker: $agency, day: $day}) WHERE q.way <> $standing AND q.log <> $holding
RETURN count(q) AS agency, count(CASE WHEN q.officer = $officer THEN 1 END) AS officer
""")
SPENT_UNDER: Final[Query] = upkeep("""
MATCH (q:BlindQuestion {asker: $agency, day: $day}) WHERE q.way <> $standing AND q.log <> $holding
UNWIND q.agreements AS agreement
WITH agreement, count(q) AS n WHERE agreement IN $agreements RETURN max(n) AS most
""")
ANSWERED: Final[Query] = upkeep("""
MATCH (q:BlindQuestion {asker: $agency, day: $day, holder: $holder, log: $holding}) RETURN count(q) AS n
""")

THERE: Final[Query] = upkeep("MATCH (q:BlindQuestion {id: $id}) RETURN q.id AS id")

LIST: Final[Query] = query("""
MATCH (q:BlindQuestion) WHERE ($id = '' OR q.id = $id) AND readable(q) RETURN properties(q) AS question
ORDER BY q.id DESC SKIP $skip LIMIT $limit
""")
COUNT: Final[Query] = query("MATCH (q:BlindQuestion) WHERE readable(q) RETURN count(q) AS n")

# What an officer of the holder may open: references are made anew from these ids, so that none is kept beside a record.
READABLE: Final[Query] = query("""
MATCH (r:Record) WHERE r.agency = $agency AND any(t IN $types WHERE t IN labels(r)) AND readable(r) RETURN collect(r.id) AS ids
""")

KNOWN_PAIRS: Final[Query] = upkeep("MATCH (q:BlindQuestion) WHERE q.pair IN $pairs RETURN q.pair AS pair")
MARK: Final[Query] = upkeep("MATCH (m:BlindMark {id: $id}) RETURN m.last AS last")
SET_MARK: Final[Query] = upkeep("MERGE (m:BlindMark {id: $id}) SET m.last = $last")

_ASKING: Final = "asker"
_HOLDING: Final = "holder"
_BOTH: Final = "both"


def add_tx(tx: Tx, this: BlindQuestion, *, pair: str = "") -> None:
    """Write a question into the log: of both sides, or of the one that works here; ConflictError for one that is there."""
    away = _ASKING if this.id == this.question else _HOLDING
    log = away if this.way in ELSEWHERE else _BOTH
    readers = {_BOTH: [this.asker, this.holder], _ASKING: [this.asker], _HOLDING: [this.holder]}[log]
    tokens = [f"agency:{agency}" for agency in readers]
    properties = {
        "id": this.id, "question": this.question, "way": this.way.value, "asker": this.asker, "holder": this.holder,
        "officer": this.officer, "agreements": list(this.agreements), "purpose": this.purpose, "about": this.about,
        "at": stamp(this.at), "day": this.at.date().isoformat(), "hit": this.hit, "references": list(this.references),
        "own_references": list(this.own_references), "desk": this.desk, "log": log, "pair": pair or None,
        "compartments": tokens, "audience": tokens,
    }  # fmt: skip
    tx.run(ADD, properties=properties).consume()


def hear_tx(tx: Tx, this: str, references: Sequence[str], desk: str, heard: str) -> bool:
    """Keep what an answer of this SHA-256 said; False when one was heard before."""
    found = tx.run(HEAR, id=this, hit=len(references) > 0, references=list(references), desk=desk, heard=heard)
    return found.single() is not None


def heard_tx(tx: Tx, this: str) -> str:
    """Return the SHA-256 of the answer that was heard to a question; empty where none was."""
    row = tx.run(HEARD, id=this).single()
    return "" if row is None else str(row["heard"] or "")


def lines_tx(tx: Tx, reader: Readership, questions: Collection[str]) -> dict[str, str]:
    """Map numbers of questions to the lines of the log that a reader may open."""
    found = tx.run(LINES, questions=list(questions), **reader.parameters())
    return {row["question"]: row["id"] for row in found}


def lock_tx(tx: Tx, agency: str) -> None:
    """Let one question of an agency at a time be counted, until the transaction ends."""
    tx.run(LOCK, agency=agency).consume()


def spent_tx(tx: Tx, agency: str, officer: str, agreements: Sequence[str], day: date) -> Spent:
    """Count what an agency asked in a day, and the most of it under one of these agreements."""
    asked = {
        "agency": agency, "officer": officer, "agreements": list(agreements), "day": day.isoformat(),
        "standing": BlindWay.STANDING.value, "holding": _HOLDING,
    }  # fmt: skip
    row = tx.run(SPENT, asked).single(strict=True)
    under = tx.run(SPENT_UNDER, asked).single(strict=True)
    return Spent(row["officer"], row["agency"], under["most"] or 0)


def answered_tx(tx: Tx, asker: str, holder: str, day: date) -> int:
    """Count the files of an agency that another answered in a day."""
    row = tx.run(ANSWERED, agency=asker, holder=holder, day=day.isoformat(), holding=_HOLDING).single(strict=True)
    return int(row["n"])


def is_there_tx(tx: Tx, this: str) -> bool:
    """Say whether a question stands in the log, whoever may read it."""
    return tx.run(THERE, id=this).single() is not None


def questions_tx(tx: Tx, reader: Readership, *, skip: int = 0, limit: int) -> list[BlindQuestion]:
    """List the questions that a reader's agency asked or was asked, newest first."""
    found = tx.run(LIST, id="", skip=skip, limit=limit, **reader.parameters())
    return [_question_of(row["question"]) for row in found]


def question_tx(tx: Tx, reader: Readership, this: str) -> BlindQuestion | None:
    """Read one; None when there is none that this reader may know of."""
    row = tx.run(LIST, id=this, skip=0, limit=1, **reader.parameters()).single() if this != "" else None
    return None if row is None else _question_of(row["question"])


def count_tx(tx: Tx, reader: Readership) -> int:
    """Count them."""
    return int(tx.run(COUNT, **reader.parameters()).single(strict=True)["n"])


def readable_tx(tx: Tx, reader: Readership, types: Sequence[str]) -> list[str]:
    """Return the ids of the own agency's records of these types that the reader may open."""
    row = tx.run(READABLE, agency=reader.officer.agency, types=list(types), **reader.parameters()).single(strict=True)
    return list(row["ids"])


def known_pairs_tx(tx: Tx, pairs: Sequence[str]) -> set[str]:
    """Return those pairs of records that were told before."""
    return {row["pair"] for row in tx.run(KNOWN_PAIRS, pairs=list(pairs))}


def mark_tx(tx: Tx, name: str) -> str:
    """Return the id of the last record that a standing check has looked at; empty before the first night."""
    row = tx.run(MARK, id=name).single()
    return "" if row is None else str(row["last"])


def set_mark_tx(tx: Tx, name: str, last: str) -> None:
    """Keep how far a standing check has come."""
    tx.run(SET_MARK, id=name, last=last).consume()


def _question_of(node: Mapping[str, Any]) -> BlindQuestion:
    return BlindQuestion(
        id=node["id"],
        question=node["question"],
        way=BlindWay(node["way"]),
        asker=node["asker"],
        holder=node["holder"],
        officer=node["officer"],
        agreements=tuple(node["agreements"]),
        purpose=node["purpose"],
        about=node["about"],
        at=moment(node["at"]),
        hit=node.get("hit"),
        references=tuple(node["references"]),
        own_references=tuple(node["own_references"]),
        desk=node["desk"],
    )
