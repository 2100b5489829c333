"""The reciprocity meter: what two agencies asked, answered and gave each other, the same figures for both sides [S10].

It holds numbers alone, of this one pair: a third agency's desk is told nothing of it. A further way of sharing is one more line of
`SHARINGS`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jpa.graph import reciprocity
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import Way
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.services.request_figures import counted_tx
from jpa.services.stores import Ask, Event, Stores, read
from jpa.statistics.requests import OURS, REQUEST_MEASURES, THEIRS, RequestFact, figure

Given = Mapping[tuple[str, str], int]
"""(Giving agency, receiving agency) to a number."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """One kind of sharing that the meter counts beside requests."""

    way: Way
    label: str
    definition: str
    given_tx: Callable[[Tx, str], Given]
    """Counts what an agency gave and received, by pair."""


SHARINGS: Final = (
    Sharing(
        Way.GRANT, "Grants", "Grants of a case or of chosen records that were ever made, those that ended among them.", reciprocity.grants_tx
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """The own agency beside another agency, or beside all agencies of a state."""

    state: str
    agency: Agency | None
    """None for a whole state."""
    partners: tuple[str, ...]
    """Agencies that it adds up."""
    ours: Mapping[str, float | None]
    """Measure to figure, of what the own agency asked."""
    theirs: Mapping[str, float | None]
    given: Mapping[str, int]
    """Kind of sharing to number."""
    received: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Meter:
    """The meter of one agency."""

    agencies: Sequence[Pair]
    states: Sequence[Pair]


def read_meter(stores: Stores, ask: Ask) -> Meter:
    """Count, for every agency that anything passed between, both directions."""

    def work(tx: Tx, reader: Readership) -> Meter:
        own = reader.officer.agency
        counted = counted_tx(tx, reader, ask)
        given = {sharing.way.value: sharing.given_tx(tx, own) for sharing in SHARINGS}
        others = {f.labels["partner"] for f in counted.facts}
        others |= {a for pairs in given.values() for pair in pairs for a in pair if a != own}
        offices = counted.captions.agencies
        listed = sorted((a for a in offices.values() if a.id in others), key=lambda a: (a.state, a.name))
        states: dict[str, tuple[str, ...]] = {}
        for agency in listed:
            states[agency.state] = (*states.get(agency.state, ()), agency.id)
        return Meter(
            [_pair(counted.facts, given, own, a.state, (a.id,), a) for a in listed],
            [_pair(counted.facts, given, own, state, ids) for state, ids in states.items()],
        )

    event = Event(AuditTag.REQUEST_COUNTED, ask.officer.agency, {"meter": True})
    return read(stores, ask, Action.COUNT_REQUEST, event, work)


def _pair(
    facts: Sequence[RequestFact],
    given: Mapping[str, Given],
    own: str,
    state: str,
    partners: tuple[str, ...],
    agency: Agency | None = None,
) -> Pair:
    def figures(direction: str) -> dict[str, float | None]:
        where = {"direction": (direction,), "partner": partners}
        return {measure: figure(facts, measure, where) for measure in REQUEST_MEASURES}

    return Pair(
        state,
        agency,
        partners,
        figures(OURS),
        figures(THEIRS),
        {way: sum(pairs.get((own, p), 0) for p in partners) for way, pairs in given.items()},
        {way: sum(pairs.get((p, own), 0) for p in partners) for way, pairs in given.items()},
    )
