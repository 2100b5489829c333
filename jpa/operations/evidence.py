"""Evidence files: addressed by the SHA-256 of their content, encrypted per case, verified whenever they are read.

A file is kept in sealed pieces of one mebibyte, so that 100 MB pass through without standing in memory. Each piece is bound to
case, digest, place and whether it is the last: none can be left out, swapped or appended unnoticed.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from jpa.errors import IntegrityError, InvalidInputError, NotFoundError
from jpa.operations.case_keys import case_key
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore

MOST_BYTES: Final = 100 * 1024 * 1024
PIECE: Final = 1024 * 1024
_SEALED_PIECE: Final = PIECE + 28
"""A piece with its nonce (12) and tag (16)."""
_PURPOSE: Final = "evidence"
_ALTERED: Final = (
    "This file is not the one that was added: its hash differs. Do not rely on it; add the original again, or ask your "
    "administrator to bring it back from a backup."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a kept file is known by."""

    digest: str
    size: int


class Evidence:
    """The evidence folder of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys, folder: Path) -> None:
        self._store = store
        self._keys = keys
        self._folder = folder

    def put(self, case: str, content: BinaryIO) -> Kept:
        """Keep a file from a stream that can be read twice; the same file again in the case is the same copy."""
        kept = measure(content)
        path = self._path(case, kept.digest)
        with self._locked(fcntl.LOCK_SH):
            if path.exists():
                os.utime(path)  # young again: a sweep leaves it until what is known of it stands in the graph
                if self._holds(case, kept.digest):
                    return kept
            self._write(case, kept.digest, path, content)
        return kept

    def older(self, before: float) -> list[tuple[str, str]]:
        """List (case, name) of all files that nobody wrote or added again since a moment."""
        found = [p for p in self._folder.glob("*/*") if p.is_file() and p.stat().st_mtime < before]
        return sorted((p.parent.name, p.name) for p in found)

    def names(self, case: str) -> list[str]:
        """List the files of a case, whole or not."""
        folder = self._folder / case
        return sorted(p.name for p in folder.iterdir()) if folder.exists() else []

    def discard(self, case: str, name: str, before: float) -> bool:
        """Remove a file that is still as old; False when somebody added it again meanwhile, or it is gone."""
        path = self._folder / case / name
        with self._locked(fcntl.LOCK_EX):
            if not path.exists() or path.stat().st_mtime >= before:
                return False
            path.unlink()
        return True

    def _write(self, case: str, digest: str, path: Path, content: BinaryIO) -> None:
        key = self._key(case, make=True)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(f".{secrets.token_hex(8)}.part")
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:  # noqa: PTH123 -- mode at birth
                _seal(key, content, out, f"{case}:{digest}")
                out.flush()
                os.fsync(out.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def verify(self, case: str, digest: str) -> None:
        """Read a file from end to end; IntegrityError when it is not what was put in."""
        found = hashlib.sha256()
        for piece in self.pieces(case, digest):
            found.update(piece)
        if found.hexdigest() != digest:
            raise IntegrityError(_ALTERED)

    def pieces(self, case: str, digest: str) -> Iterator[bytes]:
        """Read a file piece by piece; IntegrityError at the first that was altered. `verify` first."""
        return self._opened(case, digest, 0, MOST_BYTES)

    def _standing(self, case: str, digest: str) -> Path:
        path = self._path(case, digest)
        if not path.exists():
            raise IntegrityError("The bytes of this file are missing from the evidence folder. Add the original again.")
        return path

    def _opened(self, case: str, digest: str, first: int, end: int) -> Iterator[bytes]:
        """Open the pieces from one to another, or to the last there is."""
        path = self._standing(case, digest)
        key = self._key(case, make=False)
        size, place = path.stat().st_size, first
        with closing(path.open("rb")) as sealed:
            sealed.seek(first * _SEALED_PIECE)
            while place <= end and place * _SEALED_PIECE < size:
                last = (place + 1) * _SEALED_PIECE >= size
                try:
                    yield decrypt(key, sealed.read(_SEALED_PIECE), _context(f"{case}:{digest}", place, last=last))
                except IntegrityError as error:
                    raise IntegrityError(_ALTERED) from error
                place += 1

    def size(self, case: str, digest: str) -> int:
        """Return the number of bytes that were put in."""
        sealed = self._standing(case, digest).stat().st_size
        return sealed - -(-sealed // _SEALED_PIECE) * (_SEALED_PIECE - PIECE)

    def part(self, case: str, digest: str, start: int, length: int) -> bytes:
        """Read bytes from a place on, and open no more than the pieces that hold them; IntegrityError when one was altered."""
        first, last = start // PIECE, max(start, start + length - 1) // PIECE
        found = b"".join(self._opened(case, digest, first, last))
        return found[start - first * PIECE :][:length]

    def whole(self, case: str, digest: str) -> bytes:
        """Read a small file at once; IntegrityError when it is not what was put in."""
        self.verify(case, digest)
        return b"".join(self.pieces(case, digest))

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        """Share the folder with others who add, or have it alone to discard: no file is taken from under an adder."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._folder.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, how)
            yield

    def _holds(self, case: str, digest: str) -> bool:
        try:
            self.verify(case, digest)
        except IntegrityError:
            return False  # a damaged copy is replaced by what is being added
        return True

    def _key(self, case: str, *, make: bool) -> bytes:
        with self._store.writing() as connection:
            return case_key(connection, self._keys.evidence, case, _PURPOSE, make=make)

    def _path(self, case: str, digest: str) -> Path:
        if not (case.isalnum() and digest.isalnum()):
            raise NotFoundError("There is nothing here that you may read.")
        return self._folder / case / digest


def measure(content: BinaryIO) -> Kept:
    """Hash a stream from its beginning; refuses an empty file and one over the limit."""
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while len(piece := content.read(PIECE)) > 0:
        size += len(piece)
        if size > MOST_BYTES:
            raise InvalidInputError("The file was not added.", {"file": "The file is larger than 100 MB. Split it."})
        digest.update(piece)
    if size == 0:
        raise InvalidInputError("The file was not added.", {"file": "The file is empty. Choose the file again."})
    return Kept(digest.hexdigest(), size)


def _seal(key: bytes, content: BinaryIO, out: BinaryIO, bound: str) -> None:
    content.seek(0)
    piece, place = content.read(PIECE), 0
    while len(piece) > 0:
        following = content.read(PIECE)
        out.write(encrypt(key, piece, _context(bound, place, last=len(following) == 0)))
        piece, place = following, place + 1


def _context(bound: str, place: int, *, last: bool) -> str:
    return f"{bound}:{place}:{'last' if last else 'more'}"
