"""Returns between installations by post: sent to the coordinator, and what either side says of one afterwards taken in."""

import hashlib

from jpa.errors import ConflictError
from jpa.graph import agencies, frames, returns
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.post import Posted, PostKind
from jpa.model.returns import Act, ActKind, Question, Return, ReturnState
from jpa.services.agency_keys import opened_tx
from jpa.services.post_spool import Sending, has_place, put
from jpa.services.return_rows import addressed_tx
from jpa.services.return_telling import DECISIONS
from jpa.services.returns import own_tx, send_return, write_return_file
from jpa.services.stores import Ask, Event, Stores, read, write
from jpa.sharing.return_decision import KIND, ReturnDecision, read_decision
from jpa.sharing.said import SKEW, refused_said


def send_return_to_coordinator(stores: Stores, ask: Ask, this: str) -> Posted | None:
    """Send a released return to whoever coordinates: into its inbox here, or by post; returns what is on its way."""

    def work(tx: Tx, reader: Readership) -> bool:
        to = addressed_tx(tx, ask, own_tx(tx, reader, this).jpa).coordinator
        return len(agencies.officers_tx(tx, to.id)) == 0 and has_place(stores, to.id)

    if read(stores, ask, Action.MAKE_RETURN, Event(AuditTag.RETURN_READ, this), work):
        return send_return_by_post(stores, ask, this)
    send_return(stores, ask, this)
    return None


def send_return_by_post(stores: Stores, ask: Ask, this: str) -> Posted:
    """Put a released return on its way to the coordinator's installation; the same one again is the same file."""

    def coordinator(tx: Tx, reader: Readership) -> str:
        kept = own_tx(tx, reader, this)
        to = addressed_tx(tx, ask, kept.jpa).coordinator
        if to.id == kept.agency or kept.alone is ReturnState.WITHDRAWN:
            raise ConflictError("It was withdrawn, or your agency coordinates the joint period now.")
        return to.id

    def mark(tx: Tx, reader: Readership, _: object) -> None:
        returns.lock_tx(tx, own_tx(tx, reader, this).jpa)
        kept = own_tx(tx, reader, this)
        if kept.alone is ReturnState.RELEASED:
            returns.act_tx(tx, kept, Act(ActKind.SENT, ask.officer.id, ask.officer.name, ask.at, to))

    to = read(stores, ask, Action.MAKE_RETURN, Event(AuditTag.RETURN_READ, this), coordinator)
    content = write_return_file(stores, ask, this)[1]
    item = put(stores, ask, Sending(PostKind.RETURN, this, this, to, content))
    write(stores, ask, Action.MAKE_RETURN, Event(AuditTag.RETURN_SENT, this, {"item": item.id}), mark)
    return item


def receive_decision(stores: Stores, ask: Ask, content: bytes) -> Return:
    """Take in what the other side says of a return; the same again changes nothing, and nothing older than what is known counts."""
    details = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def work(tx: Tx, reader: Readership, _: object) -> Return:
        message, by = opened_tx(tx, stores, content, KIND)
        decision = read_decision(message.body)
        _require_said_by(tx, reader, decision, by)
        kept = _spoken_of_tx(tx, reader, decision)
        returns.lock_tx(tx, kept.jpa)
        kept = _spoken_of_tx(tx, reader, decision)
        act = Act(ActKind(decision.decision), by.id, by.name, decision.moment, decision.code, decision.text)
        if act in kept.acts:
            return kept
        _require_next(ask, kept, act)
        returns.act_tx(tx, kept, act)
        return _spoken_of_tx(tx, reader, decision)

    return write(stores, ask, Action.RECEIVE_RETURN, Event(AuditTag.RETURN_TOLD, "", details), work)


def _spoken_of_tx(tx: Tx, reader: Readership, decision: ReturnDecision) -> Return:
    kept = returns.return_tx(tx, reader, decision.return_id)
    if kept is None or kept.digest != decision.digest:
        raise refused_said("It is about a return that is not here.", "return")
    return kept


def _require_said_by(tx: Tx, reader: Readership, decision: ReturnDecision, by: Agency) -> None:
    """Refuse a decision of another than the coordinator, and a withdrawal by another than the sender."""
    kept = _spoken_of_tx(tx, reader, decision)
    own = reader.officer.agency
    jpa, _plans = next(iter(frames.frames_tx(tx, jpa=kept.jpa)), (None, ()))
    if ActKind(decision.decision) in DECISIONS:
        right = kept.agency == own and not kept.received and jpa is not None and jpa.coordinator == by.id
    else:
        right = kept.received and kept.agency == by.id
    if not right:
        raise refused_said("It is about a return that is not here.", "return")
    if decision.code not in {"", *Question} or (decision.decision == "queried") != (decision.code != ""):
        raise refused_said("Its coded reason is none of the list.", "format")


def _require_next(ask: Ask, kept: Return, act: Act) -> None:
    if act.at > ask.at + SKEW:
        raise refused_said("It was decided at a moment that is still to come. Compare the clocks.", "clock")
    late = act.kind in DECISIONS and any(a.kind in DECISIONS and a.at >= act.at for a in kept.acts)
    if late or kept.alone is ReturnState.WITHDRAWN:
        raise refused_said("Something later is known here: it was withdrawn or decided anew.", "replay")
