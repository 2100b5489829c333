"""What must not be worked out from publications: small figures, small groups finer than any table, and small changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from jpa.statistics.cross import Columns, Cross, Numbers
from jpa.statistics.publications import COUNTED_BY, Place, Publication

Table = tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
"""What a table is of: its dimensions, and what it was limited to."""
_NOTHING: Columns = np.zeros(0, dtype=np.intp)


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


@dataclass(frozen=True, slots=True)
class Moment:
    """A publication with the variable of each finest cell at its time."""

    publication: Publication
    state: Columns
    members: Mapping[Place, Columns]
    deciding: bool


def targets_of(cross: Cross, moments: Sequence[Moment], truth: Numbers) -> list[Target]:
    """List everything that must not be worked out, once each."""
    found = [*_small(moments), *_small_groups(cross, moments, truth), *_changes(cross, moments, truth)]
    kept: dict[tuple[bytes, bytes, float], Target] = {}
    for t in found:
        kept.setdefault((np.sort(t.plus).tobytes(), np.sort(t.minus).tobytes(), t.width), t)
    return list(kept.values())


def _small(moments: Sequence[Moment]) -> Iterator[Target]:
    for moment in moments:
        publication = moment.publication
        for item in publication.items:
            if 0 < item.value < publication.k:
                words = _words(publication, item.place)
                yield Target(moment.state[moment.members[item.place]], _NOTHING, publication.width, words)


def _small_groups(cross: Cross, moments: Sequence[Moment], truth: Numbers) -> Iterator[Target]:
    # Finer than any table shows, and still a small group of people. Finest cells only where the cross is written out: the
    # reader who is told which of its cells are empty knows too much for that.
    for moment in moments if cross.full else ():
        publication = moment.publication
        for labels, column in zip(cross.cells, moment.state, strict=True):
            if 0 < truth[column] < publication.k:
                said = [(d, x) for d, x in zip(cross.dimensions, labels, strict=True) if d != COUNTED_BY]
                named = _named([d for d, _ in said], [x for _, x in said], foreign=publication.foreign)
                words = f"the count of {named}, which no table shows but several tables cross"
                yield Target(np.array([column]), _NOTHING, publication.width, words)
    if COUNTED_BY in cross.dimensions:
        for moment in moments:
            yield from _shared(cross, moment, truth)


def _shared(cross: Cross, moment: Moment, truth: Numbers) -> Iterator[Target]:
    """Within each figure: those whom the same agencies count; two agencies' tables beside each other tell them apart."""
    by = cross.dimensions.index(COUNTED_BY)
    for found in moment.members.values():
        groups: dict[str, list[int]] = {}
        for cell in found:
            groups.setdefault(cross.cells[int(cell)][by], []).append(int(moment.state[cell]))
        for columns in groups.values():
            if 0 < truth[columns].sum() < moment.publication.k:
                words = "a few whom one agency's table counts and another's does not"
                yield Target(np.array(columns, dtype=np.intp), _NOTHING, moment.publication.width, words)


def _changes(cross: Cross, moments: Sequence[Moment], truth: Numbers) -> Iterator[Target]:
    """Compare the states of a series with each other, in the cells of the tables of either time.

    Two earlier states as well: a figure shown now may tell what both of them held back.
    """
    for ((series, agency, _), then), ((later_series, later_agency, _), now) in combinations(_times(moments).items(), 2):
        if (series, agency) == (later_series, later_agency):
            last = max(now, key=lambda m: m.publication.k).publication
            yield from _between(cross, then, now, truth, last)


def _between(
    cross: Cross, then: Sequence[Moment], now: Sequence[Moment], truth: Numbers, last: Publication
) -> Iterator[Target]:
    old, new, name = then[0].state, now[0].state, then[0].publication.name
    before, after = _overlaps(then, truth), _overlaps(now, truth)
    for moment in (*then, *now):
        for item in moment.publication.items:
            if item.is_cell:
                found, table = moment.members[item.place], _table_of(moment.publication)
                words = f"{_named(moment.publication.dimensions, item.place)} since {name}"
                apart = after.get(table, {}).get(item.place, 0.0) - before.get(table, {}).get(item.place, 0.0)
                yield from _change(old[found], new[found], truth, last, words, apart)
    if cross.full:
        for labels, was, is_now in zip(cross.cells, old, new, strict=True):
            words = f"{_named(cross.dimensions, labels)} since {name}"
            yield from _change(np.array([was]), np.array([is_now]), truth, last, words)


def _times(moments: Sequence[Moment]) -> dict[tuple[str, str, bytes], list[Moment]]:
    found: dict[tuple[str, str, bytes], list[Moment]] = {}
    for m in moments:
        found.setdefault((m.publication.series, m.publication.agency, m.state.tobytes()), []).append(m)
    return found


def _change(
    old: Columns, new: Columns, truth: Numbers, by: Publication, words: str, apart: float = 0.0
) -> Iterator[Target]:
    """Protect a change that is small as figures say it, or as their finest cells do: some stand in several of them."""
    minus, plus = np.setdiff1d(old, new), np.setdiff1d(new, old)
    target = Target(plus, minus, by.width, f"the small change of {words}")
    if any(0 < abs(round(change, 6)) < by.k for change in (target.at(truth), target.at(truth) - apart)):
        yield target


def _overlaps(moments: Sequence[Moment], truth: Numbers) -> dict[Table, dict[Place, float]]:
    """Return by how much the finest cells of each figure exceed it, because some are counted in several."""
    return {
        _table_of(m.publication): {i.place: float(truth[m.state[m.members[i.place]]].sum()) - i.value for i in m.publication.items}
        for m in moments
    }  # fmt: skip


def _table_of(publication: Publication) -> Table:
    return tuple(publication.dimensions), tuple(sorted((d, tuple(x)) for d, x in publication.where.items()))


def _words(publication: Publication, place: Place) -> str:
    named = _named(publication.dimensions, place, foreign=publication.foreign)
    return f"{named} in {publication.name}" if publication.name else named


def _named(dimensions: Sequence[str], place: Sequence[str | None], *, foreign: bool = False) -> str:
    if foreign:  # which figures of another agency are small is not for ours to know
        return "a figure held back"
    said = [f"{d} {label or 'unknown'}" for d, label in zip(dimensions, place, strict=True) if label is not None]
    return ", ".join(said) or "the total"
