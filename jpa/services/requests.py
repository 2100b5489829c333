"""Requests to other agencies: drafted about a case of the own agency, opened, listed by case [C3].

Nothing is asked or answered outside an agreement in force, nor above its ceiling. The asked desk learns the request alone. What
happens to a request is `jpa.services.request_moves`.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import agencies, agreements, cases, requests
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import Agreement, AgreementState, Partner, Purpose, Way
from jpa.model.audit import AuditTag
from jpa.model.case import Agency, Case, Jpa
from jpa.model.ids import new_id
from jpa.model.request import Kind, MoveKind, Request, Urgency, moves_open
from jpa.services import victims
from jpa.services.agreements import binding_tx, within
from jpa.services.frames import day_in
from jpa.services.request_markings import TypedMarking, limits_for, marked_for
from jpa.services.stores import Ask, Event, Stores, found, read, write

LONGEST_TEXT: Final = 4000
LONGEST_LINE: Final = 300
LONGEST_TERM: Final = timedelta(days=730)
"""A due day further away than two years is a slip in typing."""
NOT_ASKED: Final = "Nothing was asked."


@dataclass(frozen=True, slots=True)
class TypedRequest:
    """What the form of a request says."""

    case: str
    asked: str
    agreement: str
    purpose: str
    kind: str
    text: str
    basis: str
    due: str
    urgency: str = Urgency.ROUTINE.value
    jpa: str = ""
    marking: TypedMarking = field(default_factory=TypedMarking)


@dataclass(frozen=True, slots=True)
class Offer:
    """An agreement in force that lets the own agency ask one other."""

    agreement: Agreement
    partner: Agency


@dataclass(frozen=True, slots=True)
class RequestForm:
    """What the form of a new request can choose from."""

    case: Case
    offers: tuple[Offer, ...]
    jpas: tuple[Jpa, ...]


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """A request as one side's page shows it."""

    this: Request
    asker: Agency
    asked: Agency
    agreement: Agreement | None
    jpa: Jpa | None
    case: Case | None
    """The own case that it is about; None on the asked side, and for who may not read it."""
    allowed: frozenset[MoveKind]
    """What the own side may do now."""


def read_form(stores: Stores, ask: Ask, case: str) -> RequestForm:
    """Say whom a case of the own agency can be asked about, and under what."""

    def work(tx: Tx, reader: Readership) -> RequestForm:
        this = _own_case_tx(tx, reader, case)
        own, known = reader.officer.agency, {a.id: a for a in agencies.agencies_tx(tx)}
        offers = tuple(
            Offer(agreement, known[party])
            for agreement in agreements.agreements_tx(tx, own)
            if agreement.state(ask.at) is AgreementState.IN_FORCE and Way.REQUEST in agreement.ways
            for party in agreement.parties
            if party != own and party in known and agreement.binds(own) and agreement.binds(party)
        )
        return RequestForm(this, offers, tuple(cases.jpas_tx(tx, reader.officer.state)))

    return read(stores, ask, Action.ASK_REQUEST, Event(AuditTag.REQUEST_READ, case), work)


def draft_request(stores: Stores, ask: Ask, typed: TypedRequest) -> Request:
    """Write a request about a case of the own agency; the other side learns of it once it is sent."""
    event = Event(AuditTag.REQUEST_DRAFTED, typed.case, {"asked": typed.asked[:64]})

    def work(tx: Tx, reader: Readership, _: object) -> Request:
        case = _own_case_tx(tx, reader, typed.case)
        due = _checked(ask, typed)
        bound = binding_tx(tx, ask, typed.asked, typed.purpose, Way.REQUEST)
        agreement = bound.named(typed.agreement)
        jpa = _jpa_tx(tx, ask, bound.partner, typed.jpa)
        marking = marked_for(typed.marking, bound.partner, jpa)
        within(agreement, bound.partner, limits_for(ask, marking, case.id))
        redact = victims.redactor(stores, case.id)
        this = Request(
            id=new_id(ask.at),
            asker=ask.officer.agency,
            asked=bound.partner.agency.id,
            agreement=agreement.id,
            purpose=Purpose(typed.purpose),
            kind=Kind(typed.kind),
            text=redact(typed.text.strip()),
            basis=redact(" ".join(typed.basis.split())),
            urgency=Urgency(typed.urgency),
            due=due,
            marking=marking,
            made=ask.at,
            made_by=ask.officer.id,
            made_name=ask.officer.name,
            case=case.id,
            jpa=jpa,
        )
        requests.add_tx(tx, this)
        return this

    return write(stores, ask, Action.ASK_REQUEST, event, work)


