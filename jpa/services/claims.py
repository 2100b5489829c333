"""Claims that a joint period brought something about: made with a reason, signed by a second officer, withdrawn [M1, T7]."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.graph import cases, claims, frames, outcomes
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.ids import is_id, new_id
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.model.outcome import Basis, Claim, Outcome, own_ledger
from jpa.services.cases import leading
from jpa.services.stores import Ask, Event, Stores, found, write

WHOLE: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class TypedClaim:
    """What the form for a claim says."""

    target: str
    """One outcome, or the whole case or own ledger; empty: the whole."""
    jpa: str
    basis: str
    share: str
    """A fraction, a decimal or a percentage: 1/2, 0.5, 50 %; empty: the whole."""
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Whole:
    """What claims stand on: a case, or all that an agency did under a joint period without one."""

    case: str
    under: str
    """The joint period, where there is no case."""
    agency: str
    state: str

    @property
    def target(self) -> str:
        """What a claim about all of it names."""
        return self.case or own_ledger(self.agency, self.under)

    @property
    def compartment(self) -> str:
        """Where its outcomes and claims may be read."""
        return self.case or f"agency:{self.agency}"


def make_claim(stores: Stores, ask: Ask, case: str, typed: TypedClaim) -> Claim:
    """Claim that a joint period brought a case or one outcome about; it counts once another officer signs."""

    def whole(tx: Tx, reader: Readership) -> Whole:
        this = claiming(tx, reader, case)
        return Whole(case, "", this.agency, this.state)

    return _make(stores, ask, case, typed, whole)


def claim_own(stores: Stores, ask: Ask, under: str, typed: TypedClaim) -> Claim:
    """Claim likewise what the own agency did under a joint period without a case: all of it, or one outcome."""
    return _make(stores, ask, under, typed, lambda _, reader: own_whole(reader, under))


def own_whole(reader: Readership, under: str) -> Whole:
    """Return the own agency's ledger under a joint period; NotFoundError for one that its state takes no part in."""
    if under not in reader.jpas:
        raise NotFoundError("There is no such joint period that your state takes part in.")
    return Whole("", under, reader.officer.agency, reader.officer.state)


def _make(stores: Stores, ask: Ask, object_: str, typed: TypedClaim, whole: Callable[[Tx, Readership], Whole]) -> Claim:
    share, basis = _checked(typed)

    def work(tx: Tx, reader: Readership, _: object) -> Claim:
        this = whole(tx, reader)
        target = typed.target or this.target
        _require_target(tx, reader, this, target)
        if not any(jpa.id == typed.jpa for jpa, _ in frames.frames_tx(tx, state=this.state)):
            raise InvalidInputError(
                "Nothing was claimed.", {"jpa": "Choose a joint period that the state takes part in."}
            )
        held = [k for k in claims.in_force_tx(tx, target) if k.basis is not Basis.COINCIDENT]
        if basis is not Basis.COINCIDENT:
            _require_room(held, typed.jpa, share)
        redact = stores.vault.redactor(this.case) if this.case else str
        made = Claim(
            id=new_id(ask.at),
            target=target,
            case=this.case,
            under=this.under,
            agency=this.agency,
            jpa=typed.jpa,
            basis=basis,
            share=share,
            reason=redact(typed.reason.strip()),
            evidence=redact(typed.evidence.strip()),
            by=ask.officer.id,
            at=ask.at,
        )
        audience = Marking().audience(agency=this.agency, state=this.state, case=this.case)
        claims.add_tx(tx, made, Reach((this.compartment,), tuple(audience)))
        return made

    details = {"target": typed.target, "jpa": typed.jpa, "basis": typed.basis}
    return write(stores, ask, Action.CLAIM_OUTCOME, Event(AuditTag.CLAIM_MADE, object_, details), work)


