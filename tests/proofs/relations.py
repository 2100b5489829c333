"""Random ledgers of two agencies, tables of measures that hang together, and an attacker who knows how they do.

Beside what `disclosures` tries, this reader knows that everyone charged has a charge, that a slice is part of its whole, that shares
of joint periods, one or several, are no more than what they are shares of, which outcomes stand in tables of both agencies, and what percentages say of a total
that may be held back. Written apart from the code it checks: the ledger is counted again here, and the equations are its own.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from jpa.errors import InvalidInputError
from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.disclosure import protect
from jpa.statistics.editions import items_of
from jpa.statistics.facts import Facts, Period, days_of
from jpa.statistics.memory import Told as Known
from jpa.statistics.memory import system_of
from jpa.statistics.publications import Item, Place
from jpa.statistics.tables import Credit, Question

JPAS: Final = ("j1", "j2")
SHARES: Final = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (1.0, 0.0), (0.0, 1.0), (0.25, 0.75))
"""What the periods are credited with of an outcome: together never more than all of it."""
BECAUSE: Final = " because of "
AXES: Final = ("state", "sex", "sentence")
CASES: Final = {"t": "tip", "u": "ucg", "v": "ucg"}
SHARED: Final = "u"
"""A case of the second agency that the first may count."""
CHARGED: Final = ("persons_charged", "charges_laid")
SENTENCED: Final = ("persons_sentenced", "persons_imprisoned")
PRISON: Final = ("imprisonment", "life")
_PERIODS: Final = {
    jpa: Period(jpa, days_of("2021-01-01")[0], days_of("2021-12-31")[0], frozenset({"XA", "XB", "XC"})) for jpa in JPAS
}
_NEAR: Final = 1e-6
ANY: Final = "*"
"""Stands for all labels of an axis that no table tells apart."""
Cell = tuple[str, ...]
Row = tuple["Vector", float, float]
Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Slip:
    """One outcome as a clerk has it."""

    id: str
    person: str
    charge: str
    case: str
    cell: Cell
    shares: tuple[float, ...]
    born: int


@dataclass(frozen=True, slots=True)
class Table:
    """One published table as a reader sees it, and the slips behind it that only the judge sees."""

    question: Question
    agency: str
    moment: int
    base: int
    percent: bool
    figures: Mapping[Place, float | None]
    """None: held back. A place that is not here is zero."""


@dataclass(slots=True)
class Story:
    """Two ledgers over time with all that was published of them."""

    kind: str
    k: int
    granted: bool
    slips: list[Slip]
    labels: tuple[tuple[str, ...], ...]
    told: list[Table] = field(default_factory=list)
    kept: list[Known] = field(default_factory=list)
    refused: int = 0

    def counted(self, agency: str, moment: int) -> list[Slip]:
        """List what an agency may count at a moment."""
        may = {c for c, own in CASES.items() if own == agency or (agency == "tip" and c == SHARED and self.granted)}
        return [s for s in self.slips if s.case in may and s.born <= moment]


def check_relations(_: object, seed: int) -> str:
    """Publish a random sequence of tables that hang together and attack it; the text names what was recovered."""
    return attack(tell(seed))


def tell(seed: int, safe: Callable[[Story, Known], list[Item]] | None = None) -> Story:
    """Make random ledgers and publish tables of them; `safe` decides what is held back, jpa itself where none is given."""
    dice = random.Random(seed)
    story = _ledger(dice)
    for _ in range(dice.randint(2, 4)):
        agency, moment = dice.choice(("tip", "tip", "ucg")), dice.choice((0, 0, 1, 2))
        moment = max([moment, *(t.moment for t in story.told)])
        facts = _facts(story, agency, moment)
        question = _question(dice, story)
        if len(story.told) > 0 and dice.random() < 0.6:  # the same cells again, of what hangs together with them
            last = story.told[-1].question
            question = replace(question, dimensions=last.dimensions, where=last.where)
        base, percent = dice.choice(((1, False), (1, False), (1, False), (story.k, False), (1, True)))
        if question.credit is Credit.BECAUSE:
            base, percent = 1, False
        items = items_of(facts, question, story.k, base, shares=percent)
        known = Known(facts, question, items, story.k, float(story.k), f"table {len(story.told) + 1}", agency)
        try:
            held = (safe or _safe)(story, known)
        except InvalidInputError:
            story.refused += 1
            continue
        figures = {i.place: None if i.suppressed else _printed(i, base) for i in held}
        story.kept.append(replace(known, items=held))
        story.told.append(Table(question, agency, moment, base, percent, figures))
    return story


def unprotected(story: Story, known: Known) -> list[Item]:
    """Hold back small figures and nothing else: what the attacker must be able to beat."""
    return [replace(i, low=1.0, high=np.inf, share=None) if 0 < i.value < story.k else i for i in known.items]


def _safe(story: Story, known: Known) -> list[Item]:
    earlier = [replace(t, foreign=t.agency != known.agency) for t in story.kept]
    system = system_of(earlier, [known])
    *before, last = system.publications
    return list(protect(before, last, system.bonds).publication.items)


def _ledger(dice: random.Random) -> Story:
    kind = dice.choice(("charged", "sentenced"))
    forms = ("imprisonment", "life", "fine") if kind == "sentenced" else ("",)
    labels = (("XA", "XB", "XC")[: dice.randint(1, 3)], ("female", "male")[: dice.randint(1, 2)], forms)
    weights = [[dice.choice((1, 1, 4, 12)) for _ in own] for own in labels]
    size = dice.choice((dice.randint(4, 25), dice.randint(4, 90)))
    cases = dice.choice((("t", "t", "t", "u", "v"), ("t", "u", "u", "u"), ("t", "u")))
    slips = []
    for n in range(size):
        cell = tuple(dice.choices(own, weights=w)[0] for own, w in zip(labels, weights, strict=True))
        slips.append(
            Slip(
                f"{n:032x}",
                f"p{dice.randrange(size)}" if dice.random() < 0.5 else f"q{n}",
                dice.choice(("1", "2")) if kind == "charged" else "",
                dice.choice(cases),
                cell,
                dice.choice(SHARES),
                dice.choice((0, 0, 0, 0, 1, 2)),
            )
        )
    return Story(kind, dice.choice((3, 5)), dice.random() < 0.7, slips, labels)


def _question(dice: random.Random, story: Story) -> Question:
    axes = AXES if story.kind == "sentenced" else AXES[:2]
    dimensions = tuple(dice.sample(axes, dice.choice((0, 1, 1, 2))))
    credit = Credit.BECAUSE if dice.random() < 0.35 else Credit.ALL
    measure = dice.choice(CHARGED if story.kind == "charged" else SENTENCED)
    where = {}
    if dice.random() < 0.25:
        axis = dice.randrange(2)
        where = {AXES[axis]: tuple(dice.sample(story.labels[axis], dice.randint(1, len(story.labels[axis]))))}
    return Question(measure, dimensions, where, credit, dice.choice(JPAS) if credit is Credit.BECAUSE else "")


def _facts(story: Story, agency: str, moment: int) -> Facts:
    entries = [
        Entry(
            s.id, story.kind, s.case,
            {"agency": CASES[s.case], "case": s.case, "where": s.cell[0], "sex": s.cell[1], "sentence": s.cell[2]},
            person=s.person, charge=s.charge,
        )
        for s in story.slips
        if s.born <= moment
    ]  # fmt: skip
    granted = frozenset({SHARED}) if agency == "tip" and story.granted else frozenset()
    credits_ = {jpa: {s.id: s.shares[n] for s in story.slips} for n, jpa in enumerate(JPAS)}
    around = Surroundings(periods=_PERIODS, credits=credits_)
    return facts_of(Books.empty().with_entries(entries), Countable(agency, granted), around)


def _printed(item: Item, base: int) -> float:
    if item.share is not None:
        low, high = item.share
        return round(100 * (low + high) / 2) if low > 0 and high < 1 else (0.0 if low == 0 else 100.0)
    return item.high if item.low == item.high else item.high - base + 1


def _count(slips: list[Slip], what: str) -> float:
    """Count persons or charges once each, whole or by their largest share."""
    best: dict[tuple[str, ...], float] = {}
    for s in slips:
        key = (s.person,) if what.startswith("persons") else (s.person, s.case, s.charge)
        worth = s.shares[JPAS.index(what.partition(BECAUSE)[2])] if BECAUSE in what else 1.0
        best[key] = max(best.get(key, 0.0), worth)
    return round(sum(best.values()), 6)


def _series(question: Question) -> str:
    what = "charges" if question.measure == "charges_laid" else "persons"
    return f"{what}{BECAUSE}{question.jpa}" if question.credit is Credit.BECAUSE else what


class _Reader:
    """Everything that a reader of a story can write down."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.numbers: dict[tuple[object, ...], int] = {}
        self.truth: list[float] = []
        self.whole: list[bool] = []
        self.times = sorted({(t.agency, t.moment) for t in story.told})
        self.periods = [j for j in JPAS if any(t.question.jpa == j for t in story.told)]
        published = [{s.id for s in story.counted(t.agency, t.moment)} for t in story.told]
        by = {
            a: set().union(*(p for p, t in zip(published, story.told, strict=True) if t.agency == a))
            for a in ("tip", "ucg")
        }
        self.both = by["tip"] & by["ucg"]
        self.labels = list(self._told_apart())
        for agency, moment in self.times:
            for what, cell in product(self.kinds(), self.cells()):
                self.at(what, agency, moment, cell)
        self.rows = [*self._printed(), *self._definitions()]

    def kinds(self) -> tuple[str, ...]:
        """List the series: whole ones, and shares of the period."""
        whole = ("persons",) if self.story.kind == "sentenced" else ("persons", "charges")
        return (*whole, *(f"{what}{BECAUSE}{jpa}" for what in whole for jpa in self.periods))

    def cells(self) -> Iterator[Cell]:
        """List the finest cells: labels, and whether both agencies count what is in them."""
        yield from product(*self.labels)

    def _told_apart(self) -> Iterator[tuple[str, ...]]:
        """List the labels of each axis that any table tells apart; who stands twice in what none does, nobody was told."""
        asked = [t.question for t in self.story.told]
        axes = {d for q in asked for d in (*q.dimensions, *q.where)}
        axes |= {"sentence" for q in asked if q.measure == "persons_imprisoned"}
        yield from (own if axis in axes else (ANY,) for axis, own in zip(AXES, self.story.labels, strict=True))
        yield ("both", "one") if _two(self.story) else (ANY,)

    def cell_of(self, slip: Slip) -> Cell:
        """Say in which finest cell a slip stands."""
        own = (*slip.cell, "both" if slip.id in self.both else "one")
        return tuple(ANY if ANY in labels else x for x, labels in zip(own, self.labels, strict=True))

    def slips(self, agency: str, moment: int, cells: list[Cell]) -> list[Slip]:
        """List the slips in some finest cells."""
        wanted = set(cells)
        return [s for s in self.story.counted(agency, moment) if self.cell_of(s) in wanted]

    def at(self, what: str, agency: str, moment: int, cell: Cell) -> int:
        """Number a cell at a time; the same people in it are the same number, whichever agency and day."""
        own = self.slips(agency, moment, [cell])
        key = (what, cell, tuple(s.id for s in own), "" if cell[-1] == "both" else agency)
        if key not in self.numbers:
            self.numbers[key] = len(self.truth)
            self.truth.append(_count(own, what))
            self.whole.append(BECAUSE not in what)
        return self.numbers[key]

    def sum(self, what: str, agency: str, moment: int, cells: list[Cell]) -> Vector:
        """Add cells up."""
        aim = np.zeros(len(self.truth))
        for cell in cells:
            aim[self.at(what, agency, moment, cell)] += 1.0
        return aim

    def twice(self, what: str, agency: str, moment: int, cells: list[Cell]) -> float:
        """Say how many stand in several of the cells; an insider told."""
        parts = sum(_count(self.slips(agency, moment, [c]), what) for c in cells)
        return round(parts - _count(self.slips(agency, moment, cells), what), 6)

    def inside(self, question: Question, place: Place) -> list[Cell]:
        """List the finest cells that a figure sums up."""
        wanted = dict(question.where)
        if question.measure == "persons_imprisoned":
            wanted["sentence"] = tuple(x for x in wanted.get("sentence", PRISON) if x in PRISON)
        own = {d: (x,) for d, x in zip(question.dimensions, place, strict=True) if x is not None}
        return [
            cell
            for cell in self.cells()
            if all(dict(zip(AXES, cell[:3], strict=True))[d] in labels for part in (wanted, own) for d, labels in part.items())
        ]  # fmt: skip

    def places(self, question: Question) -> Iterator[Place]:
        """List every place of a table, zero or not."""
        yield from product(*((*self.story.labels[AXES.index(d)], None) for d in question.dimensions))

    def _printed(self) -> Iterator[Row]:
        for t in self.story.told:
            what, time = _series(t.question), (t.agency, t.moment)
            total = (None,) * len(t.question.dimensions)
            for place in self.places(t.question):
                cells = self.inside(t.question, place)
                aim, twice = self.sum(what, *time, cells), self.twice(what, *time, cells)
                figure = t.figures.get(place, 0.0)
                if figure is None:
                    yield aim, min(1.0, _count(self.slips(*time, cells), what)) + twice, np.inf
                elif place not in t.figures:
                    yield aim, 0.0, 0.0
                elif t.percent:
                    yield aim, self.story.k + twice, np.inf
                    whole = self.inside(t.question, total)
                    parts = self.sum(what, *time, whole), self.twice(what, *time, whole)
                    if place != total:
                        yield from _percent(aim, twice, parts, figure)
                elif t.base > 1:
                    least = max(float(self.story.k), figure - t.base + 1)
                    yield aim, least + twice, figure + t.base - 1 + twice
                else:
                    yield aim, figure + twice, figure + twice

    def _definitions(self) -> Iterator[Row]:
        because = {what: [f"{what}{BECAUSE}{jpa}" for jpa in self.periods] for what in ("persons", "charges")}
        kinds = ("persons",) if self.story.kind == "sentenced" else ("persons", "charges")
        pairs = [
            (those, what)
            for what in kinds
            for those in (*([b] for b in because[what]), because[what])
            if len(those) > 0
        ]
        if self.story.kind == "charged":
            pairs += [
                ([a], b)
                for a, b in zip(("persons", *because["persons"]), ("charges", *because["charges"]), strict=True)
            ]
        for small, large in pairs:
            for agency, moment in self.times:
                for cell in self.cells():
                    yield self._no_more(small, large, (agency, moment), [cell])
            for t in self.story.told:
                for place in t.figures:
                    yield self._no_more(small, large, (t.agency, t.moment), self.inside(t.question, place))

    def _no_more(self, small: list[str], large: str, time: tuple[str, int], cells: list[Cell]) -> Row:
        """Say that some series are together no more than another but by what an insider told: persons credited to both periods."""
        slips = self.slips(*time, cells)
        beyond = max(0.0, sum(_count(slips, what) for what in small) - _count(slips, large))
        apart = sum(self.twice(what, *time, cells) for what in small) - self.twice(large, *time, cells) + beyond
        aim = np.add.reduce([self.sum(what, *time, cells) for what in small])
        return aim - self.sum(large, *time, cells), -np.inf, round(apart, 6)

    def bounds(self, aim: Vector, width: float) -> tuple[float, float]:
        """Return the least and the most that a sum can be; what seems narrow is solved again, for HiGHS once missed the best."""
        system = LinearConstraint(
            np.array([r[0] for r in self.rows]), [r[1] for r in self.rows], [r[2] for r in self.rows]
        )
        found: list[float] = []
        for presolve, sign in product((True, False), (1.0, -1.0)):
            if len(found) == 2 and max(found) - min(found) >= width:
                break
            answer = milp(
                sign * aim, constraints=system, integrality=np.array(self.whole, dtype=np.int64),
                bounds=Bounds(np.zeros(len(aim)), 1000 + 100 * width), options={"presolve": presolve},
            )  # fmt: skip
            assert answer.x is not None, answer.message
            found.append(float(aim @ answer.x))
        return min(found), max(found)


