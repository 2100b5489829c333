"""Server-side sessions and API tokens: random references, kept only as digests."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, bindparam, delete, insert, or_, select, update

from jpa.errors import NotFoundError
from jpa.model.account import Session, Token
from jpa.operations.store import OperationsStore
from jpa.operations.tables import sessions, tokens

IDLE_SECONDS: Final = 30 * 60
"""CJIS AC-11, ASVS 7.3.1."""
ABSOLUTE_SECONDS: Final = 12 * 3600
_TOUCH_SECONDS: Final = 60
"""The time last seen is written at most once a minute: a page of ten requests is one write."""
_ONE: Final = select(sessions).where(sessions.c.digest == bindparam("wanted"))
"""Every request reads its session: the statement is built once."""


class Sessions:
    """The sessions of one installation."""

    def __init__(self, store: OperationsStore) -> None:
        self._store = store

    def create(self, account: str | None, data: Mapping[str, Any], agent: str, at: datetime) -> str:
        """Open a session and return its token; a log-in always opens a new one (ASVS 7.2.4)."""
        token = secrets.token_urlsafe(32)
        now = at.timestamp()
        with self._store.writing() as connection:
            connection.execute(delete(sessions).where(_over(now)))
            connection.execute(
                insert(sessions).values(
                    digest=digest_of(token), account=account, created=now, seen=now, data=dict(data), agent=agent[:200]
                )
            )
        return token

    def load(self, token: str, at: datetime) -> Session | None:
        """Return a session that is neither idle nor too old."""
        now = at.timestamp()
        with self._store.reading() as connection:
            row = connection.execute(_ONE, {"wanted": digest_of(token)}).mappings().first()
        if row is None or now - row["seen"] > IDLE_SECONDS or now - row["created"] > ABSOLUTE_SECONDS:
            return None
        if now - row["seen"] > _TOUCH_SECONDS:
            with self._store.writing() as connection:
                connection.execute(update(sessions).where(sessions.c.digest == row["digest"]).values(seen=now))
        return _session_of(row)

    def save(self, token: str, data: Mapping[str, Any]) -> None:
        """Replace what a session holds."""
        with self._store.writing() as connection:
            connection.execute(update(sessions).where(sessions.c.digest == digest_of(token)).values(data=dict(data)))

    def end(self, digest: str, account: str | None = None) -> None:
        """End a session; with `account`, only one of that officer's own."""
        which = delete(sessions).where(sessions.c.digest == digest)
        if account is not None:
            which = which.where(sessions.c.account == account)
        with self._store.writing() as connection:
            connection.execute(which)

    def listed(self, account: str) -> list[Session]:
        """List an officer's sessions, newest first."""
        wanted = select(sessions).where(sessions.c.account == account).order_by(sessions.c.seen.desc())
        with self._store.reading() as connection:
            return [_session_of(row) for row in connection.execute(wanted).mappings()]


class Tokens:
    """API tokens: read-only, named, with an end."""

    def __init__(self, store: OperationsStore) -> None:
        self._store = store

    def create(self, token_id: str, account: str, name: str, expires: datetime, at: datetime) -> str:
        """Make a token and return its secret; it can be shown only now."""
        token = f"jpa_{secrets.token_urlsafe(32)}"
        with self._store.writing() as connection:
            connection.execute(
                insert(tokens).values(
                    id=token_id,
                    account=account,
                    name=name[:80],
                    digest=digest_of(token),
                    created=at.timestamp(),
                    expires=expires.timestamp(),
                    revoked=False,
                )
            )
        return token

    def find(self, secret: str, at: datetime) -> Token | None:
        """Find a token by its secret; None when it is unknown, over or revoked."""
        wanted = select(*_TOKEN).where(tokens.c.digest == digest_of(secret))
        with self._store.reading() as connection:
            row = connection.execute(wanted).mappings().first()
        token = None if row is None else Token(**row)
        return token if token is not None and token.in_force(at) else None

    def listed(self, account: str) -> list[Token]:
        """List an officer's tokens, newest first."""
        wanted = select(*_TOKEN).where(tokens.c.account == account).order_by(tokens.c.id.desc())
        with self._store.reading() as connection:
            return [Token(**row) for row in connection.execute(wanted).mappings()]

    def revoke(self, token_id: str, account: str) -> None:
        """Revoke one of an officer's own tokens."""
        which = update(tokens).where(tokens.c.id == token_id, tokens.c.account == account, tokens.c.revoked.is_(False))
        with self._store.writing() as connection:
            if connection.execute(which.values(revoked=True)).rowcount == 0:
                raise NotFoundError("There is no such token.")


_TOKEN: Final = (
    tokens.c.id, tokens.c.account, tokens.c.name, tokens.c.created, tokens.c.expires, tokens.c.revoked,
)  # fmt: skip


def digest_of(token: str) -> str:
    """Return what is stored of a token: SHA-256 suffices for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def _over(now: float) -> Any:
    return or_(sessions.c.seen < now - IDLE_SECONDS, sessions.c.created < now - ABSOLUTE_SECONDS)


def _session_of(row: RowMapping) -> Session:
    return Session(row["digest"], row["account"], row["created"], row["seen"], row["data"], row["agent"])
