"""The one function that counts: tile, table, chart, file, API and drill-down all ask it [T1, T2, T3].

A cell is the count of what has exactly its labels. Persons, charges and cases count once in each cell, so that a cell equals the
same figure asked for with those labels as a filter; for these units a total can be less than the sum of its cells.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jpa.errors import InvalidInputError
from jpa.statistics.dimensions import REPORTING, WHERE
from jpa.statistics.facts import KIND_CODES, KIND_NAMES, NO_DAY, NOBODY, Column, Facts, Keys, Mask, Period, Weights
from jpa.statistics.measures import Measure, PlaceRule, Unit

MOST_DIMENSIONS: Final = 3
"""More make no table that anyone reads."""
_MOST_COUNTED: Final = 1 << 22
"""Up to so many possible cells, those that occur are found by marking them, without sorting."""
_PLACES: Final = 6
_DIGITS: Final = 15
"""Decimal digits that a double carries whatever the number: a thousand millions of rupiah are not said to the millionth."""
"""Decimal places of a figure of shares; whole figures are whole."""


class Credit(StrEnum):
    """Which outcomes a joint period's figure takes in."""

    ALL = "all"
    IN_PERIOD = "in the period"
    BECAUSE = "because of the period"


@dataclass(frozen=True, slots=True)
class Question:
    """One table asked for; the same question over the same facts gives the same answer."""

    measure: str
    dimensions: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Dimension to the labels that count; "" is unknown."""
    credit: Credit = Credit.ALL
    jpa: str = ""
    """The joint period, for a credit other than `ALL`."""

    def within(self, labels: Mapping[str, str]) -> "Question":
        """Return the question about one cell, by its labels."""
        return Question(self.measure, (), {**self.where, **{d: (x,) for d, x in labels.items()}}, self.credit, self.jpa)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table."""

    labels: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a question."""

    question: Question
    cells: tuple[Cell, ...]
    """Those that are not zero, by label with unknown last; and unknown of each dimension, zero or not, where it stands alone."""
    total: float
    undecided: float
    """How many more might belong to the period: their date or state is not known well enough to say."""


@dataclass(frozen=True, slots=True)
class Member:
    """What one unit of a figure rests on: a person, a charge, a case or an event, by its outcomes."""

    outcomes: tuple[str, ...]
    value: float
    """1, a number where several were entered as one, or the share credited."""


def tabulate(facts: Facts, question: Question) -> Table:
    """Count; InvalidInputError for a measure, dimension or period that there is not."""
    counts, undecided = _chosen(facts, question)
    columns = [column_of(facts, facts.measure(question.measure), d) for d in question.dimensions]
    # Who is counted already would not be one more: an undecided outcome of that person changes nothing.
    more = undecided.without(counts.keys)
    return Table(question, tuple(_cells(counts, columns)), _total(counts), _total(more))


def figure(facts: Facts, question: Question) -> float:
    """Count one figure, without any dimension."""
    return chosen(facts, question).total


def members(facts: Facts, question: Question) -> list[Member]:
    """List what a figure rests on; the values add up to the figure, always [T3]."""
    return members_of(facts, chosen(facts, question))


def members_of(facts: Facts, counts: "Chosen") -> list[Member]:
    """List what was chosen by the person, charge, case or event that it is counted for."""
    ids = facts.ids[counts.rows]
    found: dict[int, tuple[list[str], float]] = {}
    for row, key in enumerate(_told_apart(counts.keys)):
        outcomes, value = found.get(int(key), ([], 0.0))
        outcomes.append(ids[row].decode())
        found[int(key)] = (outcomes, max(value, float(counts.values[row])))
    return [Member(tuple(outcomes), said(value)) for outcomes, value in found.values()]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The outcomes that a question counts: their rows, what tells them apart, and what each adds."""

    rows: NDArray[np.intp]
    keys: Keys
    values: Weights

    def without(self, keys: Keys) -> "Chosen":
        """Return what does not belong to any of these persons, charges or cases."""
        left = (self.keys == NOBODY) | ~np.isin(self.keys, keys)
        return Chosen(self.rows[left], self.keys[left], self.values[left])

    @property
    def total(self) -> float:
        """The figure that they make."""
        return _total(self)


