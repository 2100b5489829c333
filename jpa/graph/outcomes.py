"""The ledger of outcomes: append-only events, each with its place in the ledger (decision 0017)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach, outcome_of, outcome_properties
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.outcome import Outcome

# The counter is locked until the transaction ends, so that places in the ledger are given in the order of commits: whoever has
# read up to a place has missed none before it.
ADD: Final[Query] = upkeep("""
MERGE (s:Serial {id: 'outcomes'}) ON CREATE SET s.born = randomUUID() SET s.value = coalesce(s.value, 0) + size($rows)
WITH s.value - size($rows) AS before
UNWIND range(0, size($rows) - 1) AS n
WITH before + n + 1 AS serial, $rows[n] AS row
MERGE (o:Outcome {id: row.id}) ON CREATE SET o = row, o.serial = serial
WITH o, row
CALL (o, row) { MATCH (c:Case {id: row.case}) MERGE (o)-[:OF]->(c) }
CALL (o, row) { MATCH (r:Record {id: row.person}) MERGE (o)-[:SPEAKS_OF]->(r) }
CALL (o, row) { MATCH (v:Victim {id: row.victim}) MERGE (o)-[:SPEAKS_OF]->(v) }
CALL (o, row) { MATCH (old:Outcome {id: row.supersedes}) MERGE (o)-[:SUPERSEDES]->(old) }
""")

READ: Final[Query] = query("MATCH (o:Outcome {id: $id}) WHERE readable(o) RETURN properties(o) AS outcome")

OF_CASE: Final[Query] = query("""
MATCH (o:Outcome {case: $case}) WHERE readable(o) RETURN properties(o) AS outcome ORDER BY o.id
""")

SUPERSEDING: Final[Query] = query("""
MATCH way = (old:Outcome)<-[:SUPERSEDES*1..]-(o:Outcome)
WHERE old.id IN $ids AND readable(old) AND readable(o) AND all(m IN nodes(way) WHERE readable(m))
RETURN DISTINCT properties(o) AS outcome, o.id AS id ORDER BY id
""")

# What a correction in force supersedes does not count, however many corrections that may be read lie between.
COUNT_OF_CASE: Final[Query] = query("""
MATCH (o:Outcome {case: $case}) WHERE readable(o) AND in_force(o)
      AND NOT EXISTS { MATCH way = (o)<-[:SUPERSEDES*1..]-(n:Outcome)
                       WHERE readable(n) AND in_force(n) AND all(m IN nodes(way) WHERE readable(m)) }
