"""Grants: open a case to analysts of the states of its joint period, and close it to them again.

A grant opens the compartment; each marking inside still has to permit the reader. Agreements come with the sharing work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import cases, grants
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.grant import Grant
from jpa.model.ids import new_id
from jpa.services.stores import Ask, Event, Stores, found, read, write


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What a liaison officer decides: which case, for whom, why, until when."""

    case: str
    officers: Sequence[str]
    purpose: str
    end: datetime


def grant_case(stores: Stores, ask: Ask, new: NewGrant) -> Grant:
    """Let officers of other agencies read a case of the own agency that runs under a joint period of their states."""
    problems = {}
    if new.purpose.strip() == "":
        problems["purpose"] = "Say what they read it for; the auditor will ask."
    if new.end <= ask.at:
        problems["end"] = "Choose a later day: the grant would have ended before it began."
    if len(new.officers) == 0:
        problems["officers"] = "Name at least one officer."
    if len(problems) > 0:
        raise InvalidInputError("Nothing was granted.", problems)

    def work(tx: Tx, reader: Readership, _: object) -> Grant:
        case = _own_case(tx, reader, new.case)
        states = next((j.states for j in cases.jpas_tx(tx, case.state) if j.id == case.jpa), ())
        if len(states) == 0:
            raise InvalidInputError("Nothing was granted.", {"case": "Only a case under a joint period is opened so."})
        eligible = grants.eligible_tx(tx, new.officers, states=states, owner=case.agency)
        if eligible != set(new.officers):
            raise InvalidInputError(
                "Nothing was granted.",
                {"officers": "Choose active officers of other agencies whose states take part in the joint period."},
            )
        grant = Grant(
            id=new_id(ask.at),
            compartment=case.id,
            owner=case.agency,
            officers=tuple(sorted(eligible)),
            start=ask.at,
            end=new.end,
            purpose=new.purpose.strip(),
            by=ask.officer.id,
        )
        grants.save_tx(tx, grant)
        return grant

    details = {"officers": len(new.officers), "until": new.end.isoformat()}
    return write(stores, ask, Action.SHARE, Event(AuditTag.GRANT_CREATED, new.case, details), work)


def revoke_grant(stores: Stores, ask: Ask, grant: str, reason: str) -> None:
    """End a grant of the own agency: from the next read on it opens nothing."""
    if reason.strip() == "":
        raise InvalidInputError("Nothing was revoked.", {"reason": "Say why; the other agency will ask."})

    def work(tx: Tx, reader: Readership, _: object) -> None:
        this = found(grants.grant_tx(tx, reader, grant))
        found(this if this.owner == reader.officer.agency else None)
        if not grants.revoke_tx(tx, grant, by=ask.officer.id, at=ask.at, reason=reason.strip()):
            raise ConflictError("This grant was revoked already.")

    write(stores, ask, Action.SHARE, Event(AuditTag.GRANT_REVOKED, grant), work)


def list_grants(stores: Stores, ask: Ask, case: str) -> list[Grant]:
    """List who was ever granted a case of the own agency."""

    def work(tx: Tx, reader: Readership) -> list[Grant]:
        return grants.grants_tx(tx, reader, _own_case(tx, reader, case).id)

    return read(stores, ask, Action.SHARE, Event(AuditTag.CASE_READ, case), work)


def _own_case(tx: Tx, reader: Readership, case: str) -> Case:
    this = found(cases.case_tx(tx, reader, case))
    return found(this if this.agency == reader.officer.agency else None)
