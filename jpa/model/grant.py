"""Grants: leave for officers of other agencies to read one compartment, for a purpose, until a date."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant; it is never changed, only revoked, and stands as history after that."""

    id: str
    compartment: str
    """The case whose content may be read; each marking inside it must permit the reader as well."""
    owner: str
    """Agency whose case it is, and which alone can revoke."""
    officers: tuple[str, ...]
    """Who may read."""
    start: datetime
    end: datetime
    purpose: str
    by: str
    counting: bool = False
    """The outcomes of the case may also be counted in the figures of these officers."""
    revoked: datetime | None = None
    revoked_by: str = ""
    reason: str = ""
    """Why it was revoked."""