RETURN count(o) AS n
""")

# The people of a case whom an outcome may speak of; one that a correction superseded is spoken of by its successor.
PEOPLE: Final[Query] = query("""
MATCH (p:Report {case: $case})-[:STATES]->(r:Person) WHERE readable(p) AND readable(r) AND in_force(r)
RETURN r.id AS id ORDER BY r.caption, id LIMIT $limit
""")

OF_AGENCY: Final[Query] = query("""
MATCH (o:Outcome {jpa: $jpa}) WHERE readable(o) AND o.case = '' RETURN properties(o) AS outcome ORDER BY o.id
""")

OF_REPORT: Final[Query] = query("""
MATCH (o:Outcome {report: $report}) WHERE readable(o) RETURN properties(o) AS outcome ORDER BY o.id
""")

OF_PERSON: Final[Query] = query("""
MATCH (o:Outcome) WHERE o.person IN $ids AND readable(o) RETURN properties(o) AS outcome ORDER BY o.id
""")

READABLE: Final[Query] = query("""
MATCH (o:Outcome) WHERE o.id IN $ids AND readable(o) RETURN properties(o) AS outcome ORDER BY o.id
""")

# Whose person was sealed stays as it is: a file that names them again brings nothing back.
SEALED_OF_CASE: Final[Query] = query("""
MATCH (o:Outcome {case: $case}) WHERE readable(o) AND o.sealed IS NOT NULL RETURN o.id AS id
""")

OFFICERS: Final[Query] = upkeep("MATCH (o:Officer) WHERE o.id IN $ids RETURN o.id AS id, o.name AS name")

# A person who leaves the graph (sealed as a victim) leaves the ledger a token: the count of persons stays, the tie does not. The
# outcome takes a new place, so that columns read before are read again.
FORGET_PERSON: Final[Query] = upkeep("""
MATCH (o:Outcome) WHERE o.person IN $ids
WITH collect(o) AS outcomes
MERGE (s:Serial {id: 'outcomes'}) ON CREATE SET s.born = randomUUID() SET s.value = coalesce(s.value, 0) + size(outcomes)
WITH outcomes, s.value - size(outcomes) AS before
UNWIND range(0, size(outcomes) - 1) AS n
WITH outcomes[n] AS o, before + n + 1 AS serial
SET o.serial = serial, o.sealed = $token, o.person = '', o.content_hash = '', o.reason = ''
REMOVE o.reference, o.reference_typed, o.note, o.note_typed, o.sex, o.sex_typed, o.citizenship, o.citizenship_typed
""")

# One row for all: a row each would cost the driver more than what stands in it.
AFTER: Final[Query] = upkeep("""
MATCH (o:Outcome) WHERE o.serial > $after WITH o ORDER BY o.serial LIMIT $limit RETURN collect(properties(o)) AS outcomes
""")

# What may change how outcomes are counted without a new place in the ledger; all from the count store or one index seek.
MARKS: Final[Query] = upkeep("""
OPTIONAL MATCH (s:Serial {id: 'outcomes'})
WITH coalesce(s.value, 0) AS last, coalesce(s.born, '') AS born
CALL { MATCH (c:Commit) RETURN count(c) AS commits }
CALL { MATCH (j:Judgement) RETURN count(j) AS judgements }
CALL { OPTIONAL MATCH (j:Judgement) RETURN max(j.id) AS newest }
CALL { MATCH ()-[s:SAME]->() RETURN count(s) AS same }
CALL { MATCH (:Record)-[s:SUPERSEDES]->() RETURN count(s) AS corrections }
CALL { MATCH (r:Record) RETURN count(r) AS records }
RETURN born, last, commits, judgements, newest, same, corrections, records
""")

SAME: Final[Query] = upkeep("""
MATCH (a:Person)-[:SAME|SUPERSEDES]->(b:Person)
RETURN a.id AS left, b.id AS right, a.agency AS left_agency, b.agency AS right_agency,
       a.compartments AS left_compartments, b.compartments AS right_compartments, a.audience AS left_audience, b.audience AS right_audience
""")

RETRACTED: Final[Query] = upkeep("MATCH (t:Retraction) WHERE t.standing IS NOT NULL RETURN t.standing AS id")

PERIODS: Final[Query] = upkeep("""
MATCH (j:Jpa) RETURN j.id AS id, j.start AS start, j.end AS end, j.states AS states
""")


def add_tx(tx: Tx, outcomes: Sequence[tuple[Outcome, Reach]]) -> None:
    """Append outcomes; one whose id is there already stays as it is."""
    if len(outcomes) > 0:
        tx.run(ADD, rows=[outcome_properties(outcome, reach) for outcome, reach in outcomes]).consume()


def outcome_tx(tx: Tx, reader: Readership, outcome: str) -> Outcome | None:
    """Read one outcome; None when there is none that this reader may know of."""
    row = tx.run(READ, id=outcome, **reader.parameters()).single()
    return None if row is None else outcome_of(row["outcome"])


def of_case_tx(tx: Tx, reader: Readership, case: str) -> list[Outcome]:
    """List the outcomes of a case as they were entered, corrected and retracted ones too."""
    return _read(tx, OF_CASE, reader, case=case)


def superseding_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> list[Outcome]:
    """Return every correction of these outcomes and of their corrections, retracted ones too."""
    return _read(tx, SUPERSEDING, reader, ids=list(ids))


def count_of_case_tx(tx: Tx, reader: Readership, case: str) -> int:
    """Count the outcomes of a case that stand."""
    return int(tx.run(COUNT_OF_CASE, case=case, **reader.parameters()).single(strict=True)["n"])


def people_tx(tx: Tx, reader: Readership, case: str, *, limit: int) -> list[str]:
    """Return the records of persons that the reports of a case state, by what they are called."""
    return [row["id"] for row in tx.run(PEOPLE, case=case, limit=limit, **reader.parameters())]


def sealed_of_case_tx(tx: Tx, reader: Readership, case: str) -> set[str]:
    """Return the outcomes of a case whose person has left the graph."""
    return {row["id"] for row in tx.run(SEALED_OF_CASE, case=case, **reader.parameters())}


def officers_tx(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    """Map officers to their names, for who entered what the caller has read."""
    return {row["id"]: row["name"] for row in tx.run(OFFICERS, ids=sorted(set(ids)))}


def of_agency_tx(tx: Tx, reader: Readership, jpa: str) -> list[Outcome]:
    """List the outcomes that the reader's agency reported under a joint period without a case."""
    return _read(tx, OF_AGENCY, reader, jpa=jpa)


