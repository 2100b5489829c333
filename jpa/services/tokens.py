"""Tokens by which an officer's own programs read what the officer may read: make, list, revoke."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.account import Token
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.services.installation import Installation
from jpa.services.stores import Ask

MOST_DAYS: Final = 365
"""A forgotten token ends within a year, when most postings have changed."""
MOST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token with its secret, which nothing can show again."""

    name: str
    secret: str


def make_token(here: Installation, ask: Ask, name: str, days: str) -> MadeToken:
    """Make a token of the officer's own; it reads what they may read at the moment it is used."""
    name = name.strip()
    problems = {}
    if name == "" or len(name) > MOST_NAME or not name.isprintable():
        problems["name"] = f"Name the program that will use it, in at most {MOST_NAME} characters."
    if not (days.isascii() and days.isdecimal() and len(days) < 4 and 1 <= int(days) <= MOST_DAYS):
        problems["days"] = f"Give a number of days from 1 to {MOST_DAYS}."
    if len(problems) > 0:
        raise InvalidInputError("The token was not made.", problems)
    token, ends = new_id(ask.at), ask.at + timedelta(days=int(days))
    with here.stores.audit.act(
        AuditTag.TOKEN_CREATED, ask.officer, object=token, details={"days": int(days)}, at=ask.at
    ):
        return MadeToken(name, here.tokens.create(token, ask.officer.id, name, ends, ask.at))


def list_tokens(here: Installation, ask: Ask) -> list[Token]:
    """List the officer's own tokens that still open something, newest first."""
    return [token for token in here.tokens.listed(ask.officer.id) if token.in_force(ask.at)]


def revoke_token(here: Installation, ask: Ask, token: str) -> None:
    """Revoke one of the officer's own tokens; it opens nothing from the next request on."""
    with here.stores.audit.act(AuditTag.TOKEN_REVOKED, ask.officer, object=token, at=ask.at):
        here.tokens.revoke(token, ask.officer.id)
