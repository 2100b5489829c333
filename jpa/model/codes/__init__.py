"""Code lists as versioned data files; codes are never edited, only superseded.

The files are package data, read once at import: declarations, not I/O of a running system.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class CodeList:
    """One published list of codes with where it comes from."""

    name: str
    source: str
    edition: str
    licence: str
    retrieved: str
    pairs: tuple[tuple[str, str], ...]
    """(code, label) in the published order."""
    unconfirmed: tuple[tuple[str, str], ...] = ()
    """Codes that no source at hand confirms: usable, and marked wherever they show [T6]."""

    def label(self, code: str) -> str:
        """Return the label of a code, or the code itself when it is not in the list."""
        return dict(self.marked).get(code, code)

    @property
    def marked(self) -> tuple[tuple[str, str], ...]:
        """All codes by code, the unconfirmed ones with a mark in their label."""
        doubtful = ((code, f"{label} (code unconfirmed)") for code, label in self.unconfirmed)
        return tuple(sorted((*self.pairs, *doubtful)))


@cache
def load(name: str) -> CodeList:
    """Read the list of that name from the package; FileNotFoundError for a name that is none."""
    content = json.loads((files("jpa.model.codes") / f"{name}.json").read_text(encoding="utf-8"))
    return CodeList(
        name=name,
        source=content["source"],
        edition=content["edition"],
        licence=content["licence"],
        retrieved=content["retrieved"],
        pairs=tuple((code, label) for code, label in content["codes"]),
        unconfirmed=tuple((code, label) for code, label in content.get("unconfirmed", ())),
    )


def names() -> tuple[str, ...]:
    """Return the names of all lists that are shipped, in order."""
    found = files("jpa.model.codes").iterdir()
    return tuple(sorted(f.name.removesuffix(".json") for f in found if f.name.endswith(".json")))
