"""Blind questions that wait for an answer: what opens it, closed under a key of the agency until it is heard or too old, and then deleted."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select

from jpa.operations.case_keys import case_key
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore
from jpa.operations.tables import blind_open

_PURPOSE: Final = "blind-open"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question under way, seen from whoever asked."""

    question: str
    agency: str
    partner: str
    digest: str
    """SHA-256 of the question's line: the answer names it."""
    asked: bytes = field(repr=False)
    """The asker's side of it, which can tell what was asked: in this process alone, never written as it is."""


class OpenQuestions:
    """The open blind questions of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def keep(self, this: OpenQuestion, until: datetime) -> None:
        """Keep a question until a moment."""
        with self._store.writing() as connection:
            key = case_key(connection, self._keys.vault, this.agency, _PURPOSE, make=True)
            connection.execute(
                insert(blind_open).values(
                    question=this.question, agency=this.agency, partner=this.partner, digest=this.digest,
                    sealed=encrypt(key, this.asked, this.question), until=until.timestamp(),
                )
            )  # fmt: skip

    def find(self, agency: str, question: str) -> OpenQuestion | None:
        """Open one of an agency; None where it was heard or is too old, or never was."""
        wanted = select(blind_open).where(blind_open.c.question == question, blind_open.c.agency == agency)
        with self._store.reading() as connection:
            row = connection.execute(wanted).mappings().first()
            if row is None:
                return None
            key = case_key(connection, self._keys.vault, agency, _PURPOSE, make=False)
        return OpenQuestion(question, agency, row["partner"], row["digest"], decrypt(key, row["sealed"], question))

    def drop(self, question: str) -> None:
        """Delete one that was heard; nothing opens its answer any more."""
        with self._store.writing() as connection:
            connection.execute(delete(blind_open).where(blind_open.c.question == question))

    def sweep(self, at: datetime) -> int:
        """Delete those whose time is over; returns how many."""
        with self._store.writing() as connection:
            return connection.execute(delete(blind_open).where(blind_open.c.until < at.timestamp())).rowcount
