"""What is said about a return between installations: the coordinator's decision, or the sender's withdrawal (docs/return-format.md)."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from jpa.errors import InvalidInputError
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.strict import Hash, Key, Moment, Strict, parsed, written

KIND: Final = "return-decision"
"""Of the signed message."""


class ReturnDecision(Strict):
    """All that is signed."""

    format: Literal["1"]
    return_id: Key
    digest: Hash
    """SHA-256 of the return's head and rows."""
    decision: Annotated[str, Field(pattern=r"^(accepted|queried|reopened|withdrawn)$")]
    code: Annotated[str, Field(max_length=64)]
    """Coded reason of a question; empty for the rest."""
    text: Annotated[str, Field(max_length=500)]
    at: Moment

    @property
    def moment(self) -> datetime:
        """When it was decided."""
        return datetime.fromisoformat(self.at)


def write_decision(this: ReturnDecision) -> bytes:
    """Write the body that is signed."""
    return written(this)


def read_decision(body: bytes) -> ReturnDecision:
    """Read a body whose signature was found right; InvalidInputError says what is not as described."""
    problem = "It was cut off. Fetch the file again."
    try:
        this = parsed(ReturnDecision, body.removesuffix(b"\n"), "The decision")
        if body.endswith(b"\n") and this.moment.tzinfo is not None:
            return this
    except PackageRefusedError as error:
        problem = error.fields["file"]
    except ValueError:
        problem = "Its moment is none."
    raise InvalidInputError("The file was refused; nothing of it was kept.", {"file": problem}, cause="format")
