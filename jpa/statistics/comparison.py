"""Why one release says something else than an earlier one: the cells that moved, the outcomes that moved them, and the cause of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np

from jpa.statistics.dimensions import RETURN
from jpa.statistics.editions import figures_of, where_of
from jpa.statistics.facts import NOBODY, Facts
from jpa.statistics.measures import Unit
from jpa.statistics.publications import Labels, Place
from jpa.statistics.tables import Credit, Question, column_of, counted, members

_NO_CELL: Final[Labels | None] = None


class Cause(StrEnum):
    """What moved an outcome."""

    ENTERED_LATER = "entered later"
    APPEAL = "an appeal decided since"
    IN_RETURN = "came with an accepted return"
    RETURN_LEFT = "its return was replaced, withdrawn or taken back"
    LEFT = "counts no more"
    """Corrected, retracted or no longer granted; only the ledger knows which."""
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    RETURNED = "counts again"
    MERGED = "persons merged"
    UNMERGED = "a merge undone"
    ARTICLE = "the table of articles changed"
    ATTRIBUTION = "credited otherwise to the joint period"
    CODE = "the measure is defined otherwise"
    CHANGED = "said otherwise in the ledger"


@dataclass(frozen=True, slots=True)
class Mover:
    """One outcome that moved a cell."""

    outcome: str
    kind: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class Moved:
    """One cell or margin that differs."""

    place: Place
    before: float
    after: float
    movers: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two releases: its rows, when it was counted and by which definitions."""

    facts: Facts
    until: int
    """Milliseconds since 1970 at which it was counted; ids of outcomes begin with theirs."""
    registry: str


@dataclass(frozen=True, slots=True)
class _Row:
    """Where one outcome stood in one release."""

    cell: Labels | None
    """None where it was not counted."""
    kind: str
    standing: bool
    offence: str
    article: str
    credit: float
    returned: bool = False
    """Whether it came in an accepted return: its id is a pseudonym and has no time in it."""
    partners: frozenset[str] = field(default_factory=frozenset)
    """The other outcomes of the same person, charge or case."""


def compare(old: Side, new: Side, question: Question) -> list[Moved]:
    """List what differs between two releases, both counted as `question` says."""
    before, after = dict(figures_of(old.facts, question)), dict(figures_of(new.facts, question))
    rows = _rows(old.facts, question), _rows(new.facts, question)
    causes = _causes(old, new, *rows, measure=question.measure)
    moved = []
    for place in dict.fromkeys([*after, *before]):
        if before.get(place, 0.0) == after.get(place, 0.0):
            continue
        movers = [
            Mover(outcome, (rows[1].get(outcome) or rows[0][outcome]).kind, cause)
            for outcome, cause in sorted(causes.items())
            if any(_within(side.get(outcome), place) for side in rows)
        ]
        moved.append(Moved(place, before.get(place, 0.0), after.get(place, 0.0), tuple(movers)))
    return moved


def _within(row: _Row | None, place: Place) -> bool:
    return (
        row is not None and row.cell is not None and all(p in {None, x} for p, x in zip(place, row.cell, strict=True))
    )


def _rows(facts: Facts, question: Question) -> dict[str, _Row]:
    measure = facts.measure(question.measure)
    taken = _credit(facts, question) * counted(facts, measure)
    for dimension, labels in where_of(question).items():
        if dimension in question.where:
            column = column_of(facts, measure, dimension)
            taken = taken * np.isin(column.codes, [column.code(label) for label in labels])
    axes = [column_of(facts, measure, d) for d in question.dimensions]
    keys = facts.person if measure.unit is Unit.PERSON else facts.charge
    named = measure.unit in {Unit.PERSON, Unit.CHARGE}
    groups: dict[int, list[str]] = {}
    ids = [i.decode() for i in facts.ids]
    for row in np.flatnonzero(taken > 0):
        groups.setdefault(int(keys[row]), []).append(ids[row])
    returned = facts.columns.get(RETURN)
    kinds, offences, articles = facts.column("kind"), facts.column("offence"), facts.column("article")
    return {
        ids[row]: _Row(
            cell=tuple(a.labels[a.codes[row]] for a in axes) if taken[row] > 0 else _NO_CELL,
            kind=kinds.labels[kinds.codes[row]],
            standing=bool(facts.standing[row]),
            offence=offences.labels[offences.codes[row]],
            article=articles.labels[articles.codes[row]],
            credit=float(taken[row]),
            returned=returned is not None and bool(returned.codes[row] != 0),
            partners=frozenset(groups[int(keys[row])])
            if named and keys[row] != NOBODY and taken[row] > 0
            else frozenset(),
        )
        for row in range(len(ids))
    }


def _credit(facts: Facts, question: Question) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if question.credit is Credit.ALL:
        return np.ones(len(facts))
    if question.credit is Credit.BECAUSE:
        return facts.credits.get(question.jpa, np.zeros(len(facts)))
    found = members(facts, Question(question.measure, (), {}, Credit.IN_PERIOD, question.jpa))
    wanted = [o.encode() for member in found for o in member.outcomes]
    return np.isin(facts.ids, wanted).astype(np.float64)


def _causes(
    old: Side, new: Side, before: Mapping[str, _Row], after: Mapping[str, _Row], *, measure: str
) -> dict[str, Cause]:
    was, now = old.facts.measure(measure).kinds, new.facts.measure(measure).kinds
    common = frozenset(before) & frozenset(after)
    came = {i: row for i, row in after.items() if i not in common and row.cell is not None}
    left = {i: row for i, row in before.items() if i not in common and row.cell is not None}
    causes = {i: _came(i, row, old) if row.kind in was else Cause.CODE for i, row in came.items()}
    causes |= {i: _left(row) if row.kind in now else Cause.CODE for i, row in left.items()}
    for outcome in common:
        found = _cause(before[outcome], after[outcome], common, code=old.registry != new.registry)
        if found is not None:
            causes[outcome] = found
    return causes


def _left(row: _Row) -> Cause:
    return Cause.RETURN_LEFT if row.returned else Cause.LEFT


def _came(outcome: str, row: _Row, old: Side) -> Cause:
    if row.returned:
        return Cause.IN_RETURN
    return Cause.ENTERED_LATER if int(outcome[:12], 16) > old.until else Cause.RETURNED


def _cause(was: _Row, now: _Row, common: frozenset[str], *, code: bool) -> Cause | None:
    if was.standing != now.standing and (was.cell is None) != (now.cell is None):
        return Cause.APPEAL
    if was.cell != now.cell or was.credit != now.credit:
        if was.article == now.article and was.offence != now.offence:
            return Cause.ARTICLE
        if was.cell == now.cell or (was.credit > 0) != (now.credit > 0):
            return Cause.CODE if code else Cause.ATTRIBUTION
        return Cause.CODE if code else Cause.CHANGED
    together, apart = now.partners & common, was.partners & common
    if together > apart:
        return Cause.MERGED
    return Cause.UNMERGED if together != apart else None
