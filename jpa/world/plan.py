"""The plain shape of a fictional region: what is entered, and the truth that lies outside the store."""

from dataclasses import dataclass, field
from typing import Final

Properties = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class WorldRecord:
    """One thing as a report writes it."""

    ref: str
    type: str
    properties: Properties
    role: str = ""
    truth: str = ""
    """Which thing of the world it really is; goes to the truth file alone."""


@dataclass(frozen=True, slots=True)
class WorldLink:
    """One tie as a report writes it."""

    type: str
    source: str
    target: str
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorldReport:
    """One report."""

    case: str
    title: str
    source_reference: str
    date: str
    grade: str
    text: str
    records: tuple[WorldRecord, ...]
    links: tuple[WorldLink, ...]
    victims: tuple[tuple[str, str, str], ...] = ()
    """(name, age band, form of exploitation) of each."""
    shared: bool = True
    """Marked for the participants of the case's joint period, where it has one; otherwise own agency only."""


@dataclass(frozen=True, slots=True)
class WorldJpa:
    """One joint period with its plan."""

    number: int
    name: str
    start: str
    end: str
    states: tuple[str, ...]
    focus: str
    plan: str


@dataclass(frozen=True, slots=True)
class WorldCase:
    """One case of one agency."""

    number: str
    title: str
    agency: str
    summary: str
    jpa: int
    """Number of its joint period; 0: none."""
    opened: str


@dataclass(frozen=True, slots=True)
class Planted:
    """A group that really is one: a network by its shape, or a harmless group by its kind."""

    name: str
    kind: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """Two who look like one person and are not."""

    kind: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a court or officer did, one row per person and charge; persons, charges and events are different units."""

    person: str
    """Who it really is; empty for an event, and for somebody whom no report records."""
    stage: str
    """Kind of outcome in the catalogue."""
    date: str
    charge: str
    """What the charge says; the ledger has its article and number."""
    jpa: int
    """Number of the joint period that a careful clerk would credit; 0: none."""
    case: str
    """Empty for what an agency did under a joint period without a case."""
    reference: str = ""
    """Court number that tells people apart who are not recorded."""
    said: Properties = field(default_factory=dict)
    """What else the ledger says of it."""
    agency: str = ""
    """Who did it, where there is no case."""


@dataclass(frozen=True, slots=True)
class WorldClaim:
    """One claim of a careful clerk, signed by a second officer."""

    case: str
    """Empty: what the agency did under the joint period without a case."""
    jpa: int
    basis: str
    share: str
    reason: str
    evidence: str
    outcome: int = -1
    """Place in the list of outcomes of what it is about; -1: the whole case."""
    agency: str = ""
    """Whose it is, where there is no case."""


@dataclass(frozen=True, slots=True)
class WorldIncident:
    """One incident of irregular movement, without names."""

    agency: str
    said: Properties
    surge: bool
    """Whether it belongs to the planted surge; goes to the truth file alone."""


@dataclass(frozen=True, slots=True)
class PlantedSurge:
    """More incidents than the season explains."""

    agency: str
    place: str
    route: str
    month: str
    more: int
    """How many incidents beyond the usual ones."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything."""

    seed: int
    jpas: tuple[WorldJpa, ...]
    cases: tuple[WorldCase, ...]
    reports: tuple[WorldReport, ...]
    networks: tuple[Planted, ...]
    harmless: tuple[Planted, ...]
    apart: tuple[Apart, ...]
    outcomes: tuple[Outcome, ...]
    claims: tuple[WorldClaim, ...] = ()
    incidents: tuple[WorldIncident, ...] = ()
    surges: tuple[PlantedSurge, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How much of everything there is to enter."""
        return {
            "cases": len(self.cases),
            "reports": len(self.reports),
            "records": sum(len(r.records) for r in self.reports),
            "links": sum(len(r.links) for r in self.reports),
            "people": len({r.truth for p in self.reports for r in p.records if r.type == "Person"}),
        }


AGENCIES: Final = (
    ("tip", "Tenggara Immigration Police", "XA", "intel desk, ext. 114"),
    ("ucg", "Utara Coast Guard", "XB", "operations room"),
    ("sfi", "Selatan Financial Intelligence Unit", "XC", "analysis desk"),
    ("pmp", "Pulau Marine Police", "XD", "duty officer"),
    ("tib", "Timur Immigration Bureau", "XE", "border desk"),
)
"""Five agencies of five fictional states (user-assigned ISO codes XA-XE)."""

LETTERS: Final = {"tip": "T", "ucg": "U", "sfi": "S", "pmp": "P", "tib": "B"}
STATE_OF: Final = {agency: state for agency, _, state, _ in AGENCIES}

JPAS: Final = (
    WorldJpa(1, "JPA 1, 2021", "2021-03-01", "2021-06-30", ("XA", "XB", "XC"), "camps and ransoms", "Plan Muara"),
    WorldJpa(2, "JPA 2, 2022", "2022-05-01", "2022-10-31", ("XA", "XB", "XC", "XD"), "landings by night", "Plan Karang"),
    WorldJpa(3, "JPA 3, 2024", "2024-01-15", "2024-06-30", ("XA", "XB", "XC", "XD"), "smuggling by sea", "Plan Selat"),
    WorldJpa(4, "JPA 4, 2025", "2025-07-01", "2025-11-30", ("XA", "XB", "XC", "XD", "XE"), "money handlers", "Plan Ombak"),
)  # fmt: skip
TODAY: Final = "2026-10-31"
"""The day up to which the region's story is told."""
