"""The card on which an agency hands over its public keys: one line, with a fingerprint that both sides read to each other."""

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.fingerprint import words
from jpa.sharing.closing import recipient_of

_CARD: Final = re.compile(
    r"jpa-keys-1 (?P<agency>[^\s]{1,64}) (?P<state>[A-Z]{2}) (?P<public>[0-9a-f]{64}) (?P<closing>age1[0-9a-z]{58})"
)


@dataclass(frozen=True, slots=True)
class KeyCard:
    """An agency's public keys."""

    agency: str
    """Its id, the same in every installation."""
    state: str
    public: str
    """Ed25519, in hex: what it signs is checked with it."""
    closing: str
    """age: what is sent to it is closed with it."""

    @property
    def text(self) -> str:
        """The card as it is handed over."""
        return f"jpa-keys-1 {self.agency} {self.state} {self.public} {self.closing}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the card, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def words(self) -> str:
        """Eight words to compare by telephone."""
        return words(self.fingerprint)


def is_card(text: str) -> bool:
    """Say whether a text means to be a card."""
    return text.strip().startswith("jpa-keys-")


def read_card(text: str) -> KeyCard:
    """Read a card; InvalidInputError for what is none, however it was folded on the way."""
    match = _CARD.fullmatch(" ".join(text.split()))
    if match is None:
        problem = "This is no card of keys: one line that begins with jpa-keys-1. Copy the whole line again."
        raise InvalidInputError("No key was pinned.", {"key": problem})
    recipient_of(match["closing"])
    return KeyCard(match["agency"], match["state"], match["public"], match["closing"])
