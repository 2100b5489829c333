"""The dashboard of a joint period: every figure in two columns, in the period and because of it, from one count [M1, T2]."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import numpy as np

from jpa.errors import NotFoundError
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Jpa
from jpa.services.accepted import counted_for_tx
from jpa.services.captions import Captions, captions_tx
from jpa.services.figures import periods_tx
from jpa.services.stores import Ask, Event, Stores, read
from jpa.statistics.dimensions import REPORTING, WHERE
from jpa.statistics.facts import KIND_CODES, Column, Facts, day_of
from jpa.statistics.measures import MEASURES, Measure, measure_of
from jpa.statistics.tables import Credit, Question, Table, tabulate
from jpa.statistics.vintage import Curve, curve

TILES: Final = (
    "persons_arrested", "persons_charged", "persons_convicted", "victims_assisted", "extraditions_requested",
)  # fmt: skip
"""What stands in large figures on top: the lines that ministers ask for first."""
CHAIN: Final = ("persons_arrested", "persons_charged", "persons_convicted")
"""What trend, states and curves are shown of."""
OFFENCES: Final = ("persons_arrested", "charges_laid", "charges_convicted")
_SHOWN: Final = frozenset({"state", WHERE, REPORTING, "year", "month", "offence", "case"})
"""Columns that a dashboard's figures are counted by; the others need not be picked."""
CREDITS: Final = (Credit.IN_PERIOD, Credit.BECAUSE)


@dataclass(frozen=True, slots=True)
class Pair:
    """One figure in its two columns, never one without the other."""

    measure: Measure
    labels: Mapping[str, str]
    """Of the cell; none for a total."""
    inside: float
    because: float
    undecided: float = 0.0
    """How many more may belong to the period: their date or state is not known well enough."""

    def question(self, credit: Credit, jpa: str) -> Question:
        """Return the question that one of the two answers."""
        return Question(self.measure.name, credit=credit, jpa=jpa).within(self.labels)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Several measures by one dimension."""

    dimension: str
    measures: tuple[Measure, ...]
    rows: tuple[tuple[str, tuple[Pair, ...]], ...]
    """Label, unknown last and always there; a pair for each measure."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All figures of one joint period, as far as this officer counts."""

    jpa: Jpa
    periods: Sequence[Jpa]
    """Those of the officer's state, to choose from."""
    pairs: Sequence[Pair]
    """Every measure of the registry."""
    curves: Sequence[tuple[Curve, Curve]]
    trend: Breakdown
    by_state: Breakdown
    by_offence: Breakdown
    captions: Captions
    whose: str
    at: datetime
    credits: tuple[Credit, Credit] = CREDITS
    """The two columns."""

    @property
    def tiles(self) -> list[Pair]:
        """The figures on top."""
        return [pair for pair in self.pairs if pair.measure.name in TILES]


@dataclass(frozen=True, slots=True)
class Tiles:
    """The figures on top alone, for a start page."""

    jpa: Jpa
    pairs: Sequence[Pair]
    whose: str
    credits: tuple[Credit, Credit] = CREDITS
    """The two columns."""


