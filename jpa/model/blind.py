"""Blind questions, standing checks and planned actions: what both desks may know of them, and how many there may be in a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

MOST_OF_OFFICER: Final = 20
"""Questions of one officer in a day, one for each partner asked: a working day's names, and no walk through a register."""
MOST_OF_AGENCY: Final = 60
"""Questions of one agency in a day to all partners together."""
MOST_UNDER_AGREEMENT: Final = 60
"""Questions of one agency in a day under one agreement, whoever asks them."""
MOST_TOLD: Final = 50
"""Hits of the standing check told to two desks in one night; what is left comes the next night."""
MOST_PLANS: Final = 20
"""Planned actions posted by one agency in a day: posting is a question too."""
MOST_PLAN_QUESTIONS: Final = 2 * MOST_PLANS
"""Questions about planned actions of one agency elsewhere that are answered in a day: what it posts, and what it asks again at night."""
LONGEST_WINDOW: Final = 31
"""Days of a planned action's window; a longer plan is posted again."""
MOST_ASKED: Final = 1280
"""Keys with days that the longest planned action asks for (1,275), and so the elements of every question about one."""
MOST_HELD: Final = 320
"""Keys with days under which the longest planned action answers (310)."""
ASK_AGAIN: Final = timedelta(days=3)
"""After which a partner that has a question about a planned action and did not answer is asked anew."""
LONGEST_AGE: Final = timedelta(days=14)
"""Age of a question in a file that is still answered, and of an answer that is still heard."""
LONGEST_OPEN: Final = 2 * LONGEST_AGE
"""How long what opens an answer is kept: the oldest question that is answered, and the oldest answer to it."""
SKEW: Final = timedelta(hours=1)
"""How far the clocks of two installations may differ."""


class BlindWay(StrEnum):
    """How a question came about."""

    DIRECT = "asked"
    FILED = "asked by file"
    POSTED = "asked by post"
    STANDING = "standing check"


ELSEWHERE: Final = (BlindWay.FILED, BlindWay.POSTED)
"""Each side has a log of its own."""


@dataclass(frozen=True, slots=True)
class BlindQuestion:
    """One question between two agencies as the log of either side keeps it; what was asked is not in it."""

    id: str
    question: str
    """What references were made for: the id that both sides know."""
    way: BlindWay
    asker: str
    """Agency."""
    holder: str
    """Agency that was asked."""
    officer: str
    """Who asked, or who answered a file; empty for the standing check."""
    agreements: tuple[str, ...]
    purpose: str
    about: str
    """The asker's own reference, for its own log alone."""
    at: datetime
    hit: bool | None
    """None: asked of another installation, and the answer was not heard here, so nobody here knows."""
    references: tuple[str, ...] = ()
    """Of the holder, for its desk to find the record by."""
    own_references: tuple[str, ...] = ()
    """Of the asker's record, in a standing check."""
    desk: str = ""
    """Desk of the holder where it answered from another installation."""

    def other(self, agency: str) -> str:
        """Return the agency on the other side."""
        return self.holder if agency == self.asker else self.asker


@dataclass(frozen=True, slots=True)
class Spent:
    """How many questions were asked today."""

    officer: int
    agency: int
    agreement: int

    def refusal(self, more: int) -> str:
        """Say which limit `more` questions would pass; empty when none."""
        if self.officer + more > MOST_OF_OFFICER:
            return f"You asked {self.officer} questions today; {MOST_OF_OFFICER} is the most."
        if self.agency + more > MOST_OF_AGENCY:
            return f"Your agency asked {self.agency} questions today; {MOST_OF_AGENCY} is the most."
        if self.agreement + more > MOST_UNDER_AGREEMENT:
            return f"Your agency asked {self.agreement} questions under this agreement today; {MOST_UNDER_AGREEMENT} is the most."
        return ""


class PlannedKind(StrEnum):
    """What is planned."""

    ARREST = "arrest"
    SEARCH = "search"
    DELIVERY = "controlled delivery"
    SURVEILLANCE = "surveillance"


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One planned action as its own agency sees it; whom and where it is about lies in tokens alone."""

    id: str
    agency: str
    officer: str
    kind: PlannedKind
    purpose: str
    about: str
    """The poster's own reference."""
    at: datetime
    expires: str
    """First day on which it collides with nothing any more."""
    withdrawn: datetime | None = None

    def is_live(self, day: date) -> bool:
        """Say whether it still collides."""
        return self.withdrawn is None and day.isoformat() < self.expires


@dataclass(frozen=True, slots=True)
class PlanDigests:
    """What a planned action asks for and answers to, as digests of its keys with their days: the days of others' plans around, and its own."""

    asks: tuple[bytes, ...] = field(repr=False)
    holds: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """A question between installations whether a planned action meets one, as one side keeps it."""

    id: str
    question: str
    """The number that both sides know."""
    plan: str
    """Of the asker; empty on the side that was asked, which never learns it."""
    asker: str
    """Agency."""
    holder: str
    """Agency that was asked."""
    agreements: tuple[str, ...]
    purpose: str
    at: datetime
    references: tuple[str, ...] = ()
    """Of the holder: those that the asker heard, or those that were put into the answer."""
    plans: tuple[tuple[str, ...], ...] = ()
    """On the holder's side, the plans behind each reference."""
    ended: datetime | None = None
    """When the asker heard the answer, or when it told the holder what it had heard."""
    met: int = 0
    """How many references that said."""
    digest: str = ""
    """SHA-256 of the message that ended it."""


@dataclass(frozen=True, slots=True)
class Collision:
    """Two planned actions that meet, as both desks are told: a pointer and nothing else."""

    id: str
    at: datetime
    plans: tuple[str, str]
    """The second is empty where it lies in another installation."""
    agencies: tuple[str, str]
    """In the order of the plans."""
    references: tuple[str, str]

    @property
    def elsewhere(self) -> bool:
        """Whether the other plan lies in another installation."""
        return self.plans[1] == ""

    def seen_by(self, agency: str) -> tuple[str, str, str, str]:
        """Return own plan, own reference, the other agency and its reference."""
        own = self.agencies.index(agency)
        return self.plans[own], self.references[own], self.agencies[1 - own], self.references[1 - own]


def days_between(start: date, end: date, around: int = 0) -> Sequence[str]:
    """Return the days of a window, with so many on either side."""
    first = start - timedelta(days=around)
    return [(first + timedelta(days=n)).isoformat() for n in range((end - start).days + 1 + 2 * around)]
