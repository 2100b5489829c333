"""Grants: leave for an agency or some of its officers to read one compartment, under an agreement, for a purpose, until a date."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class GrantState(StrEnum):
    """How a grant stands at a moment."""

    IN_FORCE = "in force"
    OVER = "over"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant; it is never changed, only revoked, and stands as history after that."""

    id: str
    compartment: str
    """What may be read: a whole case by its id, or the chosen things, whose compartment is the grant's own id. Each marking inside
    must permit the reader as well."""
    owner: str
    """Agency whose case it is, and which alone can revoke."""
    officers: tuple[str, ...]
    """Who may read; none named: every officer of the partner."""
    start: datetime
    end: datetime
    purpose: str
    by: str
    counting: bool = False
    """The outcomes of the case may also be counted in the figures of these officers."""
    case: str = ""
    """The case that it opens, or out of which was chosen."""
    partner: str = ""
    """Agency that reads; empty in grants of earlier releases, which named officers of several."""
    agreement: str = ""
    """Id of the agreement that it rests on; while that is not in force the grant opens nothing."""
    why: str = ""
    follows: bool = False
    """Corrections of what was chosen are granted with it, where they keep below the ceiling."""
    reports: int = 0
    records: int = 0
    links: int = 0
    """How much was chosen; all 0 for a whole case."""
    revoked: datetime | None = None
    revoked_by: str = ""
    reason: str = ""
    """Why it was revoked."""

    @property
    def is_of_case(self) -> bool:
        """Whether it opens a whole case."""
        return self.compartment != self.id

    @property
    def last_day(self) -> str:
        """The last whole or partial day on which it may be read, in UTC."""
        return (self.end - timedelta(microseconds=1)).date().isoformat()

    def state(self, at: datetime) -> GrantState:
        """Say how it stands at a moment; whether its agreement is in force is asked beside it."""
        if self.revoked is not None and self.revoked <= at:
            return GrantState.REVOKED
        return GrantState.IN_FORCE if self.start <= at < self.end else GrantState.OVER
