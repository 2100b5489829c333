"""Notices about a released package: what its sender recalls or corrects, until when, and how the recipient answered (decision 0031)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class NoticeKind(StrEnum):
    """What a notice does to the copies of a package."""

    RECALL = "recall"
    CORRECTION = "correction"


class RecallReason(StrEnum):
    """Why something that was released comes back: a code, since words could name somebody."""

    VICTIM = "victim sealed"
    MIGRANT = "migrant"
    ERROR = "error"
    MARKING = "marking changed"
    AGREEMENT = "agreement ended"
    OTHER = "other"


class What(StrEnum):
    """What an item of a notice is."""

    PACKAGE = "package"
    REPORT = "report"
    RECORD = "record"
    LINK = "link"


class NoticeAct(StrEnum):
    """What is done about a notice, each once."""

    RELEASED = "released"
    DISCARDED = "discarded"
    ACKNOWLEDGED = "acknowledged"
    """The recipient's signed answer came back."""
    FOLLOWED = "followed"
    """The recipient did what it asks for."""


class NoticeState(StrEnum):
    """How far a notice has come."""

    DRAFT = "draft"
    RELEASED = "released"
    DISCARDED = "discarded"
    ACKNOWLEDGED = "acknowledged"
    FOLLOWED = "followed"


_STATES: Final = (
    (NoticeAct.FOLLOWED, NoticeState.FOLLOWED),
    (NoticeAct.ACKNOWLEDGED, NoticeState.ACKNOWLEDGED),
    (NoticeAct.DISCARDED, NoticeState.DISCARDED),
    (NoticeAct.RELEASED, NoticeState.RELEASED),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a notice is about."""

    what: What
    id: str
    reason: str = ""
    """Of a recall alone: a `RecallReason`."""

    def text(self) -> str:
        """Write it down."""
        return f"{self.what}:{self.id}:{self.reason}"

    @classmethod
    def of(cls, text: str) -> "Item":
        """Read what was written down."""
        what, this, reason = text.split(":", 2)
        return cls(What(what), this, reason)


@dataclass(frozen=True, slots=True)
class Marked:
    """A new marking of a report that was released."""

    report: str
    tlp: str
    pap: str
    release: str
    names: tuple[str, ...]
    handling: str


@dataclass(frozen=True, slots=True)
class NoticeDone:
    """One thing done about a notice: by whom, when, and what was said."""

    kind: NoticeAct
    by: str
    name: str
    at: datetime
    code: str = ""
    """The signed line of a release or of an answer."""
    text: str = ""
    """The signed body, or counts in words."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of either side and everything that was done about it."""

    id: str
    kind: NoticeKind
    package: str
    case: str
    """The case that the package was made from; empty for a received notice."""
    agency: str
    partner: str
    received: bool
    deadline: str
    """Last day for the recipient's answer, ISO 8601."""
    items: tuple[Item, ...]
    apart: tuple[tuple[str, str], ...]
    """Pairs of records that the sender holds for the same no more."""
    text: str
    number: int
    """Counts the released ones of a kind and package from 1; 0 for a draft."""
    digest: str
    """SHA-256 of the signed body; empty for a draft."""
    automatic: bool
    made_by: str
    made_name: str
    made: datetime
    marked: tuple[Marked, ...] = ()
    acts: Sequence[NoticeDone] = ()

    def act(self, kind: NoticeAct) -> NoticeDone | None:
        """Return the act of a kind."""
        return next((a for a in self.acts if a.kind is kind), None)

    @property
    def state(self) -> NoticeState:
        """How far it has come."""
        done = {a.kind for a in self.acts}
        return next((state for kind, state in _STATES if kind in done), NoticeState.DRAFT)

    @property
    def whole(self) -> bool:
        """Whether the whole package is recalled."""
        return any(item.what is What.PACKAGE for item in self.items)

    def overdue(self, today: date) -> int:
        """Return the days since the deadline of a released notice that nobody answered; 0 while there is time."""
        if self.state is not NoticeState.RELEASED:
            return 0
        return max(0, (today - date.fromisoformat(self.deadline)).days)
