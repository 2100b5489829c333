"""How a package is refused: one error with the field `file`, a sentence with the cure, and a cause for the log."""

from typing import Final

from jpa.errors import InvalidInputError

REFUSED: Final = "The package was refused; nothing of it was taken in."


class PackageRefusedError(InvalidInputError):
    """A package that is not taken in.

    Its cause is one word: `size`, `closed`, `container`, `name`, `signature`, `key`, `format`, `manifest`, `content`, `recipient`,
    `clock`, `agreement` or `replay`.
    """

    def __init__(self, cause: str, problem: str) -> None:
        super().__init__(REFUSED, {"file": problem}, cause=cause)


def refused(cause: str, problem: str) -> PackageRefusedError:
    """Make the refusal."""
    return PackageRefusedError(cause, problem)
