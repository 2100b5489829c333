"""Identifiers: 32 hex digits that sort by time in every store.

Layout after RFC 9562 (UUIDv7, v8): 12 hex digits of Unix milliseconds, then 20 of randomness or of a hash.
"""

import hashlib
import re
import secrets
from datetime import datetime
from typing import Final

ID_PATTERN: Final = re.compile(r"[0-9a-f]{32}")


def new_id(at: datetime) -> str:
    """Make an id that sorts by `at` (an aware moment) and cannot be guessed."""
    return _prefix(at) + secrets.token_hex(10)


def derived_id(at: datetime, *parts: str) -> str:
    """Make the id that the same moment and parts always give: imports repeated change nothing."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return _prefix(at) + digest[:20]


def is_id(text: str) -> bool:
    """Say whether `text` has the shape of an id."""
    return ID_PATTERN.fullmatch(text) is not None


def _prefix(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError("an id needs an aware moment")
    return f"{int(at.timestamp() * 1000):012x}"
