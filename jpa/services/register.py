"""The register of joint periods: meetings, targets with the figures reached, and who changed what when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import agencies, cases
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag, Outcome
from jpa.model.case import Jpa, Meeting, MeetingKind, Target
from jpa.services.accepted import counted_for_tx
from jpa.services.frames import day_in, frame_tx, state_of
from jpa.services.ledger import Counted
from jpa.services.stores import Ask, Event, Stores, read, write
from jpa.statistics.measures import MEASURES, Measure
from jpa.statistics.tables import Credit, Question, figure

MOST_MEETINGS: Final = 50
MOST_TARGET: Final = 1_000_000
LONGEST_NOTE: Final = 1000
_LONGEST_PLACE: Final = 200
_LATEST: Final = 200
"""Changes of one joint period that its page tells."""


@dataclass(frozen=True, slots=True)
class TypedMeeting:
    """What the form of a meeting says."""

    kind: str
    date: str
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a target was reached, in both columns."""

    measure: Measure
    target: int
    in_period: float
    because: float


@dataclass(frozen=True, slots=True)
class Progresses:
    """Every target of a joint period with its figures, and whose outcomes those count."""

    lines: Sequence[Progress]
    whose: str


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """One change of the register, as the audit log keeps it."""

    at: datetime
    by: str
    """Name of the officer; "set-up" for the owner of the installation."""
    what: str


def add_meeting(stores: Stores, ask: Ask, jpa: str, typed: TypedMeeting) -> Jpa:
    """Enter a meeting of a joint period, held or planned."""
    meeting = _meeting(ask, typed)

    def change(before: Jpa) -> Jpa:
        if meeting in before.meetings:
            raise ConflictError("This meeting stands in the register already.")
        if len(before.meetings) >= MOST_MEETINGS:
            raise InvalidInputError(
                "The meeting was not entered.", {"date": f"Enter at most {MOST_MEETINGS} meetings."}
            )
        return replace(before, meetings=tuple(sorted((*before.meetings, meeting))))

    return _change(stores, ask, jpa, f"entered the {meeting.kind} meeting of {meeting.date}", change)


def remove_meeting(stores: Stores, ask: Ask, jpa: str, typed: TypedMeeting) -> Jpa:
    """Take a meeting out of the register; the audit log keeps that it stood there."""

    def change(before: Jpa) -> Jpa:
        left = tuple(m for m in before.meetings if (m.kind, m.date, m.place) != (typed.kind, typed.date, typed.place))
        if len(left) == len(before.meetings):
            raise ConflictError("There is no such meeting any more. Open the page again to see the register.")
        return replace(before, meetings=left)

    named = typed.kind if typed.kind in set(MeetingKind) else ""
    return _change(stores, ask, jpa, f"removed a {named} meeting", change)


def set_target(stores: Stores, ask: Ask, jpa: str, measure: str, number: str) -> Jpa:
    """Set what a joint period is to reach in one measure; an empty number takes the target out."""
    text = number.strip()
    problems = {}
    if measure not in MEASURES:
        problems["measure"] = "Choose one of the measures."
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_TARGET):
        problems["number"] = f"Enter a whole number from 1 to {MOST_TARGET}; leave it empty to take the target out."
    if len(problems) > 0:
        raise InvalidInputError("The target was not set.", problems)

    def change(before: Jpa) -> Jpa:
        numbers = {t.measure: t.number for t in before.targets} | {measure: int(text or 0)}
        return replace(before, targets=tuple(Target(m, numbers[m]) for m in MEASURES if numbers.get(m, 0) > 0))

    what = f"set the target {MEASURES[measure].label} to {text}" if text else f"removed the target {measure}"
    return _change(stores, ask, jpa, what, change)


def read_progress(stores: Stores, ask: Ask, jpa: str) -> Progresses:
    """Count how far each target was reached, for those who may count."""

    def work(tx: Tx, reader: Readership) -> Progresses:
        return progress_tx(tx, stores, reader, ask, frame_tx(tx, jpa, state_of(ask)).jpa)

    return read(stores, ask, Action.READ_STATISTICS, Event(AuditTag.FIGURE_READ, jpa), work)


def progress_tx(tx: Tx, stores: Stores, reader: Readership, ask: Ask, jpa: Jpa) -> Progresses:
    """Count how far each target was reached; the caller has asked whether the officer may count."""
    counted = counted_for_tx(tx, stores, reader, ask, jpa.id)
    return Progresses([_progress(counted, jpa.id, target) for target in jpa.targets], counted.whose)


def read_history(stores: Stores, ask: Ask, jpa: str) -> list[RegisterChange]:
    """Tell who changed the register entry, newest first, out of the audit log."""

    def work(tx: Tx, _: Readership) -> list[RegisterChange]:
        frame_tx(tx, jpa, state_of(ask))
        events = [
            e
            for tag in (AuditTag.JPA_CHANGED, AuditTag.JPA_CREATED)
            for e in stores.audit.events(object=jpa, tag=tag.value, limit=_LATEST)
        ]
        done = {e.intent for e in events if e.outcome is Outcome.DONE}
        found = [e for e in events if e.outcome is None and e.intent in done]
        names = {who: place.name for who, place in agencies.places_tx(tx).items()} if len(found) > 0 else {}
        return [RegisterChange(e.at, names.get(e.actor, "set-up"), _words(e.tag, e.details.get("what"))) for e in found]

    return read(stores, ask, Action.ADMINISTER, Event(AuditTag.ADMINISTRATION_READ, jpa), work)


def _words(tag: AuditTag, what: object) -> str:
    if isinstance(what, str):
        return what
    return "created" if tag is AuditTag.JPA_CREATED else "changed"


def _progress(counted: Counted, jpa: str, target: Target) -> Progress:
    in_period, because = (
        figure(counted.facts, Question(target.measure, credit=credit, jpa=jpa))
        for credit in (Credit.IN_PERIOD, Credit.BECAUSE)
    )
    return Progress(MEASURES[target.measure], target.number, in_period, because)


def _meeting(ask: Ask, typed: TypedMeeting) -> Meeting:
    problems = {}
    if typed.kind not in set(MeetingKind):
        problems["kind"] = f"Choose one of {', '.join(MeetingKind)}."
    day = day_in(ask, typed.date)
    if day is None:
        problems["date"] = "Enter a whole day, as 2024-03-12 or 12.03.2024."
    if typed.place.strip() == "" or len(typed.place.strip()) > _LONGEST_PLACE:
        problems["place"] = f"Say where, in at most {_LONGEST_PLACE} characters."
    if len(typed.note.strip()) > LONGEST_NOTE:
        problems["note"] = f"Use at most {LONGEST_NOTE} characters; minutes are a document of their own."
    if day is None or len(problems) > 0:
        raise InvalidInputError("The meeting was not entered; what you typed is still here.", problems)
    return Meeting(day, MeetingKind(typed.kind), typed.place.strip(), typed.note.strip())


def _change(stores: Stores, ask: Ask, jpa: str, what: str, change: Callable[[Jpa], Jpa]) -> Jpa:
    def work(tx: Tx, _: Readership, __: object) -> Jpa:
        changed = change(frame_tx(tx, jpa).jpa)
        cases.save_jpa_tx(tx, changed)
        return changed

    return write(stores, ask, Action.ADMINISTER, Event(AuditTag.JPA_CHANGED, jpa, {"what": what}), work)
