"""Ties as they are typed: `1 crew of 2, role: helmsman, from: 9.3.2024`, or the details alone in a row of the entry page."""

import re
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.catalogue import LINK_TYPES
from jpa.model.schema import LinkType, Property

_LINE: Final = re.compile(r"(k?\d+)\s+(\D.*?)\s+(k?\d+)\s*(?:,(.*))?", re.IGNORECASE | re.DOTALL)
_NEXT: Final = re.compile(r",(?=\s*[A-Za-z][A-Za-z ]{0,30}[:=])")
"""A comma ends a detail only where the next one begins with its name: amounts and texts keep theirs."""
_NAMED: Final = re.compile(r"\s*([A-Za-z][A-Za-z ]{0,30}?)\s*[:=]\s*(.+)", re.DOTALL)
_MAIN: Final = ("role", "relationship", "amount", "count", "startDate")
_WORDS: Final = {
    **{t.reverse.casefold(): (t, True) for t in LINK_TYPES.values()},
    **{t.label.casefold(): (t, False) for t in LINK_TYPES.values()},
}
"""How a tie is called, and whether that reads from its target to its source."""


@dataclass(frozen=True, slots=True)
class TieLine:
    """A line that ties two things that stand above it, or are known already."""

    declared: LinkType
    source: str
    target: str
    details: dict[str, list[str]]


def read_tie(line: str) -> TieLine | None:
    """Read a line that begins with a number; None when it is none."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        return None
    word = _WORDS.get(" ".join(match[2].casefold().replace("_", " ").split()))
    if word is None:
        return None
    declared, reversed_ = word
    first, second = match[1].lower(), match[3].lower()
    source, target = (second, first) if reversed_ else (first, second)
    return TieLine(declared, source, target, read_details(declared, match[4] or ""))


def read_details(declared: LinkType, text: str) -> dict[str, list[str]]:
    """Read `helmsman, from: 9.3.2024`: what has no name is the tie's main detail; an unknown one is refused by name."""
    details: dict[str, list[str]] = {}
    for part in _NEXT.split(text):
        if part.strip() == "":
            continue
        named = _NAMED.fullmatch(part)
        prop = _main(declared) if named is None else _named(declared, named[1])
        if prop is None:
            known = ", ".join(p.label.lower() for p in declared.properties if p.featured)
            raise InvalidInputError(
                f"“{part.strip()}” is no detail of “{declared.label}”; it takes for example: {known}."
            )
        details.setdefault(prop.name, []).append((part if named is None else named[2]).strip())
    return details


def _named(declared: LinkType, name: str) -> Property | None:
    wanted = name.strip().casefold()
    return next((p for p in declared.properties if wanted in {p.name.casefold(), p.label.casefold()}), None)


def _main(declared: LinkType) -> Property | None:
    return next((declared.property(n) for n in _MAIN if any(p.name == n for p in declared.properties)), None)
