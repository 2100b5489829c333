"""What is said about a return between installations: the coordinator's decision, or the sender's withdrawal (docs/return-format.md)."""

from typing import Annotated, Final

from pydantic import Field

from jpa.sharing.said import Said, read_said
from jpa.sharing.strict import Hash, Key, written

KIND: Final = "return-decision"
"""Of the signed message."""


class ReturnDecision(Said):
    """All that is signed."""

    return_id: Key
    digest: Hash
    """SHA-256 of the return's head and rows."""
    decision: Annotated[str, Field(pattern=r"^(accepted|queried|reopened|withdrawn)$")]
    code: Annotated[str, Field(max_length=64)]
    """Coded reason of a question; empty for the rest."""
    text: Annotated[str, Field(max_length=500)]


def write_decision(this: ReturnDecision) -> bytes:
    """Write the body that is signed."""
    return written(this)


def read_decision(body: bytes) -> ReturnDecision:
    """Read a body whose signature was found right; InvalidInputError says what is not as described."""
    return read_said(ReturnDecision, body, "The decision")
