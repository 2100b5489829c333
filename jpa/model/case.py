"""Jpas, plans, cases, their actions and decisions [C1, C2]."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CaseRole(StrEnum):
    """A record's role in a case; it belongs to the case, never to the person [E7]."""

    SUSPECT = "suspect"
    WITNESS = "witness"
    ASSOCIATE = "associate"
    SMUGGLED_MIGRANT = "smuggled migrant"
    FACILITATOR = "facilitator"
    MENTIONED = "mentioned"


class TeamRole(StrEnum):
    """What an officer does on a case's team."""

    LEAD = "lead"
    MEMBER = "member"


class ActionState(StrEnum):
    """The five states of an action (HOLMES2)."""

    FOR_ALLOCATION = "for allocation"
    ALLOCATED = "allocated"
    COMPLETED = "completed"
    RESULTED = "resulted"
    FILED = "filed"


class CaseState(StrEnum):
    """Whether a case is being worked."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Agency:
    """An authority of a state."""

    id: str
    name: str
    state: str
    """ISO 3166-1 alpha-2 code."""
    desk: str = ""
    """Contact desk that other agencies are pointed to."""


class MeetingKind(StrEnum):
    """The three meetings of a joint period."""

    PLANNING = "planning"
    MID_POINT = "mid-point"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, order=True)
class Meeting:
    """A meeting of the states of a joint period."""

    date: str
    kind: MeetingKind
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a joint period set out to reach."""

    measure: str
    """Name in `jpa.statistics.measures.MEASURES`."""
    number: int


@dataclass(frozen=True, slots=True)
class Jpa:
    """A Joint Period of Action."""

    id: str
    number: int
    name: str
    start: str
    end: str
    states: tuple[str, ...]
    focus: str = ""
    observers: tuple[str, ...] = ()
    """States by code and organisations by name (IOM, UNHCR, UNODC) that watch and count nothing."""
    co_chairs: tuple[str, ...] = ()
    """States by code and organisations by name."""
    meetings: tuple[Meeting, ...] = ()
    """By date."""
    targets: tuple[Target, ...] = ()
    """Each measure once."""
    coordinator: str = ""
    """The agency that gathers the returns of all others; empty: none is named yet."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An investigation plan between two or more states, under a jpa."""

    id: str
    jpa: str
    name: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One investigation of one agency; also the compartment that its records lie in."""

    id: str
    number: str
    title: str
    agency: str
    state: str
    """ISO 3166-1 alpha-2 code of the agency's state."""
    opened: datetime
    status: CaseState = CaseState.OPEN
    open_in_agency: bool = False
    """Readable by every officer of the own agency; otherwise by the team alone."""
    jpa: str | None = None
    plan: str | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class TeamMember:
    """An officer on a case's team."""

    officer: str
    name: str
    agency: str
    role: TeamRole


def leads_of(team: Sequence[TeamMember]) -> frozenset[str]:
    """Return the ids of those who lead a team."""
    return frozenset(m.officer for m in team if m.role is TeamRole.LEAD)


@dataclass(frozen=True, slots=True)
class StaffedCase:
    """A case with who leads it and how many work on it."""

    case: Case
    leads: tuple[str, ...]
    """Names."""
    size: int
    role: TeamRole | None
    """What the reader does on the team; None when not on it."""


@dataclass(frozen=True, slots=True)
class LeaderlessCase:
    """The face of a case that nobody can lead any more, as whoever may not read it sees it: no title."""

    id: str
    number: str
    agency: str
    status: CaseState
    opened: datetime
    before: tuple[str, ...]
    """Names of its leads, all of whom are disabled or lost the role."""
    active: int
    """Officers on the team who can log in."""


class ChangeKind(StrEnum):
    """What can be new since yesterday."""

    REPORT = "report"
    ACTION = "action"
    DECISION = "decision"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was entered, recorded or judged."""

    kind: ChangeKind
    at: datetime
    case: str | None
    number: str
    """The case's number; empty for a judgement."""
    object: str
    """Id of the report, the entry or the first record judged."""
    what: str
    by: str
    """An officer of the own agency by name; of another, the agency alone."""


@dataclass(frozen=True, slots=True)
class CaseAction:
    """A line of enquiry to carry out; every change of state is an entry of its own."""

    id: str
    case: str
    title: str
    state: ActionState
    due: str
    officer: str
    """Whom it is allocated to; empty while for allocation."""
    by: str
    at: datetime
    result: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """An entry of the policy log: append-only, with the reason and the alternative rejected."""

    id: str
    case: str
    decision: str
    reason: str
    alternative: str
    by: str
    at: datetime
