"""What recipients propose back about a package: taken in item by item, accepted or refused by a lead of the owning agency.

Accepted, an item becomes an ordinary judgement, correction or report, through the services that an officer uses for those.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import answers, entities, links, notices, packages
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.answer import Answer, AnswerKind, Decision
from jpa.model.audit import AuditTag, Intent
from jpa.model.draft import TypedReport
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking
from jpa.model.package import Package, PackageAct
from jpa.model.record import Properties
from jpa.operations.messages import look_at, sign_message
from jpa.services import links as link_services
from jpa.services import recalls, reports, resolution
from jpa.services.agency_keys import opened_tx
from jpa.services.stores import Also, Ask, Event, Stores, found, read, require, write
from jpa.sharing.proposals import KIND, Item, Proposals, misfit, read_proposals

UNGRADED: Final = Grade("4x4", "X", "4")
"""Another agency's word, taken over as such: neither source nor information can be assessed here."""
_REFUSED: Final = "The proposals were refused; nothing of them was taken in."


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file of proposals."""

    package: str
    new: int
    known: int
    refusals: Sequence[tuple[str, str]]
    """Items that cannot be weighed, each with the reason."""


def sign_proposals(stores: Stores, ask: Ask, content: bytes) -> bytes:
    """Sign a file of proposals with the own agency's key, for the sender of a package that was received here."""

    def work(tx: Tx, reader: Readership, _: Intent) -> bytes:
        this = read_proposals(content)
        package = packages.package_tx(tx, reader, this.package)
        if package is None or not package.received or package.manifest != this.manifest:
            raise _refused("package", "They are about a package that your agency did not receive.")
        if this.by.agency != ask.officer.agency:
            raise _refused("by", "They are of another agency than yours.")
        return sign_message(stores.agency_keys.signer(ask.officer.agency), KIND, content).encode() + b"\n" + content

    event = Event(AuditTag.RECEIPT_WRITTEN, "", {"kind": KIND, "sha256": hashlib.sha256(content).hexdigest()})
    return write(stores, ask, Action.RECEIVE_PACKAGE, event, work)


def receive_proposals(stores: Stores, ask: Ask, content: bytes) -> TakenIn:
    """Take in a file of proposals, signed or as the viewer saved it; what is here already changes nothing."""

    def work(tx: Tx, reader: Readership, _: Intent) -> TakenIn:
        body, signer = _opened_tx(tx, stores, content)
        this = read_proposals(body)
        package = packages.package_tx(tx, reader, this.package)
        if package is None or package.received or package.act(PackageAct.RELEASED) is None:
            raise _refused("package", "They are about no package that your agency released.")
        if package.manifest != this.manifest:
            raise _refused("manifest", "They were made from another version of the package. Ask for new ones.")
        if this.by.agency != package.partner or signer not in {"", package.partner}:
            raise _refused("by", "They are of another agency than the one that the package went to.")
        refusals = _misfits_tx(tx, package, this.items)
        good = [item for item in this.items if item.id not in refusals]
        known = answers.known_tx(tx, [item.id for item in good])
        redact = stores.vault.redactor(package.case)
        for item in good:
            if item.id not in known:
                made = _answer_of(ask, package, this, item, signed=signer != "")
                whole = replace(
                    made, stated=redact(made.stated), value=redact(made.value), reference=redact(made.reference),
                    text=redact(made.text), contact=redact(made.contact),
                )  # fmt: skip
                answers.add_tx(tx, whole, recalls.reach_of(package))
        return TakenIn(package.id, len(good) - len(known), len(known), sorted(refusals.items()))

    event = Event(AuditTag.ANSWER_RECEIVED, "", {"sha256": hashlib.sha256(content).hexdigest()})
    return write(stores, ask, Action.RECEIVE_PACKAGE, event, work)


def list_answers(stores: Stores, ask: Ask, package: str) -> tuple[Package, list[Answer]]:
    """List what was proposed about a package, newest first."""

    def work(tx: Tx, reader: Readership) -> tuple[Package, list[Answer]]:
        this = found(packages.package_tx(tx, reader, package))
        return this, answers.answers_tx(tx, reader, package)

    return read(stores, ask, Action.READ_PACKAGE, Event(AuditTag.ANSWER_READ, package), work)


def refuse_answer(stores: Stores, ask: Ask, this: str, reason: str) -> Answer:
    """Refuse an item, with a reason."""
    said = " ".join(reason.split())
    if not 0 < len(said) <= 500:
        raise InvalidInputError("Nothing was decided.", {"reason": "Say why, in at most 500 characters."})

    def work(tx: Tx, reader: Readership, _: Intent) -> Answer:
        answer, _package = _open_tx(tx, ask, this)
        answers.decide_tx(tx, answer.id, Decision(False, ask.officer.id, ask.officer.name, ask.at, said, ""))
        return found(answers.answer_tx(tx, reader, this))

    return write(stores, ask, Action.DECIDE_PROPOSAL, Event(AuditTag.ANSWER_DECIDED, this, {"accepted": False}), work)


