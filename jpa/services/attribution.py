"""Attribution as it is read: what a case, or what an agency did without one, is credited to, by whom and why, and what dates alone would suggest [M1, T7]."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from jpa.errors import ForbiddenError, NotFoundError
from jpa.graph import agencies, cases, claims, frames, outcomes
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership, can
from jpa.model.audit import AuditTag
from jpa.model.case import Case, Jpa
from jpa.model.outcome import Basis, Claim, Outcome
from jpa.model.value_types.dates import caption_date
from jpa.services.claims import WHOLE, Whole, claiming, own_whole
from jpa.services.outcome_checks import in_force_tx
from jpa.services.stores import Ask, Event, Stores, found, read
from jpa.statistics.facts import NO_DAY, day_of, days_of

UNNAMED: Final = "a joint period that your state takes no part in"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the dates alone would suggest; nothing counts by it."""

    jpa: Jpa
    basis: Basis
    why: str


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim as a page shows it, with names for everything that it points at."""

    claim: Claim
    case: str
    """Number and title; what was done under which joint period, where there is no case."""
    outcome: Outcome | None
    """What it is about; None: all of it."""
    jpa: str
    by: str
    second: str
    withdrawn_by: str
    before: int = 0
    """Outcomes that it credits although they are dated before the period began."""

    @property
    def target(self) -> str:
        """What it credits, in words."""
        return self.case if self.outcome is None else caption(self.outcome)


@dataclass(frozen=True, slots=True)
class Attribution:
    """The claims of a case, or of the agency's own ledger, as its page shows them."""

    whole: Whole
    case: Case | None
    under: Jpa | None
    """The joint period that it was reported under, where there is no case."""
    lines: Sequence[ClaimLine]
    """Withdrawn ones too, oldest first."""
    outcomes: Sequence[Outcome]
    """Those in force, which a claim can be about."""
    suggestions: Sequence[Suggestion]
    periods: Sequence[Jpa]
    """The joint periods that the state takes part in."""
    may_claim: bool

    @property
    def in_force(self) -> list[ClaimLine]:
        """Claims that are not withdrawn, signed or waiting."""
        return [line for line in self.lines if line.claim.withdrawn is None]

    @property
    def withdrawn(self) -> list[ClaimLine]:
        """Claims that stand as history alone."""
        return [line for line in self.lines if line.claim.withdrawn is not None]

    @property
    def gaps(self) -> list[tuple[str, Fraction]]:
        """Name what is split and not wholly credited, with the share that no claim takes."""
        of_target = {line.claim.target: line.target for line in self.in_force}
        return [(words, missing) for target, words in of_target.items() if (missing := self.missing(target)) > 0]

    def missing(self, target: str) -> Fraction:
        """Return how much of a target no claim in force credits; nothing where there is no claim, or only coincidence."""
        said = [
            line.claim.share
            for line in self.in_force
            if line.claim.target == target and line.claim.basis is not Basis.COINCIDENT
        ]
        return WHOLE - sum(said, Fraction()) if said else Fraction()


def caption(outcome: Outcome) -> str:
    """Name an outcome by kind, reference, charge and date; never by the person."""
    said = (outcome.clean("reference"), outcome.clean("charge"), outcome.clean("article"), outcome.clean("date"))
    return ", ".join([outcome.type.label, *(part for part in said if part)])


def read_attribution(stores: Stores, ask: Ask, case: str) -> Attribution:
    """Read what a case and its outcomes are credited to; of the own agency's cases alone."""

    def work(tx: Tx, reader: Readership) -> Attribution:
        this = found(cases.case_tx(tx, reader, case))
        whole = Whole(case, "", this.agency, this.state)
        if this.agency != ask.officer.agency:
            raise NotFoundError("There is nothing here that you may read.")
        entered = in_force_tx(tx, outcomes.of_case_tx(tx, reader, case))
        periods = [jpa for jpa, _ in frames.frames_tx(tx, state=this.state)]
        return Attribution(
            whole=whole,
            case=this,
            under=None,
            lines=_lines_tx(tx, reader, claims.of_case_tx(tx, reader, case), {case: this}),
            outcomes=entered,
            suggestions=suggest(this, entered, periods),
            periods=periods,
            may_claim=_may_claim(tx, reader, ask, case),
        )

    return read(stores, ask, Action.READ, Event(AuditTag.CLAIM_READ, case), work)


def read_own(stores: Stores, ask: Ask, under: str) -> Attribution:
    """Read likewise what the own agency did under a joint period without a case."""

    def work(tx: Tx, reader: Readership) -> Attribution:
        whole = own_whole(reader, under)
        periods = [jpa for jpa, _ in frames.frames_tx(tx, state=whole.state)]
        jpa = found(next((j for j in periods if j.id == under), None))
        own = [o for o in outcomes.of_agency_tx(tx, reader, under) if o.agency == whole.agency]
        entered = in_force_tx(tx, own)
        return Attribution(
            whole=whole,
            case=None,
            under=jpa,
            lines=_lines_tx(tx, reader, claims.own_tx(tx, reader, under), {}),
            outcomes=entered,
            suggestions=suggest_own(jpa, entered, periods),
            periods=periods,
            may_claim=can(ask.officer, Action.CLAIM_OUTCOME),
        )

    return read(stores, ask, Action.READ, Event(AuditTag.CLAIM_READ, under), work)


