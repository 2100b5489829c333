"""Returns of the own agency: previewed row by row, drafted, released by a second officer, sent, handed out as a file, withdrawn.

Who made a draft never releases it; the second signature is the one that the agency's key stands for.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import agencies, returns
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.interchange.return_file import read_return
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Jpa
from jpa.model.returns import Act, ActKind, Head, Return, ReturnState, Row, states_of
from jpa.operations.messages import fingerprint_of, public_of, sign_message
from jpa.services.figures import periods_tx
from jpa.services.return_rows import Made, Tally, addressed_tx, body_of, keep, make_tx, tallies
from jpa.services.return_telling import tell_if_away
from jpa.services.stores import Ask, Event, Stores, found, read, require, write

KIND: Final = "return"
"""Of the signed message."""
LONGEST_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A return in a list, with how far it has come."""

    this: Return
    state: ReturnState
    jpa: Jpa


@dataclass(frozen=True, slots=True)
class OpenedReturn:
    """One return with everything that it says."""

    this: Return
    state: ReturnState
    jpa: Jpa
    head: Head
    rows: Sequence[Row]
    tallies: Sequence[Tally]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a return would say, and what it makes of each measure."""

    made: Made
    tallies: Sequence[Tally]


def preview_return(stores: Stores, ask: Ask, jpa: str, period: str) -> Preview:
    """Show exactly the rows that the coordinator would see, and what stays; nothing is kept."""
    event = Event(AuditTag.RETURN_PREVIEWED, jpa, {"period": period})
    made = read(stores, ask, Action.MAKE_RETURN, event, lambda tx, _: make_tx(tx, stores, ask, jpa, period))
    return Preview(made, tallies(made.jpa, made.head, made.rows))


def draft_return(stores: Stores, ask: Ask, jpa: str, period: str) -> Return:
    """Keep a draft; first the bytes, then the graph, so that a crash in between leaves nothing that points nowhere."""
    with stores.audit.act(
        AuditTag.RETURN_DRAFTED, ask.officer, object=jpa, purpose=ask.purpose, details={"period": period}, at=ask.at
    ) as act:
        require(ask, Action.MAKE_RETURN)
        made = stores.graph.read(act.intent, lambda tx: make_tx(tx, stores, ask, jpa, period))
        body = made.body
        this = Return(
            id=made.head.id,
            agency=ask.officer.agency,
            state=ask.officer.state,
            jpa=jpa,
            period=period,
            version=made.head.version,
            rows=made.head.rows,
            digest=hashlib.sha256(body).hexdigest(),
            root=made.head.root,
            file=keep(stores, made.head.id, body),
            withheld=made.head.withheld,
            made_by=ask.officer.id,
            made_name=ask.officer.name,
            made=ask.at,
        )
        act.details |= {"return": this.id, "rows": this.rows, "digest": this.digest}
        stores.graph.write(act.intent, lambda tx: returns.add_tx(tx, this, [f"agency:{this.agency}"]))
        return this


def release_return(stores: Stores, ask: Ask, this: str) -> Return:
    """Sign a draft as the second officer: from now on the agency stands for it, and it never changes."""

    def change(tx: Tx, drafted: Return) -> None:
        if drafted.made_by == ask.officer.id:
            raise ForbiddenError("You made this draft; another supervisor of your agency releases it.")
        if drafted.alone is not ReturnState.DRAFT:
            raise ConflictError(f"This return is {drafted.alone.value} already. Open the page again to see it.")
        signer = stores.agency_keys.signer(drafted.agency)
        envelope = sign_message(signer, KIND, body_of(stores, drafted))
        returns.sign_tx(tx, drafted, fingerprint_of(public_of(signer)))
        returns.act_tx(tx, drafted, _act(ask, ActKind.RELEASED, code=envelope))

    return _changed(stores, ask, this, Action.RELEASE_RETURN, AuditTag.RETURN_RELEASED, change)


def send_return(stores: Stores, ask: Ask, this: str) -> Return:
    """Put a released return into the inbox of the coordinating agency, where that works in this installation."""

    def change(tx: Tx, released: Return) -> None:
        if released.alone is not ReturnState.RELEASED:
            raise ConflictError("Only a return that was released and not sent yet can be sent. Open the page again.")
        to = addressed_tx(tx, ask, released.jpa).coordinator
        if to.id == released.agency:
            raise ConflictError("Your agency coordinates this joint period now: its outcomes count there already.")
        if len(agencies.officers_tx(tx, to.id)) == 0:
            raise ConflictError(
                f"Nobody of {to.name} works in this installation. Hand the signed file over, or send it by post once its post card is pinned."
            )
        returns.open_tx(tx, released, to.id)
        returns.act_tx(tx, released, _act(ask, ActKind.SENT, code=to.id))

    return _changed(stores, ask, this, Action.MAKE_RETURN, AuditTag.RETURN_SENT, change)


def withdraw_return(stores: Stores, ask: Ask, this: str, reason: str) -> Return:
    """Withdraw a return or throw a draft away; one that counted counts no more."""
    said = checked_text(reason, "reason", "Say why; the coordinator reads it.")

    def change(tx: Tx, kept: Return) -> None:
        if kept.alone is ReturnState.WITHDRAWN:
            raise ConflictError("This return was withdrawn already.")
        returns.act_tx(tx, kept, _act(ask, ActKind.WITHDRAWN, text=said))

    withdrawn = _changed(stores, ask, this, Action.MAKE_RETURN, AuditTag.RETURN_WITHDRAWN, change)
    tell_if_away(stores, ask, withdrawn)
    return withdrawn


def list_returns(stores: Stores, ask: Ask) -> list[Listed]:
    """List the own agency's returns and those that were sent to it, newest first."""
    return read(
        stores, ask, Action.READ_RETURN, Event(AuditTag.RETURN_READ), lambda tx, reader: listed_tx(tx, reader, ask)
    )


