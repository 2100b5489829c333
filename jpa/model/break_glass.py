"""Break-glass: opening a victim's identity takes two officers, a reason and an hour, and is reviewed every time [M9, G3]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

OPEN_FOR: Final = timedelta(minutes=60)
"""How long an approved request opens the identity (security promise 23)."""
APPROVE_WITHIN: Final = timedelta(hours=24)
"""An older request lapses: what was urgent yesterday is asked again today, with today's reason."""

Identity = Mapping[str, Sequence[str]]


class VaultState(StrEnum):
    """Where a request stands at a moment."""

    ASKED = "waits for a second officer"
    APPROVED = "open"
    REFUSED = "refused"
    LAPSED = "lapsed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class VaultRequest:
    """One request to open an identity, from the asking to the review."""

    id: str
    victim: str
    case: str
    pseudonym: str
    agency: str
    asker: str
    asker_name: str
    reason: str
    basis: str
    """The legal basis."""
    asked: datetime
    second: str = ""
    """Who approved or refused it; never the one who asked."""
    second_name: str = ""
    decided: datetime | None = None
    refused: bool = False
    opened: int = 0
    """How often the identity was shown."""
    reviewer_name: str = ""
    reviewed: datetime | None = None
    remark: str = ""

    @property
    def until(self) -> datetime | None:
        """When an approved request stops opening the identity."""
        return None if self.decided is None or self.refused else self.decided + OPEN_FOR

    def state(self, at: datetime) -> VaultState:
        """Say where the request stands."""
        if self.refused:
            return VaultState.REFUSED
        if self.decided is None:
            return VaultState.ASKED if at < self.asked + APPROVE_WITHIN else VaultState.LAPSED
        return VaultState.APPROVED if at < self.decided + OPEN_FOR else VaultState.ENDED

    def over(self, at: datetime) -> bool:
        """Say whether nothing more can happen to it but the review."""
        return self.state(at) not in {VaultState.ASKED, VaultState.APPROVED}
