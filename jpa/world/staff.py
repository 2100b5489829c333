"""The officers of the region's agencies: demo log-ins in three of them, in the others names without log-in.

One per role, and a deputy to the supervisor: figures leave an agency over two signatures.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jpa.model.case import Agency
from jpa.model.ids import derived_id
from jpa.model.officer import Officer, Role
from jpa.services import agencies
from jpa.services.installation import Installation
from jpa.services.stores import Ask
from jpa.world.plan import AGENCIES

DEMO_ROLES: Final[dict[str, frozenset[Role]]] = {
    "investigator": frozenset({Role.CONTRIBUTE, Role.READ}),
    "lead": frozenset({Role.LEAD, Role.CONTRIBUTE}),
    "analyst": frozenset({Role.ANALYST}),
    "liaison": frozenset({Role.LIAISON}),
    "supervisor": frozenset({Role.SUPERVISOR}),
    "deputy": frozenset({Role.SUPERVISOR}),
    "auditor": frozenset({Role.AUDITOR}),
    "administrator": frozenset({Role.ADMINISTRATOR}),
}
_NAMES: Final = {
    "tip": ("Insp. D. Wulan", "Supt. A. Rahman", "M. Chaiya", "Lt. S. Perera", "Col. N. Tran", "Lt. Col. H. Nordin", "R. Osman", "K. Lim"),
    "ucg": ("PO P. Anan", "Cdr. S. Kasem", "W. Thida", "Lt. Cdr. J. Prasert", "Capt. B. Suwan", "Cdr. M. Chan", "V. Malee", "T. Niran"),
    "sfi": ("E. Santoso", "H. Wijaya", "L. Fernando", "G. Ratna", "Dir. I. Kusuma", "D. Dir. S. Halim", "F. Aziz", "Y. Tan"),
    "pmp": ("Sgt. O. Salim", "Insp. Z. Harun", "N. Bakar", "ASP R. Idris", "Supt. K. Yusof", "DSP L. Rosli", "A. Ghani", "D. Chong"),
    "tib": ("A. Mendes", "J. Soares", "C. Pinto", "R. Gusmao", "Dir. M. Ximenes", "P. Amaral", "L. Belo", "F. Lobato"),
}  # fmt: skip
"""The officers of each agency, in the order of the roles."""
DEMO_AGENCIES: Final = ("tip", "ucg", "sfi")


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works where."""

    officers: dict[tuple[str, str], Officer]
    """By agency and role."""
    logins: list[tuple[str, str, str]]
    """Log-in, password, what for."""

    def ask(self, agency: str, role: str, at: datetime) -> Ask:
        """Act as the officer who has this role in this agency."""
        return Ask(self.officers[agency, role], at, "fictional region")

    def analysts_of(self, states: tuple[str, ...], *, besides: str) -> list[tuple[str, str]]:
        """Return agency and id of the analysts of these states' agencies but one."""
        return [
            (agency, officer.id)
            for (agency, role), officer in self.officers.items()
            if role == "analyst" and officer.state in states and agency != besides
        ]


def engage(installation: Installation, at: datetime, password: Callable[[], str]) -> Staff:
    """Make the agencies and their officers."""
    staff = Staff({}, [])
    for agency, name, state, desk in AGENCIES:
        agencies.save_agency(installation.stores, Agency(agency, name, state, desk), at)
        for (role, roles), person in zip(DEMO_ROLES.items(), _NAMES[agency], strict=True):
            login = f"{role}.{agency}"
            if agency in DEMO_AGENCIES:
                secret = password()
                account = installation.accounts.create(
                    login=login, name=person, agency=agency, state=state, roles=roles, password=secret, at=at
                )
                officer = account.officer
                staff.logins.append((login, secret, f"{role} at {name}"))
            else:
                officer = Officer(derived_id(at, "officer", login), login, person, agency, state, roles)
            agencies.save_officer(installation.stores, officer, at, active=True)
            staff.officers[agency, role] = officer
    return staff
