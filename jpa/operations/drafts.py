"""Staged imports: file and rows encrypted at rest until they are committed or discarded without a trace."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from jpa.errors import ConflictError
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore
from jpa.operations.tables import draft_chunks, drafts

CHUNK_ROWS: Final = 5000
"""Rows per encrypted chunk, which is also one transaction of the commit."""


class DraftState(StrEnum):
    """Where a draft stands."""

    UPLOADED = "uploaded"
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
    """What was said of the file and read from it: its name, dataset, map and counts, and how many rows a chunk has."""

    @property
    def written(self) -> int:
        """Say how many rows lie in the chunks that are committed already, if the last one is full."""
        batch: int = self.head.get("batch", CHUNK_ROWS)  # not said where a draft was staged by an earlier version
        return self.cursor * batch


class Drafts:
    """The drafts of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys) -> None:
        self._store = store
        self._key = keys.draft

    def upload(
        self, draft: str, case: str, officer: str, head: Mapping[str, Any], content: bytes, at: datetime
    ) -> None:
        """Keep a file that is to be read into a draft."""
        values = {
            "id": draft, "case": case, "officer": officer, "created": at.timestamp(), "state": DraftState.UPLOADED.value,
            "cursor": 0, "head": self._seal(dict(head), draft), "file": encrypt(self._key, content, draft),
        }  # fmt: skip
        with self._store.writing() as connection:
            connection.execute(insert(drafts).values(values))

    def file(self, draft: str) -> bytes | None:
        """Read the uploaded file back; None once its rows are staged."""
        with self._store.reading() as connection:
            sealed = connection.execute(select(drafts.c.file).where(drafts.c.id == draft)).scalar()
        return None if sealed is None else decrypt(self._key, sealed, draft)

    def stage(self, draft: str, head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> None:
        """Keep the rows that were read, all of them or none, and give up the file."""
        with self._store.writing() as connection:
            connection.execute(delete(draft_chunks).where(draft_chunks.c.draft == draft))
            for number, chunk in enumerate(_chunks(rows)):
                connection.execute(
                    insert(draft_chunks).values(draft=draft, number=number, rows=self._seal(chunk, draft))
                )
            sealed = self._seal({**head, "batch": CHUNK_ROWS}, draft)
            staged = {"state": DraftState.STAGED.value, "head": sealed, "file": None}
            connection.execute(update(drafts).where(drafts.c.id == draft).values(staged))

    def get(self, draft: str) -> Draft | None:
        """Read a draft without its rows."""
        with self._store.reading() as connection:
            row = connection.execute(_HEADS.where(drafts.c.id == draft)).mappings().first()
        return None if row is None else self._draft_of(row)

    def listed(self, officer: str) -> list[Draft]:
        """List an officer's drafts, newest first."""
        wanted = _HEADS.where(drafts.c.officer == officer).order_by(drafts.c.created.desc())
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

    def begin(self, draft: str) -> None:
        """Take a staged draft into its commit; ConflictError when its dataset changed since it was read."""
        with self._store.writing() as connection:
            this = self._draft_of(connection.execute(_HEADS.where(drafts.c.id == draft)).mappings().one())
            if this.state is DraftState.UPLOADED:
                raise ConflictError("This file was not read yet; wait for the list of what it would do.")
            if this.state is not DraftState.STAGED:
                return
            if self._overtaken(connection, this):
                raise ConflictError(
                    "Another import into this dataset was begun since this file was read. Discard this draft and take the file again."
                )
            connection.execute(
                update(drafts).where(drafts.c.id == draft).values(state=DraftState.COMMITTING.value, cursor=0)
            )

    def advance(self, draft: str, cursor: int) -> None:
        """Note how many chunks are committed."""
        with self._store.writing() as connection:
            connection.execute(update(drafts).where(drafts.c.id == draft).values(cursor=cursor))

    def finish(self, draft: str) -> None:
        """Note that all is committed; the draft gives up its rows."""
        with self._store.writing() as connection:
            which = update(drafts).where(drafts.c.id == draft)
            connection.execute(which.values(state=DraftState.COMMITTED.value))
            connection.execute(delete(draft_chunks).where(draft_chunks.c.draft == draft))

    def discard(self, draft: str) -> None:
        """Delete a draft that is not being committed; zero traces are left."""
        states = [DraftState.UPLOADED.value, DraftState.STAGED.value]
        with self._store.writing() as connection:
            connection.execute(delete(draft_chunks).where(draft_chunks.c.draft == draft))
            gone = delete(drafts).where(drafts.c.id == draft, drafts.c.state.in_(states))
            if connection.execute(gone).rowcount == 0:
                connection.rollback()
                raise ConflictError("This import is being committed or is committed; it cannot be discarded any more.")

    def _overtaken(self, connection: Connection, this: Draft) -> bool:
        states = [DraftState.COMMITTING.value, DraftState.COMMITTED.value]
        wanted = _HEADS.where(drafts.c.case == this.case, drafts.c.state.in_(states))
        others = (self._draft_of(row) for row in connection.execute(wanted).mappings())
        known = set(this.head["after"])
        return any(o.head["dataset"] == this.head["dataset"] and o.id not in known for o in others)

    def committed(self, case: str, dataset: str) -> list[str]:
        """List the drafts of a dataset that are committed: what a newer draft takes into account."""
        wanted = _HEADS.where(drafts.c.case == case, drafts.c.state == DraftState.COMMITTED.value)
        with self._store.reading() as connection:
            found = [self._draft_of(row) for row in connection.execute(wanted).mappings()]
        return [d.id for d in found if d.head["dataset"] == dataset]

    def _draft_of(self, row: RowMapping) -> Draft:
        head: dict[str, Any] = self._open(row["head"], row["id"])
        return Draft(
            row["id"], row["case"], row["officer"], row["created"], DraftState(row["state"]), row["cursor"], head
        )

    def _seal(self, content: Any, draft: str) -> bytes:
        return encrypt(self._key, json.dumps(content, ensure_ascii=False).encode(), draft)

    def _open(self, sealed: bytes, draft: str) -> Any:
        return json.loads(decrypt(self._key, sealed, draft))


_HEADS: Final = select(*(c for c in drafts.c if c.name != "file"))
"""Drafts without their files, which may be large."""


def _chunks(rows: Iterable[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    chunk: list[Mapping[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK_ROWS:
            yield chunk
            chunk = []
    if len(chunk) > 0:
        yield chunk
