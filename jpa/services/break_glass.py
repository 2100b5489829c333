"""Break-glass: one officer asks, a second approves, the first opens within the hour, an auditor reviews. Never fewer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import cases, sealing
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.break_glass import Identity, VaultRequest, VaultState
from jpa.model.case import Case
from jpa.model.catalogue import VICTIM
from jpa.model.ids import new_id
from jpa.services.stores import Ask, Event, Stores, found, read, require


@dataclass(frozen=True, slots=True)
class VictimRow:
    """A victim on the page of a case: pseudonym, coded facts, and the requests about them."""

    id: str
    pseudonym: str
    facts: Sequence[tuple[str, str]]
    requests: Sequence[VaultRequest]

    def asked_by(self, officer: str, at: datetime) -> bool:
        """Say whether a request of this officer stands, so that another would be refused."""
        return any(r.asker == officer and not r.over(at) for r in self.requests)


def list_victims(stores: Stores, ask: Ask, case: str) -> list[VictimRow]:
    """List the victims of a case by pseudonym; requests about them only to the case's own agency."""

    def work(tx: Tx, reader: Readership) -> list[VictimRow]:
        found(cases.case_tx(tx, reader, case))
        asked = [r for r in stores.break_glass.of_agency(ask.officer.agency) if r.case == case]
        return [
            VictimRow(v["id"], v["pseudonym"], _facts(v), [r for r in asked if r.victim == v["id"]])
            for v in sealing.victims_tx(tx, reader, case)
        ]

    return read(stores, ask, Action.READ, Event(AuditTag.CASE_READ, case), work)


def list_waiting(stores: Stores, ask: Ask) -> list[VaultRequest]:
    """List what waits for this officer: requests that they may approve, and own ones that are open now."""

    def work(tx: Tx, reader: Readership) -> list[VaultRequest]:
        standing = [r for r in stores.break_glass.of_agency(ask.officer.agency) if not r.over(ask.at)]
        mine = [r for r in standing if (r.asker == ask.officer.id) == (r.state(ask.at) is VaultState.APPROVED)]
        return [r for r in mine if sealing.victim_tx(tx, reader, r.victim) is not None]

    return read(stores, ask, Action.APPROVE_VAULT, Event(AuditTag.START_PAGE_READ), work)


def ask_identity(stores: Stores, ask: Ask, victim: str, reason: str, basis: str) -> VaultRequest:
    """Ask to open a victim's identity; the auditors see it from this moment on."""
    problems = {}
    if reason.strip() == "":
        problems["reason"] = "Say why the identity must be opened now."
    if basis.strip() == "":
        problems["basis"] = "Name the law or order that allows it."
    if len(problems) > 0:
        raise InvalidInputError("Nothing was asked.", problems)
    require(ask, Action.OPEN_VAULT)
    with stores.audit.act(AuditTag.VAULT_ASKED, ask.officer, object=victim, at=ask.at) as act:

        def load(tx: Tx) -> dict[str, Any]:
            reader = readership_tx(tx, ask.officer, ask.at)
            this = found(sealing.victim_tx(tx, reader, victim))
            case = _own_case(tx, reader, this["case"])
            if case.id not in reader.team:
                raise ForbiddenError(f"Only the team of {case.number} asks for an identity of the case.")
            return this

        this = stores.graph.read(act.intent, load)
        redact = stores.vault.redactor(this["case"])
        request = VaultRequest(
            id=new_id(ask.at),
            victim=victim,
            case=this["case"],
            pseudonym=this["pseudonym"],
            agency=ask.officer.agency,
            asker=ask.officer.id,
            asker_name=ask.officer.name,
            reason=redact(reason.strip()),
            basis=redact(basis.strip()),
            asked=ask.at,
        )
        stores.break_glass.ask(request)
        act.details["request"] = request.id
        return request


def approve(stores: Stores, ask: Ask, request: str) -> None:
    """Approve as the second officer: the asker alone may open the identity, for an hour."""
    _decide(stores, ask, request, AuditTag.VAULT_APPROVED)


def refuse(stores: Stores, ask: Ask, request: str) -> None:
    """Refuse as the second officer."""
    _decide(stores, ask, request, AuditTag.VAULT_REFUSED)


def open_identity(stores: Stores, ask: Ask, request: str) -> tuple[VaultRequest, Identity]:
    """Show the identity to the asker within the hour; each time is an event of its own."""
    require(ask, Action.OPEN_VAULT)
    this = stores.break_glass.get(request)
    victim = request if this is None else this.victim
    with stores.audit.act(
        AuditTag.VAULT_OPENED, ask.officer, object=victim, details={"request": request}, at=ask.at
    ) as act:
        asked = found(this)
        stores.graph.read(act.intent, lambda tx: _require_readable(tx, readership_tx(tx, ask.officer, ask.at), asked))
        if asked.asker != ask.officer.id:
            raise ForbiddenError("Only the officer who asked may open this identity.")
        return asked, stores.break_glass.open(request, ask.officer, ask.at)


def list_for_review(stores: Stores, ask: Ask) -> list[VaultRequest]:
    """List to the auditor every request that nobody has reviewed."""
    require(ask, Action.READ_AUDIT)
    with stores.audit.act(AuditTag.AUDIT_READ, ask.officer, at=ask.at):
        return stores.break_glass.unreviewed()


def review(stores: Stores, ask: Ask, request: str, remark: str) -> None:
    """Mark a request as reviewed once it is over, by an auditor who had no part in it."""
    require(ask, Action.READ_AUDIT)
    if remark.strip() == "":
        raise InvalidInputError(
            "Nothing was reviewed.", {"remark": "Say what you found: was it needed, was it lawful?"}
        )
    with stores.audit.act(AuditTag.VAULT_REVIEWED, ask.officer, object=request, at=ask.at):
        this = found(stores.break_glass.get(request))
        if ask.officer.id in {this.asker, this.second}:
            raise ForbiddenError("Whoever asked or approved cannot review it; another auditor must.")
        if not this.over(ask.at):
            raise ConflictError("The identity can still be opened under this request. Review it when the time is over.")
        stores.break_glass.review(request, ask.officer, stores.vault.redactor(this.case)(remark.strip()), ask.at)


def _decide(stores: Stores, ask: Ask, request: str, tag: AuditTag) -> None:
    require(ask, Action.APPROVE_VAULT)
    with stores.audit.act(tag, ask.officer, object=request, at=ask.at) as act:
        this = found(stores.break_glass.get(request))
        stores.graph.read(act.intent, lambda tx: _require_readable(tx, readership_tx(tx, ask.officer, ask.at), this))
        if this.asker == ask.officer.id:
            raise ForbiddenError("You asked for it yourself: a second officer must decide.")
        stores.break_glass.decide(request, ask.officer, ask.at, refused=tag is AuditTag.VAULT_REFUSED)


def _require_readable(tx: Tx, reader: Readership, request: VaultRequest) -> None:
    found(sealing.victim_tx(tx, reader, request.victim))
    _own_case(tx, reader, request.case)


def _own_case(tx: Tx, reader: Readership, case: str) -> Case:
    this = found(cases.case_tx(tx, reader, case))
    if this.agency != reader.officer.agency:
        raise ForbiddenError("Only the agency that keeps the case opens identities of its victims.")
    return this


def _facts(victim: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (p.label, ", ".join(p.type.caption(code) for code in victim[p.name])) for p in VICTIM.coded if p.name in victim
    ]
