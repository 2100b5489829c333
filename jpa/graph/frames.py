"""Joint periods of action with their plans, as lists and one by one; saved by `jpa.graph.cases`."""

from collections.abc import Mapping
from typing import Any, Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.session import Tx
from jpa.model.case import Jpa, Meeting, MeetingKind, Plan, Target

READ_FRAMES: Final[Query] = upkeep("""
MATCH (j:Jpa) WHERE ($state IS NULL OR $state IN j.states) AND ($jpa IS NULL OR j.id = $jpa)
OPTIONAL MATCH (p:Plan)-[:UNDER]->(j) WHERE $state IS NULL OR $state IN p.states
WITH j, p ORDER BY p.name
WITH j, collect(properties(p)) AS plans
RETURN properties(j) AS jpa, plans ORDER BY jpa.number DESC
""")

NUMBERED: Final[Query] = upkeep("MATCH (j:Jpa {number: $number}) RETURN j.id AS id")


def frames_tx(tx: Tx, *, state: str | None = None, jpa: str | None = None) -> list[tuple[Jpa, list[Plan]]]:
    """List joint periods, newest first, with their plans: all, those that a state takes part in, or one."""
    found = tx.run(READ_FRAMES, state=state, jpa=jpa)
    return [(jpa_of(row["jpa"]), [_plan_of(row["jpa"]["id"], p) for p in row["plans"]]) for row in found]


def numbered_tx(tx: Tx, number: int) -> str | None:
    """Return the id of the joint period of that number; None when it is free."""
    row = tx.run(NUMBERED, number=number).single()
    return None if row is None else str(row["id"])


def jpa_properties(jpa: Jpa) -> dict[str, Any]:
    """Return the properties of a Jpa node; meetings and targets lie in lists side by side."""
    return {
        "number": jpa.number,
        "name": jpa.name,
        "start": jpa.start,
        "end": jpa.end,
        "states": list(jpa.states),
        "focus": jpa.focus,
        "observers": list(jpa.observers),
        "co_chairs": list(jpa.co_chairs),
        "meeting_dates": [m.date for m in jpa.meetings],
        "meeting_kinds": [m.kind.value for m in jpa.meetings],
        "meeting_places": [m.place for m in jpa.meetings],
        "meeting_notes": [m.note for m in jpa.meetings],
        "target_measures": [t.measure for t in jpa.targets],
        "target_numbers": [t.number for t in jpa.targets],
        "coordinator": jpa.coordinator,
    }


def jpa_of(node: Mapping[str, Any]) -> Jpa:
    """Read a Jpa node back; one of an earlier release says nothing of observers, meetings and targets."""
    meetings = zip(*(node.get(f"meeting_{part}", ()) for part in ("dates", "kinds", "places", "notes")), strict=True)
    targets = zip(node.get("target_measures", ()), node.get("target_numbers", ()), strict=True)
    return Jpa(
        id=node["id"],
        number=node["number"],
        name=node["name"],
        start=node["start"],
        end=node["end"],
        states=tuple(node["states"]),
        focus=node.get("focus", ""),
        observers=tuple(node.get("observers", ())),
        co_chairs=tuple(node.get("co_chairs", ())),
        meetings=tuple(Meeting(date, MeetingKind(kind), place, note) for date, kind, place, note in meetings),
        targets=tuple(Target(measure, number) for measure, number in targets),
        coordinator=node.get("coordinator", ""),
    )


def _plan_of(jpa: str, node: Mapping[str, Any]) -> Plan:
    return Plan(node["id"], jpa, node["name"], tuple(node["states"]))
