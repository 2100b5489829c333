"""Everything that was published and hangs together with a table, as one system: over time, measures and agencies [M3].

A slice of a measure is a table of that measure with a filter. A measure that is never more than another is tied to it, figures of a
joint period's shares to the whole figures that they are shares of. Another agency's table counts where both count the same outcomes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from jpa.statistics.editions import figures_of, snapshot_of, where_of
from jpa.statistics.facts import Column, Facts
from jpa.statistics.measures import AT_MOST, MEASURES, PARTS
from jpa.statistics.publications import COUNTED_BY, Beside, Bond, Item, Place, Publication, Snapshot, counted_by
from jpa.statistics.tables import Credit, Question, counted

_BECAUSE: Final = " because of "


@dataclass(frozen=True, slots=True)
class Told:
    """One table with the facts that it was counted from."""

    facts: Facts
    question: Question
    items: Sequence[Item]
    k: int
    width: float
    name: str = ""
    agency: str = ""
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class System:
    """Tables that hang together, the last of them still to be decided, with what the definitions say of their measures."""

    publications: Sequence[Publication]
    bonds: Sequence[Bond]


def family_of(measure: str) -> tuple[str, ...]:
    """Return the measures that the definitions tie to one, itself among them, in the order of the registry."""
    found, new = {measure}, {measure}
    while len(new) > 0:
        new = {other for pair in _pairs() if not new.isdisjoint(pair) for other in pair} - found
        found |= new
    return tuple(name for name in MEASURES if name in found)


def rooted(question: Question) -> Question:
    """Ask for a slice of a measure as for that measure with a filter."""
    part = PARTS.get(question.measure)
    if part is None:
        return question
    labels = question.where.get(part.dimension, part.labels)
    where = {**question.where, part.dimension: tuple(x for x in labels if x in part.labels)}
    return replace(question, measure=part.of, where=where)


def system_of(earlier: Sequence[Told], deciding: Sequence[Told]) -> System:
    """Put tables behind those published before them, all in the finest cells that any of them tells apart."""
    told = [replace(t, question=rooted(t.question)) for t in (*_related(earlier, deciding), *deciding)]
    series = dict.fromkeys(series_of(t.question) for t in told)
    bonds = _bonds(told) if len(series) > 1 else []
    made = _Made(told, bonds)
    return System([made.publication(t) for t in told], bonds)


def series_of(question: Question) -> str:
    """Name what is counted: shares of a period are figures of another kind, and no sum of persons."""
    because = f"{_BECAUSE}{question.jpa}" if question.credit is Credit.BECAUSE else ""
    return f"{question.measure}{because}"


def _pairs() -> Iterator[tuple[str, str]]:
    yield from ((small, part.of) for small, part in PARTS.items())
    yield from ((bond.small, bond.large) for bond in AT_MOST)


def _related(earlier: Sequence[Told], deciding: Sequence[Told]) -> list[Told]:
    """Leave out measures of other families, and tables of other agencies that count none of the same outcomes."""
    family = {name for t in deciding for name in family_of(t.question.measure)}
    near = [t for t in earlier if t.question.measure in family]
    counted_of = _Counted()
    known = {i for t in (*deciding, *(t for t in near if not t.foreign)) for i in counted_of(t)}
    reach = {n for n, t in enumerate(near) if not t.foreign}
    while True:
        more = {n for n, t in enumerate(near) if n not in reach and not known.isdisjoint(counted_of(t))}
        if len(more) == 0:
            return [t for n, t in enumerate(near) if n in reach]
        reach |= more
        known |= {i for n in more for i in counted_of(near[n])}


class _Counted:
    """Which outcomes tables count at all; worked out once where many tables stand on the same facts."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], frozenset[bytes]] = {}

    def __call__(self, told: Told) -> frozenset[bytes]:
        key = (id(told.facts), told.question.measure)
        if key not in self._known:
            mask = counted(told.facts, told.facts.measure(told.question.measure))
            self._known[key] = frozenset(told.facts.ids[mask].tolist())
        return self._known[key]


def _bonds(told: Sequence[Told]) -> list[Bond]:
    """Tie the measures of the tables to each other, and shares of a period to the whole."""
    family = {name for t in told for name in family_of(t.question.measure)}
    periods = dict.fromkeys(t.question.jpa for t in told if t.question.credit is Credit.BECAUSE)
    tied = [
        Bond((f"{b.small}{end}",), f"{b.large}{end}", b.why, b.where)
        for b in AT_MOST
        if b.small in family
        for end in ("", *(f"{_BECAUSE}{jpa}" for jpa in periods))
    ]
    alone = [((jpa,), "shares of a period are never more than the whole figure") for jpa in periods]
    together = [(tuple(periods), "shares of all periods are together never more than the whole figure")]
    whole = [
        Bond(tuple(f"{name}{_BECAUSE}{jpa}" for jpa in those), name, why)
        for name in MEASURES
        if name in family and name not in PARTS
        for those, why in (*alone, *(together if len(periods) > 1 else ()))
    ]
    return [*tied, *whole]


