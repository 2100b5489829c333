"""Entering what came of the region's cases: outcomes by the leads of its agencies, claims signed by their supervisors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jpa.model.draft import TypedOutcome
from jpa.services import articles, claims, outcomes
from jpa.services.claims import TypedClaim
from jpa.services.stores import Stores
from jpa.world.law import articles_of
from jpa.world.plan import STATE_OF, Outcome, World, WorldClaim
from jpa.world.staff import Staff

BATCH: Final = 500
"""Outcomes of one transaction."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What of the region stands in the store already, by the names that the plan gives it."""

    cases: Mapping[str, tuple[str, str]]
    """Id and agency by number."""
    jpas: Mapping[int, str]
    people: Mapping[tuple[str, str], str]
    """First record of a person in a case, by number and truth."""


def enter_ledger(stores: Stores, staff: Staff, world: World, entered: Entered, at: datetime) -> None:
    """Enter what the law of each state is, every outcome, then every claim with its second signature."""
    for agency, state in STATE_OF.items():
        articles.add_entries(stores, staff.ask(agency, "supervisor", at), articles_of(state))
    made = _enter_outcomes(stores, staff, world.outcomes, entered, at)
    for claim in world.claims:
        _enter_claim(stores, staff, claim, entered, made, at)


def _enter_outcomes(
    stores: Stores, staff: Staff, listed: Sequence[Outcome], entered: Entered, at: datetime
) -> dict[int, str]:
    made: dict[int, str] = {}
    for batch in _batches(listed):
        typed = [_typed(listed[place], entered) for place in batch]
        first = listed[batch[0]]
        agency = entered.cases[first.case][1] if first.case else first.agency
        kept = outcomes.record_outcomes(stores, staff.ask(agency, "lead", at), typed)
        made |= dict(zip(batch, (outcome.id for outcome in kept), strict=True))
    return made


def _batches(listed: Sequence[Outcome]) -> Iterator[list[int]]:
    """Cut the places of outcomes into batches of one case each, or of one agency under one joint period."""
    by_ledger: dict[tuple[str, str, int], list[int]] = {}
    for place, outcome in enumerate(listed):
        jpa = 0 if outcome.case else outcome.jpa
        by_ledger.setdefault((outcome.case, outcome.agency, jpa), []).append(place)
    for places in by_ledger.values():
        for start in range(0, len(places), BATCH):
            yield places[start : start + BATCH]


def _typed(outcome: Outcome, entered: Entered) -> TypedOutcome:
    said: dict[str, Sequence[str]] = {"date": [outcome.date], **outcome.said}
    if outcome.reference != "":
        said["reference"] = [outcome.reference]
    return TypedOutcome(
        outcome.stage,
        said,
        case=entered.cases[outcome.case][0] if outcome.case else "",
        jpa="" if outcome.case else entered.jpas[outcome.jpa],
        person=entered.people.get((outcome.case, outcome.person), ""),
    )


def _enter_claim(
    stores: Stores, staff: Staff, claim: WorldClaim, entered: Entered, made: Mapping[int, str], at: datetime
) -> None:
    case, agency = entered.cases[claim.case] if claim.case else ("", claim.agency)
    target = "" if claim.outcome < 0 else made[claim.outcome]
    typed = TypedClaim(target, entered.jpas[claim.jpa], claim.basis, claim.share, claim.reason, claim.evidence)
    lead = staff.ask(agency, "lead", at)
    kept = claims.make_claim(stores, lead, case, typed) if case else claims.claim_own(stores, lead, typed.jpa, typed)
    claims.sign_claim(stores, staff.ask(agency, "supervisor", at), kept.id)
