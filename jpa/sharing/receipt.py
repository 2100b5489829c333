"""The receipt that goes back to the sender: what was taken in, what was known already, what was refused and why. Signed as a message."""

from typing import Annotated, Final, Literal

from pydantic import Field

from jpa.errors import InvalidInputError
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.strict import Hash, Key, Moment, Number, Short, Strict, Word, parsed, written

KIND: Final = "receipt"
"""Of the signed message."""
MOST_BYTES: Final = 4 * 1024 * 1024
MOST_REFUSALS: Final = 5_000


class Refusal(Strict):
    """A record or link that was not taken in."""

    id: Key
    reason: Short


class ReceiptBody(Strict):
    """All that is signed."""

    format: Literal["1"]
    package: Key
    manifest: Hash
    """SHA-256 of the manifest that was received."""
    by: Word
    """The agency that received it."""
    at: Moment
    state: Literal["received", "adopted", "declined"]
    new: Number
    known: Number
    refused: Number
    refusals: Annotated[list[Refusal], Field(max_length=MOST_REFUSALS)]
    """The first of them; `refused` counts all."""


def write_receipt(this: ReceiptBody) -> bytes:
    """Write the body that is signed."""
    return written(this)


def read_receipt(body: bytes) -> ReceiptBody:
    """Read a body whose signature was found right."""
    if len(body) > MOST_BYTES or not body.endswith(b"\n"):
        raise InvalidInputError(
            "The receipt was refused.", {"file": "It is too large, or was cut off."}, cause="receipt"
        )
    try:
        return parsed(ReceiptBody, body[:-1], "The receipt")
    except PackageRefusedError as error:
        raise InvalidInputError("The receipt was refused.", error.fields, cause="receipt") from error