def list_waiting(stores: Stores, ask: Ask) -> list[ClaimLine]:
    """List the claims that wait for this officer's second signature."""

    def work(tx: Tx, reader: Readership) -> list[ClaimLine]:
        return _lines_tx(tx, reader, claims.waiting_tx(tx, reader), {})

    return read(stores, ask, Action.SIGN_CLAIM, Event(AuditTag.CLAIM_READ), work)


def suggest(case: Case, entered: Sequence[Outcome], periods: Sequence[Jpa]) -> list[Suggestion]:
    """Say what the dates alone would suggest, with the reason in words."""
    suggestions = []
    opened = case.opened.date().isoformat()
    for jpa in periods:
        inside = [o for o in entered if _within(o, jpa)]
        if jpa.start <= opened <= jpa.end:
            suggestions.append(
                Suggestion(jpa, Basis.OPENED_UNDER, f"opened on {caption_date(opened)}, inside the period")
            )
        elif case.jpa == jpa.id:
            when = "before the period" if opened < jpa.start else "after the period"
            why = f"the case stands under the period, and was opened on {caption_date(opened)}, {when}"
            suggestions.append(Suggestion(jpa, Basis.ADVANCED_UNDER, why))
        elif len(inside) > 0:
            suggestions.append(_coincident(jpa, len(inside)))
    return suggestions


def suggest_own(under: Jpa, entered: Sequence[Outcome], periods: Sequence[Jpa]) -> list[Suggestion]:
    """Say what is to be suggested of what was done without a case: that it was reported under a period says more than its dates."""
    suggestions = []
    for jpa in periods:
        inside = sum(_within(o, jpa) for o in entered)
        if jpa.id == under.id and len(entered) > 0:
            why = f"reported under the period; {inside} of {len(entered)} are dated inside it"
            suggestions.append(Suggestion(jpa, Basis.OPENED_UNDER, why))
        elif inside > 0:
            suggestions.append(_coincident(jpa, inside))
    return suggestions


def _coincident(jpa: Jpa, inside: int) -> Suggestion:
    why = f"{inside} of its outcomes fall into the period; nothing else ties them to it"
    return Suggestion(jpa, Basis.COINCIDENT, why)


def _within(outcome: Outcome, jpa: Jpa) -> bool:
    first, last = days_of(outcome.clean("date"))
    start, end = (day_of(date.fromisoformat(day)) for day in (jpa.start, jpa.end))
    return first != NO_DAY and start <= first and last <= end


def _before(outcome: Outcome, jpa: Jpa) -> bool:
    _, last = days_of(outcome.clean("date"))
    return last != NO_DAY and last < day_of(date.fromisoformat(jpa.start))


def _may_claim(tx: Tx, reader: Readership, ask: Ask, case: str) -> bool:
    if not can(ask.officer, Action.CLAIM_OUTCOME):
        return False
    try:
        claiming(tx, reader, case)
    except ForbiddenError:
        return False
    return True


def _lines_tx(tx: Tx, reader: Readership, listed: Sequence[Claim], known: Mapping[str, Case]) -> list[ClaimLine]:
    if len(listed) == 0:
        return []
    names = {who: place.name for who, place in agencies.places_tx(tx).items()}
    periods = {jpa.id: jpa for jpa, _ in frames.frames_tx(tx)}
    about = {o.id: o for o in outcomes.readable_tx(tx, reader, [k.target for k in listed])}
    own = {k.target for k in listed if k.withdrawn is None and k.signed is not None}
    lines = []
    for claim in listed:
        jpa = periods.get(claim.jpa)
        lines.append(
            ClaimLine(
                claim=claim,
                case=_whole_named_tx(tx, reader, claim, known, periods),
                outcome=about.get(claim.target),
                jpa=UNNAMED if jpa is None else jpa.name,
                by=names.get(claim.by, claim.by),
                second=names.get(claim.second, claim.second),
                withdrawn_by=names.get(claim.withdrawn_by, claim.withdrawn_by),
                before=0 if jpa is None else _early_tx(tx, reader, claim, jpa, own),
            )
        )
    return sorted(lines, key=lambda line: (line.claim.at, line.outcome is not None, line.claim.id))


def _whole_named_tx(
    tx: Tx, reader: Readership, claim: Claim, known: Mapping[str, Case], periods: Mapping[str, Jpa]
) -> str:
    if claim.case == "":
        under = periods.get(claim.under)
        return f"What was done under {UNNAMED if under is None else under.name} without a case"
    case = known.get(claim.case) or cases.case_tx(tx, reader, claim.case)
    return "" if case is None else f"{case.number} {case.title}"


def _early_tx(tx: Tx, reader: Readership, claim: Claim, jpa: Jpa, own: Collection[str]) -> int:
    """Count what a claim credits although it came before the period: a reader should know, and an own claim sets it right."""
    if claim.withdrawn is not None or claim.basis is Basis.COINCIDENT:
        return 0
    if not claim.of_all:
        return sum(_before(o, jpa) for o in outcomes.readable_tx(tx, reader, [claim.target]))
    of_all = (
        outcomes.of_case_tx(tx, reader, claim.case) if claim.case else outcomes.of_agency_tx(tx, reader, claim.under)
    )
    entered = in_force_tx(tx, of_all)
    return sum(_before(o, jpa) for o in entered if o.id not in own)