@dataclass(slots=True)
class _Made:
    """Makes publications of tables, each snapshot once."""

    told: Sequence[Told]
    bonds: Sequence[Bond]
    _snapshots: dict[tuple[int, str, str], Snapshot] = field(default_factory=dict)
    _shared: dict[str, frozenset[bytes]] = field(default_factory=dict)
    _facts: dict[int, Facts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len({t.agency for t in self.told}) > 1:
            counted_of = _Counted()
            for t in {(t.agency, id(t.facts), t.question.measure): t for t in self.told}.values():
                self._shared[t.agency] = self._shared.get(t.agency, frozenset()) | counted_of(t)

    def publication(self, told: Told) -> Publication:
        """Return a table in the finest cells of all of them, beside what bounds it at the same moment."""
        series = series_of(told.question)
        return Publication(
            snapshot=self._snapshot(told, told.question),
            dimensions=told.question.dimensions,
            items=told.items,
            k=told.k,
            width=told.width,
            where=where_of(told.question),
            name=told.name,
            series=series,
            agency=told.agency,
            foreign=told.foreign,
            beside=dict(self._beside(told, series)),
        )

    def _beside(self, told: Told, own: str) -> Iterator[tuple[str, Beside]]:
        for name in dict.fromkeys(s for b in self.bonds for s in (*b.small, b.large) if s != own):
            measure, _, jpa = name.partition(_BECAUSE)
            if not self._can_count(told.facts, measure):
                continue
            question = replace(told.question, measure=measure, credit=Credit.BECAUSE if jpa else Credit.ALL, jpa=jpa)
            if jpa == "" or jpa in told.facts.periods:
                yield name, Beside(self._snapshot(told, question), self._figures(told, question))

    def _figures(self, told: Told, other: Question) -> dict[Place, float] | None:
        """Count the other series in the places of the table; not where it cannot be asked for within the joint period."""
        own = told.question
        if own.credit is Credit.IN_PERIOD:
            if other.credit is not Credit.ALL:
                return None
            other = replace(other, credit=own.credit, jpa=own.jpa)
        return dict(figures_of(told.facts, other, most=None))

    def _can_count(self, facts: Facts, measure: str) -> bool:
        # Rows that a release froze hold the measures that were tied to its own when it was made, and no others.
        return len(facts.definitions) == 0 or measure in facts.definitions

    def _snapshot(self, told: Told, question: Question) -> Snapshot:
        key = (id(told.facts), series_of(question), told.agency)
        if key not in self._snapshots:
            self._snapshots[key] = snapshot_of(self._marked(told.facts), question, *self._axes())
        return self._snapshots[key]

    def _axes(self) -> tuple[Sequence[str], Sequence[str]]:
        questions = [t.question for t in self.told]
        said = [d for q in questions for d in (*q.dimensions, *q.where)] + [d for b in self.bonds for d in b.where]
        shared = [COUNTED_BY] if len(self._shared) > 0 else []
        periods = sorted({q.jpa for q in questions if q.credit is Credit.IN_PERIOD})
        return [*dict.fromkeys(said), *shared], periods

    def _marked(self, facts: Facts) -> Facts:
        """Let facts know every period that any table asks for, and who counts each outcome."""
        if id(facts) not in self._facts:
            known = {j: p for t in self.told for j, p in t.facts.periods.items()}
            made = replace(facts, periods={**known, **facts.periods})
            if len(self._shared) > 0:
                made = replace(made, columns={**made.columns, COUNTED_BY: self._counted_by(facts)})
            self._facts[id(facts)] = made
        return self._facts[id(facts)]

    def _counted_by(self, facts: Facts) -> Column:
        agencies = sorted(self._shared)
        marks = np.zeros(len(facts), dtype=np.int32)
        for n, agency in enumerate(agencies):
            marks += np.isin(facts.ids, list(self._shared[agency])).astype(np.int32) << n
        labels = [
            counted_by([a for n, a in enumerate(agencies) if mark >> n & 1]) for mark in range(1 << len(agencies))
        ]
        return Column(marks, ("", *labels[1:]))
