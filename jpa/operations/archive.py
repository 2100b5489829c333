"""A tar with a manifest: every file with its size and hash; what does not fit the manifest is never unpacked."""

import hashlib
import io
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import IO, Final

import rfc8785
from pydantic import TypeAdapter

from jpa.errors import IntegrityError, SetupError

MANIFEST: Final = "manifest.json"
MOST_FILES: Final = 500_000
MOST_MANIFEST: Final = 256 * 1024 * 1024
"""Room for the largest number of files; the manifest is the one part that is read whole."""
_CHUNK: Final = 1024 * 1024
_EXPECTED: Final = re.compile(
    r"graph/neo4j\.dump|operations/\w[\w-]*\.sqlite|keys/(?!neo4j)\w[\w.-]*|(evidence|releases)(/\w[\w.-]*)+|audit/audit-head",
    re.ASCII,
)


class FileClass(StrEnum):
    """What a file is for; the first part of its name in the archive."""

    GRAPH = "graph"
    OPERATIONS = "operations"
    KEYS = "keys"
    EVIDENCE = "evidence"
    RELEASES = "releases"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds, and of which state of an installation."""

    made: str
    version: str
    """Of jpa."""
    graph_migrations: tuple[str, ...]
    operations_migration: str
    content_hash: str
    """Of the graph (`jpa.graph.content`)."""
    nodes: int
    links: int
    intent: str
    """Id of the audit event under which it was made."""
    files: tuple[Entry, ...] = ()

    def sizes(self) -> dict[FileClass, tuple[int, int]]:
        """Return number and bytes of the files of each class: what may be shown of a backup."""
        found = dict.fromkeys(FileClass, (0, 0))
        for entry in self.files:
            kind = FileClass(entry.name.split("/", 1)[0])
            found[kind] = (found[kind][0] + 1, found[kind][1] + entry.size)
        return found


def pack(sources: Mapping[str, Path], manifest: Manifest, target: Path) -> Manifest:
    """Write the archive, the manifest first; returns it with its files."""
    files = tuple(Entry(name, path.stat().st_size, _digest(path)) for name, path in sorted(sources.items()))
    whole = replace(manifest, files=files)
    content = rfc8785.dumps(asdict(whole))
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as tar:
        tar.addfile(_member(MANIFEST, len(content)), io.BytesIO(content))
        for entry in files:
            with sources[entry.name].open("rb") as source:
                tar.addfile(_member(entry.name, entry.size), source)
    return whole


def unpack(archive: Path, into: Path | None, allow: Callable[[Manifest], None]) -> Manifest:
    """Verify every file against the manifest, which `allow` may refuse, and unpack into `into` unless it is None."""
    try:
        with tarfile.open(archive, mode="r:") as tar:
            manifest = _manifest(tar)
            allow(manifest)
            if into is not None:
                _require_room(into, manifest)
            expected = {entry.name: entry for entry in manifest.files}
            for member, stream in _members(tar):
                entry = expected.pop(member.name, None)
                if entry is None:
                    raise IntegrityError("The archive holds a file twice, or one that its manifest does not name.")
                _unpack_one(entry, stream, None if into is None else _made_place(into, entry.name))
    except tarfile.TarError as error:
        raise IntegrityError("The archive is damaged: its list of files is not readable.") from error
    if len(expected) > 0:
        raise IntegrityError(f"The archive lacks {len(expected)} of the files that its manifest names.")
    return manifest


def is_expected(name: str) -> bool:
    """Say whether a backup may hold a file of this name: nothing else is ever put into a home."""
    return _EXPECTED.fullmatch(name) is not None


def _members(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for number, member in enumerate(tar):
        if number > MOST_FILES:
            raise IntegrityError(f"The archive holds more than {MOST_FILES} files.")
        stream = tar.extractfile(member) if member.type in {tarfile.REGTYPE, tarfile.AREGTYPE} else None
        if stream is None:
            raise IntegrityError("The archive holds something that is not a plain file.")
        if number > 0:
            yield member, stream


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    stream = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if first is None or stream is None or first.size > MOST_MANIFEST:
        raise IntegrityError("The archive does not begin with a manifest.")
    try:
        manifest = TypeAdapter(Manifest).validate_json(stream.read(), strict=True)
    except ValueError as error:
        raise IntegrityError("The archive's manifest is not readable.") from error
    if not all(is_expected(f.name) and f.size >= 0 for f in manifest.files):
        raise IntegrityError("The archive names a file that no backup holds.")
    return manifest


def _made_place(into: Path, name: str) -> Path:
    for folder in reversed(PurePosixPath(name).parents):
        (into / folder).mkdir(exist_ok=True, mode=0o700)
    return into / name


def _unpack_one(entry: Entry, stream: IO[bytes], target: Path | None) -> None:
    digest, size = hashlib.sha256(), 0
    sink: IO[bytes] | None = None
    if target is not None:
        sink = os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    try:
        while len(chunk := stream.read(_CHUNK)) > 0:
            size += len(chunk)
            digest.update(chunk)
            if size > entry.size:
                break
            if sink is not None:
                sink.write(chunk)
    finally:
        if sink is not None:
            sink.close()
    if size != entry.size or digest.hexdigest() != entry.sha256:
        kind = entry.name.split("/", 1)[0]
        raise IntegrityError(f"A file of the class {kind} is not the one that was backed up; its hash differs.")


def _require_room(into: Path, manifest: Manifest) -> None:
    needed = sum(entry.size for entry in manifest.files)
    free = shutil.disk_usage(into).free
    if needed > free:
        raise SetupError(f"The backup needs {needed} bytes beside {into.parent}, and {free} are free; free some space.")


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
