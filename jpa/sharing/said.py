"""What one desk says to another at a moment, in the body of a signed message; how one that cannot be taken is refused."""

from datetime import datetime, timedelta
from typing import Final, Literal, TypeVar

from jpa.errors import InvalidInputError
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.strict import Moment, Strict, parsed

SKEW: Final = timedelta(hours=1)
"""How far the clocks of two installations may differ."""
_REFUSED: Final = "The file was refused; nothing of it was kept."
S = TypeVar("S", bound="Said")


class Said(Strict):
    """What every such body says."""

    format: Literal["1"]
    at: Moment

    @property
    def moment(self) -> datetime:
        """When it was said."""
        return datetime.fromisoformat(self.at)


def read_said(model: type[S], body: bytes, where: str) -> S:
    """Read a body whose signature was found right; InvalidInputError says what is not as described."""
    problem = "It was cut off. Fetch the file again."
    try:
        this = parsed(model, body.removesuffix(b"\n"), where)
        if body.endswith(b"\n") and this.moment.tzinfo is not None:
            return this
    except PackageRefusedError as error:
        problem = error.fields["file"]
    except ValueError:
        problem = "Its moment is none."
    raise refused_said(problem, "format")


def refused_said(problem: str, cause: str) -> InvalidInputError:
    """Make the refusal of what was said; `cause` is the word for the log."""
    return InvalidInputError(_REFUSED, {"file": problem}, cause=cause)
