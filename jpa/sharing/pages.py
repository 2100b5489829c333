"""The pages of a package, written down when it is drafted or comes in: whoever looks at one page reads that one, not the package.

A file of compressed parts, one for each page of records, of ties and of reports, and at its end the index that says where each lies.
It stays where it was written; no package carries it. Pages are in the order of a reader, whatever the order of the lines: people first,
then each kind as the catalogue lists them, and within a kind by caption; ties by kind, then by the captions of their ends.
"""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Self, TypeVar

from jpa.errors import IntegrityError, InvalidInputError
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.entity import caption_of
from jpa.model.record import Link, Record
from jpa.sharing.lines import CustodyLine, EntityLine, EvidenceLine, JudgementLine, ReportLine, said_of
from jpa.sharing.manifest import Manifest, read_manifest, write_manifest
from jpa.sharing.package import Opened
from jpa.sharing.strict import Strict, parsed, written
from jpa.sharing.summary import SummaryLine

T = TypeVar("T", bound=Strict)

PAGE: Final = 200
"""Records, and ties, of one page; reports of one part; verdicts and lines of custody that are shown at all."""
UNKNOWN: Final = "?"
"""Caption of what is not understood here."""
_LENGTH: Final = 8
Read = Callable[[int, int], bytes]
"""Returns so many bytes from a place on."""


_PLACES: Final = {name: place for types in (ENTITY_TYPES, LINK_TYPES) for place, name in enumerate(types)}
"""Where a kind of thing or tie stands in the catalogue."""


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a line waits for its page, and what its place among the others depends on."""

    place: int
    """Of its kind in the catalogue; behind all others where it is not understood."""
    captioned: Sequence[str]
    """The record, or the ends of the tie."""
    start: int
    report: str


class PageWriter:
    """Writes the pages of one package: lines wait in a file beside them until all are there, and memory holds no more of one than what orders it."""

    def __init__(self, path: Path) -> None:
        self._out: BinaryIO = path.open("xb")
        self._waiting = path.with_name(f"{path.name}.lines")
        self._lines: BinaryIO = self._waiting.open("x+b")
        self._captions: dict[str, str] = {}
        self._reports: dict[str, str] = {}
        self._said: dict[str, list[_Line]] = {"record": [], "link": []}

    def said(self, this: Record | Link, line: bytes) -> None:
        """Add a record or a link with its line."""
        if isinstance(this, Record):
            self._captions[this.id] = caption_of(this)
            self._add("record", _PLACES[this.type], (this.id,), this.report, line)
        else:
            self._add("link", _PLACES[this.type], (this.source, this.target), this.report, line)

    def line(self, this: EntityLine, line: bytes) -> None:
        """Add what comes from outside; what is not understood has no caption, and is left to the refusals."""
        try:
            self.said(said_of(this), line)
        except InvalidInputError:
            self._add(this.jpa.kind, len(_PLACES), (), this.jpa.report, line)

    def finish(self, opened: Opened) -> None:
        """Write the rest of a whole package, and the index."""
        said = {kind: [self._page(part) for part in _parted(self._in_order(kind))] for kind in self._said}
        reports: list[tuple[int, int]] = []
        places: dict[str, int] = {}
        lines = opened.reports()
        while len(part := list(islice(lines, PAGE))) > 0:
            places |= {report.id: len(reports) for report in part}
            reports.append(self._write([_text(report) for report in part]))
        verdicts = list(islice(opened.judgements(), PAGE))
        index = {
            "manifest": write_manifest(opened.manifest).decode(),
            "reports": reports,
            **{
                kind: [[start, length, sorted({places[r] for r in of})] for start, length, of in pages]
                for kind, pages in said.items()
            },
            "verdicts": [_text(v) for v in verdicts],
            "captions": {i: self._captions.get(i, UNKNOWN) for v in verdicts for i in (v.left, v.right)},
            "evidence": [_text(file) for file in opened.evidence()],
            "custody": [_text(line) for line in islice(opened.custody(), PAGE)],
            "summary": [_text(line) for line in opened.summary()],
        }
        _start, length = self._write(index)
        self._out.write(length.to_bytes(_LENGTH, "big"))
        self.close()

    def close(self) -> None:
        """Close the file, whether or not anything came of it."""
        self._out.close()
        self._lines.close()
        self._waiting.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _add(self, kind: str, place: int, captioned: Sequence[str], report: str, line: bytes) -> None:
        start = self._lines.tell()
        self._lines.write(line.rstrip(b"\n") + b"\n")
        self._said[kind].append(_Line(place, captioned, start, self._reports.setdefault(report, report)))

    def _in_order(self, kind: str) -> list[_Line]:
        def order(line: _Line) -> tuple[int, list[str], int]:
            return line.place, [self._captions.get(i, UNKNOWN).casefold() for i in line.captioned], line.start

        return sorted(self._said[kind], key=order)

    def _page(self, lines: Sequence[_Line]) -> tuple[int, int, set[str]]:
        written = []
        for line in lines:
            self._lines.seek(line.start)
            written.append(self._lines.readline().decode().rstrip("\n"))
        captions = {i: self._captions.get(i, UNKNOWN) for line in lines for i in line.captioned}
        return (*self._write([written, captions]), {line.report for line in lines})

    def _write(self, content: object) -> tuple[int, int]:
        packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode())
        return self._out.tell(), self._out.write(packed)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was written down."""

    records: Sequence[EntityLine]
    links: Sequence[EntityLine]
    captions: Mapping[str, str]
    """Of the ends of its links."""
    reports: Sequence[ReportLine]
    """Those that state what is on the page."""


