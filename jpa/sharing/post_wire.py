"""What two installations say to each other on the way: an address for each parcel, and how it stands.

`GET` asks how a parcel stands; `PUT` brings a part of it, from an offset on, and answers how it stands then. The address names sender, recipient and
the SHA-256 of the closed bytes; kind, size and offset stand in the query. Nothing else is ever said, whatever the error.
"""

import base64
from typing import Annotated, Final, Literal

from pydantic import Field

from jpa.sharing.strict import Number, Strict

PREFIX: Final = "/post/1"
PART: Final = 4 * 1024 * 1024
"""Bytes of one part at most. What a broken part brought is kept, so its size costs nothing."""
MOST_PARCEL: Final = 100 * 1024 * 1024 + 64 * 1024
"""A package with what closing adds."""
MOST_ANSWER: Final = 6 * 1024 * 1024
"""A receipt in base64."""


class Standing(Strict):
    """How a parcel stands."""

    state: Literal["coming", "arrived", "refused"]
    have: Number
    """Bytes that are there."""
    answer: Annotated[str, Field(max_length=MOST_ANSWER, pattern=r"^[A-Za-z0-9+/]*=*$")] = ""
    """A signed message for the sender, base64; empty where there is none."""

    @property
    def message(self) -> bytes:
        """The signed message's bytes."""
        return base64.b64decode(self.answer)


def standing(state: Literal["coming", "arrived", "refused"], have: int = 0, answer: bytes = b"") -> Standing:
    """Say how a parcel stands."""
    return Standing(state=state, have=str(have), answer=base64.b64encode(answer).decode("ascii"))
