"""How common names are among the records that one run read: counted once, kept, looked up for one pair."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from jpa.entity_resolution.normalise import skeleton, tokens
from jpa.entity_resolution.profile import Profile

PRIOR_NAMES: Final = 400
PRIOR_SHARE: Final = 1 / 300
"""Among a handful of records every name looks common: so many imagined names, each word in one of 300, steady the count."""
LEAST_KEPT: Final = 3
"""Two records that share a name are what is asked about; from the third on the name is known to belong to others too."""


@dataclass(frozen=True, slots=True)
class NameTable:
    """Counts of words and of whole names, per kind of thing; empty before any run, when every word counts as one in 300."""

    records: Mapping[str, int] = field(default_factory=dict)
    """Kind of thing to the number of its records."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Word and whole-name keys to the number of records that hold them; those below `LEAST_KEPT` are left out."""

    def share_of(self, kind: str, word: str) -> float:
        """Return the share of names of this kind that hold a folded word."""
        count = self.counts.get(word_key(kind, word), 0)
        return (count + PRIOR_NAMES * PRIOR_SHARE) / (self.records.get(kind, 0) + PRIOR_NAMES)

    def holders_of(self, kind: str, name: str) -> int:
        """Return how many records bear this whole name in any spelling; 0 when too few to be kept."""
        return self.counts.get(whole_key(kind, name), 0)


def word_key(kind: str, word: str) -> str:
    """Name a folded word of one kind of thing."""
    return f"{kind}|{word}"


def whole_key(kind: str, name: str) -> str:
    """Name a whole name of one kind of thing: its words in any order, spelling and romanisation allowed for."""
    return f"{kind}|={'+'.join(sorted({skeleton(t) for t in tokens(name)[:6]}))}"


def keys_of(profile: Profile) -> set[str]:
    """Return all keys that one record counts under, each once."""
    names = profile.full_names
    words = {word_key(profile.type, t) for n in (*names, *profile.get("fatherName")) for t in tokens(n)}
    return words | {whole_key(profile.type, n) for n in names}


def count_names(profiles: Iterable[Profile]) -> NameTable:
    """Count how common each word and each whole name is among the records at hand."""
    counts: Counter[str] = Counter()
    records: Counter[str] = Counter()
    for profile in profiles:
        counts.update(keys_of(profile))
        records[profile.type] += 1
    return NameTable(dict(records), {k: n for k, n in counts.items() if n >= LEAST_KEPT})
