"""Where an agency's installation takes post, and the certificate that both ends know it by: a message signed with the agency's key."""

import base64
import binascii
import hashlib
import re
from typing import Annotated, Final, Literal

from cryptography.x509 import load_der_x509_certificate
from pydantic import Field

from jpa.errors import InvalidInputError
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.strict import Moment, State, Strict, Word, parsed, written

KIND: Final = "post-card"
"""Of the signed message."""
MOST_BYTES: Final = 8 * 1024
_ADDRESS: Final = re.compile(r"https://([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\]):([1-9][0-9]{0,4})")
_MOST_PORT: Final = 65535
_REFUSED: Final = "The card was not pinned."


class PostCard(Strict):
    """All that is signed."""

    format: Literal["1"]
    agency: Word
    state: State
    address: Annotated[str, Field(max_length=300)]
    """`https://host:port`, as partners reach it; empty where it only sends."""
    certificate: Annotated[str, Field(max_length=6_000, pattern=r"^[A-Za-z0-9+/]+=*$")]
    """X.509, DER, base64."""
    made: Moment

    @property
    def der(self) -> bytes:
        """The certificate's bytes."""
        return base64.b64decode(self.certificate)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hex."""
        return fingerprint_of(self.der)


def fingerprint_of(der: bytes) -> str:
    """Name a certificate."""
    return hashlib.sha256(der).hexdigest()


def is_address(text: str) -> bool:
    """Say whether a text is an address that post can be sent to."""
    match = _ADDRESS.fullmatch(text)
    return match is not None and int(match[2]) <= _MOST_PORT


def place_of(address: str) -> tuple[str, int]:
    """Return host and port of an address."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError("an address was checked when it was pinned")
    return match[1].strip("[]"), int(match[2])


def write_post_card(this: PostCard) -> bytes:
    """Write the body that is signed."""
    return written(this)


def read_post_card(body: bytes) -> PostCard:
    """Read a body whose signature was found right; InvalidInputError for an address or certificate that is none."""
    if not body.endswith(b"\n"):
        raise InvalidInputError(_REFUSED, {"card": "It was cut off. Fetch the file again."})
    try:
        this = parsed(PostCard, body[:-1], "The card")
    except PackageRefusedError as error:
        raise InvalidInputError(_REFUSED, {"card": error.fields["file"]}) from error
    if this.address != "" and not is_address(this.address):
        raise InvalidInputError(_REFUSED, {"card": f"{this.address} is no address: https://, a host, a colon, a port."})
    try:
        load_der_x509_certificate(this.der)
    except (ValueError, binascii.Error) as error:
        raise InvalidInputError(_REFUSED, {"card": "Its certificate cannot be read."}) from error
    return this
