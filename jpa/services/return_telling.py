"""Telling another installation what was done here about a return: signed, and by post where an address is pinned."""

import hashlib
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import returns
from jpa.graph.agencies import readership_tx
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.post import Posted, PostKind
from jpa.model.returns import Act, ActKind, Return
from jpa.operations.messages import sign_message
from jpa.services.post_spool import Sending, has_place, put
from jpa.services.stores import Ask, Stores, found, require
from jpa.sharing.return_decision import KIND, ReturnDecision, write_decision

DECISIONS: Final = frozenset({ActKind.ACCEPTED, ActKind.QUERIED, ActKind.REOPENED})
"""Of the coordinator; a withdrawal is the sender's."""


def tell_if_away(stores: Stores, ask: Ask, this: Return) -> Posted | None:
    """Put what was done last about a return on its way, where the other side works in another installation and takes post.

    What was done stands, whether or not it can leave: None where it cannot, and then it is handed over or sent anew.
    """
    away = this.received or stores.post.is_known((this.agency, other_side(this), PostKind.RETURN, this.id))
    if not away or not has_place(stores, other_side(this)):
        return None
    try:
        return tell(stores, ask, this.id)
    except InvalidInputError:
        return None


def tell(stores: Stores, ask: Ask, this: str) -> Posted:
    """Put what the own side did last about a return on its way to the other."""
    _name, content, partner = _decision_file(stores, ask, this)
    return put(
        stores, ask, Sending(PostKind.DECISION, hashlib.sha256(content).hexdigest()[:32], this, partner, content)
    )


def write_decision_file(stores: Stores, ask: Ask, this: str) -> tuple[str, bytes]:
    """Hand out what the own side did last about a return, as a signed file: name and bytes."""
    name, content, _partner = _decision_file(stores, ask, this)
    return name, content


def other_side(this: Return) -> str:
    """Return the agency that a return came from, or went to; empty where it went nowhere yet."""
    sent = this.last(ActKind.SENT)
    return this.agency if this.received else "" if sent is None else sent.code


def _decision_file(stores: Stores, ask: Ask, this: str) -> tuple[str, bytes, str]:
    with stores.audit.act(AuditTag.RETURN_WRITTEN, ask.officer, object=this, purpose=ask.purpose, at=ask.at) as act:
        require(ask, Action.RECEIVE_RETURN)
        kept = found(
            stores.graph.read(
                act.intent, lambda tx: returns.return_tx(tx, readership_tx(tx, ask.officer, ask.at), this)
            )
        )
        done = _done(kept, ask.officer.agency)
        if done is None or other_side(kept) == "":
            raise ConflictError("There is nothing to tell the other side: it was neither decided nor withdrawn here.")
        body = write_decision(
            ReturnDecision(
                format="1", return_id=kept.id, digest=kept.digest, decision=done.kind.value, code=done.code, text=done.text,
                at=done.at.isoformat(timespec="microseconds"),
            )
        )  # fmt: skip
        line = sign_message(stores.agency_keys.signer(ask.officer.agency), KIND, body)
        act.details |= {"kind": KIND, "decision": done.kind.value}
        return (
            f"decision-{kept.state}-v{kept.version}-{kept.id[:8]}.jsonl",
            line.encode() + b"\n" + body,
            other_side(kept),
        )


def _done(this: Return, own: str) -> Act | None:
    mine = {ActKind.WITHDRAWN} if this.agency == own else DECISIONS if this.received else frozenset[ActKind]()
    return next((a for a in reversed(this.acts) if a.kind in mine), None)
