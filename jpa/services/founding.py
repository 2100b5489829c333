"""Founding an installation: its first agency, and the administrator who makes everybody else."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.model.account import Account
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.credentials import password_problems
from jpa.model.officer import Role
from jpa.model.value_types import COUNTRY_NAMES
from jpa.services import agencies
from jpa.services.installation import Installation

_SHORT_NAME: Final = re.compile(r"[a-z][a-z0-9-]{1,31}")


@dataclass(frozen=True, slots=True)
class Founder:
    """The first administrator as typed, with the agency that they belong to."""

    state: str
    agency: str
    agency_name: str
    login: str
    name: str
    password: str = field(repr=False)


def problem_of_state(text: str) -> str:
    """Say what is wrong with a state's code; empty when it will do."""
    return "" if text.strip().upper() in COUNTRY_NAMES else "Enter the two letters of ISO 3166, for example ID."


def problem_of_agency(text: str) -> str:
    """Say what is wrong with an agency's short name; empty when it will do."""
    fits = _SHORT_NAME.fullmatch(text.strip()) is not None
    return "" if fits else "Use 2 to 32 small letters, digits and hyphens, beginning with a letter."


def problem_of_name(text: str) -> str:
    """Say what is wrong with a name that people read; empty when it will do."""
    return "" if 0 < len(text.strip()) <= 200 and text.strip().isprintable() else "Enter a name of at most 200 letters."


def problem_of_login(text: str) -> str:
    """Say what is wrong with a log-in name; empty when it will do."""
    plain = text.strip()
    fits = 0 < len(plain) <= 80 and plain.isprintable() and " " not in plain
    return "" if fits else "Enter a log-in name of at most 80 letters, without spaces."


def require_unfounded(installation: Installation) -> None:
    """Refuse where somebody can log in already."""
    if len(installation.accounts.listed()) > 0:
        raise ConflictError("There are log-ins already; an administrator makes the next one on the page Officers.")


def found_installation(installation: Installation, founder: Founder, at: datetime) -> Account:
    """Make the first agency and administrator, in both stores; refused where there is an account already."""
    require_unfounded(installation)
    problems = {
        "state": problem_of_state(founder.state),
        "agency": problem_of_agency(founder.agency),
        "agency_name": problem_of_name(founder.agency_name),
        "login": problem_of_login(founder.login),
        "name": problem_of_name(founder.name),
        **password_problems(founder.password, founder.login.strip().casefold()),
    }
    problems = {name: problem for name, problem in problems.items() if problem != ""}
    if len(problems) > 0:
        raise InvalidInputError("The administrator was not made.", problems)
    state, agency = founder.state.strip().upper(), founder.agency.strip()
    agencies.save_agency(installation.stores, Agency(agency, founder.agency_name.strip(), state), at)
    account = installation.accounts.create(
        login=founder.login,
        name=founder.name,
        agency=agency,
        state=state,
        roles=frozenset({Role.ADMINISTRATOR}),
        password=founder.password,
        at=at,
    )
    installation.stores.audit.note(AuditTag.OFFICER_CREATED, None, at=at, object=account.id)
    agencies.save_officer(installation.stores, account.officer, at, active=True)
    return account
