"""Retraction: what a lead takes out of force without erasing it, and the undoing of that."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum


class RetractionKind(StrEnum):
    """What is retracted: a whole report with everything it states, one record, link, outcome or incident."""

    REPORT = "report"
    RECORD = "record"
    LINK = "link"
    OUTCOME = "outcome"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class Undoing:
    """A later act that supersedes a retraction: what was retracted is as before, exactly."""

    by: str
    name: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Retraction:
    """One act; append-only, and told to exactly those who may read its target."""

    id: str
    kind: RetractionKind
    target: str
    """Id of the report, record, link, outcome or incident."""
    report: str
    """The report that states the target, or is it."""
    case: str
    by: str
    at: datetime
    reason: str
    name: str = ""
    """The officer's name, for the page."""
    undone: Undoing | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody has undone it."""
        return self.undone is None

    @property
    def told(self) -> bool:
        """Whether it is said who retracted it, when and why."""
        return self.by != ""

    def untold(self) -> "Retraction":
        """Return what one learns of it who may read a thing that its report states, but not the report: that it is out of force."""
        return replace(self, id="", by="", name="", at=datetime.min.replace(tzinfo=UTC), reason="")
