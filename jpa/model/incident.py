"""Incidents: dated events of irregular movement without names, that flows, trends and warnings are made of [VRS-MSRC]."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from jpa.model.canonical import Plain, canonical
from jpa.model.catalogue.incidents import INCIDENT
from jpa.model.record import Properties, plain
from jpa.model.schema import EntityType


@dataclass(frozen=True, slots=True)
class Incident:
    """One event that an agency reports; never changed, only superseded or retracted."""

    id: str
    agency: str
    properties: Properties
    officer: str
    entered: datetime
    supersedes: str = ""
    source_key: str = ""
    """Key of the row it was imported from; the same row again is the same incident."""
    reason: str = ""
    """Why it corrects what it supersedes, one of `Reason`; empty for a first entry."""

    @property
    def type(self) -> EntityType:
        """What the catalogue says of incidents."""
        return INCIDENT

    @property
    def case(self) -> str:
        """No case: an incident is the agency's own."""
        return ""

    @property
    def report(self) -> str:
        """No report states it: it stands and falls by itself."""
        return ""

    @property
    def compartment(self) -> str:
        """Where it may be read: the agency's own compartment."""
        return f"agency:{self.agency}"

    def clean(self, name: str) -> str:
        """Return the first understood value of a property; empty where nothing was said or understood."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        """Return every understood value of a property."""
        return [v.clean for v in self.properties.get(name, ()) if v.clean is not None]

    @property
    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON (RFC 8785) of all that can never change."""
        content: Mapping[str, Plain] = {
            "id": self.id, "agency": self.agency, "officer": self.officer, "entered": self.entered.isoformat(),
            "supersedes": self.supersedes, "source_key": self.source_key, "reason": self.reason, "properties": plain(self.properties),
        }  # fmt: skip
        return hashlib.sha256(canonical(content)).hexdigest()
