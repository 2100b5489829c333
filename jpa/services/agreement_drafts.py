"""Drafting, signing and ending agreements: one officer drafts, another signs for the other party, either party ends.

A party whose officers work in this installation signs for itself. For one that has none here a second officer of a party attests
that it signed on paper, so that no agreement rests on one person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import agencies, agreements
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import CEILING_RELEASES, Agreement, AgreementState, Ceiling, Purpose, Signature, Way
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.limits import Condition
from jpa.model.marking import Pap, Release, Tlp
from jpa.services.frames import day_in
from jpa.services.stores import Ask, Event, Stores, found, write

LONGEST_TEXT: Final = 300
MOST_PARTIES: Final = 60
MOST_WARNING_DAYS: Final = 365
NOT_DRAFTED: Final = "The agreement was not drafted."


@dataclass(frozen=True, slots=True)
class TypedCeiling:
    """What the form says of what may go to one party."""

    tlp: str = Tlp.AMBER.value
    pap: str = Pap.AMBER.value
    release: str = Release.NAMED_STATES.value
    conditions: tuple[str, ...] = tuple(c.value for c in Condition)


@dataclass(frozen=True, slots=True)
class TypedAgreement:
    """What the form of an agreement says."""

    title: str
    basis: str
    partners: tuple[str, ...]
    """The other parties; the own agency is always one."""
    purposes: tuple[str, ...]
    ways: tuple[str, ...]
    start: str
    end: str
    warning_days: str = "60"
    ceilings: Mapping[str, TypedCeiling] = field(default_factory=dict)
    """By the agency that receives; one that is not named has the ceiling of the form's defaults."""


def draft_agreement(stores: Stores, ask: Ask, typed: TypedAgreement) -> Agreement:
    """Register a draft, signed for the own agency; it binds nobody until another party has signed."""

    def work(tx: Tx, _: Readership, __: object) -> Agreement:
        known = {a.id for a in agencies.agencies_tx(tx)}
        drafted = _understood(ask, typed, known)
        agreements.add_tx(tx, drafted)
        return drafted

    event = Event(AuditTag.AGREEMENT_DRAFTED, "", {"parties": list(typed.partners[:MOST_PARTIES])})
    return write(stores, ask, Action.DRAFT_AGREEMENT, event, work)


def sign_agreement(stores: Stores, ask: Ask, agreement: str, party: str = "") -> Agreement:
    """Sign for the own agency, or attest the signature on paper of a `party` that has no officer here."""

    def work(tx: Tx, reader: Readership, _: object) -> Agreement:
        this = found(agreements.agreement_tx(tx, reader.officer.agency, agreement))
        signed_for = party or reader.officer.agency
        _require_signable(tx, ask, this, signed_for)
        on_paper = signed_for != reader.officer.agency
        agreements.sign_tx(tx, this.id, Signature(signed_for, ask.officer.id, ask.officer.name, ask.at, on_paper))
        return found(agreements.agreement_tx(tx, reader.officer.agency, agreement))

    event = Event(AuditTag.AGREEMENT_SIGNED, agreement, {"party": party or ask.officer.agency})
    return write(stores, ask, Action.SIGN_AGREEMENT, event, work)


def end_agreement(stores: Stores, ask: Ask, agreement: str, reason: str) -> Agreement:
    """End an agreement, or throw a draft away: from the next request on nothing passes under it."""
    said = " ".join(reason.split())
    if not 0 < len(said) <= LONGEST_TEXT:
        problem = f"Say why; the other parties read it. At most {LONGEST_TEXT} characters."
        raise InvalidInputError("The agreement was not ended.", {"reason": problem})

    def work(tx: Tx, reader: Readership, _: object) -> Agreement:
        this = found(agreements.agreement_tx(tx, reader.officer.agency, agreement))
        if not agreements.end_tx(tx, this.id, by=ask.officer.id, at=ask.at, reason=said):
            raise ConflictError("This agreement was ended already.")
        return found(agreements.agreement_tx(tx, reader.officer.agency, agreement))

    return write(stores, ask, Action.END_AGREEMENT, Event(AuditTag.AGREEMENT_ENDED, agreement), work)


