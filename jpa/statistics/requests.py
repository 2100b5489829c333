"""Requests between agencies as figures: measures and dimensions, and the one function that counts them [C3].

A sibling of the measures over outcomes, for these have a middle that no sum of cells gives. Only requests that were sent count; a
figure that was told never changes later but by the passing of a due day or by what the asked desk does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.request import MoveKind, Request, RequestState

Where = Mapping[str, tuple[str, ...]]
MOST_DIMENSIONS: Final = 2
SECONDS_OF_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class RequestFact:
    """What is counted of one request that was sent."""

    id: str
    labels: Mapping[str, str]
    """By dimension; empty: unknown, or none."""
    days: float | None
    """Days from sending to the first answer; None while there is none."""
    in_time: bool
    """The first answer came on the due day or before."""
    refused: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class RequestMeasure:
    """One figure with one definition."""

    name: str
    label: str
    definition: str
    adds: Callable[[RequestFact], float | None]
    """What one request adds; None where it says nothing of it."""
    middle: bool = False
    """The median of what they add, not their sum."""


@dataclass(frozen=True, slots=True)
class RequestDimension:
    """One way to break a figure down."""

    name: str
    label: str


_EACH: Final = "Requests that were sent, each once, by the day of sending (UTC)"
_ANSWER: Final = "the first answer in full or in part"
REQUEST_MEASURES: Final[Mapping[str, RequestMeasure]] = {
    m.name: m
    for m in (
        RequestMeasure("requests_sent", "Requests sent", f"{_EACH}; those that were withdrawn later are among them.", lambda _: 1.0),
        RequestMeasure("requests_answered", "Requests answered", f"{_EACH}, that were answered in full or in part.", lambda f: _one(f.days is not None)),
        RequestMeasure("requests_in_time", "Requests answered in time", f"{_EACH}, where {_ANSWER} came on the due day or before.", lambda f: _one(f.in_time)),
        RequestMeasure("requests_refused", "Requests refused", f"{_EACH}, that were refused without any answer.", lambda f: _one(f.refused)),
        RequestMeasure("requests_overdue", "Requests overdue", f"{_EACH}, whose due day is over and that have neither an answer nor a refusal now.", lambda f: _one(f.overdue)),
        RequestMeasure("days_to_answer", "Days to answer, median", f"{_EACH}; the middle of the days from sending to {_ANSWER}. What was not answered is not in it.", lambda f: f.days, middle=True),
    )
}  # fmt: skip
REQUEST_DIMENSIONS: Final[Mapping[str, RequestDimension]] = {
    d.name: d
    for d in (
        RequestDimension("direction", "Which way"),
        RequestDimension("asking_state", "Asking state"),
        RequestDimension("asked_state", "Asked state"),
        RequestDimension("partner", "Other agency"),
        RequestDimension("standing", "How it stands"),
        RequestDimension("kind", "What is asked"),
        RequestDimension("purpose", "Purpose"),
        RequestDimension("urgency", "Urgency"),
        RequestDimension("jpa", "Joint period"),
        RequestDimension("refusal", "Why refused"),
        RequestDimension("month", "Month of sending"),
        RequestDimension("year", "Year of sending"),
    )
}
OURS: Final = "asked by us"
THEIRS: Final = "asked of us"


@dataclass(frozen=True, slots=True)
class RequestQuestion:
    """Which figure is asked for."""

    measure: str = "requests_sent"
    dimensions: tuple[str, ...] = ()
    where: Where = field(default_factory=dict)
    """Dimension to the labels that count; several of one are alternatives."""

    def __post_init__(self) -> None:
        """Refuse what cannot be counted, with the cure."""
        if self.measure not in REQUEST_MEASURES:
            raise InvalidInputError(
                "This was not counted.", {"measure": f"Choose one of {', '.join(REQUEST_MEASURES)}."}
            )
        unknown = [d for d in (*self.dimensions, *self.where) if d not in REQUEST_DIMENSIONS]
        if len(unknown) > 0:
            listed = ", ".join(REQUEST_DIMENSIONS)
            field = "by" if unknown[0] in self.dimensions else "where"
            raise InvalidInputError("This was not counted.", {field: f"{unknown[0]!r} is none of {listed}."})
        if len(self.dimensions) > MOST_DIMENSIONS or len(set(self.dimensions)) < len(self.dimensions):
            raise InvalidInputError("This was not counted.", {"by": "Choose at most two different dimensions."})

    def within(self, labels: Mapping[str, str]) -> "RequestQuestion":
        """Narrow it to one cell."""
        return replace(self, dimensions=(), where={**self.where, **{d: (x,) for d, x in labels.items()}})


@dataclass(frozen=True, slots=True)
class RequestCell:
    """One figure of a table; None is a middle of nothing."""

    labels: tuple[str, ...]
    value: float | None
    number: int
    """Requests that it is made of."""


@dataclass(frozen=True, slots=True)
class RequestTable:
    """A table with its total, which of a median is the median of all."""

    question: RequestQuestion
    cells: tuple[RequestCell, ...]
    """By label, unknown last."""
    total: RequestCell


def fact_of(request: Request, own: str, states: Mapping[str, str], at: datetime) -> RequestFact:
    """Return what is counted of a request that was sent, as the agency `own` sees it at a moment; `states` maps agencies."""
    sent, answered = request.sent or request.made, request.answered
    refusal = request.last(MoveKind.REFUSED)
    refused = request.state is RequestState.REFUSED
    labels = {
        "direction": OURS if request.asker == own else THEIRS,
        "asking_state": states.get(request.asker, ""),
        "asked_state": states.get(request.asked, ""),
        "partner": request.asked if request.asker == own else request.asker,
        "standing": request.state.value,
        "kind": request.kind.value,
        "purpose": request.purpose.value,
        "urgency": request.urgency.value,
        "jpa": request.jpa,
        "refusal": refusal.code if refusal is not None and refused else "",
        "month": f"{sent:%Y-%m}",
        "year": f"{sent:%Y}",
    }
    days = None if answered is None else (answered - sent).total_seconds() / SECONDS_OF_A_DAY
    in_time = answered is not None and answered.date().isoformat() <= request.due
    return RequestFact(request.id, labels, days, in_time, refused, request.is_overdue(at))


def tabulate(facts: Iterable[RequestFact], question: RequestQuestion) -> RequestTable:
    """Count a table."""
    within = members(facts, question)
    cells: dict[tuple[str, ...], list[RequestFact]] = {}
    for fact in within:
        cells.setdefault(tuple(fact.labels[d] for d in question.dimensions), []).append(fact)
    rows = [_cell(labels, found, question) for labels, found in cells.items()]
    rows.sort(key=lambda cell: [(label == "", label) for label in cell.labels])
    return RequestTable(question, tuple(rows), _cell((), within, question))


def members(facts: Iterable[RequestFact], question: RequestQuestion) -> list[RequestFact]:
    """Return the requests that a figure is made of."""
    adds = REQUEST_MEASURES[question.measure].adds
    return [f for f in facts if _matches(f, question.where) and adds(f) is not None]


def figure(facts: Iterable[RequestFact], measure: str, where: Where) -> float | None:
    """Count one figure; None for a middle of nothing."""
    return tabulate(facts, RequestQuestion(measure, (), where)).total.value


def _cell(labels: tuple[str, ...], found: Sequence[RequestFact], question: RequestQuestion) -> RequestCell:
    measure = REQUEST_MEASURES[question.measure]
    added = [value for f in found if (value := measure.adds(f)) is not None]
    if measure.middle:
        return RequestCell(labels, round(median(added), 1) if len(added) > 0 else None, len(added))
    return RequestCell(labels, sum(added), len(added))


def _matches(fact: RequestFact, where: Where) -> bool:
    return all(fact.labels[dimension] in labels for dimension, labels in where.items())


def _one(counts: bool) -> float | None:
    return 1.0 if counts else None
