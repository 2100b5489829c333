"""Disclosure control that remembers: what of a table may be published beside all that was published before [T5, M3].

Primary: figures of 1 to k-1 are held back. Secondary: more is held back until no protected figure can be worked out, from this table
and all earlier ones together, to an interval narrower than the set width (cell suppression with sliding protection; Hundepool et
al., Statistical Disclosure Control, 2012, chapter 4). The default width is k: a reader can never tell a protected figure from
one that would have been shown. Protected are also figures finer than any table shows, and changes of 1 to k-1 between releases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log1p
from typing import Final, NoReturn

from jpa.errors import InvalidInputError
from jpa.model.job import Progress, no_progress
from jpa.statistics.attack import Model, Row, model_of
from jpa.statistics.intervals import Watch, openings, touching
from jpa.statistics.measures import measure_of
from jpa.statistics.publications import FAR, Bond, Item, Place, Publication, suppressed
from jpa.statistics.targets import Target

VICTIM_KINDS: Final = frozenset({"victim assisted", "victim rescued"})
K_VICTIMS: Final = 11
"""As the CTDC used for k-anonymity of victims' records."""
K_OTHERS: Final = 5
LEAST_K: Final = 3
"""With 2 only single persons are held back, and one of two persons knows the other."""
MOST_TRIES: Final = 30
"""Figures that are tried whether they can be shown after all, dearest first; each costs a check of the whole table."""
MOST_BLAMED: Final = 60
"""Earlier releases and definitions that a refusal looks through for those to name; each costs one programme."""
VICTIM_DIMENSIONS: Final = ("state", "year", "sex", "ageBand", "exploitation")
"""Country, year, sex, age band and form: a victims' table is never finer [T5]."""


@dataclass(frozen=True, slots=True)
class Protected:
    """A table that may be published, with the reason for each figure that is held back."""

    publication: Publication
    reasons: Mapping[Place, str]


def about_victims(measure: str) -> bool:
    """Say whether a measure counts victims."""
    return not measure_of(measure).kinds.isdisjoint(VICTIM_KINDS)


def default_k(measure: str) -> int:
    """Return below which number figures are held back unless a release says more."""
    return K_VICTIMS if about_victims(measure) else K_OTHERS


def require_coarse(measure: str, dimensions: Sequence[str]) -> None:
    """Refuse a victims' table by any other dimension, by name."""
    finer = [d for d in dimensions if d not in VICTIM_DIMENSIONS]
    if about_victims(measure) and len(finer) > 0:
        raise InvalidInputError(
            "This table was not made.",
            {
                "dimensions": f"Victims are never published by {', '.join(finer)}; choose of {', '.join(VICTIM_DIMENSIONS)}."
            },
        )


def protect(
    earlier: Sequence[Publication],
    table: Publication,
    bonds: Sequence[Bond] = (),
    progress: Progress = no_progress,
) -> Protected:
    """Decide what to hold back of a table; InvalidInputError in words where no pattern can protect."""
    [found] = protect_together(earlier, [table], bonds, progress)
    if len(found.publication.items) > 0 and all(item.suppressed for item in found.publication.items):
        raise InvalidInputError(
            "This table was not made.",
            {
                "table": "Nothing of it could be shown: every figure is small, or would tell one that is. Choose fewer dimensions, a longer period, or rounding."
            },
        )
    return found


def protect_together(
    earlier: Sequence[Publication],
    tables: Sequence[Publication],
    bonds: Sequence[Bond] = (),
    progress: Progress = no_progress,
) -> list[Protected]:
    """Decide what to hold back of tables that are published at once, beside all earlier ones and what the definitions say.

    Figures of the tables come as they would be shown. Heuristic: it holds back enough, not always the least.
    """
    reasons: list[dict[Place, str]] = [{} for _ in tables]
    tables = [
        replace(t, items=[_primary(i, t.k, own) for i in t.items]) for t, own in zip(tables, reasons, strict=True)
    ]
    publications = [*earlier, *tables]
    model = model_of(publications, bonds, len(tables))
    watch = Watch(model, progress)
    opened: dict[int, Row] = {}
    while (target := watch.narrow()) is not None:
        for row in _more(model, watch, target, publications):
            if row not in model.free():
                continue  # held back with another row of the same figure
            for n, item in _held(model, row):
                reasons[model.rows[n].publication - model.first][item.place] = (
                    f"held back so that nobody can work out {target.words}"
                )
                opened[n] = model.rows[n]
            _hold(model, row)
    _give_back(model, watch, opened, reasons)
    held: list[dict[Place, Item]] = [{} for _ in tables]
    for r in model.rows:
        if r.item is not None and r.publication >= model.first:
            held[r.publication - model.first][r.item.place] = r.item
    return [
        Protected(replace(t, items=[kept[i.place] for i in t.items]), own)
        for t, kept, own in zip(tables, held, reasons, strict=True)
    ]


