"""What a reader of all publications can work out: every figure as an equation or a bound over the finest cells.

The reader is given more than any has: which outcomes several cells share (a person in two of them), which finest cells did not
change between two snapshots, which outcomes stand in tables of two agencies, how the definitions tie measures to each other, and, where the
cross is too large to write out, which finest cells are empty. Whoever is safe from this reader is safe from all who know less. Not
modelled: guessing from the rules why a figure was held back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from jpa.statistics.cross import Columns, Cross, Numbers, Variables
from jpa.statistics.publications import FAR, Bond, Item, Place, Publication
from jpa.statistics.targets import Moment, Target, targets_of

NOBODY: Final = -1
"""Stands for the publication of what the definitions say."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is known, as a bounded sum of variables."""

    columns: Columns
    weights: Numbers
    low: float
    high: float
    publication: int
    item: Item | None = None
    """The figure that says so; None for what the definitions say."""
    floor: float = -FAR
    """What the sum is at least even where the figure is held back."""
    source: str = ""
    """What says so, in words."""


@dataclass(slots=True)
class Model:
    """All publications over one set of variables, one for each finest cell and each state that it was in."""

    truth: Numbers
    most: Numbers
    """0 where a publication says that the finest cell is empty, infinite elsewhere."""
    rows: list[Row]
    targets: list[Target]
    integers: np.ndarray[tuple[int], np.dtype[np.bool_]]
    """Which variables count whole things."""
    first: int
    """The first publication that is to be decided; all before cannot be changed any more."""

    def free(self) -> list[int]:
        """Return the rows that could still be held back."""
        return [
            n
            for n, r in enumerate(self.rows)
            if r.publication >= self.first and r.item is not None and not r.item.suppressed
        ]

    def of_item(self, row: int) -> list[int]:
        """Return all rows of the figure that a row belongs to."""
        this = self.rows[row]
        return [n for n, r in enumerate(self.rows) if r.publication == this.publication and r.item is this.item]

    def matrix(self, rows: Sequence[Row]) -> csr_array:
        """Return some rows as a sparse matrix."""
        columns = np.concatenate([r.columns for r in rows]) if len(rows) > 0 else np.zeros(0, dtype=np.intp)
        weights = np.concatenate([r.weights for r in rows]) if len(rows) > 0 else np.zeros(0)
        starts = np.cumsum([0, *(len(r.columns) for r in rows)])
        made = csr_array((weights, columns, starts), shape=(len(rows), len(self.truth)))
        made.sum_duplicates()  # a percentage names its own cells twice, and HiGHS takes no entry twice
        return made


def model_of(publications: Sequence[Publication], bonds: Sequence[Bond] = (), deciding: int = 1) -> Model:
    """Write all publications as one system; the last ones are to be decided, all others cannot be changed any more."""
    cross = Cross.of(publications, bonds)
    variables = Variables(cross)
    states = [variables.state(p.snapshot, p.series, p.agency) for p in publications]
    beside = [{s: variables.state(b.snapshot, s, p.agency) for s, b in p.beside.items()} for p in publications]
    truth, most = np.array(variables.truth), np.array(variables.most)
    moments: list[Moment] = []
    rows: list[Row] = []
    for n, (publication, state) in enumerate(zip(publications, states, strict=True)):
        members, empty = cross.members(publication)
        most[state[empty]] = 0.0
        columns = {place: state[found] for place, found in members.items()}
        rows += _rows(n, publication, columns, truth)
        moments.append(Moment(publication, state, members, n >= len(publications) - deciding))
        rows += _tied(publication, {publication.series: state, **beside[n]}, members, bonds, (cross, truth))
    open_figures = {r.columns.tobytes() for r in rows if _is_open(r, publications)}
    targets = [t for t in targets_of(cross, moments, truth) if len(t.minus) > 0 or t.plus.tobytes() not in open_figures]
    return Model(truth, most, _distinct(rows), targets, _whole(variables), len(publications) - deciding)