def accept_answer(stores: Stores, ask: Ask, this: str) -> Answer:
    """Let an item become a judgement, a correction or a report of the own agency; it is decided in the transaction that makes it."""
    with stores.audit.act(AuditTag.ANSWER_DECIDED, ask.officer, object=this, at=ask.at, details={"accepted": True}) as act:  # fmt: skip
        require(ask, Action.DECIDE_PROPOSAL)
        answer, package = stores.graph.read(act.intent, lambda tx: _open_tx(tx, ask, this))

        def deciding(words: str) -> Also:
            def decide(tx: Tx, made: str) -> None:
                _open_tx(tx, ask, this)
                answers.decide_tx(tx, this, Decision(True, ask.officer.id, ask.officer.name, ask.at, words, made))

            return decide

        _become(stores, ask, answer, package, deciding)

        def decided(tx: Tx) -> Answer:
            return found(answers.answer_tx(tx, readership_tx(tx, ask.officer, ask.at), this))

        return stores.graph.read(act.intent, decided)


def _become(stores: Stores, ask: Ask, this: Answer, package: Package, deciding: Callable[[str], Also]) -> None:
    """Make what an item proposes; `deciding` says what is written with it, given what became of the item in words."""
    if this.kind is AnswerKind.NOT_SAME and this.other != "":
        reason = f"{this.partner} says so{': ' if this.text else ''}{this.text}"
        also = deciding("a judgement: not the same")
        resolution.judge(stores, ask, this.about, this.other, Verdict.NOT_SAME, reason[:500], also)
        return
    typed = _report(ask, this, package)
    if this.kind is not AnswerKind.VALUE:
        reports.add_report(stores, ask, typed, also=deciding("a report"))
        return
    stated, report = read(
        stores, ask, Action.READ, Event(AuditTag.ENTITY_READ, this.about), lambda tx, r: _stated_tx(tx, r, this)
    )
    changed = _changed(stated, this)
    if this.what == "link":
        also = deciding("a correction of the tie")
        link_services.correct_link(stores, ask, report, this.about, changed, typed, also)
    else:
        reports.correct_record(stores, ask, this.about, changed, typed, deciding("a correction of the record"))


def _stated_tx(tx: Tx, reader: Readership, this: Answer) -> tuple[Properties, str]:
    if this.what == "record":
        record = found(entities.record_tx(tx, reader, this.about))
        return record.properties, record.report
    content = notices.content_tx(tx, this.package)
    for report in content.reports:
        tie = links.link_tx(tx, reader, report, this.about)
        if tie is not None:
            return tie[0].properties, report
    return found(None)


def _changed(stated: Properties, this: Answer) -> dict[str, list[str]]:
    """Put the proposed value in the place of the one it stands against, or beside the others."""
    typed = {name: [v.typed for v in values] for name, values in stated.items()}
    values = typed.get(this.property, [])
    there = this.stated in values
    values = [this.value if v == this.stated else v for v in values] if there else [*values, this.value]
    return {**typed, this.property: list(dict.fromkeys(values))}


def _report(ask: Ask, this: Answer, package: Package) -> TypedReport:
    where = f", their reference {this.reference}" if this.reference else ""
    desk = f" Ask {this.contact}." if this.contact else ""
    text = f"{this.partner} proposes about {this.what} {this.about}: {this.kind}{where}.{desk} {this.text}".strip()
    return TypedReport(
        package.case, f"Proposal of {this.partner}", f"package {package.id[:12]}, item {this.id[:12]}", ask.at.date().isoformat(),
        UNGRADED, Marking(), text,
    )  # fmt: skip


def _open_tx(tx: Tx, ask: Ask, this: str) -> tuple[Answer, Package]:
    reader = readership_tx(tx, ask.officer, ask.at)
    answer = found(answers.answer_tx(tx, reader, this))
    if answer.decision is not None:
        raise ConflictError("This was decided already. Open the page again to see by whom.")
    return answer, found(packages.package_tx(tx, reader, answer.package))


def _opened_tx(tx: Tx, stores: Stores, content: bytes) -> tuple[bytes, str]:
    """Return the body and who signed it; nobody where the viewer saved it."""
    try:
        look_at(content, KIND)
    except InvalidInputError:
        return content, ""
    message, agency = opened_tx(tx, stores, content, KIND)
    return message.body, agency.id


def _misfits_tx(tx: Tx, package: Package, items: Sequence[Item]) -> dict[str, str]:
    """Say which items cannot be weighed. A tie may have moved to a corrected record since: its hash is not compared."""
    content = notices.content_tx(tx, package.id)
    carried = {*content.records}
    asked = [i for item in items for i in (item.about, item.other) if i is not None and i in carried]
    hashes = packages.standing_records_tx(tx, list(dict.fromkeys(asked)))
    ties = {*content.links}
    found_hashes = hashes | {item.about: item.hash for item in items if item.what == "link" and item.about in ties}
    return {item.id: problem for item in items if (problem := misfit(item, found_hashes)) is not None}


def _answer_of(ask: Ask, package: Package, this: Proposals, item: Item, *, signed: bool) -> Answer:
    return Answer(
        id=item.id, package=package.id, case=package.case, agency=package.agency, partner=package.partner, kind=AnswerKind(item.kind),
        what=item.what, about=item.about, other=item.other or "", property=item.property or "", stated=item.stated or "",
        value=item.value or "", reference=item.reference, text=item.text, contact=this.contact, signed=signed,
        by=ask.officer.id, name=ask.officer.name, at=ask.at,
    )  # fmt: skip


def _refused(field: str, problem: str) -> InvalidInputError:
    return InvalidInputError(_REFUSED, {field: problem}, cause="proposals")
