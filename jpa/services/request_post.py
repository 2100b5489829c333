"""Requests between installations by post: what the own desk says leaves by itself, what the other says is taken in.

Each move is a signed message; both sides order them by the moment at which they were said, so that both see and count the same.
"""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

from jpa.errors import InvalidInputError
from jpa.graph import agencies, cases, requests
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import Purpose, Way
from jpa.model.audit import AuditTag
from jpa.model.case import Agency, Jpa
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.model.post import Posted, PostKind
from jpa.model.request import ASKED, ASKING, Kind, Move, MoveKind, Refusal, Request, Urgency, moves_open
from jpa.operations.messages import sign_message
from jpa.services.agency_keys import opened_tx
from jpa.services.agreements import binding_tx
from jpa.services.post_spool import Sending, has_place, open_way_tx, put
from jpa.services.stores import Ask, Event, Stores, found, read, write
from jpa.sharing.request_move import KIND, Asked, Marked, RequestMove, read_move, write_move
from jpa.sharing.said import SKEW, refused_said


def post_if_away(stores: Stores, ask: Ask, this: Request) -> None:
    """Put what the own desk said on its way, where the other works in another installation and takes post; what was said stands anyhow."""
    other = this.asked if ask.officer.agency == this.asker else this.asker
    if this.sent is None or not has_place(stores, other):
        return
    try:
        post_moves(stores, ask, this.id)
    except InvalidInputError:
        return  # it leaves with the next move, from the page, or by: jpa post send request


def post_moves(stores: Stores, ask: Ask, request: str) -> list[Posted]:
    """Put every move of the own desk that did not leave yet on its way, in order."""

    def work(tx: Tx, reader: Readership) -> tuple[str, list[RequestMove]]:
        this = found(requests.request_tx(tx, reader, request))
        own = reader.officer.agency
        other = this.asked if own == this.asker else this.asker
        if this.sent is None or len(agencies.officers_tx(tx, other)) > 0:
            return other, []
        jpas = cases.jpas_tx(tx, ask.officer.state)
        return other, [_message_of(this, move, jpas) for move in this.moves if move.agency == own]

    other, said = read(stores, ask, Action.READ_REQUEST, Event(AuditTag.REQUEST_READ, request), work)
    own = ask.officer.agency
    fresh = [m for m in said if not _left(stores, own, other, m.move)]
    # Ids of items sort by millisecond: what is put in at once goes in the order in which it was said.
    return [
        put(stores, replace(ask, at=ask.at + timedelta(milliseconds=n)), _sending(stores, ask, other, message))
        for n, message in enumerate(fresh)
    ]


def moves_left_behind(stores: Stores, ask: Ask, request: str) -> dict[str, str]:
    """Map each move of the own desk that did not leave by post to the reason why; empty where the other desk works here."""

    def work(tx: Tx, reader: Readership) -> dict[str, str]:
        this = found(requests.request_tx(tx, reader, request))
        own = reader.officer.agency
        other = this.asked if own == this.asker else this.asker
        if this.sent is None or len(agencies.officers_tx(tx, other)) > 0:
            return {}
        left = [m.id for m in this.moves if m.agency == own and not _left(stores, own, other, m.id)]
        return dict.fromkeys(left, _obstacle_tx(tx, stores, other)) if len(left) > 0 else {}

    return read(stores, ask, Action.READ_REQUEST, Event(AuditTag.REQUEST_READ, request), work)


def _left(stores: Stores, own: str, other: str, move: str) -> bool:
    return stores.post.is_known((own, other, PostKind.REQUEST, move))


def _obstacle_tx(tx: Tx, stores: Stores, other: str) -> str:
    try:
        open_way_tx(tx, stores, other)
    except InvalidInputError as error:
        return " ".join(error.fields.values())
    return "When it was said it could not leave; nothing stands in its way now."


def receive_move(stores: Stores, ask: Ask, content: bytes) -> Request:
    """Take in what the other desk says about a request, or the request itself; the same again changes nothing."""
    details = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def work(tx: Tx, reader: Readership, _: object) -> Request:
        message, by = opened_tx(tx, stores, content, KIND)
        said = read_move(message.body)
        _require_between(ask, said, by)
        jpas = cases.jpas_tx(tx, ask.officer.state)
        move = _move_of(said, by, jpas)
        if move.kind is MoveKind.SENT:
            return _asked_tx(tx, reader, ask, said, move)
        requests.lock_tx(tx, said.request)
        this = _known_tx(tx, reader, said)
        if any(m.id == move.id for m in this.moves):
            return this
        _require_next(this, move)
        if move.text != "" or move.reference != "":
            binding_tx(tx, ask, by.id, this.purpose.value, Way.REQUEST)
        requests.move_tx(tx, this, move)
        return _known_tx(tx, reader, said)

    return write(stores, ask, Action.ANSWER_REQUEST, Event(AuditTag.REQUEST_RECEIVED, "", details), work)


