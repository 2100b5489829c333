"""Random ledgers published again and again, and an attacker who reads every table and tries to work out what was held back.

Written apart from the code it checks: it knows tables only as a reader sees them, builds its own equations over the full cross of all
labels, and asks an integer programme for the least and the most of each figure. Nothing of `jpa.statistics.attack` is used.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from jpa.errors import InvalidInputError
from jpa.statistics.disclosure import protect
from jpa.statistics.publications import (
    Atom,
    Item,
    Place,
    Publication,
    Snapshot,
    digest_of,
    rounded,
    rounding_of,
    shown,
)

AXES: Final = ("state", "sex", "form")
LABELS: Final = (("XA", "XB", "XC", "XD"), ("F", "M", ""), ("labour", "other", ""))
Person = tuple[int, tuple[str, ...]]
Cell = tuple[str, ...]


@dataclass(slots=True)
class Told:
    """One published table as a reader sees it, and the truth that only the judge of the attack sees."""

    dimensions: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]]
    k: int
    width: float
    base: int
    figures: dict[Place, float | None]
    """None: held back. A cell that is not here is zero."""
    people: list[Person]
    moment: int


@dataclass(slots=True)
class Story:
    """A ledger over time with all that was published of it."""

    told: list[Told] = field(default_factory=list)
    published: list[Publication] = field(default_factory=list)
    refused: int = 0


def check_disclosure(_: object, seed: int) -> str:
    """Publish a random sequence of tables and attack it; the text names what was recovered."""
    return attack(tell(seed))


def tell(seed: int) -> Story:
    """Make a random ledger and publish tables of it as it grows and is corrected."""
    dice = random.Random(seed)
    labels = [own[: dice.randint(2, len(own))] for own in LABELS]
    weights = [[dice.choice((1, 1, 3, 12)) for _ in own] for own in labels]
    k = dice.choice((3, 5, 5, 11))
    people = [_person(dice, n, labels, weights) for n in range(dice.randint(4, 150))]
    if dice.random() < 0.4:  # some stand in two cells, and count once in what sums both
        people += [_person(dice, n, labels, weights) for n, _ in people if dice.random() < 0.2]
    story = Story()
    for moment in range(dice.randint(1, 4)):
        if moment > 0 and dice.random() < 0.6:
            people = [p for p in people if dice.random() > 0.02]
            born = 1000 * moment
            people += [_person(dice, born + n, labels, weights) for n in range(dice.randint(0, 12))]
        dimensions = tuple(dice.sample(AXES, dice.choice((1, 2, 2, 3))))
        where = {}
        if dice.random() < 0.25:
            axis = dice.randrange(3)
            where = {AXES[axis]: tuple(dice.sample(labels[axis], dice.randint(1, len(labels[axis]))))}
        _publish(story, people, dimensions, where, k, dice.choice((1, 1, 1, k, 3)), moment)
    return story


def _person(dice: random.Random, n: int, labels: list[tuple[str, ...]], weights: list[list[int]]) -> Person:
    return n, tuple(dice.choices(own, weights=w)[0] for own, w in zip(labels, weights, strict=True))


def _publish(
    story: Story,
    people: list[Person],
    dimensions: tuple[str, ...],
    where: Mapping[str, tuple[str, ...]],
    k: int,
    base: int,
    moment: int,
) -> None:
    items = []
    for place, found in sorted(_count(people, dimensions, where).items(), key=repr):
        if base > 1 and found >= k:
            printed = rounding_of(float(found), base, repr((place, found)).encode())
            items.append(rounded(place, float(found), printed, base, k))
        else:
            items.append(shown(place, float(found)))
    table = Publication(_snapshot(people), dimensions, items, k, float(k), where, f"release {moment + 1}")
    try:
        safe = protect(story.published, table).publication
    except InvalidInputError:
        story.refused += 1
        return
    story.published.append(safe)
    figures = {i.place: None if i.suppressed else _printed(i, base) for i in safe.items}
    story.told.append(Told(dimensions, where, k, float(k), base, figures, list(people), moment))


def _printed(item: Item, base: int) -> float:
    return item.high if item.low == item.high else item.high - base + 1


def _snapshot(people: list[Person]) -> Snapshot:
    cells: dict[Cell, set[bytes]] = {}
    for n, labels in people:
        cells.setdefault(labels, set()).add(b"%d" % n)
    return Snapshot(AXES, {c: Atom(float(len(ids)), digest_of(list(ids))) for c, ids in cells.items()})


def _count(people: list[Person], dimensions: tuple[str, ...], where: Mapping[str, tuple[str, ...]]) -> Counter[Place]:
    found: dict[Place, set[int]] = {}
    for n, labels in people:
        said = dict(zip(AXES, labels, strict=True))
        if all(said[d] in wanted for d, wanted in where.items()):
            for place in product(*((said[d], None) for d in dimensions)):
                found.setdefault(place, set()).add(n)
    return Counter({place: len(persons) for place, persons in found.items()})


def attack(story: Story) -> str:
    """Try to narrow every held-back figure, and every small change of a cell, below the width that was promised."""
    variables, rows = _equations(story)
    for told in story.told:
        truth = _count(told.people, told.dimensions, told.where)
        for place, figure in told.figures.items():
            if figure is None and 0 < truth[place] < told.k:
                low, high = _bounds(variables, rows, _sum(variables, told, place), told.width)
                if high - low < told.width - 1e-6:
                    return f"{place} of table {told.moment + 1} is {truth[place]}, and was worked out to {low:g} to {high:g}"
    return _attack_changes(story, variables, rows)


def _attack_changes(story: Story, variables: dict[tuple[int, Cell], int], rows: list["Equation"]) -> str:
    for n, late in enumerate(story.told):
        for early in story.told[:n]:
            if early.dimensions != late.dimensions or early.where != late.where:
                continue
            before = _count(early.people, early.dimensions, early.where)
            after = _count(late.people, late.dimensions, late.where)
            for place in set(before) | set(after):
                if None not in place and 0 < abs(after[place] - before[place]) < late.k:
                    aim = _sum(variables, late, place) - _sum(variables, early, place)
                    low, high = _bounds(variables, rows, aim, late.width)
                    if high - low < late.width - 1e-6:
                        return f"the change of {place} from table {early.moment + 1} to {late.moment + 1} was worked out to {low:g} to {high:g}"
    return ""


@dataclass(frozen=True, slots=True)
class Equation:
    """What one printed figure, or one missing cell, says."""

    aim: np.ndarray[tuple[int], np.dtype[np.float64]]
    low: float
    high: float


def _equations(story: Story) -> tuple[dict[tuple[int, Cell], int], list[Equation]]:
    """Number a cell at each moment; an insider told the attacker which cells are the same people as before."""
    variables: dict[tuple[int, Cell], int] = {}
    seen: dict[tuple[Cell, frozenset[int]], int] = {}
    for told in story.told:
        for cell in product(*LABELS):
            same = (cell, frozenset(n for n, labels in told.people if labels == cell))
            variables[told.moment, cell] = seen.setdefault(same, len(seen))
    rows = []
    for told in story.told:
        cells, truth = _count(told.people, AXES, {}), _count(told.people, told.dimensions, told.where)
        for place in _places(told):
            aim = _sum(variables, told, place)
            if place not in told.figures:
                rows.append(Equation(aim, 0.0, 0.0))
                continue
            figure = told.figures[place]
            twice = float(
                sum(cells[cell] for cell in _cells(told, place)) - truth[place]
            )  # an insider told this as well
            if figure is None:
                rows.append(Equation(aim, 1.0 + twice, np.inf))
            elif told.base > 1:
                least = max(float(told.k), figure - told.base + 1)
                rows.append(Equation(aim, least + twice, figure + told.base - 1 + twice))
            else:
                rows.append(Equation(aim, figure + twice, figure + twice))
    return variables, rows


def _places(told: Told) -> Iterator[Place]:
    own = [(*LABELS[AXES.index(d)], None) for d in told.dimensions]
    yield from product(*own)


def _sum(
    variables: dict[tuple[int, Cell], int], told: Told, place: Place
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    aim = np.zeros(max(variables.values()) + 1)
    for cell in _cells(told, place):
        aim[variables[told.moment, cell]] += 1.0
    return aim


def _cells(told: Told, place: Place) -> Iterator[Cell]:
    """List the cells of the full cross that a figure sums up."""
    wanted = {d: (x,) for d, x in zip(told.dimensions, place, strict=True) if x is not None}
    for cell in product(*LABELS):
        said = dict(zip(AXES, cell, strict=True))
        if all(said[d] in labels for part in (told.where, wanted) for d, labels in part.items()):
            yield cell


def _bounds(
    variables: dict[tuple[int, Cell], int],
    rows: list[Equation],
    aim: np.ndarray[tuple[int], np.dtype[np.float64]],
    width: float,
) -> tuple[float, float]:
    """Return the least and the most that a sum can be in whole numbers; a free one counts as a hundred widths."""
    size = max(variables.values()) + 1
    system = LinearConstraint(np.array([r.aim for r in rows]), [r.low for r in rows], [r.high for r in rows])
    found = []
    for sign in (1.0, -1.0):
        answer = milp(
            sign * aim,
            constraints=system,
            integrality=np.ones(size, dtype=np.int64),
            bounds=Bounds(np.zeros(size), 1000 + 100 * width),
        )
        assert answer.x is not None, answer.message
        found.append(float(aim @ answer.x))
    return found[0], found[1]
