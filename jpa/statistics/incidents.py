"""Flows from incidents without names: measures and dimensions, and the one function that counts them.

Incidents are events, migrants and smugglers are persons without identity: the same person met twice counts twice, and every
definition says so. What is not known is a label of its own, the empty one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import product
from statistics import median
from typing import Final

from jpa.errors import InvalidInputError
from jpa.statistics.facts import NO_DAY, days_of
from jpa.statistics.incident_facts import IncidentFact, Met

Where = Mapping[str, tuple[str, ...]]
MOST_DIMENSIONS: Final = 2
ALWAYS: Final = (days_of("0001-01-01")[0], days_of("9999-12-31")[1])
"""First and last day of a question that names none."""


class Persons(StrEnum):
    """Whom a measure counts."""

    NOBODY = ""
    MIGRANTS = "migrants"
    SMUGGLERS = "smugglers"


@dataclass(frozen=True, slots=True)
class IncidentMeasure:
    """One figure with one definition."""

    name: str
    label: str
    definition: str
    persons: Persons = Persons.NOBODY
    fee: str = ""
    """Which fee it is the median of; empty for a count."""


@dataclass(frozen=True, slots=True)
class IncidentDimension:
    """One way to break a figure down."""

    name: str
    label: str
    note: str = ""
    of_persons: bool = False
    """Each person has one label, not each incident; two such dimensions are never known together."""


_EACH: Final = "Incidents in force of the agencies whose incidents you may read, by the date of the incident"
_PERSONS: Final = "Persons have no identity here: whoever is met twice counts twice. Incidents without a number are told beside the figure"
INCIDENT_MEASURES: Final[Mapping[str, IncidentMeasure]] = {
    m.name: m
    for m in (
        IncidentMeasure("incidents", "Incidents", f"{_EACH}. Each counts once."),
        IncidentMeasure("migrants", "Migrants met", f"{_EACH}; the migrants that each was reported with. {_PERSONS}.", Persons.MIGRANTS),
        IncidentMeasure("smugglers", "Smugglers met", f"{_EACH}; the suspected smugglers who were present. {_PERSONS}.", Persons.SMUGGLERS),
        IncidentMeasure("fee_paid", "Fee paid, median", f"{_EACH}; the middle of the fees paid by one person, one fee from each incident that states it, within one currency.", fee="feePaid"),
        IncidentMeasure("fee_asked", "Fee asked, median", f"{_EACH}; the middle of the fees asked of one person, one fee from each incident that states it, within one currency.", fee="feeAsked"),
    )
}  # fmt: skip
INCIDENT_DIMENSIONS: Final[Mapping[str, IncidentDimension]] = {
    d.name: d
    for d in (
        IncidentDimension("month", "Month", "Incidents dated by a year alone have none."),
        IncidentDimension("year", "Year"),
        IncidentDimension("state", "State of detection"),
        IncidentDimension("place", "Place"),
        IncidentDimension("route", "Route", "State of departure to state of destination; states on the way are a dimension of their own."),
        IncidentDimension("origin", "Set out from"),
        IncidentDimension("transit", "Through", "An incident counts under each state on its way, so that cells may add up to more."),
        IncidentDimension("destination", "Bound for"),
        IncidentDimension("means", "Means"),
        IncidentDimension("method", "Method"),
        IncidentDimension("result", "What came of it"),
        IncidentDimension("nationality", "Nationality", "Of each person where persons are counted; incidents count under every nationality aboard.", of_persons=True),
        IncidentDimension("group", "Sex and age", "Of each migrant: men and women from 18 years on, boys and girls below.", of_persons=True),
        IncidentDimension("currency", "Currency"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncidentQuestion:
    """Which figure is asked for."""

    measure: str
    dimensions: tuple[str, ...] = ()
    where: Where = field(default_factory=dict)
    """Dimension to the labels that count; several of one are alternatives."""
    since: str = ""
    """First day that counts; empty: from the beginning."""
    until: str = ""
    """Last day that counts."""

    def __post_init__(self) -> None:
        """Refuse what cannot be counted, with the cure."""
        _require_countable(self)

    @property
    def span(self) -> tuple[int, int]:
        """First and last day that count, as numbers."""
        return (
            days_of(self.since)[0] if self.since else ALWAYS[0],
            days_of(self.until)[1] if self.until else ALWAYS[1],
        )

    def within(self, labels: Mapping[str, str]) -> "IncidentQuestion":
        """Narrow it to one cell."""
        return replace(self, dimensions=(), where={**self.where, **{d: (x,) for d, x in labels.items()}})


@dataclass(frozen=True, slots=True)
class IncidentCell:
    """One figure of a table."""

    labels: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True)
class IncidentTable:
    """A table with its total."""

    question: IncidentQuestion
    cells: tuple[IncidentCell, ...]
    """By label, unknown last; only those that are not zero, and by month alone the quiet months between them too."""
    total: float
    """0 for fees of several currencies, which have no middle."""
    unnumbered: int
    """Incidents whose persons nobody has counted: they are in no figure of persons."""
    undecided: int
    """Incidents that may belong to the days asked for: their date is not known well enough."""


@dataclass(frozen=True, slots=True)
class Fees:
    """What was asked or paid, in one currency."""

    label: str
    currency: str
    fee: str
    number: int
    low: float
    """First quartile."""
    middle: float
    high: float
    """Third quartile."""


def tabulate(facts: Iterable[IncidentFact], question: IncidentQuestion) -> IncidentTable:
    """Count a table."""
    facts = list(facts)
    within = [f for f in facts if _matches(f, question)]
    measure = INCIDENT_MEASURES[question.measure]
    found: dict[tuple[str, ...], list[float]] = {}
    cells: dict[tuple[str, ...], IncidentQuestion] = {}
    for fact in within:
        for labels in product(*(_labels(fact, measure, d, question.where) for d in question.dimensions)):
            if labels not in cells:
                cells[labels] = question.within(dict(zip(question.dimensions, labels, strict=True)))
            value = _weight(fact, cells[labels])
            if value is not None:
                found.setdefault(labels, []).append(value)
    everything = [w for f in within if (w := _weight(f, question)) is not None]
    summed = {labels: _summed(measure, values) for labels, values in found.items()}
    rows = [IncidentCell(labels, value) for labels, value in summed.items() if value != 0]
    rows += _gaps(rows) if question.dimensions == ("month",) else []
    rows.sort(key=lambda cell: [(label == "", label) for label in cell.labels])
    unnumbered = sum(_met_of(f, measure).number is None for f in within) if measure.persons else 0
    mixed = measure.fee != "" and len(question.where.get("currency", ())) != 1
    total = 0.0 if mixed else _summed(measure, everything)
    return IncidentTable(question, tuple(rows), total, unnumbered, sum(_undecided(f, question) for f in facts))


def weight(fact: IncidentFact, question: IncidentQuestion) -> float | None:
    """Say what one incident adds to a figure; None where it says nothing of it. Its own `dimensions` do not matter."""
    return _weight(fact, question) if _matches(fact, question) else None


def _weight(fact: IncidentFact, question: IncidentQuestion) -> float | None:
    """Say the same of an incident that is known to belong to the figure."""
    measure = INCIDENT_MEASURES[question.measure]
    if measure.fee:
        return fact.fees.get(measure.fee)
    if not measure.persons:
        return 1.0
    met = _met_of(fact, measure)
    for dimension, tally in (("nationality", met.nationalities), ("group", met.groups)):
        if dimension in question.where:
            return float(sum(tally.get(label, 0) for label in question.where[dimension])) or None
    return None if met.number is None else float(met.number)


def fees(facts: Iterable[IncidentFact], by: str) -> list[Fees]:
    """Return the quartiles of what was asked and paid, by one dimension and currency; an incident counts once."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for fact in facts:
        for label, (name, amount) in product(fact.labels[by], fact.fees.items()):
            found.setdefault((label, fact.labels["currency"][0], name), []).append(amount)
    rows = [Fees(*key, len(amounts), *_quartiles(sorted(amounts))) for key, amounts in found.items()]
    return sorted(rows, key=lambda row: (row.label == "", row.label, row.currency, row.fee))


