"""Sending by post: an officer puts what they could hand over as a file on its way; the worker brings it, however long that takes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import packages as package_graph
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.package import Package, PackageAct
from jpa.model.post import Arrival, Posted, PostKind
from jpa.operations.evidence import Kept
from jpa.services import answers, package_inbox, packages, recall_inbox, recalls
from jpa.services.agency_keys import closing_tx
from jpa.services.stores import Ask, Event, Stores, found, read, require
from jpa.sharing.closing import close_message
from jpa.sharing.proposals import read_proposals

_NOT_SENT: Final = "Nothing was sent."


@dataclass(frozen=True, slots=True)
class PostBox:
    """What an agency sent by post, and what came for it, of what an officer may know of."""

    sent: Sequence[Posted]
    came: Sequence[Arrival]


def send_by_post(stores: Stores, ask: Ask, kind: PostKind, this: str) -> Posted:
    """Put a package, notice or signed answer on its way to its partner; where it is under way already, that one is returned."""
    if kind is PostKind.PACKAGE:
        package = packages.find_package(stores, ask, this)
        _name, pieces = packages.write_package_file(stores, ask, this)
        size = sum(len(piece) for piece in pieces)
        return _put(stores, ask, kind, this, package, Kept(found(package.act(PackageAct.RELEASED)).code, size))
    if kind is PostKind.RECEIPT:
        return _put(
            stores, ask, kind, this, packages.find_package(stores, ask, this),
            package_inbox.write_receipt_file(stores, ask, this)[1],
        )  # fmt: skip
    if kind is PostKind.PROPOSALS:
        raise InvalidInputError(_NOT_SENT, {"kind": "Proposals are sent from the file that the viewer saved."})
    _notice, package = recalls.read_notice(stores, ask, this)
    written = recalls.write_notice_file if kind is PostKind.NOTICE else recall_inbox.write_acknowledgement_file
    return _put(stores, ask, kind, this, package, written(stores, ask, this)[1])


def send_proposals(stores: Stores, ask: Ask, content: bytes) -> Posted:
    """Sign proposals that the viewer saved, and put them on their way to the sender of the package."""
    signed = answers.sign_proposals(stores, ask, content)
    package = packages.find_package(stores, ask, read_proposals(content).package)
    return _put(stores, ask, PostKind.PROPOSALS, package.id, package, signed)


def read_post(stores: Stores, ask: Ask, package: str = "") -> PostBox:
    """List what was sent and what came: all, or what is about one package."""

    def work(tx: Tx, reader: Readership) -> PostBox:
        known = {p.id for p in package_graph.packages_tx(tx, reader)}
        agency = ask.officer.agency
        sent = [i for i in stores.post.items(agency) if i.package in known and package in {"", i.package}]
        came = [
            a for a in stores.post.arrivals(agency)
            if (a.package in known or a.package == "") and package in {"", a.package}
        ]  # fmt: skip
        return PostBox(sent, came)

    return read(stores, ask, Action.READ_PACKAGE, Event(AuditTag.POST_READ, package), work)


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
        act.details |= {"kind": item.kind.value, "package": item.package, "sent": item.sent}
        if not stores.post.take_back(this, ask.at):
            raise ConflictError("It has left, or waits no more. What has left is recalled.")


def _mine_tx(tx: Tx, stores: Stores, ask: Ask, this: str) -> Posted:
    item = stores.post.item(this)
    mine = item is not None and item.agency == ask.officer.agency
    known = (
        mine and item is not None and package_graph.package_tx(tx, readership_tx(tx, ask.officer, ask.at), item.package)
    )
    return found(item if known else None)


def _put(stores: Stores, ask: Ask, kind: PostKind, this: str, package: Package, content: bytes | Kept) -> Posted:
    """Keep an item; of a package no bytes, because its file stands in the folder of releases."""
    details = {"kind": kind.value, "package": package.id, "partner": package.partner}
    with stores.audit.act(AuditTag.POST_SENT, ask.officer, object=this, details=details, at=ask.at) as act:
        require(ask, Action.RELEASE_PACKAGE)
        partner = next(iter(stores.post.partners(agency=package.partner)), None)
        if partner is None or partner.address == "":
            problem = (
                f"No address of {package.partner} is pinned. Ask for its post card, or hand the file over as before."
            )
            raise InvalidInputError(_NOT_SENT, {"partner": problem})
        closed = None
        if isinstance(content, bytes):
            key = stores.graph.read(act.intent, lambda tx: closing_tx(tx, package.partner))
            if key == "":
                problem = f"The key that closes to {package.partner} is not pinned: pin its whole card of keys."
                raise InvalidInputError(_NOT_SENT, {"partner": problem})
            closed = close_message(content, key)
            content = Kept(hashlib.sha256(closed).hexdigest(), len(closed))
        item = Posted(
            new_id(ask.at), ask.officer.agency, package.partner, kind, this, package.id, content.digest, content.size,
            ask.officer.name, ask.at,
        )  # fmt: skip
        kept = stores.post.add(item, closed)
        act.details |= {"item": kept.id, "sha256": kept.sha256, "bytes": kept.size}
        return kept
