"""The finest cells that published tables tell apart, and one variable for each state that such a cell was in."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jpa.statistics.publications import COUNTED_BY, FAR, Bond, Labels, Place, Publication, Snapshot, counts

Numbers = NDArray[np.float64]
Columns = NDArray[np.intp]

MOST_ATOMS: Final = 4000
"""Finest cells written out in full, zeros too; of a larger cross only those that are not empty."""
_ABSENT: Final = b"absent"


@dataclass(frozen=True, slots=True)
class Cross:
    """The finest cells: labels that no publication tells apart are taken together."""

    dimensions: tuple[str, ...]
    cells: Sequence[Labels]
    classes: Mapping[str, Mapping[str, str]]
    """By dimension: each label to the first of those that are taken together with it."""
    full: bool

    @classmethod
    def of(cls, publications: Sequence[Publication], bonds: Sequence[Bond]) -> "Cross":
        """Cross everything that these publications tell apart, and what is said of their measures."""
        told = [d for p in publications for d in (*p.dimensions, *p.where)] + [d for b in bonds for d in b.where]
        shared = [COUNTED_BY for p in publications if COUNTED_BY in p.snapshot.dimensions]
        dimensions = tuple(dict.fromkeys((*told, *shared)))
        snapshots = _snapshots(publications)
        classes = {d: _classes(publications, bonds, snapshots, d) for d in dimensions}
        sizes = [len(set(classes[d].values())) for d in dimensions]
        full = float(np.prod([float(s) for s in sizes])) <= MOST_ATOMS
        if full:
            cells = list(product(*(dict.fromkeys(classes[d].values()) for d in dimensions)))
        else:
            found = (_projected(s, dimensions, classes) for s in snapshots)
            cells = sorted({labels for each in found for labels in each})
        return cls(dimensions, cells, classes, full)

    def chosen(self, where: Mapping[str, Labels]) -> NDArray[np.bool_]:
        """Mark the cells that a filter takes in."""
        kept = np.ones(len(self.cells), dtype=np.bool_)
        for dimension, labels in where.items():
            place = self.dimensions.index(dimension)
            wanted = {self.classes[dimension].get(x, x) for x in labels}
            kept &= np.fromiter((cell[place] in wanted for cell in self.cells), np.bool_, len(self.cells))
        return kept

    def counted_by(self, agency: str) -> NDArray[np.bool_]:
        """Mark the cells that an agency's tables count; all of them where one agency alone publishes."""
        if COUNTED_BY not in self.dimensions:
            return np.ones(len(self.cells), dtype=np.bool_)
        place = self.dimensions.index(COUNTED_BY)
        return np.fromiter((counts(cell[place], agency) for cell in self.cells), np.bool_, len(self.cells))

    def members(self, publication: Publication) -> tuple[dict[Place, Columns], Columns]:
        """Return which cells each figure sums up, and those that the publication says are empty."""
        places = [self.dimensions.index(d) for d in publication.dimensions]
        listed = {item.place for item in publication.items}
        inside: dict[Labels, list[int]] = {}
        for n in np.flatnonzero(self.chosen(publication.where)):
            cell = self.cells[int(n)]
            inside.setdefault(tuple(cell[place] for place in places), []).append(int(n))
        members: dict[Place, list[int]] = {place: [] for place in listed}
        empty: list[int] = []
        for labels, found in inside.items():
            for place in product(*((label, None) for label in labels)):
                if place in members:
                    members[place] += found
            if labels not in listed:
                empty += found
        return {p: np.array(found, dtype=np.intp) for p, found in members.items()}, np.array(empty, dtype=np.intp)


@dataclass(slots=True)
class Variables:
    """One number for each state of each cell: a cell that did not change between two snapshots is the same in both."""

    cross: Cross
    truth: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    _known: dict[tuple[str, int, float, bytes], int] = field(default_factory=dict)
    _states: dict[tuple[str, str, int], Columns] = field(default_factory=dict)

    def state(self, snapshot: Snapshot, series: str, agency: str) -> Columns:
        """Return the variable of each cell as it stood in a snapshot; what an agency never counts is zero for certain."""
        key = (series, agency, id(snapshot))
        if key not in self._states:
            there = _projected(snapshot, self.cross.dimensions, self.cross.classes)
            may = self.cross.counted_by(agency)
            found = [
                self._of(series, n, *(there.get(labels, (0.0, b"")) if may[n] else (0.0, _ABSENT)))
                for n, labels in enumerate(self.cross.cells)
            ]
            self._states[key] = np.array(found, dtype=np.intp)
        return self._states[key]

    def _of(self, series: str, cell: int, value: float, rows: bytes) -> int:
        key = (series, cell, value, rows)
        if key not in self._known:
            self._known[key] = len(self.truth)
            self.truth.append(value)
            self.most.append(0.0 if rows == _ABSENT else FAR)
            self.series.append(series)
        return self._known[key]


def _snapshots(publications: Sequence[Publication]) -> Sequence[Snapshot]:
    found = {id(s): s for p in publications for s in (p.snapshot, *(b.snapshot for b in p.beside.values()))}
    return list(found.values())


def _classes(
    publications: Sequence[Publication], bonds: Sequence[Bond], snapshots: Sequence[Snapshot], dimension: str
) -> dict[str, str]:
    labels: dict[str, None] = {}
    for s in snapshots:
        place = s.dimensions.index(dimension)
        labels |= dict.fromkeys(sorted({a[place] for a in s.atoms}))
    for where in (*(p.where for p in publications), *(b.where for b in bonds)):
        labels |= dict.fromkeys(where.get(dimension, ()))
    first: dict[tuple[object, ...], str] = {}
    return {
        x: first.setdefault(
            (
                *(_told(p, dimension, x) for p in publications),
                *(x in b.where[dimension] for b in bonds if dimension in b.where),
            ),
            x,
        )
        for x in labels
    }


def _told(publication: Publication, dimension: str, label: str) -> object:
    if dimension == COUNTED_BY:
        return counts(label, publication.agency)
    if dimension in publication.where and label not in publication.where[dimension]:
        return False
    return label if dimension in publication.dimensions else True


def _projected(
    snapshot: Snapshot, dimensions: Sequence[str], classes: Mapping[str, Mapping[str, str]]
) -> dict[Labels, tuple[float, bytes]]:
    """Return value and digest of each cell that is not empty."""
    places = [(d, snapshot.dimensions.index(d)) for d in dimensions]
    found: dict[Labels, list[tuple[float, bytes]]] = {}
    for labels, atom in snapshot.atoms.items():
        cell = tuple(classes[d][labels[n]] for d, n in places)
        found.setdefault(cell, []).append((atom.value, atom.rows))
    return dict(_added(found))


def _added(found: Mapping[Labels, Sequence[tuple[float, bytes]]]) -> Iterator[tuple[Labels, tuple[float, bytes]]]:
    for cell, atoms in found.items():
        value = round(sum(v for v, _ in atoms), 6)
        yield cell, (value, hashlib.sha256(b"".join(sorted(rows for _, rows in atoms))).digest())