def read_request(stores: Stores, ask: Ask, request: str) -> OpenedRequest:
    """Open one request as the own side sees it."""

    def work(tx: Tx, reader: Readership) -> OpenedRequest:
        this = found(requests.request_tx(tx, reader, request))
        known = {a.id: a for a in agencies.agencies_tx(tx)}
        own = reader.officer.agency
        return OpenedRequest(
            this=this,
            asker=known.get(this.asker, Agency(this.asker, this.asker, "")),
            asked=known.get(this.asked, Agency(this.asked, this.asked, "")),
            agreement=agreements.agreement_tx(tx, own, this.agreement),
            jpa=next((j for j in cases.jpas_tx(tx, reader.officer.state) if j.id == this.jpa), None),
            case=cases.case_tx(tx, reader, this.case) if this.case != "" else None,
            allowed=moves_open(this, own),
        )

    return read(stores, ask, Action.READ_REQUEST, Event(AuditTag.REQUEST_READ, request), work)


def list_case_requests(stores: Stores, ask: Ask, case: str) -> list[Request]:
    """List the own agency's requests about a case, newest first, to those who may read the case."""

    def work(tx: Tx, reader: Readership) -> list[Request]:
        this = found(cases.case_tx(tx, reader, case))
        return requests.requests_tx(tx, reader, case=case) if this.agency == reader.officer.agency else []

    return read(stores, ask, Action.READ_REQUEST, Event(AuditTag.REQUEST_READ, case), work)


def _own_case_tx(tx: Tx, reader: Readership, case: str) -> Case:
    this = found(cases.case_tx(tx, reader, case))
    return found(this if this.agency == reader.officer.agency else None)


def _checked(ask: Ask, typed: TypedRequest) -> str:
    """Refuse a form with unknown codes, empty texts or an impossible day; returns the due day."""
    problems = {
        name: f"Choose one of: {', '.join(choices)}."
        for name, said, choices in (("kind", typed.kind, Kind), ("urgency", typed.urgency, Urgency))
        if said not in set(choices)
    }
    if typed.purpose not in set(Purpose):
        problems["purpose"] = f"Choose one of: {', '.join(Purpose)}."
    if not 0 < len(typed.text.strip()) <= LONGEST_TEXT:
        problems["text"] = f"Say what you ask and about whom or what, in at most {LONGEST_TEXT} characters."
    if not 0 < len(" ".join(typed.basis.split())) <= LONGEST_LINE:
        problems["basis"] = f"Name the legal basis with its article, in at most {LONGEST_LINE} characters."
    due = day_in(ask, typed.due)
    if due is None:
        problems["due"] = "Enter a whole day, as 2026-03-12 or 12.03.2026."
    elif not ask.at.date().isoformat() <= due <= (ask.at + LONGEST_TERM).date().isoformat():
        problems["due"] = "Choose today or a later day, at most two years ahead."
    if due is None or len(problems) > 0:
        raise InvalidInputError(NOT_ASKED, problems, cause="form")
    return due


def _jpa_tx(tx: Tx, ask: Ask, partner: Partner, jpa: str) -> str:
    shared = {j.id for j in cases.jpas_tx(tx, ask.officer.state)} & partner.jpas
    if jpa != "" and jpa not in shared:
        problem = "Choose a joint period that both states take part in, or none."
        raise InvalidInputError(NOT_ASKED, {"jpa": problem}, cause="jpa")
    return jpa
