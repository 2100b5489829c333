"""What a recipient proposes back about a package, item by item, and what an officer of the owning agency decided."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AnswerKind(StrEnum):
    """What is proposed, in the words of the file."""

    SEEN = "seen here too"
    NOT_SAME = "not the same"
    VALUE = "another value"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer made of it, once."""

    accepted: bool
    by: str
    name: str
    at: datetime
    text: str
    """The reason of a refusal, or what it became."""
    made: str
    """Id of the judgement, record, link or report that it became; empty where it was refused."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One proposal about a record or link of a released package."""

    id: str
    package: str
    case: str
    """The case that the package was made from."""
    agency: str
    partner: str
    kind: AnswerKind
    what: str
    """`record` or `link`."""
    about: str
    other: str
    property: str
    stated: str
    value: str
    reference: str
    text: str
    contact: str
    signed: bool
    """The file came signed; else a hand brought it."""
    by: str
    name: str
    at: datetime
    """Who took it in, and when."""
    decision: Decision | None = None
