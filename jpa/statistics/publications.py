"""What has been published of one measure: tables with their margins, and the finest cells that all of them are sums of."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

Labels = tuple[str, ...]
Place = tuple[str | None, ...]
"""Where a figure stands in its table: a label of each dimension, None where all of them are added up."""

FAR: Final = float("inf")


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

    @property
    def is_cell(self) -> bool:
        """Whether it is no margin."""
        return None not in self.place

    @property
    def suppressed(self) -> bool:
        """Whether it is held back; a reader knows that it is not zero, for zeros are shown."""
        return self.high == FAR


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


@dataclass(frozen=True, slots=True)
class Publication:
    """One table as it was, or is to be, published; a cell that is not listed is published as zero."""

    snapshot: Snapshot
    dimensions: tuple[str, ...]
    items: Sequence[Item]
    k: int
    """Figures of 1 to k-1 are protected."""
    width: float
    """How wide the interval of a protected figure must stay."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Dimension to the labels that it takes in."""
    name: str = ""


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
