"""What one desk says or does about a request, for the other installation; the sending carries the request itself (docs/request-format.md)."""

from typing import Annotated, Final

from pydantic import Field

from jpa.sharing.said import Said, read_said
from jpa.sharing.strict import Day, Key, Short, Strict, Word, written

KIND: Final = "request-move"
"""Of the signed message."""
Long = Annotated[str, Field(max_length=4000)]
Line = Annotated[str, Field(max_length=300)]
JpaNumber = Annotated[str, Field(pattern=r"^([1-9][0-9]{0,5})?$")]


class Marked(Strict):
    """How far a text may go; a joint period stands by its number."""

    tlp: Word
    release: Word
    names: Annotated[list[Word], Field(max_length=100)]
    handling: Annotated[str, Field(max_length=8)]
    pap: Word


class Asked(Strict):
    """The request itself."""

    purpose: Word
    kind: Word
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    basis: Annotated[str, Field(min_length=1, max_length=300)]
    urgency: Word
    due: Day
    marking: Marked
    jpa: JpaNumber
    """Number of the joint period that it counts for; empty: none."""


class RequestMove(Said):
    """All that is signed."""

    request: Key
    asker: Word
    asked: Word
    move: Key
    kind: Word
    code: Short
    text: Long
    reference: Line
    marking: Marked | None = None
    """Of the text; left out where it has none."""
    asks: Asked | None = None
    """With the sending alone."""


def write_move(this: RequestMove) -> bytes:
    """Write the body that is signed."""
    return written(this)


def read_move(body: bytes) -> RequestMove:
    """Read a body whose signature was found right; InvalidInputError says what is not as described."""
    return read_said(RequestMove, body, "The message")
