"""A package as its recipient sees it: read from its own lines, as its pages keep them, never from the store that it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from jpa.errors import InvalidInputError
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.entity import caption_of
from jpa.model.record import Link, Record, Report
from jpa.model.schema import EntityType, LinkType
from jpa.sharing.lines import CustodyLine, EntityLine, EvidenceLine, JudgementLine, report_of, said_of
from jpa.sharing.pages import PAGE, Pages
from jpa.sharing.summary import SummaryRow, rows_of


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


def shown(pages: Pages, *, skip: int = 0) -> Shown:
    """Read a page of records and ties with their reports, and the first of everything else; what is not understood is left to the refusals."""
    page = pages.page(skip // PAGE)
    records = [(said, line.jpa.roles) for line in page.records if isinstance(said := _understood(line), Record)]
    links = [said for line in page.links if isinstance(said := _understood(line), Link)]
    stating = {r.report for r, _ in records} | {k.report for k in links}
    reports = [r for r in page.reports if r.id in stating]
    return Shown(
        reports=[report_of(r) for r in reports],
        without_text=frozenset(r.id for r in reports if r.text is None),
        things=[
            Thing(r, caption_of(r), ENTITY_TYPES[r.type], roles, _says(ENTITY_TYPES[r.type], r)) for r, roles in records
        ],
        ties=[
            Tied(k, LINK_TYPES[k.type], page.captions[k.source], page.captions[k.target], _says(LINK_TYPES[k.type], k))
            for k in links
        ],
        verdicts=pages.verdicts(),
        files=pages.evidence(),
        custody=pages.custody(),
        summary=rows_of(pages.summary()),
    )


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
