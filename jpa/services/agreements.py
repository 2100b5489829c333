"""The register of agreements: which of them bind two agencies now, and whether a marking keeps below their ceiling.

Whatever passes between agencies asks `binding_tx` in the transaction of its act and `within` for each thing that it would pass; a
refusal carries a cause that the audit log keeps. Drafting and signing is `jpa.services.agreement_drafts`.
"""

from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import agencies, agreements, cases
from jpa.graph.session import Tx
from jpa.model.access import Action
from jpa.model.agreement import Agreement, AgreementState, Partner, Way, excess
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.limits import Limits
from jpa.model.value_types.dates import caption_date
from jpa.services.stores import Ask, Event, Stores, found, read

NOT_SHARED: Final = "Nothing was shared."


@dataclass(frozen=True, slots=True)
class Bound:
    """The agreements that bind the own agency and a partner now; there is at least one."""

    partner: Partner
    agreements: tuple[Agreement, ...]

    def named(self, agreement: str) -> Agreement:
        """Return the one of that id; InvalidInputError where it is none of them."""
        for one in self.agreements:
            if one.id == agreement:
                return one
        problem = f"Choose an agreement in force with {self.partner.agency.name} that names this purpose."
        raise InvalidInputError(NOT_SHARED, {"agreement": problem}, cause="agreement")


@dataclass(frozen=True, slots=True)
class Registered:
    """An agreement as the register shows it."""

    this: Agreement
    state: AgreementState
    expiring: bool
    parties: tuple[Agency, ...]


def binding(stores: Stores, ask: Ask, partner: str, purpose: str, way: Way) -> Bound:
    """The same as `binding_tx`, for a page that only shows what could be done."""
    event = Event(AuditTag.AGREEMENT_READ, partner, {"way": way.value})
    return read(stores, ask, Action.READ_DIRECTORY, event, lambda tx, _: binding_tx(tx, ask, partner, purpose, way))


def binding_tx(tx: Tx, ask: Ask, partner: str, purpose: str, way: Way) -> Bound:
    """Return the agreements in force now between the officer's agency and a partner for a purpose, in one way of sharing.

    InvalidInputError says what is wrong and how to mend it, with a cause for the log: `partner` unknown, `none` at all, not `signed`,
    `ahead`, `expired`, `ended`, and `way` or `purpose` not covered. `purpose` is the text of a `Purpose`.
    """
    other = partner_tx(tx, partner)
    if other.agency.id == ask.officer.agency:
        raise _refused("partner", "Your own agency needs no agreement; choose another agency.")
    known = [a for a in agreements.agreements_tx(tx, ask.officer.agency) if partner in a.parties]
    live = [a for a in known if a.state(ask.at) is AgreementState.IN_FORCE and _both_signed(a, ask, partner)]
    if len(live) == 0:
        raise _refused_state(ask, other, known)
    ways = [a for a in live if way in a.ways]
    if len(ways) == 0:
        allowed = ", ".join(sorted({w.value for a in live for w in a.ways}))
        raise _refused("way", f"No agreement in force with {other.agency.name} allows {way.value}; allowed: {allowed}.")
    fit = [a for a in ways if purpose in {p.value for p in a.purposes}]
    if len(fit) == 0:
        allowed = ", ".join(sorted({p.value for a in ways for p in a.purposes}))
        problem = f"No agreement in force with {other.agency.name} names this purpose; choose one of: {allowed}."
        raise _refused("purpose", problem)
    return Bound(other, tuple(fit))


def within(agreement: Agreement, partner: Partner, limits: Limits) -> None:
    """Refuse what is marked above the agreement's ceiling for the partner; InvalidInputError says in which parts."""
    above = excess(agreement, partner, limits)
    if len(above) > 0:
        raise InvalidInputError(
            NOT_SHARED, {"marking": f"Above the ceiling of {agreement.title}. {' '.join(above)}"}, cause="ceiling"
        )


def partner_tx(tx: Tx, partner: str) -> Partner:
    """Return an agency as markings see it; InvalidInputError for one that is not known here."""
    agency = agencies.agency_tx(tx, partner)
    if agency is None:
        problem = "No agency of that name is known here; choose one of the list, or ask an administrator to add it."
        raise _refused("partner", problem)
    return Partner(agency, frozenset(j.id for j in cases.jpas_tx(tx, agency.state)))


def list_agreements(stores: Stores, ask: Ask) -> list[Registered]:
    """List the agreements that the own agency is party to; the one that ends last comes first."""
    event = Event(AuditTag.AGREEMENT_READ)
    return read(stores, ask, Action.READ_AGREEMENT, event, lambda tx, _: registered_tx(tx, ask))


def list_to_heed(stores: Stores, ask: Ask) -> list[Registered]:
    """List the agreements that somebody has to look after: those that end soon or just ended, and drafts; the start page shows them."""
    return [r for r in list_agreements(stores, ask) if r.expiring or r.state is AgreementState.DRAFT]


def read_agreement(stores: Stores, ask: Ask, agreement: str) -> Registered:
    """Open one agreement of the own agency."""

    def work(tx: Tx, _: object) -> Registered:
        return found(next((r for r in registered_tx(tx, ask) if r.this.id == agreement), None))

    return read(stores, ask, Action.READ_AGREEMENT, Event(AuditTag.AGREEMENT_READ, agreement), work)


def registered_tx(tx: Tx, ask: Ask) -> list[Registered]:
    """Read the register as the officer's agency sees it."""
    known = {a.id: a for a in agencies.agencies_tx(tx)}
    return [
        Registered(a, a.state(ask.at), a.is_expiring(ask.at), tuple(known.get(p, Agency(p, p, "")) for p in a.parties))
        for a in agreements.agreements_tx(tx, ask.officer.agency)
    ]


def _both_signed(agreement: Agreement, ask: Ask, partner: str) -> bool:
    return agreement.binds(ask.officer.agency) and agreement.binds(partner)


def _refused_state(ask: Ask, partner: Partner, known: list[Agreement]) -> InvalidInputError:
    """Say why none of the agreements with a partner is in force, by the one that comes nearest."""
    name = partner.agency.name
    states = {a.state(ask.at): a for a in reversed(known)}
    if AgreementState.IN_FORCE in states or AgreementState.DRAFT in states:
        waiting = states.get(AgreementState.DRAFT) or states[AgreementState.IN_FORCE]
        return _refused("signed", f"{waiting.title} waits for a signature; it binds once both agencies have signed.")
    if (ahead := states.get(AgreementState.AHEAD)) is not None:
        return _refused("ahead", f"{ahead.title} comes into force on {caption_date(ahead.start)}.")
    if (expired := states.get(AgreementState.EXPIRED)) is not None:
        return _refused(
            "expired", f"{expired.title} expired on {caption_date(expired.end)}. Draft its renewal and have it signed."
        )
    if (ended := states.get(AgreementState.ENDED)) is not None:
        return _refused("ended", f"{ended.title} was ended. Draft a new agreement with {name} and have it signed.")
    return _refused("none", f"There is no agreement with {name}. Draft one and have it signed.")


def _refused(cause: str, problem: str) -> InvalidInputError:
    field = cause if cause in {"partner", "purpose"} else "agreement"
    return InvalidInputError(NOT_SHARED, {field: problem}, cause=cause)
