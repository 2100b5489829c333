"""What partners' installations bring: collected in the tray, checked against its hash, and handed to the inbox that officers use.

Nothing is trusted because of the way it came: packages and messages are verified as when an officer uploads them, and adopted by an
officer. Recalls are followed at once, as they are then. The sender learns that it arrived or was refused, and the signed answer if it is
for them; why something was refused is for the officers here.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from jpa.errors import InvalidInputError, JpaError, NotFoundError, UnavailableError
from jpa.graph import agencies
from jpa.graph.session import Tx
from jpa.interchange.blind_file import ANSWER, PLAN_ANSWER, PLAN_QUESTION, QUESTION
from jpa.model.audit import AuditTag, Outcome
from jpa.model.post import Arrival, Parcel, PostState, clerk
from jpa.services import messages_in, package_inbox, packages, recall_inbox
from jpa.services.agency_keys import trusted_tx
from jpa.services.blind_files import hear_answer
from jpa.services.blind_post import answer_by_post
from jpa.services.messages_in import is_kind
from jpa.services.plan_answers import answer_plans, hear_plans, take_report
from jpa.services.request_post import receive_move
from jpa.services.return_inbox import receive_return
from jpa.services.return_post import receive_decision
from jpa.services.returns import KIND as RETURN
from jpa.services.stores import Ask, Stores, found
from jpa.sharing import plan_report, request_move, return_decision
from jpa.sharing.closing import open_message_file
from jpa.sharing.notice import MOST_BYTES
from jpa.sharing.post_wire import MOST_PARCEL, Standing, standing

Clock = Callable[[], datetime]
_MOST_MESSAGE: Final = MOST_BYTES + 2048


def ask_standing(stores: Stores, peer: str, parcel: Parcel, at: datetime) -> Standing:
    """Say how a parcel of a partner stands; `peer` is the fingerprint of the certificate that the connection showed."""
    _require_partner(stores, peer, parcel, at)
    return _standing(stores, peer, parcel)


def take_part(stores: Stores, peer: str, parcel: Parcel, part: tuple[int, BinaryIO], clock: Clock) -> Standing:
    """Take a part of a parcel in, from its offset on; with the last one the parcel goes to the inbox. The same again changes nothing.

    InvalidInputError where it cannot be a parcel, or its bytes were not those of its hash: then it is asked for from the beginning.
    """
    _require_partner(stores, peer, parcel, clock())
    if parcel.form not in {"package", "message"} or not 0 < parcel.size <= MOST_PARCEL:
        raise InvalidInputError("The parcel was refused.", {"": "Its form or size cannot be."}, cause="size")
    known = stores.post.arrival(parcel)
    if known is not None and known.state is PostState.ARRIVED:
        return _standing(stores, peer, parcel)
    offset, content = part
    have = stores.tray.add(peer, parcel.sha256, offset, content, parcel.size)
    if have < parcel.size:
        return standing("coming", have)
    with stores.tray.whole(peer, parcel.sha256) as path:
        if path is None:
            raise InvalidInputError("The parcel was refused.", {"": "Its hash differs."}, cause="hash")
        arrival = _taken_in(stores, parcel, path, clock)
        stores.post.note(arrival)
        stores.tray.discard(peer, parcel.sha256)
    return standing("refused") if arrival.state is PostState.REFUSED else standing("arrived", have, arrival.answer)


def sweep_tray(stores: Stores, before: datetime, at: datetime) -> int:
    """Throw away parcels that nobody went on with; returns how many."""
    with stores.audit.act(AuditTag.POST_SWEPT, None, at=at) as act:
        swept = stores.tray.sweep(before.timestamp())
        act.details["parcels"] = swept
    return swept


def _require_partner(stores: Stores, peer: str, parcel: Parcel, at: datetime) -> None:
    """Refuse, in the one way there is, what is not from an agency pinned with this certificate."""
    if parcel.sender not in {p.agency for p in stores.post.partners(fingerprint=peer)}:
        details = {"certificate": peer, "sender": parcel.sender[:64]}
        stores.audit.note(AuditTag.POST_REFUSED, None, at=at, outcome=Outcome.REFUSED, details=details)
        raise NotFoundError("There is nothing here.")


def _standing(stores: Stores, peer: str, parcel: Parcel) -> Standing:
    known = stores.post.arrival(parcel)
    if known is not None and known.state is PostState.ARRIVED:
        return standing("arrived", known.parcel.size, known.answer)
    return standing("coming", stores.tray.have(peer, parcel.sha256))


def _taken_in(stores: Stores, parcel: Parcel, path: Path, clock: Clock) -> Arrival:
    at, subject, answer, reason = clock(), "", b"", ""
    details = {"sender": parcel.sender, "form": parcel.form, "bytes": parcel.size, "sha256": parcel.sha256}
    with stores.audit.act(AuditTag.POST_RECEIVED, None, details=details, at=at) as act:
        asked = stores.graph.read(act.intent, lambda tx: _clerk_tx(tx, stores, parcel, at))
        if asked is None:
            reason = "It is for no agency of this installation, or its sender's key is withdrawn."
        else:
            try:
                subject, answer = (_package if parcel.form == "package" else _message)(stores, asked, parcel, path)
            except UnavailableError:
                raise
            except JpaError as error:
                reason = " ".join(error.sentences())
        state = PostState.ARRIVED if reason == "" else PostState.REFUSED
        act.details |= {"state": state.value, "subject": subject}
    return Arrival(parcel, subject, state, reason, answer, clock())


def _package(stores: Stores, asked: Ask, parcel: Parcel, path: Path) -> tuple[str, bytes]:
    with path.open("rb") as stream:
        kept, _new = package_inbox.receive_package(stores, asked, stream)
    if kept.partner != parcel.sender:
        return kept.id, b""  # whoever passed it on learns nothing of it
    return kept.id, package_inbox.write_receipt_file(stores, asked, kept.id)[1]


def _message(stores: Stores, asked: Ask, parcel: Parcel, path: Path) -> tuple[str, bytes]:
    content = open_message_file(path, stores.agency_keys.opener(parcel.agency), _MOST_MESSAGE)
    inbox = next((take for kind, take in _INBOXES.items() if is_kind(content, kind)), None)
    return _about_package(stores, asked, parcel, content) if inbox is None else (inbox(stores, asked, content), b"")


def _about_package(stores: Stores, asked: Ask, parcel: Parcel, content: bytes) -> tuple[str, bytes]:
    taken = messages_in.receive_message(stores, asked, content)
    package = packages.find_package(stores, asked, taken.package)
    if taken.kind not in recall_inbox.KINDS or package.partner != parcel.sender:
        return package.id, b""
    return package.id, recall_inbox.write_acknowledgement_file(stores, asked, taken.notice)[1]


def _hear(stores: Stores, asked: Ask, content: bytes) -> str:
    return hear_answer(stores, asked, content).question


def _return(stores: Stores, asked: Ask, content: bytes) -> str:
    return receive_return(stores, asked, content).id


def _move(stores: Stores, asked: Ask, content: bytes) -> str:
    return receive_move(stores, asked, content).id


def _decision(stores: Stores, asked: Ask, content: bytes) -> str:
    return receive_decision(stores, asked, content).id


_INBOXES: Final[Mapping[str, Callable[[Stores, Ask, bytes], str]]] = {
    QUESTION: answer_by_post, ANSWER: _hear, RETURN: _return, return_decision.KIND: _decision,
    request_move.KIND: _move, PLAN_QUESTION: answer_plans, PLAN_ANSWER: hear_plans, plan_report.KIND: take_report,
}  # fmt: skip
"""What is done with each kind of message that is not about a package; returns what it is about."""


def _clerk_tx(tx: Tx, stores: Stores, parcel: Parcel, at: datetime) -> Ask | None:
    """Return who takes the parcel in; None where nobody works at that agency here, or nothing of the sender is trusted any more."""
    trusted = {agency.id for _public, agency in trusted_tx(tx, stores).values()}
    here = len(agencies.officers_tx(tx, parcel.agency)) > 0
    if parcel.sender not in trusted or not here:
        return None
    return Ask(clerk(parcel.agency, found(agencies.agency_tx(tx, parcel.agency)).state), at, "post")
