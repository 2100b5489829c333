"""The section [outcome] of a column map: which column of a table says what of an outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jpa.interchange.incoming import IncomingOutcome, Rejected
from jpa.interchange.map_keys import column_named, columns_named, quoted, refused
from jpa.interchange.tabular import Row
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, kind_named, properties_of
from jpa.model.schema import Property

OUTCOME: Final = "Outcome"
"""What the rows of a table are called where they are outcomes."""
OUTCOME_PROPERTIES: Final[Mapping[str, Property]] = {
    p.name: p for kind in OUTCOME_KINDS.values() for p in properties_of(kind)
}
"""Everything that an outcome of any kind may say."""
_NAMED: Final = ("kind_column", "person", "victim", "tlp", "release", "handling", "pap")
_GUESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind_column": ("kind", "outcome", "event", "what_happened"),
    "person": ("person", "person_id", "record", "suspect"),
    "victim": ("victim", "pseudonym"),
    "sex": ("sex", "gender"),
    "ageBand": ("age_band", "ageband"),
    "reference": ("reference", "court_no", "register_no"),
}


@dataclass(frozen=True, slots=True)
class OutcomeColumns:
    """Which column is what."""

    kind: str | None = None
    """Name of the kind that every row is; unset: `kind_column` says it row by row."""
    kind_column: str | None = None
    person: str | None = None
    victim: str | None = None
    tlp: str | None = None
    release: str | None = None
    """As the release sets are called, with states behind a colon: `named states: XB, XC`."""
    handling: str | None = None
    pap: str | None = None
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Write the section as it would be typed."""
        named = [("kind", self.kind), *((name, getattr(self, name)) for name in _NAMED)]
        lines = ["[outcome]", *(f"{name} = {quoted(text)}" for name, text in named if text is not None)]
        for name, columns in self.properties.items():
            several = ", ".join(quoted(c) for c in columns)
            lines.append(f"{name} = {several if len(columns) == 1 else f'[{several}]'}")
        return lines


def parse_outcome(section: Any, header: Sequence[str]) -> OutcomeColumns:
    """Read the section; every error names the key, what is wrong and the cure."""
    if not isinstance(section, dict):
        raise refused("outcome", "write a section [outcome] with kind or kind_column, and a column for each property")
    kind = _kind(section)
    properties = {}
    for name, columns in section.items():
        if name in {"kind", *_NAMED}:
            continue
        if name not in OUTCOME_PROPERTIES:
            raise refused(f"outcome.{name}", f"no such property; use {', '.join(sorted(OUTCOME_PROPERTIES))}")
        if isinstance(columns, list) and not OUTCOME_PROPERTIES[name].multiple:
            raise refused(f"outcome.{name}", "it takes one column")
        properties[name] = columns_named(name, columns, header)
    named = {n: column_named(f"outcome.{n}", section.get(n), header) for n in _NAMED}
    return OutcomeColumns(kind, **named, properties=properties)


def guess_outcome(plain: Mapping[str, str]) -> OutcomeColumns:
    """Propose the section from the columns' names; `plain` maps each folded name to the column."""
    wanted = {name: _GUESSES.get(name, (name.casefold(),)) for name in (*_NAMED, *OUTCOME_PROPERTIES)}
    found: dict[str, str] = {}
    for name, spellings in wanted.items():
        column = next((plain[s] for s in spellings if s in plain and plain[s] not in found.values()), None)
        if column is not None:
            found[name] = column
    if "kind_column" not in found:
        raise refused("map", "no column says what happened; write [outcome] with kind or kind_column")
    named = {name: found.pop(name, None) for name in _NAMED}
    return OutcomeColumns(None, **named, properties={name: (c,) for name, c in found.items()})


def incoming_outcome(row: Row, key: str, columns: OutcomeColumns, reported_by: str) -> IncomingOutcome | Rejected:
    """Turn a row into an outcome; one that says no known kind cannot be taken."""
    said = columns.kind or row.cells.get(columns.kind_column or "", "")
    kind = kind_named(said)
    if kind is None:
        return Rejected(
            row.number, f"{said[:60]!r} is no kind of outcome" if said.strip() else "says no kind of outcome"
        )
    properties = {
        n: v for n, cs in columns.properties.items() if len(v := [row.cells[c] for c in cs if row.cells[c] != ""]) > 0
    }
    person, victim = (row.cells.get(c or "", "").strip() for c in (columns.person, columns.victim))
    tlp, release, handling, pap = (
        row.cells.get(c or "", "").strip() for c in (columns.tlp, columns.release, columns.handling, columns.pap)
    )
    marking = (tlp, release, handling, pap)
    return IncomingOutcome(key, kind.name, person, victim, properties, row.number, reported_by, marking)


def _kind(section: Mapping[str, Any]) -> str | None:
    kind = section.get("kind")
    if (kind is None) == ("kind_column" not in section):
        raise refused("outcome.kind", "give either kind (a kind of outcome) or kind_column (a column)")
    if kind is None:
        return None
    named = kind_named(kind) if isinstance(kind, str) else None
    if named is None:
        raise refused("outcome.kind", f"{kind!r} is no kind of outcome; choose one of {', '.join(OUTCOME_KINDS)}")
    return named.name