def chosen(facts: Facts, question: Question, *, ever: bool = False) -> Chosen:
    """Return what a question counts; with `ever`, verdicts that fell since too."""
    found, _ = _chosen(facts, question, ever=ever)
    return found


def reached(facts: Facts, question: Question) -> NDArray[np.intp]:
    """Return the rows that a question counts, ever counted or may yet count."""
    sure, more = _chosen(facts, question, ever=True)
    return np.union1d(sure.rows, more.rows)


def _chosen(facts: Facts, question: Question, *, ever: bool = False) -> tuple[Chosen, Chosen]:
    measure = facts.measure(question.measure)
    if len(question.dimensions) > MOST_DIMENSIONS or len(set(question.dimensions)) < len(question.dimensions):
        raise InvalidInputError("No such table.", {"dimensions": f"Choose up to {MOST_DIMENSIONS}, each once."})
    mask = counted(facts, measure, ever=ever)
    for dimension, labels in question.where.items():
        column = column_of(facts, measure, dimension)
        mask &= _among(column, labels)
    keys = _keys(facts, measure.unit)
    if question.credit is Credit.ALL:
        return _those(facts, keys, np.flatnonzero(mask)), _those(facts, keys, np.empty(0, dtype=np.intp))
    shares, open_mask = _credited(facts, measure, question)
    inside = np.flatnonzero(mask & (shares > 0))
    return _those(facts, keys, inside, shares[inside]), _those(facts, keys, np.flatnonzero(mask & open_mask))


def _those(facts: Facts, keys: Keys, rows: NDArray[np.intp], shares: Weights | float = 1.0) -> Chosen:
    of_rows = keys[rows]
    values = shares * np.where(of_rows == NOBODY, facts.count[rows], 1)
    some = values > 0
    return Chosen(rows, of_rows, values) if some.all() else Chosen(rows[some], of_rows[some], values[some])


def _among(column: Column, labels: Collection[str]) -> Mask:
    """Mark the rows with one of these labels; by table, far faster than by search."""
    wanted = np.array([label in labels for label in column.labels], dtype=np.bool_)
    found: Mask = wanted[column.codes]
    return found


def counted(facts: Facts, measure: Measure, *, ever: bool = False) -> Mask:
    """Say which outcomes a measure counts at all; with `ever`, verdicts that fell since too."""
    mask = np.array([kind in measure.kinds for kind in KIND_NAMES])[facts.kind]
    if measure.after_appeal and not ever:
        mask &= facts.standing
    for kind, dimension, labels in measure.only:
        mask &= (facts.kind != KIND_CODES[kind]) | _among(facts.column(dimension), labels)
    return mask


def _credited(facts: Facts, measure: Measure, question: Question) -> tuple[Weights, Mask]:
    """Return what share of each outcome a joint period is credited with, and which might still come to be inside it."""
    period = _period(facts, question.jpa)
    if question.credit is Credit.BECAUSE:
        return facts.credits.get(question.jpa, np.zeros(len(facts))), np.zeros(len(facts), dtype=np.bool_)
    inside, outside = _in_period(facts, measure, period)
    return inside.astype(np.float64), ~inside & ~outside


def _period(facts: Facts, jpa: str) -> Period:
    if jpa not in facts.periods:
        raise InvalidInputError("No such joint period.", {"jpa": "Choose one of the register."})
    return facts.periods[jpa]


