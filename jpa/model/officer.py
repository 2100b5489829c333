"""Officers and their roles."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an officer may do; an officer may hold several."""

    READ = "read"
    CONTRIBUTE = "contribute"
    LEAD = "lead"
    ANALYST = "analyst"
    LIAISON = "liaison"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who logs in, as of this request."""

    id: str
    login: str
    name: str
    agency: str
    """Id of the agency."""
    state: str
    """ISO 3166-1 alpha-2 code of the agency's state."""
    roles: frozenset[Role]

    def holds(self, *roles: Role) -> bool:
        """Say whether the officer holds any of `roles`."""
        return not self.roles.isdisjoint(roles)
