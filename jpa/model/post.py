"""The post: what one installation sends another over the network by itself, as the files that officers would hand over."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from jpa.model.officer import Officer, Role

CLERK: Final = "post"
"""Id of whoever takes in what comes by post. No log-in has it: ids of accounts are 32 hex digits."""
FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(hours=1)
"""Between two tries: a partner that was away for a week is asked again within the hour."""
OVERDUE: Final = timedelta(hours=24)
"""After so long an officer should telephone."""
LEASE: Final = timedelta(seconds=60)
"""How long one worker has an item to itself without any byte of it getting on."""


class PostKind(StrEnum):
    """What can be sent."""

    PACKAGE = "package"
    RECEIPT = "receipt"
    NOTICE = "notice"
    """A recall or a correction."""
    ACKNOWLEDGEMENT = "acknowledgement"
    PROPOSALS = "proposals"
    QUESTION = "blind question"
    ANSWER = "blind answer"
    RETURN = "return"
    DECISION = "decision on a return"
    """What the coordinator says of a return, or its withdrawal by whoever sent it."""
    REQUEST = "request"
    """A request, or a move of either desk about it."""
    PLAN = "planned action"
    """A question whether a planned action meets one over there."""
    PLAN_ANSWER = "plan answer"
    PLAN_REPORT = "plan report"
    """What the asker heard, told to whoever answered."""

    @property
    def owed(self) -> bool:
        """Whether the other desk waits for it although nobody here pressed a button: no officer takes it back."""
        return self in {PostKind.PLAN_ANSWER, PostKind.PLAN_REPORT}

    @property
    def form(self) -> str:
        """What the other side is told: a closed package, or a signed message that is closed for the way."""
        return "package" if self is PostKind.PACKAGE else "message"


class PostState(StrEnum):
    """How far something sent has come."""

    WAITING = "waiting"
    """It is tried until all of it is over there, or until an officer takes it back."""
    SENT = "sent"
    """The last part has left; what became of it is not known yet."""
    ARRIVED = "arrived"
    REFUSED = "refused"
    TAKEN_BACK = "taken back"


OPEN_POST: Final = (PostState.WAITING, PostState.SENT)


@dataclass(frozen=True, slots=True)
class Posted:
    """One thing on its way to a partner's installation."""

    id: str
    agency: str
    """Whose it is."""
    partner: str
    kind: PostKind
    object: str
    """Id of what it carries or answers."""
    subject: str
    """Id of the package, question, return or request that it is about: who may know of that, may know of this."""
    sha256: str
    """Of the closed bytes."""
    size: int
    by: str
    """Name of the officer who sent it."""
    created: datetime
    sent: int = 0
    state: PostState = PostState.WAITING
    tries: int = 0
    """Since some byte of it last got on."""
    due: datetime | None = None
    """When it is tried next; None when it is tried no more."""
    error: str = ""
    """Why the last try failed, or why it was refused."""
    ended: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to arrive."""
        return self.state in OPEN_POST

    def overdue(self, at: datetime) -> bool:
        """Say whether it waits for so long that somebody should ask."""
        return self.open and at - self.created > OVERDUE


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a partner's installation says it sends."""

    sender: str
    """Agency, of those that are pinned with the certificate of the connection."""
    agency: str
    """Agency of this installation that it is for."""
    form: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a parcel."""

    parcel: Parcel
    subject: str
    """The package, question, return or request that it was or spoke of; empty for what was refused."""
    state: PostState
    reason: str
    """Why it was refused: for officers here, never for the sender."""
    answer: bytes
    """Signed receipt or acknowledgement for the sender; empty where there is none."""
    at: datetime


@dataclass(frozen=True, slots=True)
class PostPartner:
    """Where an agency's installation takes post, as signed with its pinned key."""

    agency: str
    key: str
    """Fingerprint of the key that signed it."""
    address: str
    """`https://host:port`; empty where it only sends."""
    certificate: bytes
    """DER; both ends know each other by nothing else."""
    fingerprint: str
    """SHA-256 of the certificate, in hex."""
    made: str
    """When it was signed: an older one never takes the place of a newer one."""
    at: datetime
    by: str


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries without progress (1 or more): 5 s, twice as long each time, an hour at most."""
    doubled: int = 1 << min(max(tries, 1) - 1, 20)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def clerk(agency: str, state: str) -> Officer:
    """Return who takes in post for an agency: may receive, and reads what the agency's packages need; has no log-in."""
    return Officer(CLERK, CLERK, "by post", agency, state, frozenset({Role.LIAISON}))


def moment_of(seconds: float | None) -> datetime | None:
    """Read a moment as the operations store keeps it."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