class Pages:
    """The pages of one package, read one by one."""

    def __init__(self, size: int, read: Read) -> None:
        self._read = read
        length = int.from_bytes(read(size - _LENGTH, _LENGTH), "big")
        if not 0 < length < size:
            raise IntegrityError("What was written down of this package cannot be read. Bring it back from a backup.")
        self._index: Mapping[str, Any] = self._part(size - _LENGTH - length, length)
        self.manifest: Manifest = read_manifest(self._index["manifest"].encode())

    def page(self, number: int) -> Page:
        """Read one page, counted from 0; beyond the last one there is nothing."""
        records, _, first = self._lines("record", number)
        links, captions, second = self._lines("link", number)
        stating = {line.jpa.report for line in (*records, *links)}
        blocks = [self._part(*self._index["reports"][n]) for n in sorted({*first, *second})]
        reports = [_read(ReportLine, text) for block in blocks for text in block]
        return Page(records, links, captions, [r for r in reports if r.id in stating])

    def verdicts(self) -> list[tuple[JudgementLine, str, str]]:
        """Return the first verdicts with the captions of both records."""
        captions = self._index["captions"]
        lines = [_read(JudgementLine, text) for text in self._index["verdicts"]]
        return [(v, captions[v.left], captions[v.right]) for v in lines]

    def evidence(self) -> list[EvidenceLine]:
        """Return what is said of the files of evidence."""
        return [_read(EvidenceLine, text) for text in self._index["evidence"]]

    def custody(self) -> list[CustodyLine]:
        """Return the first hands that the files passed through."""
        return [_read(CustodyLine, text) for text in self._index["custody"]]

    def summary(self) -> list[SummaryLine]:
        """Return the coded counts of protected persons."""
        return [_read(SummaryLine, text) for text in self._index["summary"]]

    def _lines(self, kind: str, number: int) -> tuple[list[EntityLine], Mapping[str, str], Sequence[int]]:
        pages = self._index[kind]
        if not 0 <= number < len(pages):
            return [], {}, ()
        start, length, reports = pages[number]
        lines, captions = self._part(start, length)
        return [_read(EntityLine, text) for text in lines], captions, reports

    def _part(self, start: int, length: int) -> Any:
        return json.loads(zlib.decompress(self._read(start, length)))


def _parted(lines: Sequence[_Line]) -> list[Sequence[_Line]]:
    return [lines[start : start + PAGE] for start in range(0, len(lines), PAGE)]


def write_pages(opened: Opened, path: Path) -> None:
    """Write the pages of a package that lies open."""
    with PageWriter(path) as pages:
        for where, line in opened.entity_lines():
            pages.line(parsed(EntityLine, line, where), line)
        pages.finish(opened)


def pages_in(path: Path) -> Pages:
    """Read pages from a file of ours."""

    def read(start: int, length: int) -> bytes:
        with path.open("rb") as stream:
            stream.seek(start)
            return stream.read(length)

    return Pages(path.stat().st_size, read)


def _text(line: Strict) -> str:
    return written(line).decode().rstrip("\n")


def _read(model: type[T], text: str) -> T:
    return model.model_validate_json(text)
