"""One door for every signed message about a package: what it is follows from its first line, what is done from whose it is."""

from dataclasses import dataclass

from jpa.errors import InvalidInputError
from jpa.operations.messages import look_at
from jpa.services import answers, package_inbox, recall_inbox, recalls
from jpa.services.stores import Ask, Stores
from jpa.sharing.notice import ACKNOWLEDGEMENT
from jpa.sharing.proposals import KIND
from jpa.sharing.receipt import KIND as RECEIPT


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in, and what it is about."""

    package: str
    words: str
    notice: str = ""
    kind: str = ""


def receive_message(stores: Stores, ask: Ask, content: bytes) -> Taken:
    """Take in a receipt, recall, correction, acknowledgement or file of proposals; the same one again changes nothing."""
    if _is_proposals(content):
        taken = answers.receive_proposals(stores, ask, content)
        words = f"{taken.new} proposals taken in, {taken.known} known, {len(taken.refusals)} refused"
        why = "".join(f"; {i[:12]}: {reason}" for i, reason in taken.refusals[:5])
        return Taken(taken.package, f"{words}{why}.", kind=KIND)
    kind = _kind_of(content)
    if kind == RECEIPT:
        package = package_inbox.receive_receipt(stores, ask, content)
        return Taken(package.id, "The receipt is kept with its package.", kind=kind)
    if kind == ACKNOWLEDGEMENT:
        notice = recalls.receive_acknowledgement(stores, ask, content)
        return Taken(notice.package, "The acknowledgement is kept with its notice.", notice.id, kind)
    notice, new = recall_inbox.receive_notice(stores, ask, content)
    said = notice.acts[0].text if new else "It was followed before; nothing changed."
    return Taken(notice.package, f"{said}. Send the signed acknowledgement back." if new else said, notice.id, kind)


def _is_proposals(content: bytes) -> bool:
    line = content[: content.find(b"\n") + 1 or None]
    return b'"jpa":"proposals"' in line


def is_message(start: bytes) -> bool:
    """Say whether a file begins as a signed message does, and not as a closed package."""
    return start[:1] == b"{"


def is_kind(content: bytes, kind: str) -> bool:
    """Say whether a message claims to be of a kind; it proves nothing."""
    try:
        look_at(content, kind)
    except InvalidInputError:
        return False
    return True


def _kind_of(content: bytes) -> str:
    for kind in (RECEIPT, ACKNOWLEDGEMENT, *recall_inbox.KINDS):
        if is_kind(content, kind):
            return kind
    problem = "This is no signed message of a kind that is taken in here, or another version of jpa wrote it."
    raise InvalidInputError("The file was refused; nothing of it was read.", {"file": problem}, cause="form")
