"""Cases, their actions and decisions; jpas and plans."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.frames import jpa_of, jpa_properties
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import ActionState, Case, CaseAction, CaseState, Decision, Jpa, Plan
from jpa.model.record import Report

CREATE_CASE: Final[Query] = upkeep("""
MERGE (c:Case {id: $id}) ON CREATE SET c += $properties
WITH c
CALL (c) { MATCH (p:Plan {id: $plan}) MERGE (c)-[:UNDER]->(p) }
CALL (c) { MATCH (j:Jpa {id: $jpa}) MERGE (c)-[:UNDER]->(j) }
""")

CHANGE_CASE: Final[Query] = upkeep("MATCH (c:Case {id: $id}) SET c += $properties")

# Action book, decision log and summary carry no marking: unmarked means own agency only, whatever a grant opens.
READ_CASE: Final[Query] = query("""
MATCH (c:Case {id: $id}) WHERE c.id IN $compartments
RETURN c {.*, summary: CASE WHEN ('agency:' + c.agency) IN $audience THEN c.summary ELSE '' END} AS case
""")

BY_NUMBER: Final[Query] = query("""
MATCH (c:Case {number: $number}) WHERE c.id IN $compartments RETURN properties(c) AS case ORDER BY c.opened DESC LIMIT 1
""")

NUMBERS: Final[Query] = query("""
MATCH (c:Case) WHERE c.id IN $ids AND c.id IN $compartments RETURN c.id AS id, c.number AS number
""")

LIST_CASES: Final[Query] = query("""
MATCH (c:Case) WHERE c.id IN $compartments
RETURN c {.*, summary: CASE WHEN ('agency:' + c.agency) IN $audience THEN c.summary ELSE '' END} AS case,
       COUNT { MATCH (p:Report)-[:FILED_IN]->(c) WHERE readable(p) } AS reports,
       COUNT { MATCH (p:Report)-[:FILED_IN]->(c), (p)-[:STATES]->(r:Record) WHERE readable(p) AND readable(r) } AS records
ORDER BY c.opened DESC, c.id DESC SKIP $skip LIMIT $limit
""")

COUNT_CASES: Final[Query] = query("MATCH (c:Case) WHERE c.id IN $compartments RETURN count(c) AS n")

READ_REPORTS: Final[Query] = query("""
MATCH (p:Report)-[:FILED_IN]->(c:Case {id: $id}) WHERE c.id IN $compartments AND readable(p)
RETURN properties(p) AS report, COUNT { MATCH (p)-[:STATES]->(r:Record) WHERE readable(r) } AS records
ORDER BY p.date DESC, p.id DESC SKIP $skip LIMIT $limit
""")

READ_REPORT: Final[Query] = query("MATCH (p:Report {id: $id}) WHERE readable(p) RETURN properties(p) AS report")

READABLE_REPORTS: Final[Query] = query("MATCH (p:Report) WHERE p.id IN $ids AND readable(p) RETURN p.id AS id")

COUNT_REPORTS: Final[Query] = query("""
MATCH (p:Report)-[:FILED_IN]->(c:Case {id: $id}) WHERE c.id IN $compartments AND readable(p) RETURN count(p) AS n
""")

ADD_ACTION: Final[Query] = upkeep("""
MATCH (c:Case {id: $case}) MERGE (a:Action {id: $properties.id}) ON CREATE SET a = $properties MERGE (c)-[:HAS]->(a)
""")

READ_ACTIONS: Final[Query] = query("""
MATCH (c:Case {id: $id})-[:HAS]->(a:Action) WHERE c.id IN $compartments AND ('agency:' + c.agency) IN $audience RETURN properties(a) AS entry ORDER BY a.at
""")

ADD_DECISION: Final[Query] = upkeep("""
MATCH (c:Case {id: $case}) MERGE (d:Decision {id: $properties.id}) ON CREATE SET d = $properties MERGE (c)-[:HAS]->(d)
""")

READ_DECISIONS: Final[Query] = query("""
MATCH (c:Case {id: $id})-[:HAS]->(d:Decision) WHERE c.id IN $compartments AND ('agency:' + c.agency) IN $audience RETURN properties(d) AS entry ORDER BY d.at DESC
""")

SAVE_JPA: Final[Query] = upkeep("MERGE (j:Jpa {id: $id}) SET j += $properties")
SAVE_PLAN: Final[Query] = upkeep("""
MATCH (j:Jpa {id: $jpa}) MERGE (p:Plan {id: $id}) SET p += $properties MERGE (p)-[:UNDER]->(j)
""")
LIST_JPAS: Final[Query] = upkeep(
    "MATCH (j:Jpa) WHERE $state IN j.states RETURN properties(j) AS jpa ORDER BY j.number DESC"
)
LIST_PLANS: Final[Query] = upkeep("""
MATCH (p:Plan)-[:UNDER]->(j:Jpa) WHERE $state IN p.states RETURN properties(p) AS plan, j.id AS jpa ORDER BY p.name
""")


def create_tx(tx: Tx, case: Case) -> None:
    """Open a case; it is its own compartment."""
    tx.run(CREATE_CASE, id=case.id, properties=_case_properties(case), plan=case.plan, jpa=case.jpa)


def change_tx(tx: Tx, case: Case) -> None:
    """Write the case's changeable fields."""
    tx.run(CHANGE_CASE, id=case.id, properties=_case_properties(case))


def case_tx(tx: Tx, reader: Readership, case: str) -> Case | None:
    """Read a case; None when there is none that this reader may know of."""
    row = tx.run(READ_CASE, id=case, **reader.parameters()).single()
    return None if row is None else case_of(row["case"])


