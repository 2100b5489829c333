"""Recalls and corrections of released packages: drafted by one officer, or by a sealing; released by another who logs in again; answered.

A released one says everything of its kind that was said of the package before: one that is lost on the way takes nothing with it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import notices, packages
from jpa.graph.agencies import readership_tx
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag, Intent
from jpa.model.ids import new_id
from jpa.model.notice import Notice, NoticeAct, NoticeDone, NoticeKind, NoticeState, RecallReason
from jpa.model.package import Done, Package, PackageAct
from jpa.operations.messages import look_at, sign_message
from jpa.services import account
from jpa.services.agency_keys import opened_tx
from jpa.services.installation import Installation
from jpa.services.notice_drafts import TypedNotice, items_of, require_sound
from jpa.services.stores import Ask, Event, Stores, found, read, require, write
from jpa.sharing.notice import (
    ACKNOWLEDGEMENT,
    Apart,
    CorrectionBody,
    NoticeBody,
    RecallBody,
    Recalled,
    Remarked,
    Superseded,
    read_acknowledgement,
    write_notice,
)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A released package with all that was said about it since, newest first."""

    package: Package
    notices: Sequence[Notice] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether its recipient still holds it as far as it has told us."""
        return not any(n.whole and n.state is NoticeState.ACKNOWLEDGED for n in self.notices)

    def overdue(self, today: date) -> int:
        """Return the days of the longest overdue answer."""
        return max((n.overdue(today) for n in self.notices), default=0)


def draft_notice(stores: Stores, ask: Ask, package: str, typed: TypedNotice) -> Notice:
    """Keep a recall or correction of a released package as a draft."""

    def work(tx: Tx, reader: Readership, _: Intent) -> Notice:
        this = found(packages.package_tx(tx, reader, package))
        if this.received or this.act(PackageAct.RELEASED) is None:
            raise ConflictError("Only what was released can be recalled or corrected. Discard a draft instead.")
        require_sound(ask, typed)
        items = items_of(notices.content_tx(tx, package), this, typed)
        made = Notice(
            id=new_id(ask.at), kind=typed.kind, package=this.id, case=this.case, agency=this.agency, partner=this.partner,
            received=False, deadline=typed.deadline, items=items, apart=(),
            text=stores.vault.redactor(this.case)(" ".join(typed.text.split())), number=0, digest="", automatic=False,
            made_by=ask.officer.id, made_name=ask.officer.name, made=ask.at, marked=tuple(typed.marked),
        )  # fmt: skip
        notices.add_tx(tx, made, reach_of(this))
        return made

    details = {"kind": typed.kind.value, "items": len(typed.items)}
    return write(stores, ask, Action.MAKE_PACKAGE, Event(AuditTag.NOTICE_DRAFTED, package, details), work)


def release_notice(here: Installation, ask: Ask, this: str, password: str, code: str) -> Notice:
    """Sign a draft as the second officer, who proves anew who they are; from now on it never changes."""
    stores = here.stores
    with stores.audit.act(AuditTag.NOTICE_RELEASED, ask.officer, object=this, at=ask.at) as act:
        require(ask, Action.RELEASE_PACKAGE)

        def check(tx: Tx) -> Notice:
            notice = _own(notices.notice_tx(tx, readership_tx(tx, ask.officer, ask.at), this))
            if notice.state is not NoticeState.DRAFT:
                raise ConflictError(f"This notice is {notice.state.value} already. Open the page again to see it.")
            if notice.made_by == ask.officer.id:
                raise ForbiddenError("You made this draft; another officer of your agency releases it.")
            return notice

        stores.graph.read(act.intent, check)
        account.step_up(here, ask, password, code)

        def save(tx: Tx) -> Notice:
            reader = readership_tx(tx, ask.officer, ask.at)
            notices.lock_tx(tx, check(tx).package)
            notice = check(tx)
            package = found(packages.package_tx(tx, reader, notice.package))
            whole, number = _cumulated(notices.notices_tx(tx, reader, notice.package), notice)
            body = write_notice(_body_of(whole, package, number, ask))
            line = sign_message(stores.agency_keys.signer(notice.agency), notice.kind.value, body)
            notices.sign_tx(tx, whole, number, hashlib.sha256(body).hexdigest())
            done = NoticeDone(NoticeAct.RELEASED, ask.officer.id, ask.officer.name, ask.at, line, body.decode())
            notices.act_tx(tx, notice, done)
            if notice.kind is NoticeKind.RECALL:
                said = f"recall {number}: {'all of it' if whole.whole else f'{len(whole.items)} items'}"
                packages.act_tx(
                    tx, package, Done(PackageAct.RECALLED, ask.officer.id, ask.officer.name, ask.at, this, said)
                )
            return found(notices.notice_tx(tx, reader, this))

        done = stores.graph.write(act.intent, save)
        act.details |= {"package": done.package, "kind": done.kind.value, "number": done.number, "sha256": done.digest}
        return done


def discard_notice(stores: Stores, ask: Ask, this: str) -> None:
    """Throw a draft away; not one that a sealed victim waits for."""

    def work(tx: Tx, reader: Readership, _: Intent) -> None:
        notice = _own(notices.notice_tx(tx, reader, this))
        if notice.state is not NoticeState.DRAFT:
            raise ConflictError(f"This notice is {notice.state.value} already. Open the page again to see it.")
        if any(item.reason == RecallReason.VICTIM for item in notice.items):
            raise ConflictError(
                "A victim waits for this recall. Let another officer release it; it cannot be discarded."
            )
        notices.act_tx(tx, notice, NoticeDone(NoticeAct.DISCARDED, ask.officer.id, ask.officer.name, ask.at))

    write(stores, ask, Action.RELEASE_PACKAGE, Event(AuditTag.NOTICE_DISCARDED, this), work)


def write_notice_file(stores: Stores, ask: Ask, this: str) -> tuple[str, bytes]:
    """Hand a released notice out as its signed file."""

    def work(tx: Tx, reader: Readership) -> Notice:
        return _own(notices.notice_tx(tx, reader, this))

    notice = read(stores, ask, Action.RELEASE_PACKAGE, Event(AuditTag.NOTICE_WRITTEN, this), work)
    done = notice.act(NoticeAct.RELEASED)
    if done is None:
        raise ConflictError("A draft is not handed out. Let a second officer release it first.")
    name = f"{notice.kind.value}-{ask.officer.state}-{notice.package[:12]}-{notice.number}.jsonl"
    return name, done.code.encode() + b"\n" + done.text.encode()


def receive_acknowledgement(stores: Stores, ask: Ask, content: bytes) -> Notice:
    """Take in what a recipient answers to a notice; the same again changes nothing."""

    def work(tx: Tx, reader: Readership, _: Intent) -> Notice:
        message, agency = opened_tx(tx, stores, content, ACKNOWLEDGEMENT)
        body = read_acknowledgement(message.body)
        notice = notices.notice_tx(tx, reader, body.notice)
        if notice is None or notice.received or (notice.partner, notice.digest, notice.package) != (
            agency.id, body.sha256, body.package,
        ):  # fmt: skip
            problem = "It answers no notice that you sent to the agency that signed it."
            raise InvalidInputError("The acknowledgement was refused.", {"file": problem}, cause="unknown")
        if notice.act(NoticeAct.ACKNOWLEDGED) is not None:
            return notice
        text = f"{body.sealed} sealed, {body.corrected} corrected, {body.absent} absent, followed on {body.at[:10]}"
        done = NoticeDone(NoticeAct.ACKNOWLEDGED, ask.officer.id, agency.name, ask.at, message.envelope, text)
        notices.act_tx(tx, notice, done)
        return found(notices.notice_tx(tx, reader, notice.id))

    look_at(content, ACKNOWLEDGEMENT)
    details = {"sha256": hashlib.sha256(content).hexdigest()}
    return write(stores, ask, Action.RECEIVE_PACKAGE, Event(AuditTag.ACKNOWLEDGEMENT_RECEIVED, "", details), work)


def read_board(stores: Stores, ask: Ask) -> tuple[list[BoardLine], list[Notice]]:
    """Say of every released package who holds it, what was recalled, until when, answered when; and list the notices received."""

    def work(tx: Tx, reader: Readership) -> tuple[list[BoardLine], list[Notice]]:
        every = notices.notices_tx(tx, reader)
        sent = [
            p for p in packages.packages_tx(tx, reader) if not p.received and p.act(PackageAct.RELEASED) is not None
        ]
        lines = [
            BoardLine(p, [n for n in every if n.package == p.id and n.state is not NoticeState.DISCARDED]) for p in sent
        ]
        return lines, [n for n in every if n.received]

    return read(stores, ask, Action.READ_PACKAGE, Event(AuditTag.NOTICE_READ), work)


def read_notice(stores: Stores, ask: Ask, this: str) -> tuple[Notice, Package]:
    """Open a notice of either side with the package that it is about."""

    def work(tx: Tx, reader: Readership) -> tuple[Notice, Package]:
        notice = found(notices.notice_tx(tx, reader, this))
        return notice, found(packages.package_tx(tx, reader, notice.package))

    return read(stores, ask, Action.READ_PACKAGE, Event(AuditTag.NOTICE_READ, this), work)


def reach_of(package: Package) -> Reach:
    """Say who may know of a notice about a sent package: whoever may know of the package."""
    return Reach((package.case,), (f"agency:{package.agency}",))


def _own(notice: Notice | None) -> Notice:
    this = found(notice)
    return found(None if this.received else this)


def _cumulated(known: Sequence[Notice], this: Notice) -> tuple[Notice, int]:
    """Add what was released of this kind about the package before."""
    earlier = [n for n in reversed(known) if n.kind is this.kind and n.number > 0 and not n.received]
    earlier.sort(key=lambda n: n.number)
    items = {(i.what, i.id): i for n in (*earlier, this) for i in n.items}
    marked = {m.report: m for n in (*earlier, this) for m in n.marked}
    apart = dict.fromkeys(pair for n in (*earlier, this) for pair in n.apart)
    victims = {(i.what, i.id): i for n in (*earlier, this) for i in n.items if i.reason == RecallReason.VICTIM}
    whole = replace(this, items=tuple({**items, **victims}.values()), apart=tuple(apart), marked=tuple(marked.values()))
    return whole, 1 + max((n.number for n in earlier), default=0)


def _body_of(this: Notice, package: Package, number: int, ask: Ask) -> NoticeBody:
    head = {
        "format": "1", "id": this.id, "package": package.id, "manifest": package.manifest, "number": str(number),
        "by": this.agency, "at": ask.at.isoformat(timespec="microseconds"), "deadline": this.deadline, "text": this.text,
    }  # fmt: skip
    if this.kind is NoticeKind.RECALL:
        items = [Recalled(what=i.what.value, id=i.id, reason=i.reason) for i in this.items]
        return RecallBody.model_validate({**head, "items": items})
    said = {
        "superseded": [Superseded(what=i.what.value, id=i.id) for i in this.items],
        "marked": [
            Remarked(report=m.report, tlp=m.tlp, pap=m.pap, release=m.release, names=list(m.names), handling=m.handling)
            for m in this.marked
        ],
        "apart": [Apart(left=a, right=b) for a, b in this.apart],
    }
    return CorrectionBody.model_validate({**head, **said})
