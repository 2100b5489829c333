"""Requests: one agency's desk asks another's, under an agreement, about a case that the other never sees [C3].

A request is written once; what is said and done about it by either side is appended. What the asked desk gets is `Request.plain`
and the plain form of each move: complete without a shared store, so that a request can travel as a signed file as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from jpa.model.agreement import Purpose
from jpa.model.canonical import Plain
from jpa.model.marking import Marking

FORMAT: Final = "1"


class Kind(StrEnum):
    """What is asked for."""

    IDENTITY = "identity check"
    RECORD = "criminal record"
    SUBSCRIBER = "subscriber data"
    VESSEL = "ownership of a vessel"
    TRAVEL = "travel movements"
    STATEMENT = "statement"
    EVIDENCE = "evidence file"
    OTHER = "other"


class Urgency(StrEnum):
    """How soon the asking side needs it; the due date is what counts."""

    ROUTINE = "routine"
    URGENT = "urgent"
    LIFE = "danger to life"


class RequestState(StrEnum):
    """How a request stands."""

    DRAFTED = "drafted"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    IN_PART = "answered in part"
    IN_FULL = "answered in full"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class MoveKind(StrEnum):
    """What was said or done about a request."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    IN_PART = "answered in part"
    IN_FULL = "answered in full"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REMINDED = "reminded"
    MESSAGE = "message"


class Refusal(StrEnum):
    """Why a desk refuses; none of them says whether it holds anything."""

    LAW = "not allowed by our law"
    BASIS = "legal basis not sufficient"
    SUBJECT = "subject not described well enough"
    COMPETENCE = "another authority answers this"
    PROPORTION = "out of proportion to the purpose"
    INTEREST = "public interest or safety"
    RESOURCES = "no means to do it in time"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Move:
    """One message or act of either side; never changed."""

    id: str
    kind: MoveKind
    agency: str
    """Whose desk."""
    at: datetime
    by: str = ""
    name: str = ""
    """The officer, for the own side alone."""
    code: str = ""
    """Coded reason of a refusal."""
    text: str = ""
    reference: str = ""
    """Id of the grant, package release or file that the answer lies in."""
    marking: Marking | None = None
    """Of the text; None where it has none."""
    case: str = ""
    """The own case that the text rests on, for the own side alone; its sealed victims are taken out of the text."""

    def plain(self, request: str) -> dict[str, Plain]:
        """Return it as plain JSON for the other side: the agency speaks, not the officer; what is not said is left out."""
        said: dict[str, Plain] = {
            "format": FORMAT, "id": self.id, "request": request, "kind": self.kind.value, "agency": self.agency,
            "at": self.at.isoformat(), "code": self.code, "text": self.text, "reference": self.reference,
            "marking": {} if self.marking is None else plain_marking(self.marking),
        }  # fmt: skip
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Request:
    """What one agency asks of another."""

    id: str
    asker: str
    asked: str
    """Agencies."""
    agreement: str
    purpose: Purpose
    kind: Kind
    text: str
    basis: str
    """Legal basis, as the asking side states it."""
    urgency: Urgency
    due: str
    """Last day for an answer, ISO 8601, in UTC."""
    marking: Marking
    made: datetime
    made_by: str = ""
    made_name: str = ""
    case: str = ""
    """The asking side's case; the asked desk never learns it."""
    jpa: str = ""
    """The joint period that it counts for; empty: none."""
    moves: Sequence[Move] = ()
    """In their order."""

    @property
    def state(self) -> RequestState:
        """How it stands."""
        state = RequestState.DRAFTED
        for move in self.moves:
            state = _AFTER.get(move.kind, state)
        return state

    @property
    def sent(self) -> datetime | None:
        """When it reached the asked desk; None for a draft."""
        return next((m.at for m in self.moves if m.kind is MoveKind.SENT), None)

    @property
    def answered(self) -> datetime | None:
        """When the first answer came, in full or in part: what follows never changes a figure that was told already."""
        return next((m.at for m in self.moves if m.kind in ANSWERS), None)

    @property
    def is_open(self) -> bool:
        """Whether the asked desk still owes any answer."""
        return self.state in OPEN

    def is_overdue(self, at: datetime) -> bool:
        """Say whether the due day is over and neither an answer nor a refusal came."""
        return self.is_open and self.days_left(at) < 0

    def days_left(self, at: datetime) -> int:
        """Return how many days are left after today; negative when the due day is past."""
        return (date.fromisoformat(self.due) - at.date()).days

    def last(self, kind: MoveKind) -> Move | None:
        """Return the newest move of a kind."""
        return next((m for m in reversed(self.moves) if m.kind is kind), None)

    def plain(self) -> dict[str, Plain]:
        """Return what the asked desk gets as plain JSON: no case, no officer."""
        said: dict[str, Plain] = {
            "format": FORMAT, "id": self.id, "asker": self.asker, "asked": self.asked, "agreement": self.agreement,
            "purpose": self.purpose.value, "kind": self.kind.value, "text": self.text, "basis": self.basis,
            "urgency": self.urgency.value, "due": self.due, "marking": plain_marking(self.marking), "jpa": self.jpa,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value}

    def seen_by(self, agency: str) -> "Request":
        """Return it as one side sees it: the other side's case and officers are not in it."""
        moves = [m if m.agency == agency else replace(m, by="", name="", case="") for m in self.moves]
        if self.asker == agency:
            return replace(self, moves=moves)
        return replace(self, moves=moves, case="", made_by="", made_name="", made=self.sent or self.made)