def of_report_tx(tx: Tx, reader: Readership, report: str) -> list[Outcome]:
    """List the outcomes that a report states."""
    return _read(tx, OF_REPORT, reader, report=report)


def of_person_tx(tx: Tx, reader: Readership, records: Sequence[str]) -> list[Outcome]:
    """List the outcomes that speak of any of these records."""
    return _read(tx, OF_PERSON, reader, ids=list(records))


def readable_tx(tx: Tx, reader: Readership, ids: Sequence[str]) -> list[Outcome]:
    """Return those of the outcomes that this reader may read."""
    return _read(tx, READABLE, reader, ids=list(ids))


def forget_person_tx(tx: Tx, records: Sequence[str], token: str) -> None:
    """Take a sealed person out of the ledger; `token` tells that person apart in counts and leads nowhere."""
    tx.run(FORGET_PERSON, ids=list(records), token=token).consume()


def after_tx(tx: Tx, after: int, limit: int) -> list[dict[str, Any]]:
    """Read the ledger from behind a place on, as stored, in order; for counting alone."""
    found: list[dict[str, Any]] = tx.run(AFTER, after=after, limit=limit).single(strict=True)["outcomes"]
    return found


@dataclass(frozen=True, slots=True)
class Marks:
    """How far the ledger goes, and what else would change a count."""

    born: str
    """Which ledger it is: another one after a restore."""
    last: int
    """Last place in the ledger."""
    commits: int
    """Changes of any kind: with the same number nothing at all has changed."""
    people: tuple[int | str | None, ...]
    """What changes with verdicts and corrections about persons."""


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Two person records that a verdict or a correction makes one, with who may follow it."""

    left: str
    right: str
    agencies: tuple[str, str]
    compartments: tuple[frozenset[str], frozenset[str]]
    audience: tuple[frozenset[str], frozenset[str]]


def marks_tx(tx: Tx) -> Marks:
    """Read how far everything has come that a count rests on."""
    row = tx.run(MARKS).single(strict=True)
    people = tuple(row[name] for name in ("judgements", "newest", "same", "corrections", "records"))
    return Marks(row["born"], row["last"], row["commits"], people)


def same_people_tx(tx: Tx) -> list[SamePerson]:
    """Read every pair of person records that is one person; the caller decides which pairs a count may follow."""
    return [
        SamePerson(
            row["left"],
            row["right"],
            (row["left_agency"], row["right_agency"]),
            (frozenset(row["left_compartments"]), frozenset(row["right_compartments"])),
            (frozenset(row["left_audience"]), frozenset(row["right_audience"])),
        )
        for row in tx.run(SAME)
    ]


def retracted_tx(tx: Tx) -> set[str]:
    """Return the ids of everything that is retracted now."""
    return {row["id"] for row in tx.run(RETRACTED)}


def periods_tx(tx: Tx) -> list[dict[str, Any]]:
    """Return id, first and last day and states of every joint period."""
    return [row.data() for row in tx.run(PERIODS)]


def _read(tx: Tx, query: Query, reader: Readership, **parameters: Any) -> list[Outcome]:
    return [outcome_of(row["outcome"]) for row in tx.run(query, **parameters, **reader.parameters())]
