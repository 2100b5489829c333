"""What either desk does about a request: send, remind, withdraw; acknowledge, answer, refuse; and messages of both [C3].

Whatever carries a text or a reference passes only under an agreement in force and below its ceiling; the rest always may, so that
a request can be closed when the agreement has ended.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import agencies, cases, requests
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import Way
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.marking import Marking
from jpa.model.request import ASKED, ASKING, Move, MoveKind, Refusal, Request, moves_open
from jpa.services import victims
from jpa.services.agreements import binding_tx, within
from jpa.services.post_spool import has_place
from jpa.services.request_markings import NOT_SAID, TypedMarking, limits_for, marked_for
from jpa.services.request_post import post_if_away
from jpa.services.requests import LONGEST_LINE, LONGEST_TEXT, NOT_ASKED
from jpa.services.stores import Ask, Event, Stores, found, write


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """What the form of an answer or message says."""

    text: str
    reference: str = ""
    code: str = ""
    """Coded reason of a refusal."""
    case: str = ""
    """Number of the own case that it rests on; the other side never sees it."""
    marking: TypedMarking = field(default_factory=TypedMarking)


def send_request(stores: Stores, ask: Ask, request: str) -> Request:
    """Put a draft into the asked desk's inbox; agreement and ceiling are asked once more."""

    def change(tx: Tx, _: Readership, this: Request) -> Move:
        if this.days_left(ask.at) < 0:
            problem = f"It was due on {this.due}. Withdraw this draft and write it anew with a later day."
            raise InvalidInputError(NOT_ASKED, {"due": problem}, cause="due")
        bound = binding_tx(tx, ask, this.asked, this.purpose.value, Way.REQUEST)
        within(bound.named(this.agreement), bound.partner, limits_for(ask, this.marking, this.case))
        if len(agencies.officers_tx(tx, this.asked)) == 0 and not has_place(stores, this.asked):
            problem = f"Nobody of {bound.partner.agency.name} works in this installation, and no address of it is pinned: have its post card pinned."
            raise InvalidInputError(NOT_ASKED, {"asked": problem}, cause="address")
        return _move(ask, MoveKind.SENT)

    return _moved(stores, ask, request, MoveKind.SENT, AuditTag.REQUEST_SENT, change)


def acknowledge_request(stores: Stores, ask: Ask, request: str) -> Request:
    """Tell the asking desk that it was received and is being worked on."""
    return _moved(
        stores, ask, request, MoveKind.ACKNOWLEDGED, AuditTag.REQUEST_ACKNOWLEDGED, _plainly(ask, MoveKind.ACKNOWLEDGED)
    )


def answer_request(stores: Stores, ask: Ask, request: str, typed: TypedAnswer, *, in_full: bool = True) -> Request:
    """Answer by a text, by what was granted or released, or both."""
    kind = MoveKind.IN_FULL if in_full else MoveKind.IN_PART
    if typed.text.strip() == "" and typed.reference.strip() == "":
        problem = "Write the answer, or the id of the grant or package release that it lies in."
        return _refused_form(stores, ask, request, AuditTag.REQUEST_ANSWERED, kind, {"text": problem})
    return _moved(stores, ask, request, kind, AuditTag.REQUEST_ANSWERED, _saying(stores, ask, kind, typed))


def refuse_request(stores: Stores, ask: Ask, request: str, typed: TypedAnswer) -> Request:
    """Refuse with a coded reason; no reason says whether anything is held."""
    if typed.code not in set(Refusal):
        problem = f"Choose one of: {', '.join(Refusal)}."
        return _refused_form(stores, ask, request, AuditTag.REQUEST_REFUSED, MoveKind.REFUSED, {"code": problem})
    change = _saying(stores, ask, MoveKind.REFUSED, typed)
    return _moved(stores, ask, request, MoveKind.REFUSED, AuditTag.REQUEST_REFUSED, change)


def withdraw_request(stores: Stores, ask: Ask, request: str) -> Request:
    """Take a request back, or throw a draft away."""
    return _moved(
        stores, ask, request, MoveKind.WITHDRAWN, AuditTag.REQUEST_WITHDRAWN, _plainly(ask, MoveKind.WITHDRAWN)
    )


def remind_request(stores: Stores, ask: Ask, request: str) -> Request:
    """Remind the asked desk, once a day at most."""

    def change(_: Tx, __: Readership, this: Request) -> Move:
        last = this.last(MoveKind.REMINDED)
        if last is not None and last.at.date() == ask.at.date():
            raise ConflictError("The other desk was reminded today already.")
        return _move(ask, MoveKind.REMINDED)

    return _moved(stores, ask, request, MoveKind.REMINDED, AuditTag.REQUEST_REMINDED, change)


