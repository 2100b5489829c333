"""What was published before, read back for the next table: releases and forms, own and other agencies' [M3].

Kept rows of other agencies are read here to decide whether a table is safe beside theirs, and for nothing else: words about them
name the release, which is public, and never a figure or a place of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from jpa.graph import frames, handouts, releases
from jpa.graph.session import Tx
from jpa.model.handout import Handout
from jpa.model.release import Release
from jpa.services.editions import open_release, told_of
from jpa.services.handouts import told_of_handout
from jpa.services.ledger import roots_tx
from jpa.services.stores import Stores
from jpa.statistics.facts import Facts
from jpa.statistics.memory import Told, family_of
from jpa.statistics.pseudonyms import Secrets
from jpa.statistics.returned import Renamed, own_ids, returned_from


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was published of measures that hang together, in the order of publication."""

    releases: Sequence[Release]
    handouts: Sequence[Handout]
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Number of each joint period, by its id."""
    roots: Mapping[str, str] = field(default_factory=dict)
    """Correction of an outcome to its first entry."""

    @property
    def ids(self) -> frozenset[str]:
        """All that was published, by id."""
        return frozenset((*(r.id for r in self.releases), *(h.id for h in self.handouts)))

    def told(self, stores: Stores, agency: str, facts: Facts, jpa: str) -> list[Told]:
        """Open it all, for a table of one agency that counts these facts, of a joint period or of none."""
        opened = [told_of(open_release(stores, r), agency) for r in self.releases]
        opened += [t for h in self.handouts for t in told_of_handout(stores, h, agency)]
        names = self._names(stores, [(t.facts, t.question.jpa) for t in opened] + [(facts, jpa)])
        if len(names) == 0:
            return opened
        renamed = Renamed(names, facts)
        return [replace(t, facts=renamed(t.facts)) for t in opened]

    def _names(self, stores: Stores, counted: Sequence[tuple[Facts, str]]) -> list[tuple[str, str]]:
        """List outcomes with the pseudonyms under which returns that are counted somewhere hold them as well."""
        with_returns = {jpa for facts, jpa in counted if len(facts.returns) > 0}
        names: list[tuple[str, str]] = []
        for agency in sorted({a for facts, _ in counted for a in returned_from(facts)}):
            own = sorted({i for facts, _ in counted for i in own_ids(facts, agency)})
            if len(own) > 0:  # an agency of this installation, whose secret never leaves it
                secret = {agency: stores.agency_keys.pseudonym_secret(agency)}
                for number in sorted({self.numbers[jpa] for jpa in with_returns & set(self.numbers)}):
                    secrets = Secrets(number, secret)
                    names += [(i, secrets.own_key(agency, "outcome", self.roots.get(i, i))) for i in own]
        return names


def remembered_tx(tx: Tx, stores: Stores, measures: Sequence[str]) -> Remembered:
    """Read all that any agency ever published of measures and of those tied to them; withdrawn releases were read by somebody."""
    wanted = sorted({name for m in measures for name in family_of(m)})
    found = [(r.published, r) for r in releases.of_measures_tx(tx, wanted)]
    public = sorted(((at, r) for at, r in found if at is not None), key=lambda pair: pair[0])
    numbers = {jpa.id: jpa.number for jpa, _ in frames.frames_tx(tx)}
    return Remembered([r for _, r in public], handouts.of_measures_tx(tx, wanted), numbers, roots_tx(tx, stores))
