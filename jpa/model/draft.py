"""What an officer typed before it is checked: one report with its things, ties and roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jpa.model.grading import Grade
from jpa.model.marking import Marking


@dataclass(frozen=True, slots=True)
class TypedRecord:
    """A thing as typed; `ref` is how ties of the same report point at it (its line number)."""

    ref: str
    type: str
    properties: Mapping[str, Sequence[str]]
    schema: str = ""
    role: str = ""
    """Role in the case, if the report gives one."""
    source_key: str | None = None
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A tie as typed between two refs of the report, or ids of records that exist already."""

    type: str
    source: str
    target: str
    properties: Mapping[str, Sequence[str]] = field(default_factory=dict)
    schema: str = ""
    source_key: str | None = None


@dataclass(frozen=True, slots=True)
class TypedReport:
    """A report as typed."""

    case: str
    title: str
    source_reference: str
    date: str
    grade: Grade
    marking: Marking
    text: str = ""
    records: Sequence[TypedRecord] = ()
    links: Sequence[TypedLink] = ()
    victims: Sequence["TypedVictim"] = ()


@dataclass(frozen=True, slots=True)
class TypedVictim:
    """A victim as typed: identity for the vault, coded facts for the graph."""

    identity: Mapping[str, Sequence[str]]
    coded: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class TypedOutcome:
    """An outcome as typed."""

    kind: str
    properties: Mapping[str, Sequence[str]]
    case: str = ""
    """The case it belongs to; empty: the agency's own, under a joint period."""
    jpa: str = ""
    person: str = ""
    """Id of the person's record."""
    victim: str = ""
    """Id of the coded victim."""
    report: str = ""
    marking: Marking = field(default_factory=Marking)
    marked: bool = False
    """The marking is its own, and not that of its report."""
    source_key: str = ""
    reason: str = ""
    """Why it corrects an earlier entry."""
    confirmed: bool = False
    """The officer was told that the person is a smuggled migrant, and means it."""


@dataclass(frozen=True, slots=True)
class TypedIncident:
    """An incident as typed."""

    properties: Mapping[str, Sequence[str]]
    source_key: str = ""
    reason: str = ""
    """Why it corrects an earlier one: one of `Reason`."""
    confirmed: bool = False
    """The officer was told that the place was never named before, and means a place."""
