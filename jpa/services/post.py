"""Sending by post: an officer puts what they could hand over as a file on its way; the worker brings it, however long that takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.package import PackageAct
from jpa.model.post import Arrival, Posted, PostKind
from jpa.operations.evidence import Kept
from jpa.services import (
    answers,
    package_inbox,
    packages,
    planned,
    recall_inbox,
    recalls,
    request_post,
    return_post,
    return_telling,
)
from jpa.services.post_spool import NOT_SENT, Sending, put
from jpa.services.post_subjects import Subject, subjects_tx
from jpa.services.stores import Ask, Event, Stores, found, read, require
from jpa.sharing.proposals import read_proposals


@dataclass(frozen=True, slots=True)
class PostBox:
    """What an agency sent by post, and what came for it, of what an officer may know of."""

    sent: Sequence[Posted]
    came: Sequence[Arrival]
    subjects: Mapping[str, Subject]
    """What they are about."""


_SIGNED: Final = {
    PostKind.QUESTION: "A blind question leaves when it is asked: ask it by post.",
    PostKind.ANSWER: "The answer to a blind question that came by post leaves by itself.",
    PostKind.PLAN_ANSWER: "The answer about planned actions leaves by itself.",
    PostKind.PLAN_REPORT: "What was heard about a planned action is told to the other desk by itself.",
    PostKind.PROPOSALS: "Proposals are sent from the file that the viewer saved.",
}
"""What has its own way of leaving."""
_SAID: Final = "All that your desk said left already, or the other desk works here, or nothing was sent yet."
_ASKED: Final = "Every partner elsewhere that can be reached was asked, or none is bound for this purpose."
SENT_BY_HAND: Final = frozenset(PostKind) - _SIGNED.keys()


def send_by_post(stores: Stores, ask: Ask, kind: PostKind, this: str) -> Posted:
    """Put a package, notice or signed answer on its way to its partner; where it is under way already, that one is returned."""
    if kind is PostKind.PACKAGE:
        package = packages.find_package(stores, ask, this)
        _name, pieces = packages.write_package_file(stores, ask, this)
        size = sum(len(piece) for piece in pieces)
        kept = Kept(found(package.act(PackageAct.RELEASED)).code, size)
        return put(stores, ask, Sending(kind, this, package.id, package.partner, kept))
    if kind is PostKind.RECEIPT:
        package = packages.find_package(stores, ask, this)
        receipt = package_inbox.write_receipt_file(stores, ask, this)[1]
        return put(stores, ask, Sending(kind, this, package.id, package.partner, receipt))
    if kind is PostKind.RETURN:
        return return_post.send_return_by_post(stores, ask, this)
    if kind is PostKind.DECISION:
        return return_telling.tell(stores, ask, this)
    if kind is PostKind.REQUEST:
        return _first(request_post.post_moves(stores, ask, this), _SAID)
    if kind is PostKind.PLAN:
        return _first(planned.ask_again(stores, ask, this), _ASKED)
    if kind in _SIGNED:
        raise InvalidInputError(NOT_SENT, {"kind": _SIGNED[kind]})
    _notice, package = recalls.read_notice(stores, ask, this)
    written = recalls.write_notice_file if kind is PostKind.NOTICE else recall_inbox.write_acknowledgement_file
    return put(stores, ask, Sending(kind, this, package.id, package.partner, written(stores, ask, this)[1]))


def send_proposals(stores: Stores, ask: Ask, content: bytes) -> Posted:
    """Sign proposals that the viewer saved, and put them on their way to the sender of the package."""
    signed = answers.sign_proposals(stores, ask, content)
    package = packages.find_package(stores, ask, read_proposals(content).package)
    return put(stores, ask, Sending(PostKind.PROPOSALS, package.id, package.id, package.partner, signed))


def read_post(stores: Stores, ask: Ask, subject: str = "") -> PostBox:
    """List what was sent and what came: all, or what is about one thing."""

    def work(tx: Tx, reader: Readership) -> PostBox:
        agency = ask.officer.agency
        sent = [i for i in stores.post.items(agency) if subject in {"", i.subject}]
        came = [a for a in stores.post.arrivals(agency) if subject in {"", a.subject}]
        known = subjects_tx(tx, reader, {i.subject for i in sent} | {a.subject for a in came})
        return PostBox(
            [i for i in sent if i.subject in known], [a for a in came if a.subject in known or a.subject == ""], known
        )

    return read(stores, ask, Action.READ_PACKAGE, Event(AuditTag.POST_READ, subject), work)


def send_now(stores: Stores, ask: Ask, this: str) -> None:
    """Let something that waits be tried at once."""
    with stores.audit.act(AuditTag.POST_HURRIED, ask.officer, object=this, at=ask.at) as act:
        require(ask, Action.RELEASE_PACKAGE)
        stores.graph.read(act.intent, lambda tx: _mine_tx(tx, stores, ask, this))
        if not stores.post.hurry(this, ask.at):
            raise ConflictError("It waits no more. Open the page again to see what became of it.")


def take_back(stores: Stores, ask: Ask, this: str) -> None:
    """Send something no more of which not every byte has left; a package that has left is recalled, not taken back."""
    with stores.audit.act(AuditTag.POST_TAKEN_BACK, ask.officer, object=this, at=ask.at) as act:
        require(ask, Action.RELEASE_PACKAGE)
        item = stores.graph.read(act.intent, lambda tx: _mine_tx(tx, stores, ask, this))
        act.details |= {"kind": item.kind.value, "subject": item.subject, "sent": item.sent}
        if item.kind.owed:
            raise ConflictError("The other desk waits for it; an answer, and what was heard, are not taken back.")
        if not stores.post.take_back(this, ask.at):
            raise ConflictError("It has left, or waits no more. What has left is recalled.")


def _first(sent: Sequence[Posted], nothing: str) -> Posted:
    if len(sent) == 0:
        raise ConflictError(nothing)
    return sent[0]


def _mine_tx(tx: Tx, stores: Stores, ask: Ask, this: str) -> Posted:
    item = found(stores.post.item(this))
    known = item.agency == ask.officer.agency and len(
        subjects_tx(tx, readership_tx(tx, ask.officer, ask.at), {item.subject})
    )
    return found(item if known else None)