def _in_period(facts: Facts, measure: Measure, period: Period) -> tuple[Mask, Mask]:
    # Outside for certain as soon as either date or state is; inside only when both are; undecided otherwise.
    state = column_of(facts, measure, "state")
    taking_part = _among(state, period.states)
    dated = facts.day_from != NO_DAY
    within = dated & (facts.day_from >= period.start) & (facts.day_to <= period.end)
    apart = dated & ((facts.day_to < period.start) | (facts.day_from > period.end))
    return within & taking_part, apart | (~taking_part & (state.codes != 0))


def column_of(facts: Facts, measure: Measure, dimension: str) -> Column:
    """Return a dimension as this measure means it: its state is by its place rule."""
    if dimension == "state":
        return facts.column(WHERE if measure.place_rule is PlaceRule.WHERE else REPORTING)
    return facts.column(dimension)


def _keys(facts: Facts, unit: Unit) -> Keys:
    match unit:
        case Unit.PERSON:
            return facts.person
        case Unit.CHARGE:
            return facts.charge
        case Unit.CASE:
            return facts.case_keys
        case Unit.EVENT:
            return np.full(len(facts), NOBODY, dtype=np.int64)


def _told_apart(keys: Keys) -> Keys:
    # Each nameless row is a unit of its own: give it a number below all others.
    return np.where(keys == NOBODY, -2 - np.arange(len(keys)), keys)


def _total(counts: Chosen) -> float:
    return said(float(_sums(counts, np.zeros(len(counts.rows), dtype=np.int64), 1)[0]))


def _cells(counts: Chosen, columns: Sequence[Column]) -> list[Cell]:
    if len(columns) == 0:
        return []
    sizes = [len(c.labels) for c in columns]
    group = np.zeros(len(counts.rows), dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        group = group * size + column.codes[counts.rows]
    present, dense = _numbered(group, math.prod(sizes))
    sums = _sums(counts, dense, len(present))
    places = np.unravel_index(present, sizes)
    cells = {
        tuple(c.labels[int(p[n])] for c, p in zip(columns, places, strict=True)): said(float(sums[n]))
        for n in range(len(present))
    }
    if len(columns) == 1:
        cells.setdefault((columns[0].labels[0],), 0.0)
    return [Cell(labels, cells[labels]) for labels in sorted(cells, key=_unknown_last)]


def _numbered(group: Keys, size: int) -> tuple[Keys, Keys]:
    """Return the groups that occur, and the place of each row's group among them."""
    if size > _MOST_COUNTED:
        present, dense = np.unique(group, return_inverse=True)
        return present, dense.astype(np.int64)
    there = np.zeros(size, dtype=np.bool_)
    there[group] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[group]


def _sums(counts: Chosen, group: Keys, groups: int) -> Weights:
    nameless = counts.keys == NOBODY
    sums = _added(group[nameless], counts.values[nameless], groups)
    named = ~nameless
    if named.any():
        sums += _once_each(group[named], counts.keys[named], counts.values[named], groups)
    return sums


def _once_each(group: Keys, keys: Keys, values: Weights, groups: int) -> Weights:
    """Add each key once in each group, with the largest share that any of its outcomes there has."""
    most = int(keys.max()) + 1
    pair = group * most + keys
    if values.min() == values.max():
        if most * groups <= np.iinfo(np.int32).max:
            pair = pair.astype(np.int32)  # sorts twice as fast
        pair.sort()
        single = pair[np.append([True], pair[1:] != pair[:-1])] // most
        return _added(single, np.full(len(single), values[0]), groups)
    order = np.lexsort((values, pair))
    last = np.append(np.diff(pair[order]) != 0, [True])
    kept = order[last]
    return _added(group[kept], values[kept], groups)


def _added(group: Keys, values: Weights, groups: int) -> Weights:
    return np.bincount(group, weights=values, minlength=groups).astype(np.float64)


def _unknown_last(labels: tuple[str, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((label == "", label) for label in labels)


def said(value: float) -> float:
    """Round a figure to what is known of it: six places, fewer of an amount so large that a double does not carry them."""
    return round(value, max(0, min(_PLACES, _DIGITS - len(str(int(abs(value)))))))