def _require_signable(tx: Tx, ask: Ask, this: Agreement, party: str) -> None:
    if this.state(ask.at) in {AgreementState.ENDED, AgreementState.EXPIRED}:
        raise ConflictError(f"This agreement is {this.state(ask.at).value}; draft a new one.")
    found(party if party in this.parties else None)
    if this.binds(party):
        raise ConflictError("This party has signed already. Open the page again to see it.")
    if any(s.officer == ask.officer.id for s in this.signatures):
        raise ForbiddenError("You signed this agreement already; another officer signs for the other party.")
    if party != ask.officer.agency and len(agencies.officers_tx(tx, party)) > 0:
        raise ForbiddenError("That agency has officers here; one of them signs for it.")


def _understood(ask: Ask, typed: TypedAgreement, known: set[str]) -> Agreement:
    problems: dict[str, str] = {}
    texts = {"title": " ".join(typed.title.split()), "basis": " ".join(typed.basis.split())}
    for name, what in (("title", "a short title"), ("basis", "the treaty or memorandum with its reference")):
        if not 0 < len(texts[name]) <= LONGEST_TEXT:
            problems[name] = f"Enter {what}, of at most {LONGEST_TEXT} characters."
    partners = tuple(dict.fromkeys(p for p in typed.partners if p != ask.officer.agency))
    if not 0 < len(partners) <= MOST_PARTIES or not set(partners) <= known:
        problems["partners"] = f"Choose one to {MOST_PARTIES} other agencies of the list."
    problems |= _problems_of_choices(typed)
    start, end = day_in(ask, typed.start), day_in(ask, typed.end)
    for name, day in (("start", start), ("end", end)):
        if day is None:
            problems[name] = "Enter a whole day, as 2026-03-12 or 12.03.2026."
    if start is not None and end is not None and end < max(start, ask.at.date().isoformat()):
        problems["end"] = "The last day must not lie before the first day or today."
    days = typed.warning_days.strip()
    if not (days.isascii() and days.isdigit() and int(days) <= MOST_WARNING_DAYS):
        problems["warning_days"] = f"Enter a number of days from 0 to {MOST_WARNING_DAYS}."
    if len(problems) > 0 or start is None or end is None:
        raise InvalidInputError(NOT_DRAFTED, problems)
    parties = (ask.officer.agency, *partners)
    return Agreement(
        id=new_id(ask.at),
        title=texts["title"],
        basis=texts["basis"],
        parties=parties,
        purposes=frozenset(Purpose(p) for p in typed.purposes),
        ways=frozenset(Way(w) for w in typed.ways),
        ceilings=tuple(_ceiling(party, typed.ceilings.get(party, TypedCeiling())) for party in parties),
        start=start,
        end=end,
        warning_days=int(days),
        signatures=(Signature(ask.officer.agency, ask.officer.id, ask.officer.name, ask.at),),
    )


def _problems_of_choices(typed: TypedAgreement) -> dict[str, str]:
    problems = {}
    for name, chosen, allowed in (("purposes", typed.purposes, set(Purpose)), ("ways", typed.ways, set(Way))):
        if len(chosen) == 0 or not set(chosen) <= {one.value for one in allowed}:
            problems[name] = "Choose at least one of the list."
    releases = {r.value for r in CEILING_RELEASES}
    for party, said in typed.ceilings.items():
        if not (
            said.tlp in set(Tlp) and said.pap in set(Pap) and said.release in releases and set(said.conditions) <= set(Condition)
        ):  # fmt: skip
            problems[f"ceiling {party}"] = "Choose level, permissible actions, release set and conditions of the lists."
    return problems


def _ceiling(party: str, said: TypedCeiling) -> Ceiling:
    conditions = frozenset(Condition(c) for c in said.conditions)
    return Ceiling(party, Tlp(said.tlp), Pap(said.pap), Release(said.release), conditions)
