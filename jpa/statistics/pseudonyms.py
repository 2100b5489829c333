"""Pseudonyms for returns: what tells outcomes, persons, charges and cases apart outside the agency, and leads nowhere (decision 0022).

An own pseudonym is made with a secret of the agency, which never leaves its installation. A joint one is made with the code of a
joint case, 100 random bits that only the agencies working on that case hold, so that both make the same one. Both name the joint
period: returns for two periods cannot be linked.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.article import folded

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U."""
_SIZE: Final = 20
DRAWN: Final = 13
"""Random bytes that a code is written of."""
_GROUP: Final = 5
_READ_AS: Final = str.maketrans("ILO", "110")
_BETWEEN: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What pseudonyms of one joint period are made with."""

    number: int
    """Of the joint period."""
    own: Mapping[str, bytes] = field(repr=False)
    """By agency; only of agencies of this installation."""
    joint: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Case to the code of its joint case."""
    references: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Outcome of such a case to the number that both agencies give its person there."""

    def own_key(self, agency: str, what: str, *parts: str) -> str:
        """Return the pseudonym that only this agency can make."""
        return _key(self.own[agency], self.number, what, parts)

    def joint_key(self, case: str, what: str, *parts: str) -> str:
        """Return the pseudonym that every agency of the joint case makes."""
        return _key(self.joint[case].encode(), self.number, f"joint {what}", parts)

    def joint_person(self, case: str, outcome: str) -> tuple[str, ...]:
        """Return the joint pseudonym of an outcome's person; none where the case or the person is not joint."""
        if case not in self.joint or outcome not in self.references:
            return ()
        return (self.joint_key(case, "person", folded(self.references[outcome])),)

    def joint_charge(self, case: str, outcome: str, *, state: str, number: str, article: str) -> tuple[str, ...]:
        """The same for a charge: the same person, state, and number of the indictment or article."""
        name = f"number {folded(number)}" if number else f"article {folded(article)}" if article else ""
        if name == "" or len(self.joint_person(case, outcome)) == 0:
            return ()
        return (self.joint_key(case, "charge", folded(self.references[outcome]), state, name),)

    def joint_case(self, case: str) -> tuple[str, ...]:
        """The same for the case."""
        return (self.joint_key(case, "case"),) if case in self.joint else ()


def code_of(drawn: bytes) -> str:
    """Write random bytes as the code of a new joint case, with a last letter that tells a typing slip."""
    number = int.from_bytes(drawn)
    text = "".join(LETTERS[(number >> (5 * n)) % len(LETTERS)] for n in range(_SIZE))
    return _written(text + _check(text))


def read_code(typed: str) -> str:
    """Read a code as it was handed over; InvalidInputError for a slip."""
    text = "".join(c for c in typed.upper() if c.isalnum()).translate(_READ_AS)
    if len(text) != _SIZE + 1 or not set(text) <= set(LETTERS) or _check(text[:-1]) != text[-1]:
        problem = "This is no code of a joint case: 21 letters and digits, as the other agency's page shows it. Copy it again."
        raise InvalidInputError("The joint case was not tied.", {"code": problem})
    return _written(text)


def _written(text: str) -> str:
    return "-".join(text[n : n + _GROUP] for n in range(0, len(text), _GROUP))


def _check(text: str) -> str:
    return LETTERS[hashlib.sha256(b"jpa.joint.code:" + text.encode()).digest()[0] % len(LETTERS)]


def _key(secret: bytes, number: int, what: str, parts: tuple[str, ...]) -> str:
    said = _BETWEEN.join(("jpa.return.1", str(number), what, *parts)).encode()
    return hmac.new(secret, said, hashlib.sha256).hexdigest()[:32]
