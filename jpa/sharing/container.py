"""The container: a zip whose every byte is accounted for, written in one way and read back strictly.

What is read comes from strangers. The directory is checked whole before an entry is opened: number, names from a closed pattern, sizes,
ratio, no links, no comments, no gaps and no overlaps. Entries are read piece by piece and never beyond what was said of them.
"""

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jpa.sharing.refusal import refused

MOST_FILE: Final = 100 * 1024 * 1024
"""Bytes of a package, closed or not: what the evidence folder takes in one piece."""
MOST_UNPACKED: Final = 1024 * 1024 * 1024
MOST_ENTRIES: Final = 2_000
MOST_RATIO: Final = 200
"""Unpacked to packed bytes of an entry: lines of records reach 15; bombs reach 1,000."""
_FREE: Final = 1024 * 1024
"""Bytes that an entry may unpack to whatever its ratio."""
_MOST_DIRECTORY: Final = MOST_ENTRIES * 256
PIECE: Final = 256 * 1024
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100600 << 16
_END: Final = struct.Struct("<4s4H2LH")
_HEADER: Final = 30
NAME: Final = re.compile(
    r"(?P<root>[0-9a-f]{32})/(?P<path>bagit\.txt|bag-info\.txt|manifest-sha256\.txt|tagmanifest-sha256\.txt|package\.json|package\.sig"
    r"|data/(?:reports|entities|judgements|evidence|custody|summary)\.jsonl|data/evidence/[0-9a-f]{64})"
)
"""Every name that may stand in a package: no other path ever reaches the disk."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file is known by."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Container:
    """An opened container; its names are checked, its content is not."""

    root: str
    """Its one folder: the id of the package."""
    sizes: dict[str, int]
    """Bytes of each file by its path below the root, as the directory says."""
    _zip: zipfile.ZipFile

    def whole(self, path: str, most: int) -> bytes:
        """Read a small file at once."""
        if path not in self.sizes:
            raise refused("container", f"It has no {path}.")
        if self.sizes[path] > most:
            raise refused("size", f"Its {path} has {self.sizes[path]} bytes; at most {most} are read.")
        return b"".join(self.pieces(path))

    def pieces(self, path: str) -> Iterator[bytes]:
        """Read a file piece by piece, no further than the directory said."""
        try:
            with self._zip.open(f"{self.root}/{path}") as stream:
                yield from iter(lambda: stream.read(PIECE), b"")
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,  # zipfile raises it for a method that it does not know
            RuntimeError,
            struct.error,
        ) as error:
            raise refused("container", f"Its {path} does not unpack: it was altered or cut off.") from error

    def extract(self, path: str, to: Path, said: Digest) -> None:
        """Write a file below a folder of ours; refused unless it is exactly what was said."""
        found, size = hashlib.sha256(), 0
        with to.open("xb") as out:
            for piece in self.pieces(path):
                size += len(piece)
                if size > said.size:
                    break
                found.update(piece)
                out.write(piece)
        if size != said.size or found.hexdigest() != said.sha256:
            raise refused("content", f"Its {path} is not the file that was signed.")


def write_container(target: Path, root: str, files: Iterable[tuple[str, bytes | Path]]) -> None:
    """Write files below a root folder, in the order given; the same files give the same bytes."""
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as out:
        for path, content in files:
            info = zipfile.ZipInfo(f"{root}/{path}", _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = _MODE
            info.create_system = 3
            with out.open(info, "w") as stream:
                for piece in _pieces_of(content):
                    stream.write(piece)


@contextmanager
def open_container(path: Path) -> Iterator[Container]:
    """Open a container after its directory was checked; refuses whatever another writer could hide something in."""
    entries = _require_bounds(path)
    try:
        opened = zipfile.ZipFile(path)
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,  # zipfile raises it for a version that it does not know
        RuntimeError,
        struct.error,
    ) as error:
        raise refused("container", "It is no package: its directory cannot be read.") from error
    with opened:
        infos = opened.infolist()
        if len(infos) != entries:
            raise refused("container", "Its directory does not say how many files there are.")
        root, sizes = _require_names(infos)
        _require_sizes(infos)
        _require_gapless(infos, opened.start_dir)
        yield Container(root, sizes, opened)


def _pieces_of(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as stream:
        yield from iter(lambda: stream.read(PIECE), b"")


def _require_bounds(path: Path) -> int:
    """Check size and end of the file, so that reading the directory is bounded; returns the number of entries."""
    size = path.stat().st_size
    if size > MOST_FILE:
        raise refused("size", f"It has {size} bytes; a package has {MOST_FILE} at most.")
    if size < _END.size:
        raise refused("container", "It is no package: it is too short.")
    with path.open("rb") as stream:
        stream.seek(size - _END.size)
        mark, disk, first, here, entries, length, start, comment = _END.unpack(stream.read(_END.size))
    if mark != b"PK\x05\x06" or comment != 0:
        raise refused("container", "It is no package, or it was cut off: its end is missing.")
    if (disk, first, here) != (0, 0, entries) or start + length + _END.size != size:
        raise refused("container", "Its directory is not where it says.")
    if not 0 < entries <= MOST_ENTRIES or length > _MOST_DIRECTORY:
        raise refused("size", f"It lists {entries} files; a package has {MOST_ENTRIES} at most.")
    return int(entries)


def _require_names(infos: list[zipfile.ZipInfo]) -> tuple[str, dict[str, int]]:
    sizes: dict[str, int] = {}
    roots = set()
    for info in infos:
        match = NAME.fullmatch(info.orig_filename)
        if match is None:
            raise refused("name", "It holds a file that no package has: its name or path is none of the format's.")
        if match["path"] in sizes:
            raise refused("name", f"It holds {match['path']} twice.")
        roots.add(match["root"])
        sizes[match["path"]] = info.file_size
    if len(roots) != 1:
        raise refused("name", "It holds more than one folder.")
    return roots.pop(), sizes


def _require_sizes(infos: list[zipfile.ZipInfo]) -> None:
    for info in infos:
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG} or info.external_attr & 0x10 or info.is_dir():
            raise refused("container", "It holds a link or a folder; a package holds files alone.")
        if info.flag_bits != 0 or info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise refused("container", "It is packed in a way that this format does not allow.")
        if len(info.extra) + len(info.comment) > 0 or info.date_time != _MOMENT:
            raise refused("container", "It carries remarks that this format does not allow.")
        if info.file_size > max(_FREE, info.compress_size * MOST_RATIO):
            raise refused("size", "A file in it would unpack to far more than it holds: a bomb.")
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise refused("size", f"It would unpack to more than {MOST_UNPACKED} bytes.")


def _require_gapless(infos: list[zipfile.ZipInfo], directory: int) -> None:
    place = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset != place:
            raise refused("container", "Its files overlap or leave gaps.")
        place += _HEADER + len(info.orig_filename) + info.compress_size
    if place != directory:
        raise refused("container", "It holds bytes that belong to no file.")
