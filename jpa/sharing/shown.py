"""A package as its recipient sees it: read from its own lines, never from the store that it was made from."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.entity import caption_of
from jpa.model.record import Link, Record, Report
from jpa.model.schema import EntityType, LinkType
from jpa.sharing.lines import CustodyLine, EntityLine, EvidenceLine, JudgementLine, report_of, said_of
from jpa.sharing.package import Opened
from jpa.sharing.strict import parsed
from jpa.sharing.summary import SummaryRow, rows_of

PAGE: Final = 200
"""Records, and ties, of one page."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A record on the page."""

    record: Record
    caption: str
    declared: EntityType
    roles: Sequence[str]
    says: Sequence[tuple[str, str]]
    """Property and value, for reading."""


@dataclass(frozen=True, slots=True)
class Tied:
    """A link on the page."""

    link: Link
    declared: LinkType
    source: str
    target: str
    """Captions of its ends."""
    says: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a package."""

    reports: Sequence[Report]
    """Those that state what is on the page."""
    without_text: frozenset[str]
    """Reports whose free text stayed with the sender."""
    things: Sequence[Thing]
    ties: Sequence[Tied]
    verdicts: Sequence[tuple[JudgementLine, str, str]]
    """With the captions of both records."""
    files: Sequence[EvidenceLine]
    custody: Sequence[CustodyLine]
    summary: Sequence[SummaryRow]
    """Coded counts of protected persons."""


def shown(opened: Opened, *, skip: int = 0) -> Shown:
    """Read a page of records and ties with their reports, and the first of everything else; what is not understood is left to the refusals.

    The files are those that were found to hang together; of records and ties only the lines of the page, and those that it names, are read.
    """
    records, links = _page(opened, skip)
    verdicts = list(islice(opened.judgements(), PAGE))
    wanted = {i for tie in links for i in (tie.source, tie.target)} | {i for j in verdicts for i in (j.left, j.right)}
    captions = {r.id: caption_of(r) for r in _named(opened, wanted)}
    things = [
        Thing(r, caption_of(r), ENTITY_TYPES[r.type], roles, _says(ENTITY_TYPES[r.type], r)) for r, roles in records
    ]
    ties = [
        Tied(
            k,
            LINK_TYPES[k.type],
            captions.get(k.source, "?"),
            captions.get(k.target, "?"),
            _says(LINK_TYPES[k.type], k),
        )
        for k in links
    ]
    stating = {t.record.report for t in things} | {t.link.report for t in ties}
    reports = [r for r in opened.reports() if r.id in stating]
    return Shown(
        reports=[report_of(r) for r in reports],
        without_text=frozenset(r.id for r in reports if r.text is None),
        things=things,
        ties=ties,
        verdicts=[(j, captions.get(j.left, "?"), captions.get(j.right, "?")) for j in verdicts],
        files=list(opened.evidence()),
        custody=list(islice(opened.custody(), PAGE)),
        summary=rows_of(opened.summary()),
    )


def _page(opened: Opened, skip: int) -> tuple[list[tuple[Record, Sequence[str]]], list[Link]]:
    """Return the records of a page with their roles, and its links."""
    first = int(opened.manifest.counts.records)
    pages = (range(skip, min(skip + PAGE, first)), range(first + skip, first + skip + PAGE))
    records: list[tuple[Record, Sequence[str]]] = []
    links: list[Link] = []
    for place, (where, line) in enumerate(opened.entity_lines()):
        if not any(place in page for page in pages):
            continue
        read = parsed(EntityLine, line, where)
        said = _understood(read)
        if isinstance(said, Record):
            records.append((said, read.jpa.roles))
        elif said is not None:
            links.append(said)
    return records, links


def _named(opened: Opened, wanted: Collection[str]) -> Iterator[Record]:
    """Find records by the id that each line begins with."""
    begins = {f'{{"id":"{i}"'.encode() for i in wanted}
    length = len(min(begins, default=b""))
    for where, line in opened.entity_lines() if len(begins) > 0 else ():
        if line[:length] in begins:
            said = _understood(parsed(EntityLine, line, where))
            if isinstance(said, Record):
                yield said


def _understood(line: EntityLine) -> Record | Link | None:
    try:
        return said_of(line)
    except InvalidInputError:
        return None


def _says(declared: EntityType | LinkType, said: Record | Link) -> list[tuple[str, str]]:
    return [
        (p.label, "; ".join(v.best for v in values))
        for p in declared.properties
        if len(values := said.properties.get(p.name, ())) > 0
    ]