def by_number_tx(tx: Tx, reader: Readership, number: str) -> Case | None:
    """Read a case by its number; None when there is none that this reader may know of."""
    row = tx.run(BY_NUMBER, number=number, **reader.parameters()).single()
    return None if row is None else case_of(row["case"])


def numbers_tx(tx: Tx, reader: Readership, ids: Collection[str]) -> dict[str, str]:
    """Map those of the cases that the reader may know of to their numbers."""
    return {row["id"]: row["number"] for row in tx.run(NUMBERS, ids=list(ids), **reader.parameters())}


def cases_tx(tx: Tx, reader: Readership, *, skip: int = 0, limit: int = 50) -> list[tuple[Case, int, int]]:
    """List readable cases, newest first, each with its counts of readable reports and records."""
    found = tx.run(LIST_CASES, skip=skip, limit=limit, **reader.parameters())
    return [(case_of(row["case"]), row["reports"], row["records"]) for row in found]


def count_tx(tx: Tx, reader: Readership) -> int:
    """Count the cases that the reader may know of."""
    return int(tx.run(COUNT_CASES, **reader.parameters()).single(strict=True)["n"])


def reports_tx(tx: Tx, reader: Readership, case: str, *, skip: int = 0, limit: int = 50) -> list[tuple[Report, int]]:
    """List the readable reports of a case, newest first, each with its count of readable records."""
    found = tx.run(READ_REPORTS, id=case, skip=skip, limit=limit, **reader.parameters())
    return [(rows.report_of(row["report"]), row["records"]) for row in found]


def count_reports_tx(tx: Tx, reader: Readership, case: str) -> int:
    """Count the readable reports of a case."""
    return int(tx.run(COUNT_REPORTS, id=case, **reader.parameters()).single(strict=True)["n"])


def report_tx(tx: Tx, reader: Readership, report: str) -> Report | None:
    """Read one report; None when there is none that this reader may know of."""
    row = tx.run(READ_REPORT, id=report, **reader.parameters()).single()
    return None if row is None else rows.report_of(row["report"])


def readable_reports_tx(tx: Tx, reader: Readership, reports: Collection[str]) -> set[str]:
    """Return those of the reports that this reader may read."""
    return {row["id"] for row in tx.run(READABLE_REPORTS, ids=sorted(reports), **reader.parameters())}


def add_action_tx(tx: Tx, action: CaseAction) -> None:
    """Append an entry of the action book."""
    tx.run(ADD_ACTION, case=action.case, properties=_entry(action))


def actions_tx(tx: Tx, reader: Readership, case: str) -> list[CaseAction]:
    """Read the action book of a readable case, oldest first."""
    found = tx.run(READ_ACTIONS, id=case, **reader.parameters())
    return [
        CaseAction(**{**r["entry"], "state": ActionState(r["entry"]["state"]), "at": moment(r["entry"]["at"])})
        for r in found
    ]


def add_decision_tx(tx: Tx, decision: Decision) -> None:
    """Append an entry of the decision log."""
    tx.run(ADD_DECISION, case=decision.case, properties=_entry(decision))


def decisions_tx(tx: Tx, reader: Readership, case: str) -> list[Decision]:
    """Read the decision log of a readable case, newest first."""
    found = tx.run(READ_DECISIONS, id=case, **reader.parameters())
    return [Decision(**{**r["entry"], "at": moment(r["entry"]["at"])}) for r in found]


def save_jpa_tx(tx: Tx, jpa: Jpa) -> None:
    """Create or change a joint period."""
    tx.run(SAVE_JPA, id=jpa.id, properties=jpa_properties(jpa))


def save_plan_tx(tx: Tx, plan: Plan) -> None:
    """Create or change an investigation plan under its jpa."""
    tx.run(SAVE_PLAN, id=plan.id, jpa=plan.jpa, properties={"name": plan.name, "states": list(plan.states)})


def save_frame_tx(tx: Tx, jpa: Jpa, plan: Plan) -> None:
    """Create a joint period with one of its plans."""
    save_jpa_tx(tx, jpa)
    save_plan_tx(tx, plan)


def jpas_tx(tx: Tx, state: str) -> list[Jpa]:
    """List the joint periods that a state takes part in, newest first."""
    return [jpa_of(row["jpa"]) for row in tx.run(LIST_JPAS, state=state)]


def plans_tx(tx: Tx, state: str) -> list[Plan]:
    """List the plans that a state is party to."""
    return [
        Plan(id=r["plan"]["id"], jpa=r["jpa"], name=r["plan"]["name"], states=tuple(r["plan"]["states"]))
        for r in tx.run(LIST_PLANS, state=state)
    ]


def _case_properties(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "title": case.title,
        "agency": case.agency,
        "state": case.state,
        "opened": stamp(case.opened),
        "status": case.status.value,
        "open_in_agency": case.open_in_agency,
        "jpa": case.jpa,
        "plan": case.plan,
        "summary": case.summary,
    }


def case_of(node: Mapping[str, Any]) -> Case:
    """Read a Case node back."""
    return Case(
        id=node["id"],
        number=node["number"],
        title=node["title"],
        agency=node["agency"],
        state=node["state"],
        opened=moment(node["opened"]),
        status=CaseState(node["status"]),
        open_in_agency=node["open_in_agency"],
        jpa=node.get("jpa"),
        plan=node.get("plan"),
        summary=node.get("summary", ""),
    )


def _entry(entry: CaseAction | Decision) -> dict[str, Any]:
    plain = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    return {k: stamp(v) if isinstance(v, datetime) else str(v) for k, v in plain.items()}
