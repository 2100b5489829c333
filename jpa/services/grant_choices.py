"""What a liaison officer chooses from when making a grant: agreements in force, partners with their officers, what the case holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.graph import agencies, cases, entities, links
from jpa.graph.links import StatedLink
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import Agreement, AgreementState, Purpose, Way
from jpa.model.audit import AuditTag
from jpa.model.case import Agency, Case
from jpa.model.entity import caption_of
from jpa.model.record import Report
from jpa.services.agreements import registered_tx
from jpa.services.grants import own_case_tx
from jpa.services.stores import Ask, Event, Stores, read

PAGE: Final = 20
"""Reports of one page: each is shown with all that it states."""


@dataclass(frozen=True, slots=True)
class PartnerChoice:
    """An agency that an agreement in force lets the own agency grant to."""

    agency: Agency
    officers: Sequence[tuple[str, str]]
    """Id and name of those who work here."""


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """A report with what it states."""

    report: Report
    records: Sequence[tuple[str, str]]
    """Id and caption."""
    links: Sequence[StatedLink]


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that the page of a new grant offers."""

    case: Case
    agreements: Sequence[Agreement]
    partners: Sequence[PartnerChoice]
    purposes: Sequence[Purpose]
    reports: Sequence[ReportChoice]
    total: int
    """Reports of the case that the officer may read."""


def read_choices(stores: Stores, ask: Ask, case: str, *, skip: int = 0) -> Choices:
    """Gather the choices for a case of the own agency; nothing here says what another agency may already read elsewhere."""

    def work(tx: Tx, reader: Readership) -> Choices:
        this = own_case_tx(tx, reader, case)
        live = [
            r.this
            for r in registered_tx(tx, ask)
            if r.state is AgreementState.IN_FORCE and Way.GRANT in r.this.ways and r.this.binds(reader.officer.agency)
        ]
        bound = {p for a in live for p in a.parties if a.binds(p)} - {reader.officer.agency}
        return Choices(
            case=this,
            agreements=live,
            partners=[
                PartnerChoice(a, agencies.officers_tx(tx, a.id)) for a in agencies.agencies_tx(tx) if a.id in bound
            ],
            purposes=[p for p in Purpose if any(p in a.purposes for a in live)],
            reports=[
                ReportChoice(
                    report,
                    [(r.id, caption_of(r)) for r in entities.stated_by_tx(tx, reader, report.id)],
                    [k for k in links.stated_by_tx(tx, reader, report.id) if k.in_force],
                )
                for report, _ in cases.reports_tx(tx, reader, case, skip=skip, limit=PAGE)
            ],
            total=cases.count_reports_tx(tx, reader, case),
        )

    return read(stores, ask, Action.SHARE, Event(AuditTag.CASE_READ, case), work)