def narrowest(
    earlier: Sequence[Publication], table: Publication, bonds: Sequence[Bond] = (), progress: Progress = no_progress
) -> str:
    """Return in words what could be worked out from a table as it is, with all earlier ones; empty: nothing."""
    watch = Watch(model_of([*earlier, table], bonds), progress)
    while (target := watch.narrow()) is not None:
        if not watch.widens(target):
            return target.words
    return ""


def _primary(item: Item, k: int, reasons: dict[Place, str]) -> Item:
    if 0 < item.value < k:
        reasons[item.place] = f"fewer than {k}"
        return suppressed(item.place, item.value)
    return item


def _more(model: Model, watch: Watch, target: Target, publications: Sequence[Publication]) -> list[int]:
    """Return which rows of the tables to hold back next, for the target's sake, if any; refuses where nothing helps."""
    free = model.free()
    costs = [_cost(model.rows[n]) for n in free]
    chosen = openings(model, target, free, costs) if len(free) > 0 else None
    if chosen is None:
        _refuse(model, target, publications)
    if len(chosen) > 0:
        return chosen
    if watch.widens(target):
        return []
    # The linear programme is content and whole numbers are not: take the cheapest figure beside the target, or any.
    beside = set(touching(model, target.plus)) | set(touching(model, target.minus))
    return [min(free, key=lambda n: (n not in beside, _cost(model.rows[n]), n))]


def _refuse(model: Model, target: Target, publications: Sequence[Publication]) -> NoReturn:
    width = publications[-1].width
    raise InvalidInputError(
        "This table was not made.",
        {
            "table": f"No pattern of held-back figures can protect {target.words}: {_blamed(model, target)} it could be worked out "
            f"to less than {width:g} apart. Choose fewer dimensions, or wait until more has changed."
        },
    )


def _blamed(model: Model, target: Target) -> str:
    """Name the earlier releases and the definitions that are needed, together, to work it out: none of them could be left out."""
    free = model.free()
    costs = [_cost(model.rows[n]) for n in free]
    sources: dict[str, list[int]] = {}
    for n, r in enumerate(model.rows):
        if r.publication < model.first:
            sources.setdefault(r.source, []).append(n)
    aside: set[int] = set()
    needed = []
    for source, rows in list(sources.items())[:MOST_BLAMED]:
        if openings(model, target, free, costs, aside | set(rows)) is None:
            aside |= set(rows)
        else:
            needed.append(source)
    tables = [s for s in needed if s in sources and any(model.rows[n].item is not None for n in sources[s])]
    known = [s for s in needed if s not in tables]
    words = [f"with what {' and '.join(tables)} show{'s' if len(tables) == 1 else ''}"] if len(tables) > 0 else []
    words += [f"because {' and '.join(known)}"] if len(known) > 0 else []
    return f"{', and '.join(words)}," if len(words) > 0 else "from this table, and the zeros of earlier ones,"


def _give_back(model: Model, watch: Watch, opened: Mapping[int, Row], reasons: Sequence[dict[Place, str]]) -> None:
    """Show again what need not be held back after all; what was chosen early may be superfluous in the end."""
    dearest = sorted((n for n in opened if opened[n].floor > -FAR), key=lambda n: (-_cost(opened[n]), n))
    for row in dearest[:MOST_TRIES]:
        rows = model.of_item(row)
        held = [model.rows[n] for n in rows]
        for n in rows:
            model.rows[n] = opened[n]
        again = watch.without(rows)
        if again.narrow() is None:
            watch = again
            item = opened[row].item
            if item is not None:
                del reasons[opened[row].publication - model.first][item.place]
        else:
            for n, r in zip(rows, held, strict=True):
                model.rows[n] = r


def _cost(row: Row) -> float:
    # Margins serve more readers than cells, and large figures more than small ones.
    place, value = ((), 0.0) if row.item is None else (row.item.place, row.item.value)
    return (1.0 + 2.0 * sum(label is None for label in place)) * (1.0 + log1p(value))


def _held(model: Model, row: int) -> list[tuple[int, Item]]:
    found = ((n, model.rows[n].item) for n in model.of_item(row))
    return [(n, item) for n, item in found if item is not None]


def _hold(model: Model, row: int) -> None:
    rows = model.of_item(row)
    old = model.rows[row].item
    item = None if old is None else suppressed(old.place, old.value)
    for n in rows:
        this = model.rows[n]
        model.rows[n] = replace(this, item=item, low=this.floor, high=FAR)
