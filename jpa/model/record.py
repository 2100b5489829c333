"""Report, record and link: what was said, by whom, graded how. Never changed, only superseded."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from jpa.model.canonical import Plain, canonical
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.value_types import Value

Properties = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Report:
    """One source document: the owner of everything that it states."""

    id: str
    case: str
    agency: str
    title: str
    source_reference: str
    """Reference into the agency's own source register; never the name of a source [P3]."""
    date: str
    """Date of the document, partial allowed: 2024, 2024-03, 2024-03-12."""
    grade: Grade
    marking: Marking
    officer: str
    entered: datetime
    text: str = ""
    origin: str = ""
    """Digest of the report it derives from, so that circular reporting shows [M10]."""
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What one report says about one thing."""

    id: str
    type: str
    """Name of the entity type in the catalogue."""
    report: str
    agency: str
    officer: str
    entered: datetime
    properties: Properties
    schema: str
    """FollowTheMoney schema it came as, or would be exported as."""
    supersedes: str | None = None
    source_key: str | None = None
    """Key of the row it was imported from; the same row again is the same record."""

    @property
    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON (RFC 8785) of all that can never change."""
        return _hash(
            {
                "id": self.id, "type": self.type, "report": self.report, "agency": self.agency,
                "officer": self.officer, "entered": self.entered.isoformat(), "schema": self.schema,
                "supersedes": self.supersedes, "source_key": self.source_key,
                "properties": plain(self.properties),
            }
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """What one report says ties two records."""

    id: str
    type: str
    """Name of the link type in the catalogue."""
    source: str
    target: str
    report: str
    agency: str
    officer: str
    entered: datetime
    properties: Properties = field(default_factory=dict)
    schema: str = ""
    """FollowTheMoney schema it came as."""
    supersedes: str | None = None
    source_key: str | None = None

    @property
    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON (RFC 8785) of all that can never change."""
        return _hash(
            {
                "id": self.id, "type": self.type, "source": self.source, "target": self.target,
                "report": self.report, "agency": self.agency, "officer": self.officer,
                "entered": self.entered.isoformat(), "schema": self.schema, "supersedes": self.supersedes,
                "source_key": self.source_key, "properties": plain(self.properties),
            }
        )  # fmt: skip


def origin_of(agency: str, reference: str) -> str:
    """Return the digest by which the same source, passed on through several reports, is counted once."""
    return hashlib.sha256(f"{agency}|{reference}".encode()).hexdigest()


def plain(properties: Properties) -> dict[str, list[list[str | None]]]:
    """Return properties as plain JSON for a content hash."""
    return {name: [[v.typed, v.clean, v.flag] for v in values] for name, values in properties.items()}


def _hash(content: Mapping[str, Plain]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()
