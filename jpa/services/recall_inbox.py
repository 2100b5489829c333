"""Recalls and corrections from other installations: checked, followed at once, answered with a signed acknowledgement.

Parts are followed in their own transactions, each of which changes nothing when it is done again; the notice is written last. After a crash
the same file again goes on where it ended.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import notices, packages
from jpa.graph.agencies import readership_tx
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.notice import Item, Marked, Notice, NoticeAct, NoticeDone, NoticeKind, What
from jpa.model.package import Done, Package, PackageAct
from jpa.operations.messages import Message, look_at, sign_message
from jpa.services import recall_following
from jpa.services.agency_keys import opened_tx
from jpa.services.recall_following import Followed
from jpa.services.stores import Ask, Event, Stores, found, read, require
from jpa.sharing.admission import SKEW
from jpa.sharing.notice import (
    ACKNOWLEDGEMENT,
    CORRECTION,
    RECALL,
    AcknowledgementBody,
    CorrectionBody,
    RecallBody,
    read_correction,
    read_recall,
    write_notice,
)

KINDS: Final = (RECALL, CORRECTION)


@dataclass(frozen=True, slots=True)
class Checked:
    """A notice whose signer sent the package that it is about."""

    notice: Notice
    package: Package
    sender: Agency
    known: Notice | None
    """The same one, when it was followed before."""


def receive_notice(stores: Stores, ask: Ask, content: bytes) -> tuple[Notice, bool]:
    """Check a signed recall or correction and follow it; the same one again changes nothing. Says whether it is new."""
    kind = kind_of(content)
    details = {"kind": kind, "sha256": hashlib.sha256(content).hexdigest()}
    with stores.audit.act(AuditTag.NOTICE_RECEIVED, ask.officer, details=details, at=ask.at) as act:
        require(ask, Action.RECEIVE_PACKAGE)
        checked = stores.graph.read(act.intent, lambda tx: _checked_tx(tx, stores, ask, kind, content))
        act.details |= {"package": checked.package.id, "notice": checked.notice.id, "from": checked.sender.id}
        if checked.known is not None:
            act.details["repeated"] = True
            return checked.known, False
        follow = recall_following.recall if kind == RECALL else recall_following.correct
        followed = follow(stores, ask, act.intent, checked.package, checked.sender, checked.notice)
        act.details |= {"sealed": followed.sealed, "corrected": followed.corrected, "absent": followed.absent}
        kept = stores.graph.write(act.intent, lambda tx: _keep_tx(tx, stores, ask, checked, followed, kind, content))
        if kind == RECALL and checked.package.file != "":
            for name in {checked.package.file, checked.package.pages} - {""}:
                stores.releases.discard(checked.package.id, name, float("inf"))
        return kept, True


def write_acknowledgement_file(stores: Stores, ask: Ask, this: str) -> tuple[str, bytes]:
    """Sign what was done about a received notice, for its sender."""

    def work(tx: Tx, reader: Readership) -> Notice:
        notice = found(notices.notice_tx(tx, reader, this))
        return found(notice if notice.received else None)

    notice = read(stores, ask, Action.READ_PACKAGE, Event(AuditTag.ACKNOWLEDGEMENT_WRITTEN, this), work)
    done = found(notice.act(NoticeAct.FOLLOWED))
    counts = Followed.of(done.code)
    body = write_notice(
        AcknowledgementBody(
            format="1", notice=notice.id, sha256=notice.digest, package=notice.package, by=notice.agency,
            at=done.at.isoformat(timespec="microseconds"), sealed=str(counts.sealed), corrected=str(counts.corrected),
            absent=str(counts.absent),
        )
    )  # fmt: skip
    line = sign_message(stores.agency_keys.signer(notice.agency), ACKNOWLEDGEMENT, body)
    return f"acknowledgement-{ask.officer.state}-{notice.id[:12]}.jsonl", line.encode() + b"\n" + body


def kind_of(content: bytes) -> str:
    """Say which of the two it claims to be; InvalidInputError for anything else."""
    for kind in KINDS:
        try:
            return look_at(content, kind).kind
        except InvalidInputError:
            continue
    raise _refused("form", "This is no recall and no correction made by jpa, or another version wrote it.")


def _checked_tx(tx: Tx, stores: Stores, ask: Ask, kind: str, content: bytes) -> Checked:
    try:
        message, sender = opened_tx(tx, stores, content, kind)
    except InvalidInputError as error:
        raise _refused("signature", error.fields.get("file", str(error))) from error
    body = read_recall(message.body) if kind == RECALL else read_correction(message.body)
    reader = readership_tx(tx, ask.officer, ask.at)
    package = packages.package_tx(tx, reader, body.package)
    if package is None or not package.received or package.manifest != body.manifest:
        raise _refused(
            "unknown", "It is about a package that is not here. Receive the package first, or ask its sender."
        )
    if sender.id != package.partner or body.by != sender.id:
        raise _refused("signer", "It was signed by another agency than the one that sent the package.")
    if datetime.fromisoformat(body.at) > ask.at + SKEW:
        raise _refused("clock", "It was made after now. Compare the clocks of both installations.")
    made = _notice_of(ask, body, package, message)
    earlier = [n for n in notices.notices_tx(tx, reader, package.id) if n.kind is made.kind]
    same = next((n for n in earlier if n.id == made.id or n.digest == made.digest), None)
    if same is not None and (same.id, same.digest) != (made.id, made.digest):
        raise _refused("replay", "Another notice of this number is here already. Ask the sender for a new one.")
    if same is None and made.number <= max((n.number for n in earlier), default=0):
        raise _refused("older", "A later one about this package was followed already; it says all that this one says.")
    return Checked(made, package, sender, same)


def _notice_of(ask: Ask, body: RecallBody | CorrectionBody, package: Package, message: Message) -> Notice:
    head = Notice(
        id=body.id, kind=NoticeKind.RECALL, package=package.id, case="", agency=ask.officer.agency, partner=package.partner,
        received=True, deadline=body.deadline, items=(), apart=(), text=body.text, number=int(body.number),
        digest=hashlib.sha256(message.body).hexdigest(), automatic=False, made_by="", made_name=package.made_name, made=ask.at,
    )  # fmt: skip
    if isinstance(body, RecallBody):
        return replace(head, items=tuple(Item(What(i.what), i.id, i.reason) for i in body.items))
    return replace(
        head,
        kind=NoticeKind.CORRECTION,
        items=tuple(Item(What(i.what), i.id) for i in body.superseded),
        apart=tuple((a.left, a.right) for a in body.apart),
        marked=tuple(Marked(m.report, m.tlp, m.pap, m.release, tuple(m.names), m.handling) for m in body.marked),
    )


def _keep_tx(
    tx: Tx, stores: Stores, ask: Ask, checked: Checked, followed: Followed, kind: str, content: bytes
) -> Notice:
    again = _checked_tx(tx, stores, ask, kind, content)
    if again.known is not None:
        raise ConflictError(
            "This notice was followed by a colleague at the same moment. Open the page again to see it."
        )
    own = (f"agency:{ask.officer.agency}",)
    notices.add_tx(tx, checked.notice, Reach(own, own))
    by = (ask.officer.id, ask.officer.name, ask.at)
    notices.act_tx(tx, checked.notice, NoticeDone(NoticeAct.FOLLOWED, *by, followed.code(), followed.words()))
    if kind == RECALL:
        said = f"recall {checked.notice.number}: {followed.words()}"
        packages.act_tx(tx, again.package, Done(PackageAct.RECALLED, *by, checked.notice.id, said))
        notices.close_file_tx(tx, checked.package.id)
    return found(notices.notice_tx(tx, readership_tx(tx, ask.officer, ask.at), checked.notice.id))


def _refused(cause: str, problem: str) -> InvalidInputError:
    return InvalidInputError("The notice was refused; nothing of it was followed.", {"file": problem}, cause=cause)