def _asked_tx(tx: Tx, reader: Readership, ask: Ask, said: RequestMove, move: Move) -> Request:
    """Put a request of another installation into the own desk's inbox."""
    known = requests.request_tx(tx, reader, said.request)
    if known is not None:
        if any(m.id == move.id for m in known.moves):
            return known
        raise refused_said("There is another request of this number here already.", "replay")
    asks = found(said.asks)
    bound = binding_tx(tx, ask, said.asker, asks.purpose, Way.REQUEST)
    try:
        purpose, kind, urgency, due = (
            Purpose(asks.purpose),
            Kind(asks.kind),
            Urgency(asks.urgency),
            date.fromisoformat(asks.due),
        )
    except ValueError as error:
        raise refused_said("Its purpose, kind, urgency or due day is none.", "format") from error
    jpas = cases.jpas_tx(tx, ask.officer.state)
    this = Request(
        id=said.request, asker=said.asker, asked=said.asked, agreement=bound.agreements[0].id, purpose=purpose,
        kind=kind, text=asks.text, basis=asks.basis, urgency=urgency, due=due.isoformat(),
        marking=_marking_of(asks.marking, jpas), made=move.at,
        jpa=_jpa_of(asks.jpa, [j for j in jpas if j.id in bound.partner.jpas]),
    )  # fmt: skip
    requests.add_tx(tx, this)
    requests.move_tx(tx, this, move)
    return found(requests.request_tx(tx, reader, this.id))


def _known_tx(tx: Tx, reader: Readership, said: RequestMove) -> Request:
    this = requests.request_tx(tx, reader, said.request)
    if this is None or (this.asker, this.asked) != (said.asker, said.asked):
        raise refused_said("It is about a request that is not here.", "request")
    return this


def _require_between(ask: Ask, said: RequestMove, by: Agency) -> None:
    """Refuse what is not said by the other side of a request of the own agency, or cannot be said by that side."""
    own = ask.officer.agency
    if (by.id, own) not in {(said.asker, said.asked), (said.asked, said.asker)}:
        raise refused_said("It is about a request that is not here.", "request")
    kinds = {k.value for k in (ASKING if by.id == said.asker else ASKED)}
    refuses = said.kind == MoveKind.REFUSED.value
    fits = said.kind in kinds and (said.kind == MoveKind.SENT.value) == (said.asks is not None)
    if not fits or said.code not in {"", *Refusal} or refuses != (said.code != ""):
        raise refused_said("It says what that side cannot say about a request.", "format")
    if said.moment > ask.at + SKEW:
        raise refused_said("It was said at a moment that is still to come. Compare the clocks.", "clock")


def _require_next(this: Request, move: Move) -> None:
    """Refuse what the other side could not have said after what it said itself; what the own side said meanwhile may have crossed it."""
    theirs = [m for m in this.moves if m.agency == move.agency or m.kind is MoveKind.SENT]
    if any(m.at >= move.at for m in theirs) or move.kind not in moves_open(replace(this, moves=theirs), move.agency):
        raise refused_said("It does not follow what that desk said before.", "replay")


def _message_of(this: Request, move: Move, jpas: list[Jpa]) -> RequestMove:
    asks = Asked(
        purpose=this.purpose.value, kind=this.kind.value, text=this.text, basis=this.basis, urgency=this.urgency.value,
        due=this.due, marking=_marked(this.marking, jpas), jpa=_number_of(this.jpa, jpas),
    )  # fmt: skip
    return RequestMove(
        format="1", request=this.id, asker=this.asker, asked=this.asked, move=move.id, kind=move.kind.value,
        at=move.at.isoformat(timespec="microseconds"), code=move.code, text=move.text, reference=move.reference,
        marking=None if move.marking is None else _marked(move.marking, jpas),
        asks=asks if move.kind is MoveKind.SENT else None,
    )  # fmt: skip


def _sending(stores: Stores, ask: Ask, other: str, message: RequestMove) -> Sending:
    body = write_move(message)
    line = sign_message(stores.agency_keys.signer(ask.officer.agency), KIND, body)
    return Sending(PostKind.REQUEST, message.move, message.request, other, line.encode() + b"\n" + body)


def _move_of(said: RequestMove, by: Agency, jpas: list[Jpa]) -> Move:
    marking = None if said.marking is None else _marking_of(said.marking, jpas)
    return Move(
        said.move, MoveKind(said.kind), by.id, said.moment, code=said.code, text=said.text, reference=said.reference, marking=marking
    )  # fmt: skip


def _marked(this: Marking, jpas: list[Jpa]) -> Marked:
    names = [_number_of(n, jpas) for n in this.names] if this.release is Release.JPA else list(this.names)
    return Marked(
        tlp=this.tlp.value, release=this.release.value, names=names, handling=this.handling, pap=this.pap.value
    )


def _marking_of(said: Marked, jpas: list[Jpa]) -> Marking:
    try:
        names = [_jpa_of(n, jpas) for n in said.names] if said.release == Release.JPA.value else said.names
        return Marking(Tlp(said.tlp), Release(said.release), tuple(names), said.handling, Pap(said.pap))
    except ValueError as error:
        raise refused_said("Its marking is none.", "marking") from error


def _number_of(jpa: str, jpas: list[Jpa]) -> str:
    return next((str(j.number) for j in jpas if j.id == jpa), "")


def _jpa_of(number: str, jpas: list[Jpa]) -> str:
    if number == "":
        return ""
    jpa = next((j.id for j in jpas if str(j.number) == number), None)
    if jpa is None:
        raise refused_said(
            f"It counts for joint period {number}; the register here has none that both states take part in.", "jpa"
        )
    return jpa
