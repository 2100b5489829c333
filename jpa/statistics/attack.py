"""What a reader of all publications can work out: every figure as an equation or a bound over the finest cells.

The reader is given more than any has: which outcomes several cells share (a person in two of them), which finest cells did not
change between two snapshots, and, where the cross is too large to write out, which finest cells are empty. Whoever is safe from
this reader is safe from all who know less. Not modelled: guessing from the rules why a figure was held back.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from jpa.statistics.publications import FAR, Atom, Item, Labels, Place, Publication, Snapshot

Numbers = NDArray[np.float64]
Columns = NDArray[np.intp]

MOST_ATOMS: Final = 4000
"""Finest cells written out in full, zeros too; of a larger cross only those that are not empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """One published figure as a sum of variables."""

    columns: Columns
    low: float
    high: float
    publication: int
    item: Item
    overlap: float
    """How much the sum of the variables exceeds the figure, because some are counted in several finest cells."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that must not be worked out: a small figure, or a small change of one."""

    plus: Columns
    minus: Columns
    width: float
    words: str

    def at(self, values: Numbers) -> float:
        """Return what it is for these values of the variables."""
        return float(values[self.plus].sum() - values[self.minus].sum())


@dataclass(slots=True)
class Model:
    """All publications over one set of variables, one for each finest cell and each state that it was in."""

    truth: Numbers
    most: Numbers
    """0 where a publication says that the finest cell is empty, infinite elsewhere."""
    rows: list[Row]
    targets: list[Target]
    whole: bool
    """Whether everything counted is a whole number."""

    def matrix(self, rows: Sequence[Row]) -> csr_array:
        """Return some rows as a sparse matrix."""
        columns = np.concatenate([r.columns for r in rows]) if len(rows) > 0 else np.zeros(0, dtype=np.intp)
        starts = np.cumsum([0, *(len(r.columns) for r in rows)])
        return csr_array((np.ones(len(columns)), columns, starts), shape=(len(rows), len(self.truth)))


def model_of(publications: Sequence[Publication]) -> Model:
    """Write all publications as one system; the last is the one to be decided, all others cannot be changed any more."""
    cross = _Cross.of(publications)
    variables = _Variables()
    states = [
        np.array([variables.of(n, cell) for n, cell in enumerate(cross.cells_of(p.snapshot))], dtype=np.intp)
        for p in publications
    ]
    truth = np.array(variables.truth)
    most = np.full(len(truth), FAR)
    rows: list[Row] = []
    for n, publication in enumerate(publications):
        members, empty = _members(cross, publication)
        most[states[n][empty]] = 0.0
        rows += [_row(n, item, states[n][members[item.place]], truth) for item in publication.items]
    targets = [*_small(publications, rows), *_small_cells(publications, cross, states, truth)]
    targets += _changes(publications, cross, states, truth)
    whole = bool(np.all(truth == np.floor(truth)))
    return Model(truth, most, rows, _distinct(targets), whole)


@dataclass(frozen=True, slots=True)
class _Cross:
    """The finest cells: labels that no publication tells apart are taken together."""

    dimensions: tuple[str, ...]
    cells: Sequence[Labels]
    classes: Mapping[str, Mapping[str, str]]
    """By dimension: each label to the first of those that are taken together with it."""
    full: bool

    @classmethod
    def of(cls, publications: Sequence[Publication]) -> "_Cross":
        dimensions = tuple(dict.fromkeys(d for p in publications for d in (*p.dimensions, *p.where)))
        classes = {d: _classes(publications, d) for d in dimensions}
        sizes = [len(set(classes[d].values())) for d in dimensions]
        full = float(np.prod([float(s) for s in sizes])) <= MOST_ATOMS
        if full:
            cells = list(product(*(dict.fromkeys(classes[d].values()) for d in dimensions)))
        else:
            found = (_projected(p.snapshot, dimensions, classes) for p in publications)
            cells = sorted({labels for each in found for labels in each})
        return cls(dimensions, cells, classes, full)

    def cells_of(self, snapshot: Snapshot) -> Iterator[Atom]:
        """Return what stood in each finest cell at one moment."""
        there = _projected(snapshot, self.dimensions, self.classes)
        for labels in self.cells:
            atoms = there.get(labels, [])
            rows = hashlib.sha256(b"".join(sorted(a.rows for a in atoms))).digest() if len(atoms) > 0 else b""
            yield Atom(round(sum(a.value for a in atoms), 6), rows)


def _classes(publications: Sequence[Publication], dimension: str) -> dict[str, str]:
    labels: dict[str, None] = {}
    for p in publications:
        place = p.snapshot.dimensions.index(dimension)
        labels |= dict.fromkeys(sorted({a[place] for a in p.snapshot.atoms}))
        labels |= dict.fromkeys(p.where.get(dimension, ()))
    first: dict[tuple[object, ...], str] = {}
    return {x: first.setdefault(tuple(_told(p, dimension, x) for p in publications), x) for x in labels}


def _told(publication: Publication, dimension: str, label: str) -> object:
    if dimension in publication.where and label not in publication.where[dimension]:
        return False
    return label if dimension in publication.dimensions else True


