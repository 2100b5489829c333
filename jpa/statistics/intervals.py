"""How far each protected figure can still move when all that is published holds; by linear and integer programmes (HiGHS)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from jpa.model.job import Progress, no_progress
from jpa.statistics.attack import Model, Row
from jpa.statistics.cross import Columns, Numbers
from jpa.statistics.targets import Target

_NEAR: Final = 1e-6
_ROOM: Final = 4
"""How many widths a variable may move: enough to show a width, and keeps every programme bounded."""
_SECONDS: Final = 2.0
"""Of one integer programme; its best point so far counts, so that stopping early errs on the safe side."""


@dataclass(slots=True)
class Interval:
    """What is known to be possible for one target: between two points that fit all publications."""

    low: float
    high: float

    @property
    def span(self) -> float:
        """How far apart two possible values lie."""
        return self.high - self.low


class Watch:
    """The intervals of all targets; every point found serves all of them, and stays valid when more is held back."""

    def __init__(self, model: Model, progress: Progress = no_progress, points: Sequence[Numbers] = ()) -> None:
        self._model = model
        self._progress = progress
        self.points: list[Numbers] = []
        self.intervals = [Interval(t.at(model.truth), t.at(model.truth)) for t in model.targets]
        for point in points:
            self._take(point)

    def without(self, rows: Sequence[int]) -> "Watch":
        """Return a watch over the model as it is now, after these rows were changed: it keeps the points that still fit."""
        changed = [self._model.rows[n] for n in rows]
        return Watch(self._model, self._progress, [p for p in self.points if all(_fits(p, r) for r in changed)])

    def narrow(self) -> Target | None:
        """Return a target whose interval is too narrow, or None when there is none."""
        model, fixed = self._model, self._fixed()
        for n, (target, interval) in enumerate(zip(model.targets, self.intervals, strict=True)):
            if interval.span < target.width - _NEAR:
                self._progress(n, len(model.targets))
            for sign in (-1.0, 1.0):
                if interval.span < target.width - _NEAR:
                    self._push(target, sign, fixed)
            if interval.span < target.width - _NEAR:
                return target
        return None

    def widens(self, target: Target) -> bool:
        """Say whether a target is wide enough after all: HiGHS was seen to miss the best whole numbers with its presolve."""
        [interval] = [i for t, i in zip(self._model.targets, self.intervals, strict=True) if t is target]
        for sign in (-1.0, 1.0):
            self._push(target, sign, self._fixed(), presolve=False)
        return interval.span >= target.width - _NEAR

    def _fixed(self) -> LinearConstraint:
        rows = self._model.rows
        return LinearConstraint(self._model.matrix(rows), [r.low for r in rows], [r.high for r in rows])

    def _push(self, target: Target, sign: float, fixed: LinearConstraint, *, presolve: bool = True) -> None:
        model = self._model
        aim = np.zeros(len(model.truth))
        aim[target.plus] += sign
        aim[target.minus] -= sign
        bounds = Bounds(np.zeros(len(aim)), np.minimum(model.most, model.truth + _ROOM * target.width))
        point = _solve(aim, fixed, bounds, presolve=presolve)
        if point is not None and not _is_whole(point[model.integers]):
            point = _solve(aim, fixed, bounds, model.integers, presolve=presolve)
        if point is not None:
            whole = np.where(model.integers, np.round(point), point)
            if all(_fits(whole, r) for r in model.rows):
                self._take(whole)

    def _take(self, point: Numbers) -> None:
        self.points.append(point)
        for target, interval in zip(self._model.targets, self.intervals, strict=True):
            value = target.at(point)
            interval.low, interval.high = min(interval.low, value), max(interval.high, value)


def openings(
    model: Model, target: Target, elastic: Sequence[int], costs: Sequence[float], without: Collection[int] = ()
) -> list[int] | None:
    """Return which of the rows must give way so that the target can move by its width, cheapest in sum; None: none suffice.

    Two points that fit all other rows but those in `without`, a width apart at the target, with the least deviation from the rows
    that may give way (after Kelly, Golden and Assad, 1992; Fischetti and Salazar-González, 2001).
    """
    size, aside = len(model.truth), {*elastic, *without}
    hard = [r for n, r in enumerate(model.rows) if n not in aside]
    loose = [model.rows[n] for n in elastic]
    own = csr_array(model.matrix(hard))
    bent = model.matrix(loose)
    apart = np.zeros(size)
    apart[target.plus] += 1
    apart[target.minus] -= 1
    both = _Two(size, len(loose))
    lows, highs = [r.low for r in hard], [r.high for r in hard]
    bent_lows, bent_highs = [r.low for r in loose], [r.high for r in loose]
    constraints = [LinearConstraint(both.apart(apart), target.width, np.inf)]
    if len(hard) > 0:
        constraints.append(LinearConstraint(both.hard(own), lows * 2, highs * 2))
    if len(loose) > 0:
        constraints.append(LinearConstraint(both.bent(bent), bent_lows * 2, bent_highs * 2))
        constraints.append(LinearConstraint(both.plain(bent), [r.floor for r in loose] * 2, np.inf))
    room = np.minimum(model.most, model.truth + _ROOM * target.width)
    bounds = Bounds(np.zeros(both.width), np.concatenate([room, room, np.full(4 * len(loose), np.inf)]))
    aim = np.concatenate([np.zeros(2 * size), np.tile(np.asarray(costs, dtype=np.float64), 4)])
    point = _solve(aim, constraints, bounds)
    if point is None:
        return None
    deviations = point[2 * size :].reshape(4, len(loose)).sum(axis=0)
    return [row for row, deviation in zip(elastic, deviations, strict=True) if deviation > _NEAR]


@dataclass(frozen=True, slots=True)
class _Two:
    """Columns of the programme of two points: both points, then up and down of each loose row at either point."""

    size: int
    loose: int

    @property
    def width(self) -> int:
        return 2 * self.size + 4 * self.loose

    def hard(self, rows: csr_array) -> csr_array:
        return _stack(rows, self.width, (0, self.size))

    def plain(self, rows: csr_array) -> csr_array:
        return _stack(rows, self.width, (0, self.size))

    def bent(self, rows: csr_array) -> csr_array:
        both = _stack(rows, self.width, (0, self.size)).tolil()
        for point in (0, 1):
            for n in range(self.loose):
                first = 2 * self.size + 2 * point * self.loose + n
                both[point * self.loose + n, first] = -1.0
                both[point * self.loose + n, first + self.loose] = 1.0
        return csr_array(both)

    def apart(self, row: Numbers) -> csr_array:
        wide = np.zeros((1, self.width))
        wide[0, : self.size], wide[0, self.size : 2 * self.size] = row, -row
        return csr_array(wide)


def _stack(rows: csr_array, width: int, starts: tuple[int, int]) -> csr_array:
    found = rows.tocoo()
    high = rows.shape[0]
    places = np.concatenate([found.row, found.row + high]), np.concatenate([found.col + s for s in starts])
    return csr_array((np.concatenate([found.data, found.data]), places), shape=(2 * high, width))


def _fits(point: Numbers, row: Row) -> bool:
    return bool(row.low - _NEAR <= point[row.columns] @ row.weights <= row.high + _NEAR)


def _is_whole(point: Numbers) -> bool:
    return bool(np.all(np.abs(point - np.round(point)) < _NEAR))


def _solve(
    aim: Numbers,
    constraints: LinearConstraint | list[LinearConstraint],
    bounds: Bounds,
    whole: NDArray[np.bool_] | None = None,
    *,
    presolve: bool = True,
) -> Numbers | None:
    kinds = np.zeros(len(aim), dtype=np.int64) if whole is None else whole.astype(np.int64)
    found = milp(
        aim,
        integrality=kinds,
        bounds=bounds,
        constraints=constraints,
        options={"time_limit": _SECONDS, "presolve": presolve},
    )
    return None if found.x is None else np.asarray(found.x, dtype=np.float64)


def touching(model: Model, columns: Columns) -> list[int]:
    """Return the rows that share a variable with these columns."""
    wanted = set(columns.tolist())
    return [n for n, row in enumerate(model.rows) if not wanted.isdisjoint(row.columns.tolist())]
