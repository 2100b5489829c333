"""The ceiling over what is granted: asked when a grant is made, when something is added to a granted case, when a correction follows.

A marking never changes, nor does a ceiling; so what was below it when it came in stays below it, and no read has to ask again.
"""

from collections.abc import Iterable
from datetime import datetime

from jpa.errors import InvalidInputError
from jpa.graph import agreements, granted, grants
from jpa.graph.granted import ChosenThing, Opened
from jpa.graph.session import Tx
from jpa.model.agreement import Agreement, Partner, excess
from jpa.model.case import Case
from jpa.model.grant import Grant
from jpa.model.limits import Limits, limits_of
from jpa.model.marking import Marking
from jpa.model.record import Report
from jpa.services.agreements import partner_tx


def above_ceiling(agreement: Agreement, partner: Partner, case: Case, marking: Marking) -> list[str]:
    """Say in which parts something of a case that its marking lets reach the partner is above the ceiling.

    What the marking keeps from the partner is not granted with a case at all. Joint periods count as if the partner's state took
    part: it may join one tomorrow.
    """
    limits = limits_of(marking, agency=case.agency, state=case.state, case=case.id)
    periods = {token.removeprefix("jpa:") for clause in limits.audience for token in clause if token.startswith("jpa:")}
    tomorrow = Partner(partner.agency, partner.jpas | periods)
    return excess(agreement, tomorrow, limits) if limits.permits(tomorrow.tokens) else []


def require_below_tx(tx: Tx, case: Case, markings: Iterable[Marking], at: datetime) -> None:
    """Refuse to add to a granted case what its marking would let a partner read above the ceiling of the agreement."""
    added = set(markings)
    grants.lock_tx(tx, case.id)
    for grant in grants.on_case_tx(tx, case.id, at):
        bound = _bound_tx(tx, grant)
        if bound is None:
            continue
        agreement, partner = bound
        for marking in added:
            said = above_ceiling(agreement, partner, case, marking)
            if len(said) > 0:
                problem = (
                    f"{case.number} is granted to {partner.agency.name} under {agreement.title}. {' '.join(said)} Mark it for the "
                    "own agency, or ask a liaison officer to revoke the grant."
                )
                raise InvalidInputError("Nothing was saved.", {"release": problem}, cause="ceiling")


def follow_tx(tx: Tx, case: Case, report: Report, old: str, new: ChosenThing) -> None:
    """Let a correction into the grants that hold what it corrects and say that corrections follow, where it keeps below the ceiling.

    The correction's report goes with it: nothing is shown without who says so.
    """
    held = granted.compartments_tx(tx, new.source or old, old if new.source else "")
    for grant in grants.following_tx(tx, held, report.entered):
        bound = _bound_tx(tx, grant)
        limits = limits_in(case, report.marking)
        if bound is None or len(excess(*bound, limits)) > 0:
            continue
        opened = Opened(
            reports=[report.id],
            records=[new.id] if new.source == "" else [],
            links=[new] if new.source else [],
        )
        granted.open_tx(tx, grant.id, opened)


def limits_in(case: Case, marking: Marking) -> Limits:
    """Return the limits of what a report of a case states."""
    return limits_of(marking, agency=case.agency, state=case.state, case=case.id)


def _bound_tx(tx: Tx, grant: Grant) -> tuple[Agreement, Partner] | None:
    """Return what a grant rests on; nothing for one of an earlier release."""
    agreement = agreements.agreement_tx(tx, grant.owner, grant.agreement)
    return None if agreement is None else (agreement, partner_tx(tx, grant.partner))