def _percent(aim: Vector, twice: float, whole: tuple[Vector, float], figure: float) -> Iterator[Row]:
    total, shared = whole
    for part, low, high in ((max(0.0, figure - 0.5), 0.0, np.inf), (min(100.0, figure + 0.5), -np.inf, 0.0)):
        bound = twice - part / 100 * shared
        yield aim - part / 100 * total, low + bound, high + bound


def attack(story: Story) -> str:
    """Try to narrow every held-back small figure, and every small group that one agency alone counts."""
    if len(story.told) == 0:
        return ""
    reader = _Reader(story)
    for row, low, high in reader.rows:  # the judge is no judge where the truth itself does not fit
        value = float(row @ np.array(reader.truth))
        assert low - _NEAR <= value <= high + _NEAR, (low, value, high)
    for number, t in enumerate(story.told, start=1):
        what, time = _series(t.question), (t.agency, t.moment)
        for place, figure in t.figures.items():
            cells = reader.inside(t.question, place)
            groups = [cells, *([c for c in cells if c[-1] == side] for side in ("both", "one") if _two(story))]
            for group in groups if figure is None or _two(story) else ():
                truth = _count(reader.slips(*time, group), what)
                if not 0 < truth < story.k or (group is cells and figure is not None):
                    continue
                low, high = reader.bounds(reader.sum(what, *time, group), story.k)
                if high - low < story.k - _NEAR:
                    return f"{place} of table {number} ({t.question.measure}, {t.agency}) is {truth}, and was worked out to {low:g} to {high:g}"
    return ""


def _two(story: Story) -> bool:
    return len({t.agency for t in story.told}) > 1 and story.granted
