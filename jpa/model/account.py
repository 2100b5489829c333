"""What an officer gets in by: the account, its sessions and its API tokens; moments are Unix seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jpa.model.officer import Officer, Role


@dataclass(frozen=True, slots=True)
class Account:
    """A log-in."""

    id: str
    login: str
    name: str
    agency: str
    state: str
    roles: frozenset[Role]
    must_change: bool
    has_totp: bool
    disabled: bool
    locked: bool

    @property
    def officer(self) -> Officer:
        """The officer as the services know them."""
        return Officer(self.id, self.login, self.name, self.agency, self.state, self.roles)


@dataclass(frozen=True, slots=True)
class Session:
    """One session."""

    digest: str
    account: str | None
    created: float
    seen: float
    data: Mapping[str, Any]
    agent: str


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as its holder sees it again: never the secret."""

    id: str
    account: str
    name: str
    created: float
    expires: float
    revoked: bool

    def in_force(self, at: datetime) -> bool:
        """Say whether it still opens anything."""
        return not self.revoked and self.expires > at.timestamp()
