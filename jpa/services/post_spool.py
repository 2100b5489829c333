"""Putting something on its way: closed to the partner for the way, kept in the spool until it has arrived."""

import hashlib
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph.session import Tx
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.post import Posted, PostKind
from jpa.operations.evidence import Kept
from jpa.services.agency_keys import closing_tx
from jpa.services.stores import Ask, Stores, require
from jpa.sharing.closing import close_message
from jpa.sharing.notice import MOST_BYTES

NOT_SENT: Final = "Nothing was sent."


@dataclass(frozen=True, slots=True)
class Sending:
    """What goes to whom."""

    kind: PostKind
    object: str
    """What is under way once at a time."""
    subject: str
    partner: str
    content: bytes | Kept
    """A signed message; of a package only hash and size, because its file stands in the folder of releases."""


def put(stores: Stores, ask: Ask, this: Sending) -> Posted:
    """Put something on its way, as an officer who may hand it over."""
    details = {"kind": this.kind.value, "subject": this.subject, "partner": this.partner}
    with stores.audit.act(AuditTag.POST_SENT, ask.officer, object=this.object, details=details, at=ask.at) as act:
        require(ask, Action.RELEASE_PACKAGE)
        kept = stores.graph.read(act.intent, lambda tx: put_tx(tx, stores, ask, this))
        act.details |= {"item": kept.id, "sha256": kept.sha256, "bytes": kept.size}
        return kept


def put_tx(tx: Tx, stores: Stores, ask: Ask, this: Sending) -> Posted:
    """The same within an act that stands in the log already; where the same is under way, that one is returned."""
    content, closed = this.content, None
    if not isinstance(content, bytes):
        require_place(stores, this.partner)
    else:
        key = open_way_tx(tx, stores, this.partner)
        if len(content) > MOST_BYTES:
            problem = f"It has {len(content)} bytes, and {MOST_BYTES} go by post. Hand it over as a file."
            raise InvalidInputError(NOT_SENT, {"file": problem}, cause="size")
        closed = close_message(content, key)
        content = Kept(hashlib.sha256(closed).hexdigest(), len(closed))
    item = Posted(
        new_id(ask.at), ask.officer.agency, this.partner, this.kind, this.object, this.subject, content.digest, content.size,
        ask.officer.name, ask.at,
    )  # fmt: skip
    return stores.post.add(item, closed)


def open_way_tx(tx: Tx, stores: Stores, partner: str) -> str:
    """Return the key that closes a message to an agency; refused where the agency cannot be reached by post, with the cure."""
    require_place(stores, partner)
    key = closing_tx(tx, partner)
    if key == "":
        problem = f"The key that closes to {partner} is not pinned: pin its whole card of keys."
        raise InvalidInputError(NOT_SENT, {"partner": problem})
    return key


def has_place(stores: Stores, partner: str) -> bool:
    """Say whether post can be sent to an agency: its card is pinned, and it takes post."""
    return any(p.address != "" for p in stores.post.partners(agency=partner))


def require_place(stores: Stores, partner: str, field: str = "partner") -> None:
    """Refuse where no address is pinned."""
    if not has_place(stores, partner):
        problem = f"No address of {partner} is pinned. Ask for its post card, or hand the file over as before."
        raise InvalidInputError(NOT_SENT, {field: problem}, cause="address")
