"""The coordinator's side of returns: received as a file and verified, accepted, questioned, taken back; the board of a joint period."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import agencies, frames, returns
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.interchange.return_file import MOST_BYTES, read_return
from jpa.model import states
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Agency, Jpa
from jpa.model.returns import Act, ActKind, Head, Question, Return, ReturnState, Row, states_of
from jpa.operations.messages import Message
from jpa.services.agency_keys import opened_tx
from jpa.services.return_rows import body_of, keep, require_sound
from jpa.services.return_telling import tell_if_away
from jpa.services.returns import KIND, checked_text
from jpa.services.stores import Ask, Event, Stores, found, read, require, write

_REFUSED = "The file was refused; nothing of it was kept."


@dataclass(frozen=True, slots=True)
class Verified:
    """A file that is whole, signed by a pinned key, and as the format says."""

    message: Message
    agency: Agency
    head: Head
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What one state's agency has returned for a joint period."""

    state: str
    agency: Agency | None
    """None where no agency of the state is known here."""
    returns: Sequence[tuple[Return, ReturnState]]
    """Newest version of each period that is not withdrawn."""

    @property
    def missing(self) -> bool:
        """Whether nothing has come yet."""
        return len(self.returns) == 0


@dataclass(frozen=True, slots=True)
class Board:
    """Who has returned what for a joint period."""

    jpa: Jpa
    lines: Sequence[Standing]


def verify_return(stores: Stores, ask: Ask, content: bytes) -> Verified:
    """Check a file against the pinned keys and the format; nothing is kept."""
    event = Event(AuditTag.RETURN_VERIFIED, "", _about(content))
    return _verified(*read(stores, ask, Action.RECEIVE_RETURN, event, lambda tx, _: _opened_tx(tx, stores, content)))


def receive_return(stores: Stores, ask: Ask, content: bytes) -> Return:
    """Take a signed file into the inbox; the same file again changes nothing."""
    with stores.audit.act(
        AuditTag.RETURN_RECEIVED, ask.officer, purpose=ask.purpose, details=_about(content), at=ask.at
    ) as act:
        require(ask, Action.RECEIVE_RETURN)
        verified = _verified(*stores.graph.read(act.intent, lambda tx: _opened_tx(tx, stores, content)))
        act.details |= {"return": verified.head.id, "key": verified.message.fingerprint}
        kept, new = stores.graph.read(act.intent, lambda tx: _placed_tx(tx, ask, verified))
        if not new:
            act.details["repeat"] = True
            return kept
        file = keep(stores, kept.id, verified.message.body)
        return stores.graph.write(act.intent, lambda tx: _received_tx(tx, ask, verified, file))


def accept_return(stores: Stores, ask: Ask, this: str) -> Return:
    """Let a return count in the figures of the joint period; its signature is checked once more."""

    def change(tx: Tx, sent: Return, state: ReturnState) -> Act:
        if state not in {ReturnState.RECEIVED, ReturnState.QUERIED}:
            raise ConflictError(f"This return is {state.value}. Open the page again to see it.")
        released = sent.last(ActKind.RELEASED)
        if released is not None:
            opened_tx(tx, stores, released.code.encode() + b"\n" + body_of(stores, sent), KIND)
        return Act(ActKind.ACCEPTED, ask.officer.id, ask.officer.name, ask.at)

    return _decided(stores, ask, this, AuditTag.RETURN_ACCEPTED, change)


def query_return(stores: Stores, ask: Ask, this: str, code: str, text: str) -> Return:
    """Ask the sender back, with a coded reason and a short question; a new version is the answer."""
    if code not in set(Question):
        raise InvalidInputError("Nothing was asked.", {"code": f"Choose one of {', '.join(Question)}."})
    said = checked_text(text, "text", "Ask your question, without naming anybody.")

    def change(_: Tx, __: Return, state: ReturnState) -> Act:
        if state is not ReturnState.RECEIVED:
            raise ConflictError(f"This return is {state.value}. Take that back before you ask.")
        return Act(ActKind.QUERIED, ask.officer.id, ask.officer.name, ask.at, code, said)

    return _decided(stores, ask, this, AuditTag.RETURN_QUERIED, change)


def reopen_return(stores: Stores, ask: Ask, this: str, reason: str) -> Return:
    """Take an acceptance or a question back; what was accepted before counts again."""
    said = checked_text(reason, "reason", "Say why; the sender reads it.")

    def change(_: Tx, __: Return, state: ReturnState) -> Act:
        if state not in {ReturnState.ACCEPTED, ReturnState.QUERIED}:
            raise ConflictError(f"This return is {state.value}: there is nothing to take back.")
        return Act(ActKind.REOPENED, ask.officer.id, ask.officer.name, ask.at, "", said)

    return _decided(stores, ask, this, AuditTag.RETURN_REOPENED, change)


def read_boards(stores: Stores, ask: Ask) -> list[Board]:
    """Show, for each joint period that the own agency coordinates, who has returned what and who is missing."""

    def work(tx: Tx, reader: Readership) -> list[Board]:
        known = agencies.agencies_tx(tx)
        coordinated = [
            j for j, _ in frames.frames_tx(tx, state=ask.officer.state) if j.coordinator == ask.officer.agency
        ]
        return [_board(jpa, known, returns.returns_tx(tx, reader, jpa.id), ask) for jpa in coordinated]

    return read(stores, ask, Action.READ_RETURN, Event(AuditTag.RETURN_READ), work)


