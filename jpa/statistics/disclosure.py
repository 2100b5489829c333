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
from jpa.statistics.attack import Model, Row, Target, model_of
from jpa.statistics.intervals import Watch, openings, touching
from jpa.statistics.measures import measure_of
from jpa.statistics.publications import Item, Place, Publication, suppressed

VICTIM_KINDS: Final = frozenset({"victim assisted", "victim rescued"})
K_VICTIMS: Final = 11
"""As the CTDC used for k-anonymity of victims' records."""
K_OTHERS: Final = 5
LEAST_K: Final = 3
"""With 2 only single persons are held back, and one of two persons knows the other."""
MOST_TRIES: Final = 30
"""Figures that are tried whether they can be shown after all, dearest first; each costs a check of the whole table."""
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


def protect(earlier: Sequence[Publication], table: Publication) -> Protected:
    """Decide what to hold back of a table; InvalidInputError in words where no pattern can protect.

    Figures of the table come as they would be shown. Heuristic: it holds back enough, not always the least.
    """
    reasons: dict[Place, str] = {}
    items = [_primary(item, table.k, reasons) for item in table.items]
    table = replace(table, items=items)
    model = model_of([*earlier, table])
    watch = Watch(model)
    opened: dict[int, Row] = {}
    while (target := watch.narrow()) is not None:
        for row in _more(model, target, table):
            item = model.rows[row].item
            reasons[item.place] = f"held back so that nobody can work out {target.words}"
            opened[row] = model.rows[row]
            _hold(model, row)
    _give_back(model, watch, opened, reasons)
    held = [r.item for r in model.rows if r.publication == len(earlier)]
    if len(held) > 0 and all(item.suppressed for item in held):
        raise InvalidInputError(
            "This table was not made.",
            {
                "table": "Nothing of it could be shown: every figure is small, or would tell one that is. Choose fewer dimensions, a longer period, or rounding."
            },
        )
    return Protected(replace(table, items=held), reasons)


def narrowest(earlier: Sequence[Publication], table: Publication) -> str:
    """Return in words what could be worked out from a table as it is, with all earlier ones; empty: nothing."""
    target = Watch(model_of([*earlier, table])).narrow()
    return "" if target is None else target.words


def _primary(item: Item, k: int, reasons: dict[Place, str]) -> Item:
    if 0 < item.value < k:
        reasons[item.place] = f"fewer than {k}"
        return suppressed(item.place, item.value)
    return item


def _more(model: Model, target: Target, table: Publication) -> list[int]:
    """Return which rows of the table to hold back next, for the target's sake; refuses where nothing helps."""
    last = max((r.publication for r in model.rows), default=0)
    free = [n for n, r in enumerate(model.rows) if r.publication == last and not r.item.suppressed]
    chosen = openings(model, target, free, [_cost(model.rows[n].item) for n in free]) if len(free) > 0 else None
    if chosen is None:
        _refuse(target, table)
    if len(chosen) > 0:
        return chosen
    # The linear programme is content and whole numbers are not: take the cheapest figure beside the target, or any.
    beside = set(touching(model, target.plus)) | set(touching(model, target.minus))
    return [min(free, key=lambda n: (n not in beside, _cost(model.rows[n].item), n))]


def _refuse(target: Target, table: Publication) -> NoReturn:
    raise InvalidInputError(
        "This table was not made.",
        {
            "table": f"No pattern of held-back figures can protect {target.words}: with what earlier releases show it could be worked out "
            f"to less than {table.width:g} apart. Choose fewer dimensions, or wait until more has changed."
        },
    )


def _give_back(model: Model, watch: Watch, opened: Mapping[int, Row], reasons: dict[Place, str]) -> None:
    """Show again what need not be held back after all; what was chosen early may be superfluous in the end."""
    dearest = sorted(opened, key=lambda n: (-_cost(opened[n].item), n))
    for row in dearest[:MOST_TRIES]:
        held, model.rows[row] = model.rows[row], opened[row]
        again = watch.without(row)
        if again.narrow() is None:
            watch = again
            del reasons[held.item.place]
        else:
            model.rows[row] = held


def _cost(item: Item) -> float:
    # Margins serve more readers than cells, and large figures more than small ones.
    return (1.0 + 2.0 * sum(label is None for label in item.place)) * (1.0 + log1p(item.value))


def _hold(model: Model, row: int) -> None:
    old = model.rows[row]
    item = suppressed(old.item.place, old.item.value)
    model.rows[row] = replace(old, item=item, low=item.low + old.overlap, high=item.high)