ANSWERS: Final = frozenset({MoveKind.IN_PART, MoveKind.IN_FULL})
OPEN: Final = frozenset({RequestState.SENT, RequestState.ACKNOWLEDGED})
_AFTER: Final[Mapping[MoveKind, RequestState]] = {
    MoveKind.SENT: RequestState.SENT,
    MoveKind.ACKNOWLEDGED: RequestState.ACKNOWLEDGED,
    MoveKind.IN_PART: RequestState.IN_PART,
    MoveKind.IN_FULL: RequestState.IN_FULL,
    MoveKind.REFUSED: RequestState.REFUSED,
    MoveKind.WITHDRAWN: RequestState.WITHDRAWN,
}
ASKING: Final[Mapping[MoveKind, frozenset[RequestState]]] = {
    MoveKind.SENT: frozenset({RequestState.DRAFTED}),
    MoveKind.REMINDED: OPEN,
    MoveKind.WITHDRAWN: OPEN | {RequestState.DRAFTED},
    MoveKind.MESSAGE: frozenset(RequestState) - {RequestState.DRAFTED, RequestState.WITHDRAWN},
}
"""What the asking desk may do, and in which states."""
ASKED: Final[Mapping[MoveKind, frozenset[RequestState]]] = {
    MoveKind.ACKNOWLEDGED: frozenset({RequestState.SENT}),
    MoveKind.IN_PART: OPEN | {RequestState.IN_PART},
    MoveKind.IN_FULL: OPEN | {RequestState.IN_PART},
    MoveKind.REFUSED: OPEN,
    MoveKind.MESSAGE: frozenset(RequestState) - {RequestState.DRAFTED, RequestState.WITHDRAWN},
}
"""What the asked desk may do, and in which states."""


def moves_open(request: Request, agency: str) -> frozenset[MoveKind]:
    """Return what a side may do now."""
    allowed = ASKING if agency == request.asker else ASKED
    return frozenset(kind for kind, states in allowed.items() if request.state in states)


def plain_marking(marking: Marking) -> dict[str, Plain]:
    """Return a marking as plain JSON."""
    said: dict[str, Plain] = {
        "tlp": marking.tlp.value, "release": marking.release.value, "names": list(marking.names), "handling": marking.handling,
        "pap": marking.pap.value,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}
