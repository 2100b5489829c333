"""Signed messages between agencies: a first line that says who signed what, and behind it exactly the bytes that were signed.

Line 1 is canonical JSON: kind and format of the message, fingerprint of the key, length and SHA-256 of all that follows, and an Ed25519
signature over `jpa message 1`, the kind and that SHA-256, a line each. Nothing behind line 1 is read before key, length, hash and
signature are found right. Packages and receipts can travel the same way, inside an age file where they must be closed.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jpa.errors import InvalidInputError
from jpa.model.canonical import canonical
from jpa.model.fingerprint import spaced

FORMAT: Final = "1"
_MOST_LINE: Final = 1024
_NAMES: Final = frozenset({"jpa", "format", "key", "bytes", "sha256", "signature"})
_KEY_LETTERS: Final = 64


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the first line says."""

    kind: str
    format: str
    key: str
    size: int
    sha256: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was found whole and signed."""

    body: bytes
    fingerprint: str
    envelope: str
    """The first line, to hand the message on as it came."""


def fingerprint_of(public: str) -> str:
    """Name a public key, given in hex; InvalidInputError for what is no key."""
    text = "".join(public.split()).lower()
    if len(text) != _KEY_LETTERS or any(c not in "0123456789abcdef" for c in text):
        problem = "This is no public key: 64 letters and digits, as the other agency's page shows it. Copy it again."
        raise InvalidInputError("No key was pinned.", {"key": problem})
    return hashlib.sha256(bytes.fromhex(text)).hexdigest()


def public_of(signer: Ed25519PrivateKey) -> str:
    """Return the public key in hex."""
    return signer.public_key().public_bytes_raw().hex()


def sign_message(signer: Ed25519PrivateKey, kind: str, body: bytes) -> str:
    """Return the first line for a body."""
    digest = hashlib.sha256(body).hexdigest()
    signature = base64.b64encode(signer.sign(_signed(kind, digest))).decode("ascii")
    content = {
        "jpa": kind, "format": FORMAT, "key": fingerprint_of(public_of(signer)), "bytes": str(len(body)), "sha256": digest,
        "signature": signature,
    }  # fmt: skip
    return canonical(content).decode()


def look_at(content: bytes, kind: str) -> Envelope:
    """Read the first line alone; it proves nothing."""
    line, _, _ = content[: _MOST_LINE + 1].partition(b"\n")
    try:
        said = json.loads(line)
        if not isinstance(said, dict) or set(said) != _NAMES or not all(isinstance(v, str) for v in said.values()):
            raise _refused(f"This is no {kind} made by jpa: its first line is another.")
        envelope = Envelope(
            said["jpa"], said["format"], said["key"], int(said["bytes"]), said["sha256"],
            base64.b64decode(said["signature"], validate=True),
        )  # fmt: skip
    except (ValueError, RecursionError, binascii.Error) as error:
        raise _refused(f"This is no {kind} made by jpa: its first line cannot be read.") from error
    if envelope.kind != kind:
        raise _refused(f"This is a {envelope.kind[:20]!r}, not a {kind}.")
    if envelope.format != FORMAT:
        raise _refused(
            f"It was written by another version of jpa (format {envelope.format[:8]}); open it with that one."
        )
    return envelope


def open_message(content: bytes, kind: str, pinned: Mapping[str, str]) -> Message:
    """Open a message signed with one of the keys, given as fingerprint to public key in hex; refusals say which check failed."""
    envelope = look_at(content, kind)
    line, _, body = content.partition(b"\n")
    if envelope.key not in pinned:
        raise _refused(
            f"The key {spaced(envelope.key)} is not pinned here. Compare its fingerprint with the agency by telephone, then let an "
            "administrator pin it."
        )
    if len(body) < envelope.size:
        raise _refused(f"It was cut off: {len(body)} of {envelope.size} bytes are there. Fetch the file again.")
    if len(body) > envelope.size:
        raise _refused(f"It was altered: {len(body) - envelope.size} bytes were added.")
    if hashlib.sha256(body).hexdigest() != envelope.sha256:
        raise _refused("It was altered after it was signed: its hash differs. Ask the agency to send it again.")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(pinned[envelope.key])).verify(
            envelope.signature, _signed(kind, envelope.sha256)
        )
    except InvalidSignature as error:
        raise _refused("Its signature is wrong: it was not signed with the key that it names.") from error
    return Message(body, envelope.key, line.decode())


def _signed(kind: str, digest: str) -> bytes:
    return f"jpa message {FORMAT}\n{kind}\n{digest}\n".encode()


def _refused(problem: str) -> InvalidInputError:
    return InvalidInputError("The file was refused; nothing of it was read.", {"file": problem})
