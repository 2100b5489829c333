"""What was published before, read back for the next table: releases and forms, own and other agencies' [M3].

Kept rows of other agencies are read here to decide whether a table is safe beside theirs, and for nothing else: words about them
name the release, which is public, and never a figure or a place of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jpa.graph import handouts, releases
from jpa.graph.session import Tx
from jpa.model.handout import Handout
from jpa.model.release import Release
from jpa.services.editions import open_release, told_of
from jpa.services.handouts import told_of_handout
from jpa.services.stores import Stores
from jpa.statistics.memory import Told, family_of


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was published of measures that hang together, in the order of publication."""

    releases: Sequence[Release]
    handouts: Sequence[Handout]

    @property
    def ids(self) -> frozenset[str]:
        """All that was published, by id."""
        return frozenset((*(r.id for r in self.releases), *(h.id for h in self.handouts)))

    def told(self, stores: Stores, agency: str) -> list[Told]:
        """Open it all, for a table of one agency."""
        opened = [told_of(open_release(stores, r), agency) for r in self.releases]
        return [*opened, *(t for h in self.handouts for t in told_of_handout(stores, h, agency))]


def remembered_tx(tx: Tx, measures: Sequence[str]) -> Remembered:
    """Read all that any agency ever published of measures and of those tied to them; withdrawn releases were read by somebody."""
    wanted = sorted({name for m in measures for name in family_of(m)})
    found = [(r.published, r) for r in releases.of_measures_tx(tx, wanted)]
    public = sorted(((at, r) for at, r in found if at is not None), key=lambda pair: pair[0])
    return Remembered([r for _, r in public], handouts.of_measures_tx(tx, wanted))
