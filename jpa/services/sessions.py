"""Server-side sessions: the cookie holds a random reference, the operations store everything else, under its digest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jpa.model.account import Session
from jpa.operations.sessions import digest_of
from jpa.services.installation import Installation


def start_session(here: Installation, account: str | None, data: Mapping[str, Any], agent: str, at: datetime) -> str:
    """Open a session and return its token; before a log-in it has no account."""
    return here.sessions.create(account, data, agent, at)


def load_session(here: Installation, token: str, at: datetime) -> Session | None:
    """Return a session that is neither idle nor too old."""
    return here.sessions.load(token, at)


def keep_session(here: Installation, token: str, data: Mapping[str, Any]) -> None:
    """Replace what a session holds."""
    here.sessions.save(token, data)


def drop_session(here: Installation, token: str) -> None:
    """End a session, whose token then opens nothing."""
    here.sessions.end(digest_of(token))


def name_of(token: str) -> str:
    """Return what a session is called without giving its token away."""
    return digest_of(token)
