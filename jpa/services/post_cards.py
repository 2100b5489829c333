"""Post cards: where the own installation takes post, to hand out; where partners do, pinned by an administrator.

A card is signed with the key that was compared by telephone and pinned before: there is no second ceremony, and a key that is withdrawn
takes its card along.
"""

import base64
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jpa.errors import ConflictError, InvalidInputError, SetupError
from jpa.graph import returns
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.post import PostPartner
from jpa.operations.messages import open_message, sign_message
from jpa.operations.post_keys import KEY, calling, listening, own_certificate
from jpa.services.stores import Ask, Stores, require
from jpa.sharing.post_card import (
    KIND,
    MOST_BYTES,
    PostCard,
    fingerprint_of,
    is_address,
    place_of,
    read_post_card,
    write_post_card,
)

_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- what cannot be called
_REFUSED: Final = "The card was not pinned."


@dataclass(frozen=True, slots=True)
class PostPlaces:
    """Where this installation takes post, and where the others do."""

    address: str
    """Empty where nobody listens here: post can be sent, not taken."""
    fingerprint: str
    partners: Sequence[PostPartner]


def read_places(stores: Stores, ask: Ask) -> PostPlaces:
    """Show own address and certificate, and those of partners."""
    with stores.audit.act(AuditTag.KEY_READ, ask.officer, at=ask.at):
        require(ask, Action.READ_DIRECTORY)
        own = own_certificate(stores.settings.secrets_dir)
        return PostPlaces(_own_place(stores), fingerprint_of(own), stores.post.partners())


def write_post_card_file(stores: Stores, ask: Ask) -> tuple[str, bytes]:
    """Sign the own agency's card, to hand to a partner."""
    with stores.audit.act(AuditTag.POST_CARD_WRITTEN, ask.officer, at=ask.at):
        require(ask, Action.READ_DIRECTORY)
        body = write_post_card(
            PostCard(
                format="1", agency=ask.officer.agency, state=ask.officer.state, address=_own_place(stores),
                certificate=base64.b64encode(own_certificate(stores.settings.secrets_dir)).decode("ascii"),
                made=ask.at.isoformat(timespec="microseconds"),
            )
        )  # fmt: skip
        line = sign_message(stores.agency_keys.signer(ask.officer.agency), KIND, body)
        return f"post-{ask.officer.state}-{ask.officer.agency}.jsonl", line.encode() + b"\n" + body


def pin_post_card(stores: Stores, ask: Ask, content: bytes) -> PostPartner:
    """Keep where an agency takes post; the card must be signed with a key of it that is pinned, and be newer than the one kept."""
    with stores.audit.act(AuditTag.POST_CARD_PINNED, ask.officer, at=ask.at) as act:
        require(ask, Action.ADMINISTER)
        keys = {k.fingerprint: k for k in stores.graph.read(act.intent, returns.keys_tx) if k.withdrawn is None}
        try:
            message = open_message(content[: MOST_BYTES + 1], KIND, {f: k.public for f, k in keys.items()})
        except InvalidInputError as error:
            raise InvalidInputError(_REFUSED, {"card": error.fields.get("file", str(error))}) from error
        card = read_post_card(message.body)
        if card.agency != keys[message.fingerprint].agency:
            raise InvalidInputError(_REFUSED, {"card": f"It is a card of {card.agency}, signed by another agency."})
        _require_usable(stores, card.der)
        partner = PostPartner(
            card.agency,
            message.fingerprint,
            card.address,
            card.der,
            card.fingerprint,
            card.made,
            ask.at,
            ask.officer.id,
        )
        act.details |= {"agency": card.agency, "certificate": card.fingerprint}
        if not stores.post.pin(partner):
            raise ConflictError("A card of this agency that was signed later, or the same one, is pinned already.")
        return partner


def key_file(stores: Stores) -> Path:
    """Return the file of the own key and certificate, made when it is first asked for."""
    own_certificate(stores.settings.secrets_dir)
    return stores.settings.secrets_dir / KEY


def listening_context(stores: Stores) -> ssl.SSLContext:
    """Return what the listener greets a connection with: only partners whose card is pinned at this moment come in."""
    pinned = dict.fromkeys(p.certificate for p in stores.post.partners())  # agencies of one installation share theirs
    return listening(stores.settings.secrets_dir, list(pinned))


def _require_usable(stores: Stores, certificate: bytes) -> None:
    """Refuse a certificate that connections cannot be made with: one of them would keep the listener from greeting anybody."""
    try:
        calling(stores.settings.secrets_dir, certificate)
    except (ssl.SSLError, ValueError) as error:
        raise InvalidInputError(_REFUSED, {"card": "Its certificate cannot be used."}) from error


def _own_place(stores: Stores) -> str:
    place = stores.settings.post_place
    if place != "" and (not is_address(place) or place_of(place)[0] in _EVERYWHERE):
        raise SetupError("Say where partners reach this installation: JPA_POST_ADDRESS=https://host:port")
    return place
