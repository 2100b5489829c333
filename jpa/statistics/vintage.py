"""Vintage curves: what a joint period brought about by months since its opening, as verdicts come in and fall again [M1]."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from jpa.statistics.facts import NO_DAY, NOBODY, Days, Facts, Keys, Mask, Weights
from jpa.statistics.measures import measure_of
from jpa.statistics.tables import Chosen, Member, Question, chosen, members_of, said

_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Curve:
    """One measure of one joint period, cumulative."""

    question: Question
    values: tuple[float, ...]
    """Value n is the figure as it stood n months after the opening; the first is what came before it."""
    total: float
    """The figure now; other than the last value by what has no date, or one later than the curve goes."""


def cuts_of(start: int, until: int) -> list[int]:
    """Return the opening day and the same day of each month after it, up to the first that lies beyond `until`."""
    cuts = [start]
    while cuts[-1] <= until:
        cuts.append(cut_of(start, len(cuts)))
    return cuts


def cut_of(start: int, months: int) -> int:
    """Return the day so many months after an opening day; the last of the month where it is too short."""
    opened = _EPOCH + timedelta(days=start)
    month = opened.month - 1 + months
    return (_day_in(opened.year + month // 12, month % 12 + 1, opened.day) - _EPOCH).days


def curve(facts: Facts, question: Question, until: int) -> Curve:
    """Follow a figure of a joint period from its opening to a day; an appeal takes away on its own day, not before."""
    cuts = cuts_of(facts.periods[question.jpa].start, until)
    found = chosen(facts, question, ever=True)
    told = np.where(found.keys == NOBODY, -2 - np.arange(len(found.keys)), found.keys)
    # An outcome is on the curve from the first cut after the last day that its partial date may mean.
    born = np.searchsorted(cuts, facts.day_to[found.rows], side="right")
    born[facts.day_to[found.rows] == NO_DAY] = len(cuts)
    fallen = np.searchsorted(cuts, facts.fallen[found.rows], side="right")
    if not measure_of(question.measure).after_appeal:
        fallen[:] = len(cuts)
    values = _followed(told, born.astype(np.int32), fallen.astype(np.int32), found.values, len(cuts))
    return Curve(question, tuple(values), chosen(facts, question).total)


def members_at(facts: Facts, question: Question, months: int) -> list[Member]:
    """List what a point of a curve rests on; the values add up to the point, always [T3]."""
    cut = cut_of(facts.periods[question.jpa].start, months)
    found = chosen(facts, question, ever=True)
    last = facts.day_to[found.rows]
    stands = (last != NO_DAY) & (last < cut)
    if measure_of(question.measure).after_appeal:
        stands &= facts.fallen[found.rows] >= cut
    return members_of(facts, Chosen(found.rows[stands], found.keys[stands], found.values[stands]))


def _followed(keys: Keys, born: Days, fallen: Days, values: Weights, points: int) -> Sequence[float]:
    order = np.lexsort((born, keys))
    keys, born, fallen, values = keys[order], born[order], fallen[order], values[order]
    first = np.append([True], np.diff(keys) != 0)[: len(keys)]
    group = np.cumsum(first) - 1
    # Most are counted from their first outcome on and ever after; only who has a verdict that fell, or shares that differ, is
    # counted again at each point.
    groups = int(group[-1]) + 1 if len(group) > 0 else 0
    lowest, highest = np.full(groups, np.inf), np.zeros(groups)
    np.minimum.at(lowest, group, values)
    np.maximum.at(highest, group, values)
    moving = lowest != highest
    moving[group[fallen < points]] = True
    steady = first & ~moving[group] & (born < points)
    steps = np.bincount(born[steady], weights=values[steady], minlength=points)[:points].astype(np.float64)
    curve = np.cumsum(steps)
    rest = moving[group]
    if rest.any():
        curve += _recounted(group[rest], born[rest], fallen[rest], values[rest], points)
    return [said(float(value)) for value in curve]


def _recounted(group: Keys, born: Days, fallen: Days, values: Weights, points: int) -> Weights:
    counted = np.zeros(points)
    for point in range(points):
        stands: Mask = (born <= point) & (fallen > point)
        best = np.zeros(int(group.max()) + 1)
        np.maximum.at(best, group[stands], values[stands])
        counted[point] = best.sum()
    return counted


def _day_in(year: int, month: int, day: int) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day, (after - timedelta(days=1)).day))
