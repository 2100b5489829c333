"""Planning pages of a joint period: what the incidents say before, during and since, the warnings in force, targets and notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from jpa.graph.session import Tx
from jpa.model.access import Action, Readership, can
from jpa.model.audit import AuditTag
from jpa.model.case import Jpa, Meeting, MeetingKind
from jpa.services.flows import facts_tx, reported_month
from jpa.services.frames import Frame, frame_tx, state_of
from jpa.services.incidents import WHOSE
from jpa.services.register import Progresses, progress_tx
from jpa.services.stores import Ask, Event, Stores, read
from jpa.statistics.incident_facts import IncidentFact
from jpa.statistics.incidents import INCIDENT_MEASURES, IncidentMeasure, IncidentQuestion, tabulate
from jpa.statistics.surges import Surges, read_surges

MOST_ROWS: Final = 8
"""Routes, places or nationalities of one card: the largest; the trends show all."""
_MEASURES: Final = ("incidents", "migrants", "smugglers")
_BROKEN_DOWN: Final = (
    ("incidents", "route"),
    ("incidents", "place"),
    ("migrants", "nationality"),
    ("incidents", "means"),
)


class Stage(StrEnum):
    """Where in its life a joint period is looked at."""

    PLAN = "plan"
    MID_POINT = "mid-point"
    CLOSING = "closing review"


_MEETING: Final = {
    Stage.PLAN: MeetingKind.PLANNING,
    Stage.MID_POINT: MeetingKind.MID_POINT,
    Stage.CLOSING: MeetingKind.CLOSING,
}


@dataclass(frozen=True, slots=True)
class Window:
    """Days that are counted together."""

    label: str
    since: str
    until: str

    @property
    def days(self) -> int:
        """How many there are: windows of other lengths do not compare as they stand."""
        return (date.fromisoformat(self.until) - date.fromisoformat(self.since)).days + 1


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that opens its incidents."""

    question: IncidentQuestion
    value: float
    undecided: int
    """Incidents that may belong to the days, but are not dated well enough."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line in every window."""

    label: str
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The largest labels of one dimension."""

    measure: IncidentMeasure
    dimension: str
    rows: Sequence[PlanRow]


@dataclass(frozen=True, slots=True)
class Planning:
    """What one page shows."""

    frame: Frame
    stage: Stage
    windows: Sequence[Window]
    totals: Sequence[tuple[IncidentMeasure, PlanRow]]
    breakdowns: Sequence[Breakdown]
    surges: Surges
    progress: Progresses | None
    """None for those who may not count outcomes."""
    meetings: Sequence[Meeting]
    """Of the register, with their notes, for this stage."""
    incidents: int
    whose: str = WHOSE


def read_planning(stores: Stores, ask: Ask, jpa: str, stage: Stage) -> Planning:
    """Gather what a planning, mid-point or closing meeting looks at, from one reading."""

    def work(tx: Tx, reader: Readership) -> Planning:
        frame = frame_tx(tx, jpa, state_of(ask))
        facts = facts_tx(tx, reader)
        today = ask.at.date()
        windows = windows_of(frame.jpa, stage, today)
        counts = can(ask.officer, Action.READ_STATISTICS)
        return Planning(
            frame,
            stage,
            windows,
            [(INCIDENT_MEASURES[m], _row(facts, m, windows)) for m in _MEASURES],
            [_breakdown(facts, measure, by, windows) for measure, by in _BROKEN_DOWN],
            read_surges(facts, reported_month(facts, min(today, _meeting_day(frame.jpa, stage)))),
            progress_tx(tx, stores, reader, ask, frame.jpa) if counts else None,
            [m for m in frame.jpa.meetings if m.kind is _MEETING[stage]],
            len(facts),
        )

    event = Event(AuditTag.INCIDENT_READ, jpa, {"stage": stage.value})
    return read(stores, ask, Action.READ, event, work)


def windows_of(jpa: Jpa, stage: Stage, today: date) -> list[Window]:
    """Return what a stage compares: always with the same days of the year before."""
    start, end = date.fromisoformat(jpa.start), date.fromisoformat(jpa.end)
    year = Window("the year before it", _year_before(start).isoformat(), (start - timedelta(days=1)).isoformat())
    season = _window("same days a year before", _year_before(start), _year_before(end))
    match stage:
        case Stage.PLAN:
            return [season, year]
        case Stage.MID_POINT:
            until = min(_meeting_day(jpa, stage), end, max(today, start))
            return [_window("same days a year before", _year_before(start), _year_before(until)), _window("in the period so far", start, until)]  # fmt: skip
        case Stage.CLOSING:
            inside = _window("in the period", start, min(end, max(today, start)))
            since = [_window("since the period", end + timedelta(days=1), today)] if today > end else []
            return [season, inside, *since]


def _window(label: str, since: date, until: date) -> Window:
    return Window(label, since.isoformat(), until.isoformat())


def _meeting_day(jpa: Jpa, stage: Stage) -> date:
    """Return the day of the stage's meeting in the register, else the day that such a meeting would have."""
    held = next((m.date for m in jpa.meetings if m.kind is _MEETING[stage]), "")
    if held:
        return date.fromisoformat(held)
    start, end = date.fromisoformat(jpa.start), date.fromisoformat(jpa.end)
    return {Stage.PLAN: start, Stage.MID_POINT: start + (end - start) / 2, Stage.CLOSING: end}[stage]


def _year_before(day: date) -> date:
    # The last of February of a leap year has no such day a year before.
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _row(facts: Sequence[IncidentFact], measure: str, windows: Sequence[Window], **labels: str) -> PlanRow:
    where = {dimension: (label,) for dimension, label in labels.items()}
    asked = [IncidentQuestion(measure, (), where, w.since, w.until) for w in windows]
    counted = [(q, tabulate(facts, q)) for q in asked]
    return PlanRow(next(iter(labels.values()), ""), [Figure(q, t.total, t.undecided) for q, t in counted])


def _breakdown(facts: Sequence[IncidentFact], measure: str, by: str, windows: Sequence[Window]) -> Breakdown:
    sizes: dict[str, float] = {}
    for window in windows:
        for cell in tabulate(facts, IncidentQuestion(measure, (by,), {}, window.since, window.until)).cells:
            sizes[cell.labels[0]] = sizes.get(cell.labels[0], 0) + cell.value
    largest = sorted(sizes, key=lambda label: (-sizes[label], label))[:MOST_ROWS]
    return Breakdown(INCIDENT_MEASURES[measure], by, [_row(facts, measure, windows, **{by: x}) for x in largest])