def _met_of(fact: IncidentFact, measure: IncidentMeasure) -> Met:
    return fact.smugglers if measure.persons is Persons.SMUGGLERS else fact.migrants


def _labels(fact: IncidentFact, measure: IncidentMeasure, dimension: str, where: Where) -> Collection[str]:
    match dimension:
        case "nationality":
            found: Collection[str] = tuple(_met_of(fact, measure).nationalities) or ("",)
        case "group":
            found = tuple(fact.migrants.groups) or ("",)
        case _:
            found = fact.labels[dimension]
    return [label for label in found if dimension not in where or label in where[dimension]]


def _matches(fact: IncidentFact, question: IncidentQuestion) -> bool:
    first, last = fact.days
    since, until = question.span
    inside = since <= first and last <= until if first != NO_DAY else (since, until) == ALWAYS
    return inside and _labelled(fact, question)


def _undecided(fact: IncidentFact, question: IncidentQuestion) -> bool:
    first, last = fact.days
    since, until = question.span
    may = first == NO_DAY or (last >= since and first <= until)
    return (since, until) != ALWAYS and may and not _matches(fact, question) and _labelled(fact, question)


def _labelled(fact: IncidentFact, question: IncidentQuestion) -> bool:
    measure = INCIDENT_MEASURES[question.measure]
    return all(len(_labels(fact, measure, d, question.where)) > 0 for d in question.where)


