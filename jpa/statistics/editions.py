"""From facts to what of them may be published: a table with all its margins, and the truth in finest cells [T4, T5]."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

import numpy as np

from jpa.errors import InvalidInputError
from jpa.statistics.dimensions import DIMENSIONS
from jpa.statistics.facts import Column, Facts
from jpa.statistics.measures import Measure
from jpa.statistics.publications import (
    Atom,
    Item,
    Place,
    Snapshot,
    digest_of,
    percentage,
    rounded,
    rounding_of,
    shown,
)
from jpa.statistics.tables import Credit, Question, column_of, counted, members, tabulate

MOST_ITEMS: Final = 1000
"""Figures of one release: more is a data set and no table, and takes too long to protect."""
_ATOM: Final = "atom"
_BETWEEN: Final = "\x1f"
YES: Final = "yes"
NO: Final = "no"


def require_publishable(question: Question) -> None:
    """Refuse a dimension or a filter that never leaves the agency."""
    wanted = [d for d in (*question.dimensions, *question.where) if d in DIMENSIONS and DIMENSIONS[d].confidential]
    if len(wanted) > 0:
        raise InvalidInputError("This table was not made.", {"dimensions": f"{wanted[0]} never leaves the agency."})


def figures_of(facts: Facts, question: Question, most: int | None = MOST_ITEMS) -> list[tuple[Place, float]]:
    """Count every cell and every margin of a table that is not zero, margins after what they add up; refuses more than `most`."""
    found: list[tuple[Place, float]] = []
    for size in range(len(question.dimensions), 0, -1):
        for own in combinations(question.dimensions, size):
            table = tabulate(facts, replace(question, dimensions=own))
            found += [(_place(question.dimensions, own, c.labels), c.value) for c in table.cells if c.value > 0]
    total = tabulate(facts, replace(question, dimensions=())).total
    found += [((None,) * len(question.dimensions), total)] if total > 0 else []
    if most is not None and len(found) > most:
        raise InvalidInputError(
            "This table was not made.",
            {
                "dimensions": f"It has {len(found)} figures, and a release has {most} at most; choose fewer dimensions or a filter."
            },
        )
    return found


def items_of(facts: Facts, question: Question, k: int, base: int, *, shares: bool = False) -> list[Item]:
    """Return every figure as it would be shown before anything is held back: counted, rounded, or as percentages of the total."""
    figures = figures_of(facts, question)
    if shares:
        total = max((value for place, value in figures if all(label is None for label in place)), default=0.0)
        return [
            percentage(place, value, float(round(100 * value / total)), k) if value >= k else shown(place, value)
            for place, value in figures
        ]
    if base < 2:
        return [shown(place, value) for place, value in figures]
    return [
        rounded(place, value, rounding_of(value, base, _key(facts, question, place)), base, k)
        if value >= k
        else shown(place, value)
        for place, value in figures
    ]


def outcomes_of(facts: Facts, question: Question) -> list[str]:
    """List the outcomes that a table counts, once each."""
    found = members(facts, replace(question, dimensions=()))
    return sorted({outcome for member in found for outcome in member.outcomes})


def snapshot_of(facts: Facts, question: Question, dimensions: Sequence[str], periods: Sequence[str]) -> Snapshot:
    """Count the finest cells by all these dimensions, and by whether in each of these joint periods."""
    measure = facts.measure(question.measure)
    columns = [column_of(facts, measure, d) for d in dimensions]
    columns += [_inside(facts, question.measure, jpa) for jpa in periods]
    names = (*dimensions, *(inside(jpa) for jpa in periods))
    codes, labels = _crossed(columns, len(facts))
    crossed = replace(facts, columns={**facts.columns, _ATOM: Column(codes, labels)})
    credit = question.credit if question.credit is Credit.BECAUSE else Credit.ALL
    table = tabulate(crossed, Question(question.measure, (_ATOM,), {}, credit, question.jpa))
    rows = _rows(crossed, measure)
    atoms = {
        tuple(c.labels[0].split(_BETWEEN)[1 : 1 + len(names)]): Atom(c.value, digest_of(rows.get(c.labels[0], [])))
        for c in table.cells
        if c.value > 0
    }
    return Snapshot(names, atoms)


def where_of(question: Question) -> Mapping[str, tuple[str, ...]]:
    """Return the filters of a question, the joint period among them."""
    period = {inside(question.jpa): (YES,)} if question.credit is Credit.IN_PERIOD else {}
    return {**question.where, **period}


def inside(jpa: str) -> str:
    """Name the dimension that says whether an outcome falls into a joint period."""
    return f"in the period {jpa}"


def _place(dimensions: Sequence[str], own: Sequence[str], labels: Sequence[str]) -> Place:
    said = dict(zip(own, labels, strict=True))
    return tuple(said.get(d) for d in dimensions)


def _key(facts: Facts, question: Question, place: Place) -> bytes:
    labels = {d: x for d, x in zip(question.dimensions, place, strict=True) if x is not None}
    found = members(facts, question.within(labels))
    return digest_of([o.encode() for member in found for o in member.outcomes])


def _inside(facts: Facts, measure: str, jpa: str) -> Column:
    found = members(facts, Question(measure, (), {}, Credit.IN_PERIOD, jpa)) if jpa in facts.periods else []
    wanted = [o.encode() for member in found for o in member.outcomes]
    return Column(np.where(np.isin(facts.ids, wanted), 1, 2).astype(np.int32), ("", YES, NO))


def _crossed(
    columns: Sequence[Column], size: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int32]], tuple[str, ...]]:
    """Encode the combinations that occur; each label begins with the separator, so that none is the empty one."""
    keys = np.zeros(size, dtype=np.int64)
    names = [""]
    for column in columns:
        pair = keys * len(column.labels) + column.codes
        present, keys = np.unique(pair, return_inverse=True)
        names = [f"{names[p // len(column.labels)]}{_BETWEEN}{column.labels[p % len(column.labels)]}" for p in present]
    if len(columns) == 0:
        names = [_BETWEEN]
    return (keys + 1).astype(np.int32), ("", *names)


def _rows(facts: Facts, measure: Measure) -> dict[str, list[bytes]]:
    column = facts.column(_ATOM)
    found: dict[str, list[bytes]] = {}
    for row in np.flatnonzero(counted(facts, measure)):
        found.setdefault(column.labels[column.codes[row]], []).append(bytes(facts.ids[row]))
    return found


def snapshot_hash(frozen: bytes) -> str:
    """Name the rows that a release was made from."""
    return hashlib.sha256(frozen).hexdigest()
