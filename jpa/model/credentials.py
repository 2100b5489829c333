"""Log-in names and passwords: their one spelling, and what will not do."""

import re
import secrets
import unicodedata
from typing import Final

from jpa.model.officer import Role

LEAST_LENGTH: Final = 15
"""ASVS 6.2.1: length is what counts; no rules of composition."""

_LOGIN: Final = re.compile(r"\w[\w.@\-]{2,79}")
_CLEAR: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not mistaken for one another: no i, l, o, 0, 1."""
_KNOWN_BAD: Final = ("password", "123456", "qwerty", "letmein", "iloveyou", "baliprocess", "welcome")


def officer_problems(login: str, name: str, roles: frozenset[Role]) -> dict[str, str]:
    """Say what is wrong with a new officer's log-in name, name and roles, by field."""
    problems = {}
    if _LOGIN.fullmatch(unicodedata.normalize("NFKC", login).strip()) is None:
        problems["login"] = "Enter a log-in name of 3 to 80 letters, digits, dots or dashes, for example wulan.tip."
    if name.strip() == "" or len(name.strip()) > 200:
        problems["name"] = "Enter the officer's name, of at most 200 characters."
    if len(roles) == 0:
        problems["roles"] = "Choose at least one role."
    return problems


def random_password(login: str) -> str:
    """Make a password of 99 random bits that can be read out over the telephone (ASVS 6.4.1)."""
    while True:
        made = "-".join("".join(secrets.choice(_CLEAR) for _ in range(5)) for _ in range(4))
        if len(password_problems(made, login)) == 0:
            return made


def password_problems(password: str, login: str) -> dict[str, str]:
    """Say what is wrong with a new password, by field; empty when it will do."""
    plain = normal(password)
    if len(plain) < LEAST_LENGTH:
        return {"password": f"Use at least {LEAST_LENGTH} characters; four unrelated words will do."}
    if len(plain) > 200:
        return {"password": "Use at most 200 characters."}
    squashed = plain.casefold().replace(" ", "")
    if login in squashed or len(set(squashed)) < 6 or any(squashed.replace(bad, "") == "" for bad in _KNOWN_BAD):
        return {"password": "This password is too easy to guess; use unrelated words."}
    return {}


def canonical(login: str) -> str:
    """Return the one spelling of a log-in name under which it is stored and found."""
    return unicodedata.normalize("NFKC", login).strip().casefold()[:80]


def normal(password: str) -> str:
    """Return the one form of a password in which it is hashed."""
    return unicodedata.normalize("NFC", password)