def _rows(n: int, publication: Publication, columns: Mapping[Place, Columns], truth: Numbers) -> Iterator[Row]:
    total = (None,) * len(publication.dimensions)
    whole = next((item for item in publication.items if item.place == total), None)
    for item in publication.items:
        own = columns[item.place]
        overlap = _overlap(own, item.value, truth)
        floor = overlap + min(1.0, item.value)
        ones = np.ones(len(own))
        yield Row(own, ones, item.low + overlap, item.high + overlap, n, item, floor, publication.name)
        if item.share is not None and whole is not None and item.place != total:
            both = np.concatenate([own, columns[total]])
            shared = _overlap(columns[total], whole.value, truth)
            for part, low, high in ((item.share[1], -FAR, 0.0), (item.share[0], 0.0, FAR)):
                weights = np.concatenate([ones, np.full(len(columns[total]), -part)])
                bound = overlap - part * shared
                yield Row(both, weights, low + bound, high + bound, n, item, source=publication.name)


def _tied(
    publication: Publication,
    states: Mapping[str, Columns],
    members: Mapping[Place, Columns],
    bonds: Sequence[Bond],
    what: tuple[Cross, Numbers],
) -> Iterator[Row]:
    """Say of each finest cell, and of each figure of the table, that some series are no more than another."""
    cross, truth = what
    own = {item.place: item.value for item in publication.items}
    figures = {publication.series: own, **{s: b.figures for s, b in publication.beside.items()}}
    for bond in bonds:
        if not {*bond.small, bond.large} <= set(states):
            continue
        small, large = np.array([states[s] for s in bond.small]), states[bond.large]
        for cell in np.flatnonzero(cross.chosen(bond.where)):
            beyond = _beyond(float(truth[small[:, cell]].sum()), float(truth[large[cell]]))
            yield _no_more(small[:, cell], large[[cell]], beyond, bond)
        less, more = [figures[s] for s in bond.small], figures[bond.large]
        known = [f for f in less if f is not None]
        if more is None or len(known) < len(less) or len(bond.where) > 0:
            continue
        for place, found in members.items():
            parts, whole = [f.get(place, 0.0) for f in known], more.get(place, 0.0)
            apart = sum(_overlap(s[found], part, truth) for s, part in zip(small, parts, strict=True))
            apart += _beyond(sum(parts), whole) - _overlap(large[found], whole, truth)
            yield _no_more(small[:, found].ravel(), large[found], apart, bond)


def _beyond(small: float, large: float) -> float:
    """Return by how much the truth goes beyond a bond: persons whom different periods are credited with on different grounds."""
    return max(0.0, round(small - large, 6))


def _no_more(small: Columns, large: Columns, high: float, bond: Bond) -> Row:
    weights = np.concatenate([np.ones(len(small)), -np.ones(len(large))])
    return Row(np.concatenate([small, large]), weights, -FAR, high, NOBODY, source=bond.words)


def _overlap(columns: Columns, value: float, truth: Numbers) -> float:
    """Return how much the sum exceeds the figure, because some are counted in several finest cells."""
    return round(float(truth[columns].sum()) - value, 6)


def _is_open(row: Row, publications: Sequence[Publication]) -> bool:
    # What a form shows by choice, in the same words, is no secret that a later table could keep.
    return row.item is not None and publications[row.publication].k == 0 and row.low == row.high


def _whole(variables: Variables) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    broken = {s for s, value in zip(variables.series, variables.truth, strict=True) if value % 1 != 0}
    return np.array([s not in broken for s in variables.series], dtype=np.bool_)


def _distinct(rows: Sequence[Row]) -> list[Row]:
    """Leave out what the definitions say twice."""
    said: dict[tuple[bytes, bytes], Row] = {}
    kept = [r for r in rows if r.publication != NOBODY]
    for row in rows:
        if row.publication == NOBODY:
            key = (row.columns.tobytes(), row.weights.tobytes())
            if key not in said or row.high < said[key].high:
                said[key] = row
    return [*kept, *said.values()]
