"""National articles and their ICCS codes: a maintained table with validity dates and a stated confidence [T6]."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_BETWEEN: Final = re.compile(r"[\s.,;:()\[\]]+")


class Confidence(StrEnum):
    """How sure the mapping is."""

    EXACT = "exact"
    PROBABLE = "probable"
    PARTIAL = "partial"
    """The article covers more than the code."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article of one state's law, and what it is in the ICCS."""

    id: str
    state: str
    """ISO 3166-1 alpha-2 code."""
    article: str
    """As the law is cited."""
    offence: str
    """ICCS code."""
    confidence: Confidence
    valid_from: str = ""
    """First day of the entry, ISO; empty: since ever."""
    valid_to: str = ""
    """Last day, ISO; empty: still."""
    source: str = ""

    def holds_on(self, date: str) -> bool:
        """Say whether the entry was valid on a partial date: on any of its days; without a date it may be meant."""
        if date == "":
            return True
        until = self.valid_to[: len(date)] if self.valid_to else "9999"
        return self.valid_from[: len(date)] <= date <= until


@dataclass(frozen=True, slots=True)
class ArticleTable:
    """All entries, found by state and article however the citation is spaced."""

    entries: tuple[Article, ...] = ()
    _index: Mapping[tuple[str, str], tuple[Article, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the index."""
        index: dict[tuple[str, str], tuple[Article, ...]] = {}
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
        codes = {e.offence for e in self.of(state, article) if e.holds_on(date)}
        return codes.pop() if len(codes) == 1 else ""

    def of(self, state: str, article: str) -> tuple[Article, ...]:
        """Return the entries of one article, for any date."""
        return self._index.get((state, folded(article)), ())


def folded(article: str) -> str:
    """Write a citation so that spacing, points and capitals make no difference: "S. 6 (1)" is "s 6 1"."""
    return _BETWEEN.sub(" ", article).strip().casefold()


def overlapping(entries: Iterable[Article], new: Article) -> Article | None:
    """Return an entry of the same article that is valid on a day of the new one and says another code."""
    for entry in entries:
        same = entry.state == new.state and folded(entry.article) == folded(new.article)
        apart = (entry.valid_to and entry.valid_to < new.valid_from) or (
            new.valid_to and new.valid_to < entry.valid_from
        )
        if same and not apart and entry.offence != new.offence:
            return entry
    return None
