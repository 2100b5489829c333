"""Questions between installations whether planned actions meet: what was asked, and what was answered; each side keeps its own."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.blind import PlanQuestion

# What was kept when the same question was answered before gives way: of an answer that never left nothing can come back.
KEEP: Final[Query] = upkeep("MERGE (q:PlanQuestion {id: $properties.id}) SET q = $properties")
END: Final[Query] = upkeep("""
MATCH (q:PlanQuestion {id: $id}) WHERE q.ended IS NULL
SET q.ended = $at, q.met = $met, q.digest = $digest, q.references = $references RETURN q.id AS id
""")
FIND: Final[Query] = query("""
MATCH (q:PlanQuestion) WHERE q.question = $question AND q.asker = $asker AND q.holder = $holder AND readable(q)
RETURN properties(q) AS question ORDER BY q.id DESC LIMIT 1
""")
OF_PLANS: Final[Query] = query("""
MATCH (q:PlanQuestion) WHERE q.plan IN $plans AND readable(q) RETURN properties(q) AS question ORDER BY q.id
""")
OF_NUMBERS: Final[Query] = query("""
MATCH (q:PlanQuestion) WHERE q.question IN $questions AND readable(q) RETURN properties(q) AS question ORDER BY q.id
""")
ANSWERED: Final[Query] = query("""
MATCH (q:PlanQuestion) WHERE q.holder = $agency AND q.plan = '' AND q.day >= $since AND readable(q)
RETURN properties(q) AS question ORDER BY q.id DESC
""")


def keep_tx(tx: Tx, this: PlanQuestion) -> None:
    """Keep a question on the side that has it: the asker's where it names a plan."""
    own = [f"agency:{this.holder if this.plan == '' else this.asker}"]
    properties = {
        "id": this.id, "question": this.question, "plan": this.plan, "asker": this.asker, "holder": this.holder,
        "agreements": list(this.agreements), "purpose": this.purpose, "at": stamp(this.at), "day": this.at.date().isoformat(),
        "references": list(this.references), "plans": [" ".join(p) for p in this.plans], "met": this.met, "digest": this.digest,
        "compartments": own, "audience": own,
    }  # fmt: skip
    tx.run(KEEP, properties=properties).consume()


def end_tx(tx: Tx, this: PlanQuestion, at: datetime, met: int, digest: str, references: Sequence[str]) -> None:
    """Keep how a question ended."""
    tx.run(END, id=this.id, at=stamp(at), met=met, digest=digest, references=list(references)).consume()


def find_tx(tx: Tx, reader: Readership, question: str, asker: str, holder: str) -> PlanQuestion | None:
    """Read the own agency's side of a question between two agencies; None where it has none."""
    row = tx.run(FIND, question=question, asker=asker, holder=holder, **reader.parameters()).single()
    return None if row is None else _question_of(row["question"])


def of_plans_tx(tx: Tx, reader: Readership, plans: Collection[str]) -> list[PlanQuestion]:
    """List what was asked about these plans, oldest first."""
    return [_question_of(r["question"]) for r in tx.run(OF_PLANS, plans=list(plans), **reader.parameters())]


def of_numbers_tx(tx: Tx, reader: Readership, questions: Collection[str]) -> list[PlanQuestion]:
    """List the own agency's side of questions of these numbers."""
    found = tx.run(OF_NUMBERS, questions=list(questions), **reader.parameters())
    return [_question_of(row["question"]) for row in found]


def answered_tx(tx: Tx, reader: Readership, since: date) -> list[PlanQuestion]:
    """List what the own agency answered since a day, newest first."""
    found = tx.run(ANSWERED, agency=reader.officer.agency, since=since.isoformat(), **reader.parameters())
    return [_question_of(row["question"]) for row in found]


def _question_of(node: Mapping[str, Any]) -> PlanQuestion:
    ended = node.get("ended")
    return PlanQuestion(
        id=node["id"],
        question=node["question"],
        plan=node["plan"],
        asker=node["asker"],
        holder=node["holder"],
        agreements=tuple(node["agreements"]),
        purpose=node["purpose"],
        at=moment(node["at"]),
        references=tuple(node["references"]),
        plans=tuple(tuple(p.split(" ")) for p in node["plans"]),
        ended=None if ended is None else moment(ended),
        met=node["met"],
        digest=node["digest"],
    )
