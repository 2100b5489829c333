"""Making a grant: a case, or chosen reports, records and links of one, to an agency or named officers, under an agreement in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import agencies, granted, grants
from jpa.graph.granted import ChosenThing, Opened
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import Agreement, Partner, Way, excess
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.grant import Grant
from jpa.model.ids import new_id
from jpa.model.record import Report
from jpa.model.value_types.dates import caption_date
from jpa.services.agreements import binding_tx
from jpa.services.grant_ceilings import above_ceiling, limits_in
from jpa.services.grants import own_case_tx
from jpa.services.stores import Ask, Event, Stores, write

NOT_GRANTED: Final = "Nothing was granted."
MOST_CHOSEN: Final = 2000
"""Things of one grant: more is a case, and one transaction still holds them."""
MOST_NAMED: Final = 5
"""Reports named in a refusal; the others are counted."""


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What a liaison officer decides: what, to whom, under which agreement, why, until when."""

    case: str
    partner: str
    agreement: str
    purpose: str
    """The text of a purpose that the agreement names."""
    end: datetime
    """The first moment after the grant."""
    officers: Sequence[str] = ()
    """Nobody named: every officer of the partner."""
    chosen: Sequence[str] | None = None
    """Ids of reports (with all that they state), records and links; None: the whole case."""
    why: str = ""
    follows: bool = True


def offer_grant(stores: Stores, ask: Ask, new: NewGrant) -> Grant:
    """Let another agency read; it works from the next request on, and nothing above the agreement's ceiling is in it."""
    problems = {}
    if new.end <= ask.at:
        problems["end"] = "Choose a later day: the grant would have ended before it began."
    if new.chosen is not None and not 0 < len(new.chosen) <= MOST_CHOSEN:
        problems["chosen"] = f"Choose one to {MOST_CHOSEN} reports, records or ties, or grant the whole case."
    if len(problems) > 0:
        raise InvalidInputError(NOT_GRANTED, problems)

    def work(tx: Tx, reader: Readership, _: object) -> Grant:
        case = own_case_tx(tx, reader, new.case)
        bound = binding_tx(tx, ask, new.partner, new.purpose, Way.GRANT)
        agreement = bound.named(new.agreement)
        officers = _officers_tx(tx, bound.partner, new.officers)
        grant_id = new_id(ask.at)
        grants.lock_tx(tx, case.id)
        if new.chosen is None:
            _require_case_below_tx(tx, agreement, bound.partner, case)
            opened = Opened()
        else:
            opened = _chosen_tx(tx, reader, agreement, bound.partner, case, new.chosen)
        grant = Grant(
            id=grant_id,
            compartment=case.id if new.chosen is None else grant_id,
            owner=case.agency,
            officers=officers,
            start=ask.at,
            end=new.end,
            purpose=new.purpose,
            by=ask.officer.id,
            case=case.id,
            partner=bound.partner.agency.id,
            agreement=agreement.id,
            why=" ".join(new.why.split())[:500],
            follows=new.follows and new.chosen is not None,
            reports=len(opened.reports),
            records=len(opened.records),
            links=len(opened.links),
        )
        _require_end(agreement, grant)
        grants.save_tx(tx, grant)
        granted.open_tx(tx, grant.id, opened)
        return grant

    details = {
        "partner": new.partner, "agreement": new.agreement, "officers": len(new.officers), "chosen": len(new.chosen or ()),
        "until": new.end.isoformat(),
    }  # fmt: skip
    return write(stores, ask, Action.SHARE, Event(AuditTag.GRANT_CREATED, new.case, details), work)


def _require_end(agreement: Agreement, grant: Grant) -> None:
    if grant.last_day > agreement.end:
        problem = f"{agreement.title} ends on {caption_date(agreement.end)}; choose that day or an earlier one."
        raise InvalidInputError(NOT_GRANTED, {"end": problem})


def _officers_tx(tx: Tx, partner: Partner, named: Sequence[str]) -> tuple[str, ...]:
    known = {officer for officer, _ in agencies.officers_tx(tx, partner.agency.id)}
    if len(known) == 0:
        problem = f"Nobody of {partner.agency.name} works in this installation; send a package instead."
        raise InvalidInputError(NOT_GRANTED, {"partner": problem})
    if not set(named) <= known:
        problem = f"Choose active officers of {partner.agency.name}, or name none to grant it to all of them."
        raise InvalidInputError(NOT_GRANTED, {"officers": problem})
    return tuple(sorted(set(named)))


def _require_case_below_tx(tx: Tx, agreement: Agreement, partner: Partner, case: Case) -> None:
    """Refuse a case that holds something which would reach the partner from above the ceiling, whoever may read that here."""
    found = [(above_ceiling(agreement, partner, case, marking), n) for marking, n in granted.markings_tx(tx, case.id)]
    number = sum(n for said, n in found if len(said) > 0)
    if number > 0:
        said = sorted({sentence for sentences, _ in found for sentence in sentences})
        problem = (
            f"{number} of its reports and outcomes are above the ceiling of {agreement.title}. {' '.join(said)} Choose what is "
            "below it, report by report."
        )
        raise InvalidInputError(NOT_GRANTED, {"marking": problem}, cause="ceiling")


def _chosen_tx(
    tx: Tx, reader: Readership, agreement: Agreement, partner: Partner, case: Case, chosen: Sequence[str]
) -> Opened:
    """Gather what was chosen: reports with all that they state, single records, links with both ends; nobody who was smuggled.

    What is chosen singly brings the report that states it, and no other record of that: nothing is shown without who says so.
    """
    reports = granted.reports_tx(tx, reader, case.id, chosen)
    links = granted.links_tx(tx, reader, case.id, chosen)
    wanted = {*chosen, *(end for k in links for end in (k.source, k.target))}
    records = granted.records_tx(tx, reader, case.id, wanted)
    known = {*(r.id for r in reports), *(r.id for r in records), *(k.id for k in links)}
    if not set(chosen) <= known:
        problem = "Something that you chose is not in this case, or you may not read it; choose again."
        raise InvalidInputError(NOT_GRANTED, {"chosen": problem})
    migrants = granted.migrants_tx(tx, [r.id for r in records])
    if not migrants.isdisjoint(chosen):
        problem = "A person that you chose is entered as a smuggled migrant; such a record is not granted by itself."
        raise InvalidInputError(NOT_GRANTED, {"chosen": problem}, cause="migrant")
    stated = {one.report.id: one.report for one in (*records, *links)} | {r.id: r for r in reports}
    _require_below(agreement, partner, case, list(stated.values()))
    kept = {r.id for r in records} - migrants
    return Opened(sorted(stated), sorted(kept), [k for k in links if _whole(k, kept)])


def _whole(link: ChosenThing, records: set[str]) -> bool:
    """Say whether both ends go with the link: one without an end shows nothing."""
    return link.source in records and link.target in records


def _require_below(agreement: Agreement, partner: Partner, case: Case, reports: Sequence[Report]) -> None:
    above = [(r, said) for r in reports if len(said := excess(agreement, partner, limits_in(case, r.marking))) > 0]
    if len(above) > 0:
        named = [f"{r.title} {r.source_reference}: {' '.join(said)}" for r, said in above[:MOST_NAMED]]
        more = f" And {len(above) - MOST_NAMED} more." if len(above) > MOST_NAMED else ""
        problem = f"Above the ceiling of {agreement.title}. {' '.join(named)}{more}"
        raise InvalidInputError(NOT_GRANTED, {"marking": problem}, cause="ceiling")
