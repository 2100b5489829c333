"""What is counted of an incident: its labels, the persons met, the fees; what is not known is a label of its own, the empty one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jpa.model.catalogue.incidents import GROUPS
from jpa.model.incident import Incident
from jpa.model.value_types import tally_of
from jpa.statistics.facts import days_of

Tally = Mapping[str, int]
ROUTE_MARK: Final = ">"


@dataclass(frozen=True, slots=True)
class Met:
    """Persons of one kind in one incident."""

    number: int | None
    """None where nobody knows."""
    nationalities: Tally
    """By state, the rest under the empty label; adds up to the number."""
    groups: Tally = field(default_factory=dict)
    """By sex and age, likewise."""


@dataclass(frozen=True, slots=True)
class IncidentFact:
    """What is counted of one incident."""

    id: str
    labels: Mapping[str, tuple[str, ...]]
    """By dimension; none or several only where the dimension allows it."""
    migrants: Met
    smugglers: Met
    days: tuple[int, int]
    """First and last day that it may have happened; `NO_DAY` twice where nothing is known."""
    fees: Mapping[str, float]
    """Fee asked and paid, in the currency of the labels."""


_SAID: Final = ("state", "place", "origin", "destination", "means", "method", "result", "currency")


def fact_of(incident: Incident) -> IncidentFact:
    """Return what is counted of an incident; whatever was not understood is unknown."""
    day = incident.clean("date")
    month, year = (day[:7] if len(day) >= 7 else ""), day[:4]
    ends = [incident.clean("origin"), incident.clean("destination")]
    single = {name: (incident.clean(name),) for name in _SAID}
    migrants = _met(incident, "migrants", "nationalities", GROUPS)
    labels = {
        **single, "month": (month,), "year": (year,), "route": (ROUTE_MARK.join(ends) if any(ends) else "",),
        "transit": tuple(dict.fromkeys(incident.all("transit"))) or ("",),
    }  # fmt: skip
    fees = {name: float(said) for name in ("feeAsked", "feePaid") if (said := incident.clean(name))}
    smugglers = _met(incident, "smugglers", "smugglerNationalities", ())
    return IncidentFact(incident.id, labels, migrants, smugglers, days_of(day), fees)


def _met(incident: Incident, name: str, states: str, groups: Sequence[str]) -> Met:
    tally: dict[str, int] = {}
    for state, of_state in map(tally_of, incident.all(states)):
        tally[state] = tally.get(state, 0) + of_state
    banded = {group: int(said) for group in groups if (said := incident.clean(group))}
    parts = [sum(t.values()) for t in (tally, banded) if len(t) > 0]
    said = incident.clean(name)
    # Where nobody counted them all, there were at least as many as were told apart.
    number = int(said) if said else max(parts) if len(parts) > 0 else None
    return Met(number, _filled(tally, number), _filled(banded, number))


def _filled(tally: Mapping[str, int], number: int | None) -> Tally:
    if number is None:
        return {}
    rest = number - sum(tally.values())
    # Parts that add up to more than the whole contradict it: all of them are unknown, and none is guessed.
    known = {label: n for label, n in tally.items() if n > 0} if rest >= 0 else {}
    return {**known, **({"": number - sum(known.values())} if number > sum(known.values()) else {})}