def list_periods(stores: Stores, ask: Ask) -> list[Jpa]:
    """List the joint periods that a return can be made for: those that another agency coordinates."""

    def work(tx: Tx, _: Readership) -> list[Jpa]:
        return [j for j in periods_tx(tx, ask) if j.coordinator not in {"", ask.officer.agency}]

    return read(stores, ask, Action.READ_RETURN, Event(AuditTag.RETURN_READ), work)


def read_return_of(stores: Stores, ask: Ask, this: str) -> OpenedReturn:
    """Open one return: its rows as the coordinator sees them."""

    def work(tx: Tx, reader: Readership) -> Listed:
        return found(next((one for one in listed_tx(tx, reader, ask) if one.this.id == this), None))

    with stores.audit.act(AuditTag.RETURN_READ, ask.officer, object=this, purpose=ask.purpose, at=ask.at) as act:
        require(ask, Action.READ_RETURN)
        one = stores.graph.read(act.intent, lambda tx: work(tx, readership_tx(tx, ask.officer, ask.at)))
        head, rows = read_return(body_of(stores, one.this))
        return OpenedReturn(one.this, one.state, one.jpa, head, rows, tallies(one.jpa, head, rows))


def write_return_file(stores: Stores, ask: Ask, this: str) -> tuple[str, bytes]:
    """Hand out a released return as its signed file: name and bytes."""
    with stores.audit.act(AuditTag.RETURN_WRITTEN, ask.officer, object=this, purpose=ask.purpose, at=ask.at) as act:
        require(ask, Action.MAKE_RETURN)
        kept = stores.graph.read(act.intent, lambda tx: own_tx(tx, readership_tx(tx, ask.officer, ask.at), this))
        released = kept.last(ActKind.RELEASED)
        if released is None:
            raise ConflictError("A draft is not handed out: a second officer releases it first.")
        act.details["digest"] = kept.digest
        name = f"return-{kept.state}-{kept.period}-v{kept.version}-{kept.digest[:8]}.jsonl"
        return name, released.code.encode() + b"\n" + body_of(stores, kept)


def listed_tx(tx: Tx, reader: Readership, ask: Ask) -> list[Listed]:
    """Read the returns that the officer may know of with their states; drafts are the own agency's."""
    known = returns.returns_tx(tx, reader)
    states = states_of(known)
    jpas = {jpa.id: jpa for jpa in periods_tx(tx, ask)}
    return [Listed(r, states[r.id], jpas[r.jpa]) for r in known if r.jpa in jpas]


def checked_text(text: str, field: str, problem: str) -> str:
    """Return a short text that must be said."""
    said = " ".join(text.split())
    if not 0 < len(said) <= LONGEST_TEXT:
        raise InvalidInputError("Nothing was changed.", {field: f"{problem} At most {LONGEST_TEXT} characters."})
    return said


def _act(ask: Ask, kind: ActKind, code: str = "", text: str = "") -> Act:
    return Act(kind, ask.officer.id, ask.officer.name, ask.at, code, text)


def _changed(
    stores: Stores, ask: Ask, this: str, action: Action, tag: AuditTag, change: Callable[[Tx, Return], None]
) -> Return:
    """Change a return of the own agency; others' are not found."""

    def work(tx: Tx, reader: Readership, _: object) -> Return:
        kept = own_tx(tx, reader, this)
        returns.lock_tx(tx, kept.jpa)
        change(tx, own_tx(tx, reader, this))
        return own_tx(tx, reader, this)

    return write(stores, ask, action, Event(tag, this), work)


def own_tx(tx: Tx, reader: Readership, this: str) -> Return:
    """Read a return that the own agency made."""
    kept = returns.return_tx(tx, reader, this)
    return found(kept if kept is not None and kept.agency == reader.officer.agency and not kept.received else None)
