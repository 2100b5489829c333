"""Keys that agencies sign with: one's own to hand out, those of others compared by telephone and pinned by an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import agencies, returns
from jpa.graph.returns import PinnedKey
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.operations.messages import Message, fingerprint_of, open_message, public_of
from jpa.services.stores import Ask, Event, Stores, read, write
from jpa.sharing.card import KeyCard, is_card, read_card


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The public half of the key that signs for the own agency."""

    public: str
    fingerprint: str
    card: KeyCard
    """Both public keys as they are handed over."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The own key, and those that are pinned."""

    own: OwnKey
    pinned: tuple[tuple[PinnedKey, Agency], ...]
    agencies: tuple[Agency, ...]
    """Whose keys can be pinned."""


def read_keys(stores: Stores, ask: Ask) -> KeyRing:
    """Show the own agency's public key and the keys of others."""

    def work(tx: Tx, _: Readership) -> KeyRing:
        known = {a.id: a for a in agencies.agencies_tx(tx)}
        pinned = tuple((k, known[k.agency]) for k in returns.keys_tx(tx) if k.agency in known)
        others = tuple(a for a in known.values() if a.id != ask.officer.agency)
        return KeyRing(own_key(stores, ask.officer.agency, ask.officer.state), pinned, others)

    return read(stores, ask, Action.READ_DIRECTORY, Event(AuditTag.KEY_READ), work)


def pin_key(stores: Stores, ask: Ask, agency: str, handed: str) -> PinnedKey:
    """Trust a card of keys, or a signing key alone, as that of an agency, after it was compared by another way."""
    card = read_card(handed) if is_card(handed) else None
    public = "".join(handed.split()).lower() if card is None else card.public
    key = PinnedKey(
        fingerprint_of(public), public, agency, ask.at, ask.officer.id, closing="" if card is None else card.closing,
        card="" if card is None else card.fingerprint,
    )  # fmt: skip

    def work(tx: Tx, _: Readership, __: object) -> PinnedKey:
        whose = agencies.agency_tx(tx, agency)
        if whose is None:
            raise InvalidInputError("No key was pinned.", {"agency": "Choose the agency that the key belongs to."})
        if card is not None and (card.agency, card.state) != (whose.id, whose.state):
            problem = f"This card is of {card.agency} in {card.state}; {whose.name} is {whose.id} in {whose.state} here. Both installations call it alike, or nothing it sends fits."
            raise InvalidInputError("No key was pinned.", {"key": problem})
        if key.closing != "" and returns.complete_tx(tx, key):
            return key
        _require_new(returns.keys_tx(tx), key)
        returns.pin_tx(tx, key)
        return key

    details = {"fingerprint": key.fingerprint} | ({} if card is None else {"card": card.fingerprint})
    return write(stores, ask, Action.ADMINISTER, Event(AuditTag.KEY_PINNED, agency, details), work)


def withdraw_key(stores: Stores, ask: Ask, fingerprint: str) -> None:
    """Trust a key no more, nor the post card that it signed; what it signed before stays as it was decided."""

    def work(tx: Tx, _: Readership, __: object) -> None:
        if not returns.unpin_tx(tx, fingerprint, by=ask.officer.id, at=ask.at):
            raise ConflictError("This key is not pinned. Open the page again to see the keys.")

    write(stores, ask, Action.ADMINISTER, Event(AuditTag.KEY_WITHDRAWN, fingerprint[:32]), work)
    stores.post.forget(fingerprint)


def own_key(stores: Stores, agency: str, state: str = "") -> OwnKey:
    """Return the public half of an agency's keys, made when they are first asked for."""
    public = public_of(stores.agency_keys.signer(agency))
    return OwnKey(public, fingerprint_of(public), KeyCard(agency, state, public, stores.agency_keys.closing(agency)))


def closing_tx(tx: Tx, agency: str) -> str:
    """Return the age public key that packages to another agency are closed with; empty where no card of it is pinned."""
    held = [k for k in returns.keys_tx(tx) if k.agency == agency and k.withdrawn is None and k.closing != ""]
    return held[-1].closing if len(held) > 0 else ""


def _require_new(pinned: Sequence[PinnedKey], key: PinnedKey) -> None:
    if any(k.fingerprint == key.fingerprint for k in pinned):
        raise ConflictError("This key was pinned before; one that was withdrawn is never trusted again.")


def trusted_tx(tx: Tx, stores: Stores) -> dict[str, tuple[str, Agency]]:
    """Map fingerprints to public key and agency: those that are pinned, and those of agencies that work here."""
    known = {a.id: a for a in agencies.agencies_tx(tx)}
    found = {}
    for agency in known.values():
        if len(agencies.officers_tx(tx, agency.id)) > 0:
            own = own_key(stores, agency.id)
            found[own.fingerprint] = own.public, agency
    pinned = {
        k.fingerprint: (k.public, known[k.agency])
        for k in returns.keys_tx(tx)
        if k.withdrawn is None and k.agency in known
    }
    return {**found, **pinned}


def opened_tx(tx: Tx, stores: Stores, content: bytes, kind: str) -> tuple[Message, Agency]:
    """Open a message signed with a key that is trusted here; returns it with the agency whose key that is. Refusals say which check failed."""
    keys = trusted_tx(tx, stores)
    message = open_message(content, kind, {fingerprint: public for fingerprint, (public, _) in keys.items()})
    return message, keys[message.fingerprint][1]
