"""Staged imports: rows encrypted at rest until they are committed or discarded without a trace."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import RowMapping, delete, insert, select, update

from jpa.errors import ConflictError
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore
from jpa.operations.tables import draft_chunks, drafts

CHUNK_ROWS: Final = 2000
"""Rows per encrypted chunk, which is also one transaction of the commit."""


class DraftState(StrEnum):
    """Where a draft stands."""

    STAGED = "staged"
    COMMITTING = "committing"
    COMMITTED = "committed"


@dataclass(frozen=True, slots=True)
class Draft:
    """A staged import without its rows."""

    id: str
    case: str
    officer: str
    created: float
    state: DraftState
    cursor: int
    """Chunks that are committed already."""
    head: Mapping[str, Any]
    """What was read from the file: its name, kind, map and counts."""


class Drafts:
    """The drafts of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys) -> None:
        self._store = store
        self._key = keys.draft

    def stage(
        self,
        draft: str,
        case: str,
        officer: str,
        head: Mapping[str, Any],
        rows: Iterable[Mapping[str, Any]],
        at: datetime,
    ) -> None:
        """Keep a draft with its rows, all of it or nothing."""
        with self._store.writing() as connection:
            connection.execute(
                insert(drafts).values(
                    {
                        "id": draft,
                        "case": case,
                        "officer": officer,
                        "created": at.timestamp(),
                        "state": DraftState.STAGED.value,
                        "cursor": 0,
                        "head": self._seal(dict(head), draft),
                    }
                )
            )
            for number, chunk in enumerate(_chunks(rows)):
                connection.execute(
                    insert(draft_chunks).values(draft=draft, number=number, rows=self._seal(chunk, draft))
                )

    def get(self, draft: str) -> Draft | None:
        """Read a draft without its rows."""
        with self._store.reading() as connection:
            row = connection.execute(select(drafts).where(drafts.c.id == draft)).mappings().first()
        return None if row is None else self._draft_of(row)

    def listed(self, officer: str) -> list[Draft]:
        """List an officer's drafts, newest first."""
        wanted = select(drafts).where(drafts.c.officer == officer).order_by(drafts.c.created.desc())
        with self._store.reading() as connection:
            return [self._draft_of(row) for row in connection.execute(wanted).mappings()]

    def chunks(self, draft: str, start: int = 0) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Read the rows chunk by chunk, from chunk `start` on."""
        number = start
        while True:
            wanted = select(draft_chunks.c.rows).where(draft_chunks.c.draft == draft, draft_chunks.c.number == number)
            with self._store.reading() as connection:
                sealed = connection.execute(wanted).scalar()
            if sealed is None:
                return
            yield number, self._open(sealed, draft)
            number += 1

    def advance(self, draft: str, state: DraftState, cursor: int) -> None:
        """Note how far a commit is; a draft that is committed gives up its rows."""
        with self._store.writing() as connection:
            connection.execute(update(drafts).where(drafts.c.id == draft).values(state=state.value, cursor=cursor))
            if state is DraftState.COMMITTED:
                connection.execute(delete(draft_chunks).where(draft_chunks.c.draft == draft))

    def discard(self, draft: str) -> None:
        """Delete a staged draft; zero traces are left."""
        with self._store.writing() as connection:
            staged = delete(drafts).where(drafts.c.id == draft, drafts.c.state == DraftState.STAGED.value)
            connection.execute(delete(draft_chunks).where(draft_chunks.c.draft == draft))
            if connection.execute(staged).rowcount == 0:
                connection.rollback()
                raise ConflictError("This import is being committed or is committed; it cannot be discarded any more.")

    def _draft_of(self, row: RowMapping) -> Draft:
        head: dict[str, Any] = self._open(row["head"], row["id"])
        return Draft(
            row["id"], row["case"], row["officer"], row["created"], DraftState(row["state"]), row["cursor"], head
        )

    def _seal(self, content: Any, draft: str) -> bytes:
        return encrypt(self._key, json.dumps(content, ensure_ascii=False).encode(), draft)

    def _open(self, sealed: bytes, draft: str) -> Any:
        return json.loads(decrypt(self._key, sealed, draft))


def _chunks(rows: Iterable[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    chunk: list[Mapping[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK_ROWS:
            yield chunk
            chunk = []
    if len(chunk) > 0:
        yield chunk
