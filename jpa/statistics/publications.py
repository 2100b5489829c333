"""What has been published: tables with their margins, the finest cells that all of them are sums of, and how measures hang together."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Labels = tuple[str, ...]
Place = tuple[str | None, ...]
"""Where a figure stands in its table: a label of each dimension, None where all of them are added up."""

FAR: Final = float("inf")
COUNTED_BY: Final = "counted by"
"""A dimension of finest cells: the agencies in whose tables the outcomes are counted, for tables of several agencies."""
_BETWEEN: Final = "+"


@dataclass(frozen=True, slots=True)
class Atom:
    """One cell of the finest cross of all dimensions at one moment."""

    value: float
    rows: bytes
    """Digest of the outcomes behind it; the same digest and value: nothing has changed there."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The truth at one moment, in finest cells."""

    dimensions: tuple[str, ...]
    atoms: Mapping[Labels, Atom]
    """Those that are not zero."""


@dataclass(frozen=True, slots=True)
class Item:
    """One figure of a table, cell or margin, that is not zero, with what is published of it."""

    place: Place
    value: float
    """The truth."""
    low: float
    """What the publication says it is at least."""
    high: float
    """And at most; the same as `low` where it is shown as it is."""
    share: tuple[float, float] | None = None
    """For a figure published as a percentage: between which parts of the table's total it lies."""

    @property
    def is_cell(self) -> bool:
        """Whether it is no margin."""
        return None not in self.place

    @property
    def suppressed(self) -> bool:
        """Whether it is held back; a reader knows that it is not zero, for zeros are shown."""
        return self.high == FAR and self.share is None


def shown(place: Place, value: float) -> Item:
    """Publish a figure as it is."""
    return Item(place, value, value, value)


def suppressed(place: Place, value: float) -> Item:
    """Hold a figure back; where only whole numbers are counted a reader knows that it is at least 1."""
    return Item(place, value, min(1.0, value), FAR)


def rounded(place: Place, value: float, printed: float, base: int, k: int) -> Item:
    """Publish a figure rounded up or down to a multiple of `base`.

    A reader knows it to less than the base on either side, and that it is not below k, or it would have been held back.
    """
    return Item(place, value, max(min(float(k), value), printed - base + 1), printed + base - 1)


def percentage(place: Place, value: float, printed: float, k: int) -> Item:
    """Publish a figure as whole percents of the table's total: a reader knows it to half a percent of a total that may be unknown."""
    low, high = max(0.0, printed - 0.5) / 100, min(100.0, printed + 0.5) / 100
    return Item(place, value, min(float(k), value), FAR, (low, high))


@dataclass(frozen=True, slots=True)
class Bond:
    """That some series of figures, added up, are nowhere more than another, by definition.

    Whatever one person has in several of them on different grounds is beyond the definition; a reader is told how much that is.
    """

    small: tuple[str, ...]
    large: str
    words: str
    where: Mapping[str, Labels] = field(default_factory=dict)
    """Dimension to the labels of the smaller that this is said of."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A series that was not published with a table, and bounds it: its truth at the same moment."""

    snapshot: Snapshot
    figures: Mapping[Place, float] | None = None
    """What it was in the places of the table, where that can be asked; readers may know who stands in two cells."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One table as it was, or is to be, published; a cell that is not listed is published as zero."""

    snapshot: Snapshot
    dimensions: tuple[str, ...]
    items: Sequence[Item]
    k: int
    """Figures of 1 to k-1 are protected; 0 for a form that shows what it is asked for."""
    width: float
    """How wide the interval of a protected figure must stay."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Dimension to the labels that it takes in."""
    name: str = ""
    series: str = ""
    """What is counted: figures of one series add up with each other."""
    agency: str = ""
    foreign: bool = False
    """Published by another agency: its places are not named to ours."""
    beside: Mapping[str, Beside] = field(default_factory=dict)
    """By series: what is known to be more or less than this."""


def counted_by(agencies: Sequence[str]) -> str:
    """Return the label of outcomes that these agencies count."""
    return _BETWEEN.join(sorted(agencies))


def counts(label: str, agency: str) -> bool:
    """Say whether an agency counts what has this label."""
    return agency in label.split(_BETWEEN)


def digest_of(ids: Sequence[bytes]) -> bytes:
    """Digest a set of outcomes; the empty set has the empty digest."""
    return hashlib.sha256(b"\n".join(sorted(ids))).digest() if len(ids) > 0 else b""


def rounding_of(value: float, base: int, key: bytes) -> float:
    """Round a figure up or down to a multiple of `base`, right on average; the same outcomes always round the same way.

    The key is the digest of the outcomes behind the figure: whoever does not hold their ids cannot tell which way it went, and
    nobody can average it out by asking again (cell-key method; Fraser and Wooton, 2005).
    """
    over = value % base
    if over == 0:
        return value
    drawn = int.from_bytes(hashlib.sha256(b"jpa.release.rounding:" + key).digest()[:8], "big") / 2**64
    return value - over + (base if drawn < over / base else 0)
