"""The tray: what has come so far of parcels, one file for each, closed as it travels. What is in it is the beginning of a parcel, never more."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from jpa.errors import ConflictError, UnavailableError

MOST_OPEN: Final = 16
"""Parcels of one partner that are begun and not whole: each may take 100 MB."""
LEAST_FREE: Final = 2 * 1024**3
_PIECE: Final = 256 * 1024


class Tray:
    """The folder of parcels on their way in; one folder in it for each partner's certificate."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def have(self, peer: str, sha256: str) -> int:
        """Say how many bytes of a parcel are here."""
        path = self._path(peer, sha256)
        return path.stat().st_size if path.exists() else 0

    def add(self, peer: str, sha256: str, offset: int, content: BinaryIO, most: int) -> int:
        """Append what comes from `offset` on, up to `most` bytes in all; returns how many are here. What came before a break stays.

        ConflictError when other bytes are here than the sender thinks, or somebody is writing them at this moment.
        """
        path = self._path(peer, sha256)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            self._require_room(path.parent)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:  # noqa: PTH123 -- mode at birth
            _lock(out)
            have = out.seek(0, os.SEEK_END)
            if have != offset:
                raise ConflictError("Another number of bytes is here.")
            try:
                while have < most and len(piece := content.read(min(_PIECE, most - have))) > 0:
                    out.write(piece)
                    have += len(piece)
            finally:
                out.flush()
                os.fsync(out.fileno())
        return have

    @contextmanager
    def whole(self, peer: str, sha256: str) -> Iterator[Path | None]:
        """Hold a parcel of which every byte is here; None when its bytes are not those of its name, and then they are gone."""
        path = self._path(peer, sha256)
        if not path.exists():
            raise ConflictError("It was taken in at this moment.")
        with path.open("rb") as held:
            _lock(held)
            if hashlib.file_digest(held, "sha256").hexdigest() != sha256:
                path.unlink(missing_ok=True)
                yield None
                return
            yield path

    def discard(self, peer: str, sha256: str) -> None:
        """Throw a parcel away."""
        self._path(peer, sha256).unlink(missing_ok=True)

    def sweep(self, before: float) -> int:
        """Throw away what nobody added to since a moment; returns how many parcels."""
        old = [p for p in self._folder.glob("*/*") if p.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _require_room(self, folder: Path) -> None:
        if len(list(folder.iterdir())) >= MOST_OPEN or shutil.disk_usage(folder).free < LEAST_FREE:
            raise UnavailableError("There is no room for another parcel now.")

    def _path(self, peer: str, sha256: str) -> Path:
        return self._folder / peer / sha256


def _lock(file: BinaryIO) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ConflictError("This parcel is coming in already.") from error