@dataclass(slots=True)
class Sorted:
    """Facts by the kinds that a measure counts, picked once for all of its figures."""

    facts: Facts
    picked: dict[frozenset[str], Facts] = field(default_factory=dict)

    def of(self, measure: str) -> Facts:
        """Return the outcomes of a measure's kinds alone."""
        kinds = measure_of(measure).kinds
        if kinds not in self.picked:
            rows = np.flatnonzero(np.isin(self.facts.kind, [KIND_CODES[kind] for kind in kinds]))
            self.picked[kinds] = replace(self.facts, columns=_needed(self.facts)).taken(rows)
        return self.picked[kinds]

    def table(self, measure: str, credit: Credit, jpa: str, *dimensions: str) -> Table:
        """Count one table of a measure."""
        return tabulate(self.of(measure), Question(measure, dimensions, credit=credit, jpa=jpa))

    def pair(self, measure: str, jpa: str) -> Pair:
        """Count a figure in its two columns."""
        inside, because = (self.table(measure, credit, jpa) for credit in CREDITS)
        return Pair(measure_of(measure), {}, inside.total, because.total, inside.undecided)

    def breakdown(self, dimension: str, measures: Sequence[str], jpa: str, always: Iterable[str] = ()) -> Breakdown:
        """Count several measures by one dimension; labels in `always` stand there with zero too."""
        cells: dict[tuple[str, str, Credit], float] = {}
        for measure in measures:
            for credit in CREDITS:
                for cell in self.table(measure, credit, jpa, dimension).cells:
                    cells[cell.labels[0], measure, credit] = cell.value
        labels = {label for label, _, _ in cells} | set(always)
        rows = tuple(
            (label, tuple(_pair(cells, dimension, label, measure) for measure in measures))
            for label in sorted(labels, key=lambda label: (label == "", label))
        )
        return Breakdown(dimension, tuple(measure_of(m) for m in measures), rows)


def read_dashboard(stores: Stores, ask: Ask, jpa: str, by: str = "year") -> Dashboard | None:
    """Count everything of one joint period, the newest where none is named; None where the state takes part in none."""

    def work(tx: Tx, reader: Readership) -> Dashboard | None:
        periods = periods_tx(tx, ask)
        chosen = _chosen(periods, jpa)
        if chosen is None:
            return None
        counted = counted_for_tx(tx, stores, reader, ask, chosen.id)
        figures, today = Sorted(counted.facts), day_of(ask.at.date())
        return Dashboard(
            jpa=chosen,
            periods=periods,
            pairs=[figures.pair(measure, chosen.id) for measure in MEASURES],
            curves=[_curves(figures.of(m), Question(m, jpa=chosen.id), today) for m in CHAIN],
            trend=figures.breakdown("month" if by == "month" else "year", CHAIN, chosen.id),
            by_state=figures.breakdown("state", CHAIN, chosen.id, chosen.states),
            by_offence=figures.breakdown("offence", OFFENCES, chosen.id),
            captions=captions_tx(tx, reader, ()),
            whose=counted.whose,
            at=ask.at,
        )

    event = Event(AuditTag.FIGURE_READ, jpa, {"measure": "dashboard"})
    return read(stores, ask, Action.READ_STATISTICS, event, work)


def read_tiles(stores: Stores, ask: Ask) -> Tiles | None:
    """Count the figures on top of the newest joint period; None where the state takes part in none."""

    def work(tx: Tx, reader: Readership) -> Tiles | None:
        chosen = _chosen(periods_tx(tx, ask), "")
        if chosen is None:
            return None
        counted = counted_for_tx(tx, stores, reader, ask, chosen.id)
        figures = Sorted(counted.facts)
        return Tiles(chosen, [figures.pair(measure, chosen.id) for measure in TILES], counted.whose)

    return read(stores, ask, Action.READ_STATISTICS, Event(AuditTag.FIGURE_READ, "", {"measure": "tiles"}), work)


def _needed(facts: Facts) -> dict[str, Column]:
    only = {dimension for measure in MEASURES.values() for _, dimension, _ in measure.only}
    return {name: facts.columns[name] for name in _SHOWN | only}


def _curves(facts: Facts, question: Question, today: int) -> tuple[Curve, Curve]:
    inside, because = (curve(facts, replace(question, credit=credit), today) for credit in CREDITS)
    return inside, because


def _pair(cells: Mapping[tuple[str, str, Credit], float], dimension: str, label: str, measure: str) -> Pair:
    inside, because = (cells.get((label, measure, credit), 0.0) for credit in CREDITS)
    return Pair(measure_of(measure), {dimension: label}, inside, because)


def _chosen(periods: Sequence[Jpa], jpa: str) -> Jpa | None:
    if jpa == "":
        return periods[0] if len(periods) > 0 else None
    found = next((period for period in periods if period.id == jpa), None)
    if found is None:
        raise NotFoundError("There is no such joint period that your state takes part in.")
    return found
