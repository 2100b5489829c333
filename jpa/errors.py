"""The one error tree: every refusal that a person is shown descends from `JpaError`.

Errors know fields and causes, never status codes; `jpa.web.errors` maps class to page and status.
"""

from collections.abc import Mapping


class JpaError(Exception):
    """A refusal with a sentence for the person who asked: what is wrong, and the cure."""

    def sentences(self) -> list[str]:
        """Tell the refusal in words, for whoever has no page to show it on."""
        return [str(self)]


class InvalidInputError(JpaError):
    """Something typed or uploaded cannot be taken.

    `fields` maps a field's name to the problem and its cure; the empty key is the whole form or file. `cause` is a word of a closed
    list for the audit log, where refusals of one act have to be told apart.
    """

    def __init__(self, message: str, fields: Mapping[str, str] | None = None, *, cause: str = "") -> None:
        super().__init__(message)
        self.fields = dict(fields) if fields is not None else {}
        self.cause = cause

    def sentences(self) -> list[str]:
        """Tell the refusal, then each field with its cure."""
        return [str(self), *(text if name == "" else f"{name}: {text}" for name, text in self.fields.items())]


class NotFoundError(JpaError):
    """There is no such thing, or this officer may not know of it: both look the same on purpose."""


class ForbiddenError(JpaError):
    """The officer knows the thing exists but their role does not allow this act on it."""


class ConflictError(JpaError):
    """The act contradicts what is in force now (a stale page, an earlier verdict, a lock)."""


class CancelledError(JpaError):
    """The officer who asked for the work wants it to stop; what is committed stays, the rest is not begun."""


class AuthenticationError(JpaError):
    """Log-in failed, or the session is over."""


class UnavailableError(JpaError):
    """A part of the system that must answer does not (graph, audit log, worker)."""


class CatalogueError(JpaError):
    """The catalogue contradicts itself; raised at import, for the author of the catalogue."""


class IntegrityError(JpaError):
    """Stored bytes do not match their hash, signature or chain."""


class SetupError(JpaError):
    """The machine or the installation lacks something; the message says what to install or set."""
