"""A package as its recipient sees it: read from its own lines, never from the store that it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.entity import caption_of
from jpa.model.record import Link, Record, Report
from jpa.model.schema import EntityType, LinkType
from jpa.sharing.lines import CustodyLine, EvidenceLine, JudgementLine, report_of, said_of
from jpa.sharing.package import Opened
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
    """Read a page of records and ties with their reports, and the first of everything else; what is not understood is left to the refusals."""
    captions: dict[str, str] = {}
    things: list[Thing] = []
    ties: list[Tied] = []
    place = {"record": 0, "link": 0}
    for line in opened.entities():
        try:
            said = said_of(line)
        except InvalidInputError:
            continue
        on_page = skip <= place[line.jpa.kind] < skip + PAGE
        place[line.jpa.kind] += 1
        if isinstance(said, Record):
            captions[said.id] = caption_of(said)
            if on_page:
                declared = ENTITY_TYPES[said.type]
                things.append(Thing(said, captions[said.id], declared, line.jpa.roles, _says(declared, said)))
        elif on_page:
            tie = LINK_TYPES[said.type]
            ends = captions.get(said.source, "?"), captions.get(said.target, "?")
            ties.append(Tied(said, tie, *ends, _says(tie, said)))
    stating = {t.record.report for t in things} | {t.link.report for t in ties}
    reports = [r for r in opened.reports() if r.id in stating]
    return Shown(
        reports=[report_of(r) for r in reports],
        without_text=frozenset(r.id for r in reports if r.text is None),
        things=things,
        ties=ties,
        verdicts=[
            (j, captions.get(j.left, "?"), captions.get(j.right, "?")) for j in islice(opened.judgements(), PAGE)
        ],
        files=list(opened.evidence()),
        custody=list(islice(opened.custody(), PAGE)),
        summary=rows_of(opened.summary()),
    )


def _says(declared: EntityType | LinkType, said: Record | Link) -> list[tuple[str, str]]:
    return [
        (p.label, "; ".join(v.best for v in values))
        for p in declared.properties
        if len(values := said.properties.get(p.name, ())) > 0
    ]