def _board(jpa: Jpa, known: Sequence[Agency], sent: Sequence[Return], ask: Ask) -> Board:
    found_states = states_of(sent)
    lines = []
    for state in jpa.states:
        there: list[Agency | None] = [a for a in known if a.state == state and a.id != ask.officer.agency]
        for agency in there or ([] if state == ask.officer.state else [None]):
            newest: dict[str, Return] = {}
            for r in sent:
                if agency is not None and r.agency == agency.id and r.sent and r.alone is not ReturnState.WITHDRAWN:
                    newest[r.period] = max(r, newest.get(r.period, r), key=lambda one: one.version)
            lines.append(Standing(state, agency, [(r, found_states[r.id]) for _, r in sorted(newest.items())]))
    return Board(jpa, lines)


def _decided(
    stores: Stores, ask: Ask, this: str, tag: AuditTag, change: Callable[[Tx, Return, ReturnState], Act]
) -> Return:
    def work(tx: Tx, reader: Readership, _: object) -> Return:
        jpa = _incoming_tx(tx, reader, this).jpa
        returns.lock_tx(tx, jpa)
        sent = _incoming_tx(tx, reader, this)
        state = states_of(returns.returns_tx(tx, reader, jpa))[this]
        returns.act_tx(tx, sent, change(tx, sent, state))
        return _incoming_tx(tx, reader, this)

    decided = write(stores, ask, Action.DECIDE_RETURN, Event(tag, this), work)
    tell_if_away(stores, ask, decided)
    return decided


def _incoming_tx(tx: Tx, reader: Readership, this: str) -> Return:
    """Read a return that was sent to the own agency, which coordinates its joint period now."""
    sent = found(returns.return_tx(tx, reader, this))
    jpa, _plans = next(iter(frames.frames_tx(tx, jpa=sent.jpa)), (None, ()))
    mine = sent.sent and sent.agency != reader.officer.agency
    return found(sent if mine and jpa is not None and jpa.coordinator == reader.officer.agency else None)


def _about(content: bytes) -> dict[str, object]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _opened_tx(tx: Tx, stores: Stores, content: bytes) -> tuple[Message, Agency]:
    if len(content) > MOST_BYTES:
        raise InvalidInputError(_REFUSED, {"file": f"It has {len(content)} bytes; a return has {MOST_BYTES} at most."})
    return opened_tx(tx, stores, content, KIND)


def _verified(message: Message, agency: Agency) -> Verified:
    head, rows = read_return(message.body)
    require_sound(head, rows)
    if head.state != agency.state:
        named = f"{states.name_of(head.state)}, and its key belongs to {agency.name}"
        raise InvalidInputError(_REFUSED, {"file": f"It says that it comes of {named}."})
    return Verified(message, agency, head, rows)


def _placed_tx(tx: Tx, ask: Ask, verified: Verified) -> tuple[Return, bool]:
    """Find the joint period that a file speaks of and what is here of it already; says whether it is new."""
    head = verified.head
    frame = next((j for j, _ in frames.frames_tx(tx, state=ask.officer.state) if j.number == head.number), None)
    if frame is None or (frame.start, frame.end) != (head.start, head.end):
        problem = f"It is for joint period {head.number}, {head.start} to {head.end}; the register here has no such one of your state."
        raise InvalidInputError(_REFUSED, {"file": problem})
    if frame.coordinator != ask.officer.agency:
        raise InvalidInputError(
            _REFUSED, {"file": f"Your agency does not coordinate {frame.name}; hand it to the one that does."}
        )
    if verified.agency.state not in frame.states:
        raise InvalidInputError(
            _REFUSED, {"file": f"The state of {verified.agency.name} takes no part in {frame.name}."}
        )
    digest = hashlib.sha256(verified.message.body).hexdigest()
    known = returns.known_tx(tx, head.id)
    made = _return_of(ask, verified, frame, digest)
    if known is not None:
        mine = returns.return_tx(tx, readership_tx(tx, ask.officer, ask.at), head.id)
        if known != digest or mine is None:
            problem = "There is another return of this number here already." if known != digest else (
                f"{verified.agency.name} works in this installation and made it here: let them send it by page."
            )  # fmt: skip
            raise InvalidInputError(_REFUSED, {"file": problem})
        return mine, False
    latest = returns.latest_tx(tx, verified.agency.id, frame.id, head.period)
    if head.version <= latest:
        problem = f"It is version {head.version}, and version {latest} is here already; only a later one replaces it."
        raise InvalidInputError(_REFUSED, {"file": problem})
    return made, True


def _received_tx(tx: Tx, ask: Ask, verified: Verified, file: str) -> Return:
    placed, new = _placed_tx(tx, ask, verified)
    if not new:
        return placed
    kept = replace(placed, file=file)
    returns.lock_tx(tx, kept.jpa)
    returns.add_tx(tx, kept, [f"agency:{ask.officer.agency}"])
    act = Act(ActKind.SENT, ask.officer.id, ask.officer.name, ask.at, ask.officer.agency)
    signed = Act(ActKind.RELEASED, verified.agency.id, verified.agency.name, ask.at, verified.message.envelope)
    returns.act_tx(tx, kept, signed)
    returns.act_tx(tx, replace(kept, acts=(signed,)), act)
    return kept


def _return_of(ask: Ask, verified: Verified, jpa: Jpa, digest: str) -> Return:
    head = verified.head
    return Return(
        id=head.id,
        agency=verified.agency.id,
        state=head.state,
        jpa=jpa.id,
        period=head.period,
        version=head.version,
        rows=head.rows,
        digest=digest,
        root=head.root,
        file="",
        withheld=head.withheld,
        made_by="",
        made_name=verified.agency.name,
        made=ask.at,
        fingerprint=verified.message.fingerprint,
        received=True,
    )