def message_request(stores: Stores, ask: Ask, request: str, typed: TypedAnswer) -> Request:
    """Say something to the other desk; it changes no state."""
    tag = AuditTag.REQUEST_MESSAGED
    if typed.text.strip() == "":
        return _refused_form(stores, ask, request, tag, MoveKind.MESSAGE, {"text": "Write the message."})
    return _moved(stores, ask, request, MoveKind.MESSAGE, tag, _saying(stores, ask, MoveKind.MESSAGE, typed))


def _moved(
    stores: Stores,
    ask: Ask,
    request: str,
    kind: MoveKind,
    tag: AuditTag,
    change: Callable[[Tx, Readership, Request], Move],
) -> Request:
    """Append a move of the own side, where the state allows it."""

    def work(tx: Tx, reader: Readership, _: object) -> Request:
        found(requests.request_tx(tx, reader, request))
        requests.lock_tx(tx, request)
        this = found(requests.request_tx(tx, reader, request))
        _require_open(this, reader.officer.agency, kind)
        requests.move_tx(tx, this, change(tx, reader, this))
        return found(requests.request_tx(tx, reader, request))

    moved = write(stores, ask, _action(kind), Event(tag, request, {"kind": kind.value}), work)
    post_if_away(stores, ask, moved)
    return moved


def _action(kind: MoveKind) -> Action:
    """Return what the role has to allow; a message may come from either side, whose liaison officers may do both."""
    return Action.ASK_REQUEST if kind in ASKING else Action.ANSWER_REQUEST


def _require_open(this: Request, own: str, kind: MoveKind) -> None:
    side = ASKING if own == this.asker else ASKED
    if kind not in side:
        raise ForbiddenError("The other agency's desk does this.")
    if kind not in moves_open(this, own):
        raise ConflictError(f"This request is {this.state.value}. Open the page again to see it.")


def _refused_form(
    stores: Stores, ask: Ask, request: str, tag: AuditTag, kind: MoveKind, problems: dict[str, str]
) -> Request:
    """Refuse a form through the log, to those alone who know of the request."""

    def change(_: Tx, __: Readership, ___: Request) -> Move:
        raise InvalidInputError(NOT_SAID, problems, cause="form")

    return _moved(stores, ask, request, kind, tag, change)


def _plainly(ask: Ask, kind: MoveKind) -> Callable[[Tx, Readership, Request], Move]:
    return lambda _, __, ___: _move(ask, kind)


def _saying(stores: Stores, ask: Ask, kind: MoveKind, typed: TypedAnswer) -> Callable[[Tx, Readership, Request], Move]:
    """Make a move that carries a text or a reference: it passes only under an agreement and below its ceiling."""

    def change(tx: Tx, reader: Readership, this: Request) -> Move:
        text, reference = typed.text.strip(), " ".join(typed.reference.split())
        problems = {}
        if len(text) > LONGEST_TEXT:
            problems["text"] = f"Use at most {LONGEST_TEXT} characters; what is longer goes by a grant or a package."
        if len(reference) > LONGEST_LINE:
            problems["reference"] = f"Use at most {LONGEST_LINE} characters: an id, not the thing itself."
        if len(problems) > 0:
            raise InvalidInputError(NOT_SAID, problems, cause="form")
        case = _rests_on_tx(tx, reader, this, typed.case)
        spoken = requests.case_tx(tx, this.id) if reader.officer.agency == this.asker else case
        if text == "" and reference == "":
            return _move(ask, kind, code=typed.code)
        other = this.asked if ask.officer.agency == this.asker else this.asker
        bound = binding_tx(tx, ask, other, this.purpose.value, Way.REQUEST)
        agreement = next((a for a in bound.agreements if a.id == this.agreement), bound.agreements[0])
        marking = marked_for(typed.marking, bound.partner, this.jpa)
        within(agreement, bound.partner, limits_for(ask, marking, spoken))
        redact = victims.redactor(stores, spoken)
        return _move(
            ask, kind, code=typed.code, text=redact(text), reference=redact(reference), marking=marking, case=case
        )

    return change


def _rests_on_tx(tx: Tx, reader: Readership, this: Request, number: str) -> str:
    """Return the own case that the asked side names for its text, if any; the asking side's is the request's own."""
    if reader.officer.agency == this.asker or number.strip() == "":
        return ""
    case = cases.by_number_tx(tx, reader, number.strip())
    if case is None or case.agency != reader.officer.agency:
        problem = "No case of your agency that you may read has this number; correct it or leave it empty."
        raise InvalidInputError(NOT_SAID, {"case": problem}, cause="case")
    return case.id


def _move(
    ask: Ask, kind: MoveKind, *, code: str = "", text: str = "", reference: str = "", marking: Marking | None = None, case: str = ""
) -> Move:  # fmt: skip
    by, name, own = ask.officer.id, ask.officer.name, ask.officer.agency
    return Move(new_id(ask.at), kind, own, ask.at, by, name, code, text, reference, marking, case)