def _projected(
    snapshot: Snapshot, dimensions: Sequence[str], classes: Mapping[str, Mapping[str, str]]
) -> dict[Labels, list[Atom]]:
    places = [(d, snapshot.dimensions.index(d)) for d in dimensions]
    found: dict[Labels, list[Atom]] = {}
    for labels, atom in snapshot.atoms.items():
        found.setdefault(tuple(classes[d][labels[n]] for d, n in places), []).append(atom)
    return found


@dataclass(slots=True)
class _Variables:
    """A finest cell that did not change between two snapshots is one variable in both."""

    truth: list[float] = field(default_factory=list)
    _known: dict[tuple[int, float, bytes], int] = field(default_factory=dict)

    def of(self, cell: int, atom: Atom) -> int:
        key = (cell, atom.value, atom.rows)
        if key not in self._known:
            self._known[key] = len(self.truth)
            self.truth.append(atom.value)
        return self._known[key]


def _members(cross: _Cross, publication: Publication) -> tuple[dict[Place, Columns], Columns]:
    """Return which finest cells each figure sums up, and those that the publication says are empty."""
    places = [cross.dimensions.index(d) for d in publication.dimensions]
    taken = {
        cross.dimensions.index(d): {cross.classes[d].get(x, x) for x in labels}
        for d, labels in publication.where.items()
    }
    inside: dict[Labels, list[int]] = {}
    for n, labels in enumerate(cross.cells):
        if all(labels[place] in wanted for place, wanted in taken.items()):
            inside.setdefault(tuple(labels[place] for place in places), []).append(n)
    listed = {item.place for item in publication.items}
    members: dict[Place, list[int]] = {item.place: [] for item in publication.items}
    empty: list[int] = []
    for cell, found in inside.items():
        for place in product(*((label, None) for label in cell)):
            if place in members:
                members[place] += found
        if cell not in listed:
            empty += found
    return {p: np.array(found, dtype=np.intp) for p, found in members.items()}, np.array(empty, dtype=np.intp)


def _row(publication: int, item: Item, columns: Columns, truth: Numbers) -> Row:
    overlap = round(float(truth[columns].sum()) - item.value, 6)
    return Row(columns, item.low + overlap, item.high + overlap, publication, item, overlap)


def _small(publications: Sequence[Publication], rows: Sequence[Row]) -> Iterator[Target]:
    nothing = np.zeros(0, dtype=np.intp)
    for row in rows:
        publication = publications[row.publication]
        if 0 < row.item.value < publication.k:
            yield Target(row.columns, nothing, publication.width, _words(publication, row.item.place))


def _small_cells(
    publications: Sequence[Publication], cross: _Cross, states: Sequence[Columns], truth: Numbers
) -> Iterator[Target]:
    # Finer than any table shows, and still a small group of people. Only where the cross is written out: the reader who is
    # told which of its cells are empty knows too much for that.
    if not cross.full:
        return
    nothing = np.zeros(0, dtype=np.intp)
    for publication, state in zip(publications, states, strict=True):
        for labels, column in zip(cross.cells, state, strict=True):
            if 0 < truth[column] < publication.k:
                words = (
                    f"the count of {_named(cross.dimensions, labels)}, which no table shows but several tables cross"
                )
                yield Target(np.array([column]), nothing, publication.width, words)


def _changes(
    publications: Sequence[Publication], cross: _Cross, states: Sequence[Columns], truth: Numbers
) -> Iterator[Target]:
    last = publications[-1]
    for n, earlier in enumerate(publications[:-1]):
        if np.array_equal(states[n], states[-1]):
            continue
        for table in (earlier, last):
            members, _ = _members(cross, table)
            for item in table.items:
                if item.is_cell:
                    found = members[item.place]
                    yield from _change(
                        states[n][found],
                        states[-1][found],
                        truth,
                        last,
                        f"{_words(last, item.place, table)} since {earlier.name}",
                    )
        if cross.full:
            for labels, old, new in zip(cross.cells, states[n], states[-1], strict=True):
                words = f"{_named(cross.dimensions, labels)} since {earlier.name}"
                yield from _change(np.array([old]), np.array([new]), truth, last, words)


def _change(old: Columns, new: Columns, truth: Numbers, by: Publication, words: str) -> Iterator[Target]:
    minus, plus = np.setdiff1d(old, new), np.setdiff1d(new, old)
    target = Target(plus, minus, by.width, f"the small change of {words}")
    if 0 < abs(target.at(truth)) < by.k:
        yield target


def _distinct(targets: Sequence[Target]) -> list[Target]:
    kept: dict[tuple[bytes, bytes, float], Target] = {}
    for t in targets:
        kept.setdefault((np.sort(t.plus).tobytes(), np.sort(t.minus).tobytes(), t.width), t)
    return list(kept.values())


def _words(publication: Publication, place: Place, table: Publication | None = None) -> str:
    dimensions = (table or publication).dimensions
    named = _named(dimensions, place)
    name = publication.name if table is None else ""
    return f"{named} in {name}" if name else named


def _named(dimensions: Sequence[str], place: Sequence[str | None]) -> str:
    said = [f"{d} {label or 'unknown'}" for d, label in zip(dimensions, place, strict=True) if label is not None]
    return ", ".join(said) or "the total"