def sign_claim(stores: Stores, ask: Ask, claim: str) -> Claim:
    """Sign second: only an officer of the same agency who did not make the claim."""

    def work(tx: Tx, reader: Readership, _: object) -> Claim:
        this = found(claims.claim_tx(tx, reader, claim))
        _require_own(this, ask)
        if this.by == ask.officer.id:
            raise ForbiddenError("A claim is signed second by another officer than the one who made it.")
        if not claims.sign_tx(tx, claim, by=ask.officer.id, at=ask.at):
            raise ConflictError("This claim was signed or withdrawn already. Open the page again to see it.")
        return found(claims.claim_tx(tx, reader, claim))

    return write(stores, ask, Action.SIGN_CLAIM, Event(AuditTag.CLAIM_SIGNED, claim), work)


def withdraw_claim(stores: Stores, ask: Ask, claim: str, reason: str) -> Claim:
    """Withdraw a claim, signed or not; it stays as history."""
    if reason.strip() == "":
        raise InvalidInputError("Nothing was withdrawn.", {"reason": "Say why; it stands in the history for good."})

    def work(tx: Tx, reader: Readership, _: object) -> Claim:
        this = found(claims.claim_tx(tx, reader, claim))
        _require_own(this, ask)
        said = stores.vault.redactor(this.case)(reason.strip()) if this.case else reason.strip()
        if not claims.withdraw_tx(tx, claim, by=ask.officer.id, at=ask.at, reason=said):
            raise ConflictError("This claim was withdrawn already. Open the page again to see it.")
        return found(claims.claim_tx(tx, reader, claim))

    return write(stores, ask, Action.CLAIM_OUTCOME, Event(AuditTag.CLAIM_WITHDRAWN, claim), work)


def share_of(typed: str) -> Fraction | None:
    """Read a share: 1/2, 0.5, 50 %; empty is the whole; None for what is no share above 0 and up to 1."""
    text = typed.replace(" ", "").replace(",", ".")
    try:
        share = WHOLE if text == "" else Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return share if 0 < share <= 1 else None


def _checked(typed: TypedClaim) -> tuple[Fraction, Basis]:
    problems = {}
    share = share_of(typed.share)
    if share is None:
        problems["share"] = f"{typed.share!r} is no share; write 1/2, 0.5 or 50 %, above nothing and up to the whole."
    if typed.basis not in set(Basis):
        problems["basis"] = f"{typed.basis!r} is no basis; choose one of {', '.join(Basis)}."
    if typed.reason.strip() == "":
        problems["reason"] = "Say what the joint period did for it; dates alone are no reason."
    if typed.basis != Basis.COINCIDENT and typed.evidence.strip() == "":
        problems["evidence"] = "Name the report or decision that shows it."
    if len(problems) > 0 or share is None:
        raise InvalidInputError("Nothing was claimed; what you typed is still here.", problems)
    return share, Basis(typed.basis)


def claiming(tx: Tx, reader: Readership, case: str) -> Case:
    """Return the case if the officer leads it, or supervises the agency that owns it."""
    this = found(cases.case_tx(tx, reader, case))
    if Role.SUPERVISOR in reader.officer.roles and this.agency == reader.officer.agency:
        return this
    return leading(tx, reader, case)


def _require_target(tx: Tx, reader: Readership, whole: Whole, target: str) -> None:
    if target == whole.target:
        return
    outcome = outcomes.outcome_tx(tx, reader, target) if is_id(target) else None
    if outcome is None or (outcome.case, outcome.agency) != (whole.case, whole.agency) or _elsewhere(outcome, whole):
        raise InvalidInputError("Nothing was claimed.", {"target": "Choose the whole or one of its outcomes."})


def _elsewhere(outcome: Outcome, whole: Whole) -> bool:
    return whole.case == "" and outcome.jpa != whole.under


def _require_room(held: Sequence[Claim], jpa: str, share: Fraction) -> None:
    if any(k.jpa == jpa for k in held):
        raise ConflictError("There is a claim for this joint period already; withdraw it before making another.")
    taken = sum((k.share for k in held), Fraction())
    if taken + share > WHOLE:
        raise InvalidInputError(
            "Nothing was claimed.",
            {"share": f"{taken} is credited to other joint periods already; at most {WHOLE - taken} is left."},
        )


def _require_own(claim: Claim, ask: Ask) -> None:
    if claim.agency != ask.officer.agency:
        raise ForbiddenError("Only the agency whose outcomes they are signs or withdraws its claims.")
