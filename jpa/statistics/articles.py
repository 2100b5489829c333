"""National articles and their ICCS codes: a maintained table with validity dates and a stated confidence [T6]."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_SPACE: Final = re.compile(r"[\s.,;:()\[\]]+")


class Confidence(StrEnum):
    """How sure the mapping is."""

    EXACT = "exact"
    PROBABLE = "probable"
    PARTIAL = "partial"
    """The article covers more than the code."""


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """One article of one state's law, and what it is in the ICCS."""

    state: str
    article: str
    """As cited."""
    offence: str
    """ICCS code."""
    valid_from: str
    """First day of the entry, ISO; empty: since ever."""
    valid_to: str
    """Last day, ISO; empty: still."""
    confidence: Confidence
    source: str = ""


@dataclass(frozen=True, slots=True)
class ArticleTable:
    """All entries, found by state and article however the citation is spaced."""

    entries: tuple[ArticleEntry, ...] = ()
    _index: Mapping[tuple[str, str], tuple[ArticleEntry, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the index."""
        index: dict[tuple[str, str], tuple[ArticleEntry, ...]] = {}
        for entry in self.entries:
            key = entry.state, folded(entry.article)
            index[key] = (*index.get(key, ()), entry)
        object.__setattr__(self, "_index", index)

    @property
    def cited(self) -> frozenset[str]:
        """Every article that any state's entry cites, folded."""
        return frozenset(article for _, article in self._index)

    def offence(self, state: str, article: str, date: str) -> str:
        """Return the ICCS code of an article on a partial date; empty where the table has none, or more than one."""
        found = {e.offence for e in self._index.get((state, folded(article)), ()) if _valid(e, date)}
        return found.pop() if len(found) == 1 else ""


def folded(article: str) -> str:
    """Write a citation so that spacing, points and capitals make no difference: "S. 6 (1)" is "s 6 1"."""
    return _SPACE.sub(" ", article).strip().casefold()


def _valid(entry: ArticleEntry, date: str) -> bool:
    # A partial date fits an entry that was valid on any of its days; without a date every entry may be meant, and none is guessed.
    if date == "":
        return True
    until = entry.valid_to[: len(date)] if entry.valid_to else "9999"
    return entry.valid_from[: len(date)] <= date <= until
