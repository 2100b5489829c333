"""Grants as both sides see them: what was granted, how it was used, when it was revoked. Making one is `jpa.services.grant_offers`.

A grant opens a compartment; each marking inside still has to permit the reader. Revoked, it opens nothing from the next read on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import agencies, agreements, cases, granted, grants
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership, can
from jpa.model.agreement import Agreement, AgreementState
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.grant import Grant, GrantState
from jpa.operations.uses import Use
from jpa.services.stores import Ask, Event, Stores, found, read, require, write

LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class ListedGrant:
    """A grant in a list."""

    this: Grant
    state: GrantState
    agreement: Agreement | None
    """What it rests on; None for grants of earlier releases."""
    rests: bool
    """Whether that is in force, so that the grant opens anything."""
    owner: str
    """Name of the agency that made it."""
    partner: str
    case: Case | None
    """None for whoever may not know of the case."""


@dataclass(frozen=True, slots=True)
class OpenedGrant:
    """One grant with what it opens to the reader, and how it was used."""

    listed: ListedGrant
    officers: Sequence[str]
    """Names of those whom it names."""
    held: Sequence[tuple[str, str, str]]
    """Kind, id and caption of what it opens and the reader may read now."""
    use: Use


def revoke_grant(stores: Stores, ask: Ask, grant: str, reason: str) -> None:
    """End a grant of the own agency: from the next read on it opens nothing."""
    said = " ".join(reason.split())
    if not 0 < len(said) <= LONGEST_REASON:
        problem = f"Say why; the other agency reads it. At most {LONGEST_REASON} characters."
        raise InvalidInputError("Nothing was revoked.", {"reason": problem})

    def work(tx: Tx, reader: Readership, _: object) -> None:
        this = found(grants.grant_tx(tx, reader, grant))
        if not grants.revoke_tx(tx, this.id, by=ask.officer.id, at=ask.at, reason=said):
            raise ConflictError("This grant was revoked already.")

    write(stores, ask, Action.SHARE, Event(AuditTag.GRANT_REVOKED, grant), work)


def list_grants(stores: Stores, ask: Ask, case: str) -> list[Grant]:
    """List who was ever granted a case of the own agency, whole or in part."""

    def work(tx: Tx, reader: Readership) -> list[Grant]:
        return grants.grants_tx(tx, reader, own_case_tx(tx, reader, case).id)

    return read(stores, ask, Action.SHARE, Event(AuditTag.CASE_READ, case), work)


def list_given(stores: Stores, ask: Ask) -> list[ListedGrant]:
    """List what the own agency granted of the cases that the officer may know of, newest first."""

    def work(tx: Tx, reader: Readership) -> list[ListedGrant]:
        return _listed_tx(tx, reader, ask, grants.grants_tx(tx, reader))

    return read(stores, ask, Action.SHARE, Event(AuditTag.GRANT_READ), work)


def list_received(stores: Stores, ask: Ask) -> list[ListedGrant]:
    """List what was granted to the officer or the own agency, newest first."""

    def work(tx: Tx, reader: Readership) -> list[ListedGrant]:
        return _listed_tx(tx, reader, ask, grants.received_tx(tx, reader, desk=_is_desk(ask)))

    return read(stores, ask, Action.READ, Event(AuditTag.GRANT_READ), work)


def read_grant(stores: Stores, ask: Ask, grant: str) -> OpenedGrant:
    """Open a grant that the own agency made or received: what it opens, and how often its officers read that."""

    def work(tx: Tx, reader: Readership) -> tuple[ListedGrant, list[str], list[tuple[str, str, str]], set[str]]:
        given = grants.grant_tx(tx, reader, grant) if can(ask.officer, Action.SHARE) else None
        received = grants.received_tx(tx, reader, desk=_is_desk(ask), grant=grant)
        this = found(given or next(iter(received), None))
        names = dict(agencies.officers_tx(tx, this.partner)) if this.partner else {}
        held = [] if this.is_of_case else granted.held_tx(tx, reader, this.case, this.id)
        objects = granted.opened_tx(tx, this.case, this.compartment) | ({this.case} if this.is_of_case else set())
        return _listed_tx(tx, reader, ask, [this])[0], [names.get(o, o) for o in this.officers], held, objects

    with stores.audit.act(AuditTag.GRANT_READ, ask.officer, object=grant, purpose=ask.purpose, at=ask.at) as act:
        require(ask, Action.READ)
        listed, names, held, objects = stores.graph.read(
            act.intent, lambda tx: work(tx, readership_tx(tx, ask.officer, ask.at))
        )
    this = listed.this
    use = stores.audit.uses(this.partner, objects, officers=this.officers, since=this.start, until=_end_of(this))
    return OpenedGrant(listed, names, held, use)


def own_case_tx(tx: Tx, reader: Readership, case: str) -> Case:
    """Return a readable case of the own agency; nothing else is there to be granted."""
    this = found(cases.case_tx(tx, reader, case))
    return found(this if this.agency == reader.officer.agency else None)


def _listed_tx(tx: Tx, reader: Readership, ask: Ask, listed: Sequence[Grant]) -> list[ListedGrant]:
    names = {a.id: a.name for a in agencies.agencies_tx(tx)}
    known = {a.id: a for a in agreements.agreements_tx(tx, reader.officer.agency)}
    seen = {case: cases.case_tx(tx, reader, case) for case in {g.case for g in listed}}
    return [
        ListedGrant(
            this=g,
            state=g.state(ask.at),
            agreement=known.get(g.agreement),
            rests=_rests(g, known.get(g.agreement), ask.at),
            owner=names.get(g.owner, g.owner),
            partner=names.get(g.partner, "several"),
            case=seen[g.case],
        )
        for g in reversed(listed)
    ]


def _rests(grant: Grant, agreement: Agreement | None, at: datetime) -> bool:
    return grant.agreement == "" or (agreement is not None and agreement.state(at) is AgreementState.IN_FORCE)


def _end_of(grant: Grant) -> datetime:
    return grant.end if grant.revoked is None else grant.revoked


def _is_desk(ask: Ask) -> bool:
    """Say whether the officer looks after what comes from other agencies."""
    return can(ask.officer, Action.READ_AGREEMENT)
