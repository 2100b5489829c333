"""Packages as files: a draft without a signature, the signed one, and the opening of one that comes from outside.

Opening checks in this order, and reads nothing that was not checked: size and directory of the container, signature of the manifest,
the manifest, every tag file byte by byte, size and hash of every file. `Opened` is what is left when all of it holds.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.canonical import canonical
from jpa.sharing import bag
from jpa.sharing.container import Container, Digest, open_container, write_container
from jpa.sharing.lines import CustodyLine, EntityLine, EvidenceLine, JudgementLine, ReportLine
from jpa.sharing.manifest import (
    CUSTODY,
    ENTITIES,
    EVIDENCE,
    FOLDER,
    JUDGEMENTS,
    MOST_MANIFEST,
    REPORTS,
    SUMMARY,
    Manifest,
    read_manifest,
)
from jpa.sharing.refusal import PackageRefusedError, refused
from jpa.sharing.strict import parsed, raw_lines, read_lines
from jpa.sharing.summary import SummaryLine

Check = Callable[[str, bytes], None]
"""Given the signature line and the manifest, returns where the signature is that of a trusted key, and refuses else."""
_MOST_SIGNATURE: Final = 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A package whose signature and files were found right, unpacked into a folder of ours."""

    manifest: Manifest
    signature: str
    """The signature line; empty for a draft."""
    folder: Path

    def reports(self) -> Iterator[ReportLine]:
        """Read the reports."""
        return read_lines(self._path(REPORTS), ReportLine, int(self.manifest.counts.reports))

    def entities(self) -> Iterator[EntityLine]:
        """Read records and links: all records come first."""
        return (parsed(EntityLine, line, where) for where, line in self.entity_lines())

    def entity_lines(self) -> Iterator[tuple[str, bytes]]:
        """Return the lines of records and links unread, each with where it stands: all records come first, and each begins with its id."""
        counts = self.manifest.counts
        return raw_lines(self._path(ENTITIES), int(counts.records) + int(counts.links))

    def judgements(self) -> Iterator[JudgementLine]:
        """Read the verdicts."""
        return read_lines(self._path(JUDGEMENTS), JudgementLine, int(self.manifest.counts.judgements))

    def evidence(self) -> Iterator[EvidenceLine]:
        """Read what is said of the files of evidence."""
        return read_lines(self._path(EVIDENCE), EvidenceLine, int(self.manifest.counts.evidence))

    def custody(self) -> Iterator[CustodyLine]:
        """Read whose hands the files passed through."""
        return read_lines(self._path(CUSTODY), CustodyLine, int(self.manifest.counts.custody))

    def summary(self) -> Iterator[SummaryLine]:
        """Read the coded counts of protected persons; none in most packages."""
        lines = self.manifest.counts.summary
        return iter(()) if lines is None else read_lines(self._path(SUMMARY), SummaryLine, int(lines))

    def file(self, sha256: str) -> Path:
        """Return where a file of evidence lies."""
        return self._path(FOLDER + sha256)

    def _path(self, path: str) -> Path:
        return self.folder / local(path)


def local(path: str) -> str:
    """Name the file of ours that holds a file of the payload: one flat name, from a closed pattern."""
    return path.replace("/", "-")


def pack(target: Path, manifest: bytes, signature: str, folder: Path) -> None:
    """Write a package from a manifest and the files of its payload, which lie in a folder under their local names."""
    this = read_manifest(manifest)
    tags = bag.tag_files(this, manifest, signature.encode())
    payload: list[tuple[str, bytes | Path]] = [(file.path, folder / local(file.path)) for file in this.files]
    write_container(target, this.id, [*tags.items(), *payload])


@contextmanager
def looked_at(path: Path) -> Iterator[tuple[Container, str, bytes]]:
    """Open a container and read signature line and manifest, which prove nothing yet."""
    with open_container(path) as container:
        manifest = container.whole(bag.MANIFEST, MOST_MANIFEST)
        signed = bag.SIGNATURE in container.sizes
        try:
            line = container.whole(bag.SIGNATURE, _MOST_SIGNATURE).decode("ascii") if signed else ""
        except UnicodeDecodeError as error:
            raise refused("signature", "Its signature cannot be read.") from error
        yield container, line, manifest


def open_package(path: Path, folder: Path, check: Check) -> Opened:
    """Check a package from outside and unpack it into an empty folder."""
    with looked_at(path) as (container, line, manifest):
        if line == "":
            raise refused("signature", "It is not signed: a draft, or its signature was taken out.")
        _require_form(line)
        try:
            check(line, manifest)
        except PackageRefusedError:
            raise
        except InvalidInputError as error:
            raise refused("signature", error.fields.get("file", str(error))) from error
        return _unpacked(container, line, manifest, folder)


def open_draft(path: Path, folder: Path) -> Opened:
    """Open a draft of our own, which nobody signed yet."""
    with looked_at(path) as (container, line, manifest):
        return _unpacked(container, line, manifest, folder)


def _require_form(line: str) -> None:
    """Let a signature be written in one way alone, so that not even what is not signed can be altered."""
    try:
        said = json.loads(line)
        signature = said["signature"]
        once = base64.b64encode(base64.b64decode(signature, validate=True)).decode()
        whole = canonical(said).decode() == line and once == signature
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise refused("signature", "Its signature cannot be read.") from error
    if not whole:
        raise refused("signature", "Its signature is not written in the one way there is.")


def _unpacked(container: Container, line: str, manifest: bytes, folder: Path) -> Opened:
    this = read_manifest(manifest)
    if container.root != this.id:
        raise refused("manifest", "Its folder is called other than its manifest says.")
    tags = bag.tag_files(this, manifest, line.encode())
    expected = {name: len(content) for name, content in tags.items()} | {f.path: int(f.bytes) for f in this.files}
    if container.sizes != expected:
        raise refused("manifest", _difference(container.sizes, expected))
    for name, content in tags.items():
        if container.whole(name, len(content)) != content:
            raise refused("content", f"Its {name} was altered.")
    for file in this.files:
        container.extract(file.path, folder / local(file.path), Digest(int(file.bytes), file.sha256))
    return Opened(this, line, folder)


def _difference(found: dict[str, int], expected: dict[str, int]) -> str:
    for name in sorted({*found, *expected}):
        if name not in expected:
            return f"It holds {name}, which its manifest does not list."
        if name not in found:
            return f"Its {name} is missing."
        if found[name] != expected[name]:
            return f"Its {name} has {found[name]} bytes; the signed manifest says {expected[name]}."
    return "Its files are not those of its manifest."
