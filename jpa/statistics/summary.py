"""Coded counts of protected persons as they may leave in a package: each axis alone, checked against every summary of the case that left before.

The reader that disclosure control is asked about knows which figures are held back and which are zero; a summary tells neither, so whoever
reads one knows less. Between axes only the total is shared. A group that two axes cross is bounded by the smallest of their figures and of
what is left beside these, none of which is below the threshold; so axes are checked one by one, and the total must stand on its own.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.summary import AXES, LEAST, TOTAL, UNKNOWN, Of
from jpa.statistics.disclosure import protect_together
from jpa.statistics.publications import Atom, Item, Publication, Snapshot, digest_of, shown, suppressed

_NAME: Final = "an earlier summary"


@dataclass(frozen=True, slots=True)
class Coded:
    """One protected person."""

    key: str
    """Tells persons apart; only a digest of all keys in a cell is kept, and none leaves."""
    codes: Mapping[str, str]
    """Axis to code of its list; an axis without one is unknown."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure, shown or held back."""

    code: str
    count: int
    digest: bytes
    """Of the keys of those who stand in it."""
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one kind of persons: the truth, and what of it may leave."""

    of: Of
    total: Cell
    axes: Mapping[str, Sequence[Cell]]

    def tables(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """List axis, and code and count of what is shown; nothing where not even the total is."""
        found = [(by, [(c.code, c.count) for c in cells if c.shown]) for by, cells in self.axes.items()]
        everybody = [(TOTAL, [(TOTAL, self.total.count)])]
        return [*everybody, *((by, figures) for by, figures in found if len(figures) > 0)] if self.total.shown else []


def count(of: Of, people: Sequence[Coded], earlier: Sequence[Counted] = ()) -> Counted | None:
    """Count persons by each axis alone, and hold back what must be; None where there is nobody to count."""
    if len(people) == 0:
        return None
    total = _total_of(people, earlier)
    axes = {axis: _axis_of(of, axis, people) for axis in AXES[of]}
    if not total.shown:
        return Counted(of, total, {axis: _hidden(cells) for axis, cells in axes.items()})
    told = [e for e in earlier if e.total.shown]
    return Counted(of, total, {axis: _protected(axis, total, cells, told) for axis, cells in axes.items()})


def keep(counted: Sequence[Counted]) -> bytes:
    """Write down what was counted and what of it was shown, for the summaries that come later."""
    said = {c.of.value: {"total": _plain(c.total), "axes": {a: list(map(_plain, cells)) for a, cells in c.axes.items()}} for c in counted}  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def kept(content: bytes) -> dict[Of, Counted]:
    """Read what was written down."""
    return {
        Of(of): Counted(Of(of), _cell(c["total"]), {a: [_cell(x) for x in cells] for a, cells in c["axes"].items()})
        for of, c in json.loads(content).items()
    }


def _plain(cell: Cell) -> list[object]:
    return [cell.code, cell.count, cell.digest.hex(), cell.shown]


def _cell(said: Sequence[object]) -> Cell:
    code, number, digest, open_now = said
    return Cell(str(code), int(str(number)), bytes.fromhex(str(digest)), open_now is True)


def _total_of(people: Sequence[Coded], earlier: Sequence[Counted]) -> Cell:
    total = Cell(TOTAL, len(people), digest_of([p.key.encode() for p in people]))
    told = [_publication((), [e.total]) for e in earlier if e.total.shown]
    return _decided(told, _publication((), [total]), [total])[0]


def _axis_of(of: Of, axis: str, people: Sequence[Coded]) -> list[Cell]:
    cells: dict[str, list[bytes]] = {}
    for person in people:
        code = person.codes.get(axis, UNKNOWN)
        cells.setdefault(code if code in AXES[of][axis] else UNKNOWN, []).append(person.key.encode())
    order = [UNKNOWN, *AXES[of][axis]]
    return [Cell(c, len(k), digest_of(k)) for c, k in sorted(cells.items(), key=lambda one: order.index(one[0]))]


def _protected(axis: str, total: Cell, cells: Sequence[Cell], earlier: Sequence[Counted]) -> list[Cell]:
    """Decide what of an axis may stand beside the total and all that left before."""
    told = [p for e in earlier for p in (_everybody(axis, e.total, e.axes[axis]), _publication((axis,), e.axes[axis]))]
    return _decided([*told, _everybody(axis, total, cells)], _publication((axis,), cells), cells)


def _decided(told: Sequence[Publication], table: Publication, cells: Sequence[Cell]) -> list[Cell]:
    try:
        [found] = protect_together(told, [table])
    except InvalidInputError:  # nothing of it can stand beside the others
        return _hidden(cells)
    held = {i.place for i in found.publication.items if i.suppressed}
    return [Cell(c.code, c.count, c.digest, _labels(table.dimensions, c) not in held) for c in cells]


def _hidden(cells: Sequence[Cell]) -> list[Cell]:
    return [Cell(c.code, c.count, c.digest, shown=False) for c in cells]


def _everybody(axis: str, total: Cell, cells: Sequence[Cell]) -> Publication:
    return Publication(_snapshot((axis,), cells), (), [shown((), float(total.count))], LEAST, float(LEAST), name=_NAME)


def _publication(dimensions: tuple[str, ...], cells: Sequence[Cell]) -> Publication:
    items: list[Item] = []
    for c in cells:
        place = _labels(dimensions, c)
        items.append(shown(place, float(c.count)) if c.shown else suppressed(place, float(c.count)))
    return Publication(_snapshot(dimensions, cells), dimensions, items, LEAST, float(LEAST), name=_NAME)


def _snapshot(dimensions: tuple[str, ...], cells: Sequence[Cell]) -> Snapshot:
    return Snapshot(dimensions, {_labels(dimensions, c): Atom(float(c.count), c.digest) for c in cells})


def _labels(dimensions: tuple[str, ...], cell: Cell) -> tuple[str, ...]:
    return (cell.code,) if len(dimensions) > 0 else ()
