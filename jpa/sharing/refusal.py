"""How a package is refused: one error with the field `file`, a sentence with the cure, and a cause for the log."""

from typing import Final

from jpa.errors import InvalidInputError

REFUSED: Final = "The package was refused; nothing of it was taken in."


class PackageRefusedError(InvalidInputError):
    """A package that is not taken in; `cause` is one of the words of docs/package-format.md, for the audit log."""

    def __init__(self, cause: str, problem: str) -> None:
        super().__init__(REFUSED, {"file": problem})
        self.cause = cause
        """One word: size, closed, container, name, signature, format, manifest, content, clock, recipient, agreement, replay, key."""


def refused(cause: str, problem: str) -> PackageRefusedError:
    """Make the refusal."""
    return PackageRefusedError(cause, problem)
