"""The case graph as data for the chart and its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.graph import candidates, cases, charts, entities
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.chart import MOST_THINGS, MOST_TIES, ChartTie
from jpa.model.entity import Glance, Tie
from jpa.services.stores import Ask, Event, Stores, found, read

EXPANSION: Final = 50
"""Things that one expansion brings: what an officer can take in at once (ux.md B1)."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Things and ties, and how many records were left out by the cap."""

    things: Sequence[Glance]
    ties: Sequence[ChartTie]
    more: int = 0


def case_chart(stores: Stores, ask: Ask, case: str, *, limit: int = MOST_THINGS) -> Chart:
    """Read the graph of a case: everything its readable reports state and the ties among it."""

    def work(tx: Tx, reader: Readership) -> Chart:
        found(cases.case_tx(tx, reader, case))
        ids, total = charts.case_records_tx(tx, reader, case, limit)
        things, entity_of = charts.things_tx(tx, reader, ids)
        ties = charts.ties_tx(tx, reader, entity_of, MOST_TIES)
        return Chart(things, ties, total - len(ids))

    return read(stores, ask, Action.READ, Event(AuditTag.CHART_READ, case), work)


def candidate_chart(stores: Stores, ask: Ask, candidate: str) -> Chart:
    """Read the graph of a candidate network: its members in force, and the means that tie at least two of them.

    Nobody who is not a member is drawn: who travels with them is not accused by it.
    """

    def work(tx: Tx, reader: Readership) -> Chart:
        standing, *_ = found(candidates.candidate_tx(tx, reader, candidate))
        members = entities.members_tx(tx, reader, [m.record for m in standing.members])
        people = {record: start for start, those in members.items() for record in those}
        means = charts.means_tx(tx, reader, people)
        things, entity_of = charts.things_tx(tx, reader, sorted({*people, *means[:MOST_THINGS]}))
        ties = charts.ties_tx(tx, reader, entity_of, MOST_TIES)
        return Chart(things, ties, max(0, len(means) - MOST_THINGS))

    return read(stores, ask, Action.READ, Event(AuditTag.CHART_READ, candidate), work)


def expand(stores: Stores, ask: Ask, record: str, shown: Sequence[str], *, page: int = 0) -> Chart:
    """Read what one entity is tied to, a page at a time, and all ties between it and what is `shown`."""

    def work(tx: Tx, reader: Readership) -> Chart:
        own = entities.component_tx(tx, reader, record)
        found(own or None)
        skip = page * EXPANSION
        near = charts.neighbours_tx(tx, reader, own, skip=skip, limit=EXPANSION + 1)
        things, _ = charts.things_tx(tx, reader, near[:EXPANSION])
        known = [i for thing in shown[:MOST_THINGS] for i in entities.component_tx(tx, reader, thing)]
        _, entity_of = charts.things_tx(tx, reader, sorted({*own, *near[:EXPANSION], *known}))
        ties = charts.ties_tx(tx, reader, entity_of, MOST_TIES)
        return Chart(things, ties, 1 if len(near) > EXPANSION else 0)

    return read(stores, ask, Action.READ, Event(AuditTag.CHART_READ, record), work)


def why_tied(stores: Stores, ask: Ask, left: str, right: str) -> list[Tie]:
    """Read every link between two entities with the report that states it: who says so, how sure."""

    def work(tx: Tx, reader: Readership) -> list[Tie]:
        own = entities.component_tx(tx, reader, left)
        other = set(entities.component_tx(tx, reader, right))
        found(own or None)
        found(other or None)
        ties = entities.ties_tx(tx, reader, own, limit=MOST_TIES)
        return [t for t in ties if t.link.source in other or t.link.target in other]

    return read(stores, ask, Action.READ, Event(AuditTag.CHART_READ, left), work)
