"""Putting a package together line by line in a folder of ours: memory does not grow with what is in it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

from jpa.errors import InvalidInputError
from jpa.model.canonical import canonical
from jpa.model.case import Agency
from jpa.model.limits import Limits
from jpa.model.record import Record
from jpa.sharing.container import MOST_UNPACKED, PIECE
from jpa.sharing.lines import Statement, entity_line, moment_text
from jpa.sharing.manifest import (
    CUSTODY,
    ENTITIES,
    EVIDENCE,
    FOLDER,
    FORMAT,
    JUDGEMENTS,
    REPORTS,
    SUMMARY,
    Counts,
    FileLine,
    Manifest,
    PackageMarking,
    Party,
    Period,
    Recipient,
    Terms,
    Withheld,
    write_manifest,
)
from jpa.sharing.package import local
from jpa.sharing.pages import PageWriter
from jpa.sharing.strict import MOST_LINE

_LARGE: Final = "The package was not made."
MOST_FILES: Final = 1_800


@dataclass(frozen=True, slots=True)
class Head:
    """What a package is, before anybody counted what is in it."""

    id: str
    sender: Agency
    recipients: Sequence[tuple[Agency, str]]
    """Each with its age public key."""
    terms: Terms
    purpose: str
    reference: str
    made: datetime
    compare: bool
    periods: Sequence[Period] = ()


class Assembly:
    """Writes the payload of one package into an empty folder."""

    def __init__(self, folder: Path, pages: PageWriter | None = None) -> None:
        self._folder, self._pages = folder, pages
        self._streams: dict[str, BinaryIO] = {
            path: (folder / local(path)).open("xb") for path in (REPORTS, ENTITIES, JUDGEMENTS, EVIDENCE, CUSTODY)
        }
        self._lines = dict.fromkeys(self._streams, 0)
        self._records = 0
        self._files: dict[str, int] = {}

    def report(self, line: Mapping[str, Any]) -> None:
        """Add a report."""
        self._add(REPORTS, line)

    def statement(self, this: Statement) -> None:
        """Add a record or a link; records come before the links that need them."""
        if isinstance(this.said, Record):
            self._records += 1
        line = self._add(ENTITIES, entity_line(this))
        if self._pages is not None:
            self._pages.said(this.said, line)

    def judgement(self, line: Mapping[str, Any]) -> None:
        """Add a verdict."""
        self._add(JUDGEMENTS, line)

    def custody(self, line: Mapping[str, Any]) -> None:
        """Add a line of custody."""
        self._add(CUSTODY, line)

    def evidence(self, line: Mapping[str, Any], pieces: Iterable[bytes]) -> None:
        """Add what is said of a file, and its bytes once."""
        self._add(EVIDENCE, line)
        sha256 = str(line["sha256"])
        if sha256 in self._files:
            return
        if len(self._files) >= MOST_FILES:
            raise InvalidInputError(
                _LARGE, {"evidence": f"A package takes {MOST_FILES} files at most. Send it in parts."}
            )
        size = 0
        with (self._folder / local(FOLDER + sha256)).open("xb") as out:
            for piece in pieces:
                size += len(piece)
                out.write(piece)
        self._files[sha256] = size

    def summary(self, line: Mapping[str, Any]) -> None:
        """Add the counts of one axis; the first one makes the file."""
        if SUMMARY not in self._streams:
            self._streams[SUMMARY] = (self._folder / local(SUMMARY)).open("xb")
            self._lines[SUMMARY] = 0
        self._add(SUMMARY, line)

    def finish(self, head: Head, limits: Limits, withheld: Mapping[str, int]) -> bytes:
        """Close the files and return the manifest."""
        self.close()
        paths = sorted([*self._streams, *(FOLDER + sha256 for sha256 in self._files)])
        files = [self._line(path) for path in paths]
        if sum(int(file.bytes) for file in files) > MOST_UNPACKED:
            raise InvalidInputError(_LARGE, {"": f"It would hold more than {MOST_UNPACKED} bytes. Send it in parts."})
        return write_manifest(
            Manifest(
                format=FORMAT,
                id=head.id,
                sender=_party(head.sender),
                recipients=[Recipient(**_party(agency).model_dump(), key=key) for agency, key in head.recipients],
                agreement=head.terms,
                purpose=head.purpose,
                reference=head.reference,
                made=moment_text(head.made),
                compare="yes" if head.compare else "no",
                marking=PackageMarking(
                    tlp=limits.tlp.value, pap=limits.pap.value, conditions=sorted(c.value for c in limits.conditions)
                ),
                periods=list(head.periods),
                withheld=[Withheld(reason=reason, count=str(n)) for reason, n in sorted(withheld.items()) if n > 0],
                counts=Counts(
                    reports=str(self._lines[REPORTS]),
                    records=str(self._records),
                    links=str(self._lines[ENTITIES] - self._records),
                    judgements=str(self._lines[JUDGEMENTS]),
                    evidence=str(self._lines[EVIDENCE]),
                    custody=str(self._lines[CUSTODY]),
                    summary=str(self._lines[SUMMARY]) if SUMMARY in self._lines else None,
                ),
                files=files,
            )
        )

    def close(self) -> None:
        """Close the files, whether or not anything came of them."""
        for stream in self._streams.values():
            stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _add(self, path: str, line: Mapping[str, Any]) -> bytes:
        written = canonical(line) + b"\n"
        if len(written) > MOST_LINE:
            raise InvalidInputError(
                _LARGE, {"": f"{line.get('id', 'Its summary')} says more than {MOST_LINE} bytes; leave it out."}
            )
        self._streams[path].write(written)
        self._lines[path] += 1
        return written

    def _line(self, path: str) -> FileLine:
        found, size = hashlib.sha256(), 0
        with (self._folder / local(path)).open("rb") as stream:
            while len(piece := stream.read(PIECE)) > 0:
                found.update(piece)
                size += len(piece)
        return FileLine(path=path, bytes=str(size), sha256=found.hexdigest())


def _party(agency: Agency) -> Party:
    return Party(agency=agency.id, name=agency.name, state=agency.state)
