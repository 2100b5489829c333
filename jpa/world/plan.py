"""The plain shape of a fictional region: what is entered, and the truth that lies outside the store."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WorldRecord:
    """One thing as a report writes it."""

    ref: str
    type: str
    properties: dict[str, tuple[str, ...]]
    role: str = ""
    truth: str = ""
    """Which thing of the world it really is; goes to the truth file alone."""


@dataclass(frozen=True, slots=True)
class WorldLink:
    """One tie as a report writes it."""

    type: str
    source: str
    target: str
    properties: dict[str, tuple[str, ...]] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class WorldCase:
    """One case of one agency."""

    number: str
    title: str
    agency: str
    summary: str
    under_jpa: bool


@dataclass(frozen=True, slots=True)
class World:
    """Everything."""

    seed: int
    cases: tuple[WorldCase, ...]
    reports: tuple[WorldReport, ...]
    networks: tuple[tuple[str, ...], ...]
    """Planted networks by the truth of their members."""
    harmless: tuple[tuple[str, ...], ...]


AGENCIES = (
    ("tip", "Tenggara Immigration Police", "XA", "intel desk, ext. 114"),
    ("ucg", "Utara Coast Guard", "XB", "operations room"),
    ("sfi", "Selatan Financial Intelligence Unit", "XC", "analysis desk"),
)
"""Three agencies of three fictional states (user-assigned ISO codes XA-XE)."""
