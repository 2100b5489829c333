"""What a file brings, before anything is decided: typed records, ties between them, and rows that cannot be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class IncomingRecord:
    """One thing as a row gives it."""

    key: str
    """The file's own id of the thing."""
    type: str
    schema: str
    properties: Typed
    row: int
    reported_by: str = ""
    """The reporting agency or state that the row itself names."""


@dataclass(frozen=True, slots=True)
class IncomingLink:
    """One tie as a row gives it, between two of the file's ids."""

    key: str
    type: str
    schema: str
    source: str
    target: str
    properties: Typed
    row: int
    reported_by: str = ""
    """The reporting agency or state that the row itself names."""


@dataclass(frozen=True, slots=True)
class IncomingOutcome:
    """One outcome as a row gives it."""

    key: str
    kind: str
    """Name in `OUTCOME_KINDS`."""
    person: str
    """Id of a record, the file's id of a person who was imported earlier, or any other reference."""
    victim: str
    """Pseudonym or id of a coded victim."""
    properties: Typed
    row: int
    reported_by: str = ""
    marking: tuple[str, str, str, str] = ("", "", "", "")
    """TLP, release set, handling code and PAP as the row gives them; all empty: marked as the file's report."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be taken, with the reason."""

    row: int
    reason: str


@dataclass(slots=True)
class Incoming:
    """Everything that one file brings."""

    records: list[IncomingRecord] = field(default_factory=list)
    links: list[IncomingLink] = field(default_factory=list)
    outcomes: list[IncomingOutcome] = field(default_factory=list)
    incidents: list[IncomingRecord] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
