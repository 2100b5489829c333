"""What one desk says or does about a request, for the other installation; the sending carries the request itself (docs/request-format.md)."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from jpa.errors import InvalidInputError
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.strict import Day, Key, Moment, Short, Strict, Word, parsed, written

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


class RequestMove(Strict):
    """All that is signed."""

    format: Literal["1"]
    request: Key
    asker: Word
    asked: Word
    move: Key
    kind: Word
    at: Moment
    code: Short
    text: Long
    reference: Line
    marking: Marked | None = None
    """Of the text; left out where it has none."""
    asks: Asked | None = None
    """With the sending alone."""

    @property
    def moment(self) -> datetime:
        """When it was said."""
        return datetime.fromisoformat(self.at)


def write_move(this: RequestMove) -> bytes:
    """Write the body that is signed."""
    return written(this)


def read_move(body: bytes) -> RequestMove:
    """Read a body whose signature was found right; InvalidInputError says what is not as described."""
    problem = "It was cut off. Fetch the file again."
    try:
        this = parsed(RequestMove, body.removesuffix(b"\n"), "The message")
        if body.endswith(b"\n") and this.moment.tzinfo is not None:
            return this
    except PackageRefusedError as error:
        problem = error.fields["file"]
    except ValueError:
        problem = "Its moment is none."
    raise InvalidInputError("The file was refused; nothing of it was kept.", {"file": problem}, cause="format")
