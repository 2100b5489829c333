"""The closing report of a joint period: its register entry and every line of the communiqué, in both columns [M1, T7]."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.services.accepted import counted_for_tx
from jpa.services.frames import Frame, frame_tx, state_of
from jpa.services.stores import Ask, Event, Stores, read
from jpa.statistics.facts import Facts, day_of
from jpa.statistics.measures import MEASURES, Measure
from jpa.statistics.tables import Credit, Question, figure, tabulate
from jpa.statistics.vintage import curve

COMMUNIQUE: Final = (
    "victims_assisted", "victims_rescued", "search_warrants", "suspects_identified", "persons_arrested", "charges_laid",
    "persons_convicted", "charges_convicted", "persons_extradited", "persons_returned", "investigations_opened", "seizures",
    "enquiries", "intelligence_shared", "awareness_activities", "training_sessions", "officers_trained",
)  # fmt: skip
"""The lines of the communiqué of JPA 1, and the stages of the chain that came after it."""
FOLLOWED: Final = ("persons_arrested", "charges_laid", "persons_convicted")
"""What the vintage table follows."""
MILESTONES: Final = (0, 1, 2, 3, 6, 9, 12, 18, 24, 30, 36, 48, 60)
"""Months since the opening that the vintage table shows, and the newest beside them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the communiqué."""

    measure: Measure
    in_period: float
    because: float
    undecided: float
    """How many more may belong to the period: their date or state is not known well enough."""
    target: int
    """What the joint period set out to reach; 0: nothing set."""


@dataclass(frozen=True, slots=True)
class Vintage:
    """What came because of the period, by months since its opening."""

    months: Sequence[int]
    rows: Sequence[tuple[Measure, Sequence[float], float]]
    """Each measure with its figure at these months, and now."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Everything that the closing report says."""

    frame: Frame
    lines: Sequence[Line]
    vintage: Vintage
    whose: str
    at: datetime


def read_closing(stores: Stores, ask: Ask, jpa: str) -> Closing:
    """Gather the closing report as of now, from one count."""

    def work(tx: Tx, reader: Readership) -> Closing:
        frame = frame_tx(tx, jpa, state_of(ask))
        counted = counted_for_tx(tx, stores, reader, ask, jpa)
        targets = {t.measure: t.number for t in frame.jpa.targets}
        names = (*COMMUNIQUE, *(m for m in targets if m not in COMMUNIQUE))
        lines = [_line(counted.facts, name, jpa, targets.get(name, 0)) for name in names]
        vintage = _vintage(counted.facts, jpa, day_of(ask.at.date()))
        return Closing(frame, lines, vintage, counted.whose, ask.at)

    return read(stores, ask, Action.READ_STATISTICS, Event(AuditTag.FIGURE_READ, jpa, {"closing": True}), work)


def _line(facts: Facts, measure: str, jpa: str, target: int) -> Line:
    inside = tabulate(facts, Question(measure, credit=Credit.IN_PERIOD, jpa=jpa))
    because = figure(facts, Question(measure, credit=Credit.BECAUSE, jpa=jpa))
    return Line(MEASURES[measure], inside.total, because, inside.undecided, target)


def _vintage(facts: Facts, jpa: str, today: int) -> Vintage:
    curves = [curve(facts, Question(m, credit=Credit.BECAUSE, jpa=jpa), today) for m in FOLLOWED]
    length = min(len(c.values) for c in curves)
    months = [month for month in MILESTONES if month < length]
    rows = [(MEASURES[c.question.measure], [c.values[month] for month in months], c.total) for c in curves]
    return Vintage(months, rows)
