"""Outcomes as columns: what a count needs of each, and nothing that names anyone.

Row n of every array speaks of the same outcome. A dimension is a column of codes into its labels; code 0 is always "", which
means unknown and is a category like any other [T2].
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jpa.errors import InvalidInputError
from jpa.model.catalogue.outcomes import OUTCOME_KINDS
from jpa.statistics.measures import Measure, measure_of

Codes = NDArray[np.int32]
Kinds = NDArray[np.int8]
Keys = NDArray[np.int64]
Days = NDArray[np.int32]
Weights = NDArray[np.float64]
Mask = NDArray[np.bool_]

UNKNOWN: Final = ""
"""Label of what is not known; on screen "unknown"."""
NOBODY: Final = -1
"""Key of an outcome that tells no person or no charge."""
NO_DAY: Final = np.iinfo(np.int32).min
"""Day of an outcome without a date that could be understood."""
NEVER: Final = np.iinfo(np.int32).max
"""Day on which a verdict fell that stands."""
KIND_NAMES: Final = tuple(OUTCOME_KINDS)
KIND_CODES: Final[Mapping[str, int]] = {name: n for n, name in enumerate(KIND_NAMES)}
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Column:
    """One dimension of all outcomes."""

    codes: Codes
    labels: tuple[str, ...]
    """Labels by code; the first is `UNKNOWN`."""

    def code(self, label: str) -> int:
        """Return the code of a label; -1 where no outcome ever had it."""
        try:
            return self.labels.index(label)
        except ValueError:
            return -1


@dataclass(frozen=True, slots=True)
class Period:
    """A joint period as dates and states."""

    jpa: str
    start: int
    """First day, counted from 1 January 1970."""
    end: int
    """Last day, included."""
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """The outcomes that one count looks at, in the order of the ledger."""

    ids: NDArray[np.bytes_]
    kind: Kinds
    """Index into `KIND_NAMES`."""
    columns: Mapping[str, Column]
    """By dimension name (`jpa.statistics.dimensions`)."""
    day_from: Days
    day_to: Days
    """First and last day that a partial date may mean; `NO_DAY` in both where there is none."""
    person: Keys
    """Which person as merged, or `NOBODY`."""
    charge: Keys
    """Which charge against which person as merged, or `NOBODY`."""
    count: NDArray[np.int64]
    """How many it speaks of where they are not told apart; 1 otherwise."""
    amount: Weights
    """Value of what was seized or fined, in its currency; NaN where none."""
    fallen: Days
    """On which day a later appeal set a verdict aside; `NEVER` where it stands, `NO_DAY` where the appeal has no date."""
    credits: Mapping[str, Weights] = field(default_factory=dict)
    """By joint period: the share of each outcome that signed claims credit to it."""
    periods: Mapping[str, Period] = field(default_factory=dict)
    definitions: Mapping[str, Measure] = field(default_factory=dict)
    """Measures as they were defined when a release froze these rows; all others are those of the registry."""
    cases: Keys | None = None
    """Which case, where joint cases of several agencies are one; None: as the column says."""
    returns: tuple[str, ...] = ()
    """The accepted returns whose rows are among these, by name; the column `RETURN` says of each row which."""

    def __len__(self) -> int:
        """Return how many outcomes there are."""
        return len(self.ids)

    @property
    def standing(self) -> Mask:
        """False for a verdict that a later appeal set aside."""
        stands: Mask = self.fallen == NEVER
        return stands

    @property
    def case_keys(self) -> Keys:
        """Which case each outcome belongs to, or `NOBODY`."""
        if self.cases is not None:
            return self.cases
        codes = self.columns["case"].codes.astype(np.int64)
        return np.where(codes == 0, NOBODY, codes)

    def column(self, dimension: str) -> Column:
        """Return a dimension; InvalidInputError for one that is not declared."""
        if dimension not in self.columns:
            raise InvalidInputError(
                "No such table.", {"dimension": f"{dimension!r} is no dimension; choose of {', '.join(self.columns)}"}
            )
        return self.columns[dimension]

    def measure(self, name: str) -> Measure:
        """Return a measure as these rows are counted by; InvalidInputError for one that there is not."""
        return self.definitions[name] if name in self.definitions else measure_of(name)

    def taken(self, rows: NDArray[np.intp] | Mask) -> "Facts":
        """Return these rows alone, with the same labels and keys."""
        return replace(
            self,
            ids=self.ids[rows],
            kind=self.kind[rows],
            columns={name: Column(c.codes[rows], c.labels) for name, c in self.columns.items()},
            day_from=self.day_from[rows],
            day_to=self.day_to[rows],
            person=self.person[rows],
            charge=self.charge[rows],
            count=self.count[rows],
            amount=self.amount[rows],
            fallen=self.fallen[rows],
            cases=None if self.cases is None else self.cases[rows],
            credits={jpa: weights[rows] for jpa, weights in self.credits.items()},
        )


def day_of(day: date) -> int:
    """Count days from 1 January 1970."""
    return (day - _EPOCH).days


def days_of(partial: str) -> tuple[int, int]:
    """Return first and last day of a partial date (2024, 2024-03, 2024-03-12); `NO_DAY` twice for an empty one."""
    if partial == "":
        return int(NO_DAY), int(NO_DAY)
    parts = [int(part) for part in partial.split("-")]
    match parts:
        case [year]:
            return day_of(date(year, 1, 1)), day_of(date(year, 12, 31))
        case [year, month]:
            return day_of(date(year, month, 1)), day_of(date(year, month, monthrange(year, month)[1]))
        case _:
            return day_of(date(*parts)), day_of(date(*parts))