def _gaps(rows: Sequence[IncidentCell]) -> list[IncidentCell]:
    """Return the quiet months between the first and the last: a trend without them would look shorter than it was."""
    there = {cell.labels[0] for cell in rows} - {""}
    ends = [int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(there), max(there))] if there else [0, -1]
    every = [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(ends[0], ends[1] + 1)]
    return [IncidentCell((month,), 0.0) for month in every if month not in there]


def _summed(measure: IncidentMeasure, values: Sequence[float]) -> float:
    if measure.fee:
        return float(median(values)) if len(values) > 0 else 0.0
    return float(sum(values))


def _quartiles(amounts: Sequence[float]) -> tuple[float, float, float]:
    def at(share: float) -> float:
        place = share * (len(amounts) - 1)
        below = int(place)
        above = min(below + 1, len(amounts) - 1)
        return amounts[below] + (place - below) * (amounts[above] - amounts[below])

    return at(0.25), at(0.5), at(0.75)


def _require_countable(question: IncidentQuestion) -> None:
    used = {*question.dimensions, *question.where}
    problems = {}
    if question.measure not in INCIDENT_MEASURES:
        problems["measure"] = f"{question.measure!r} is no figure; choose of {', '.join(INCIDENT_MEASURES)}."
    unknown = [d for d in used if d not in INCIDENT_DIMENSIONS]
    if len(unknown) > 0:
        problems["by"] = f"{unknown[0]!r} is no way to break it down; choose of {', '.join(INCIDENT_DIMENSIONS)}."
    elif len(question.dimensions) > MOST_DIMENSIONS or len(set(question.dimensions)) < len(question.dimensions):
        problems["by"] = f"Choose at most {MOST_DIMENSIONS} different ones."
    elif {"nationality", "group"} <= used:
        problems["by"] = "Nobody reported which nationals were women or children; choose nationality, or sex and age."
    measure = INCIDENT_MEASURES.get(question.measure)
    if measure is not None and measure.fee and "currency" not in used:
        problems["by"] = "Fees of different currencies have no middle; break them down by currency, or choose one."
    if measure is not None and measure.persons is Persons.SMUGGLERS and "group" in used:
        problems["by"] = "Sex and age are reported of migrants alone."
    if len(problems) > 0:
        raise InvalidInputError("This was not counted.", problems)
