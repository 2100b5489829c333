"""Flows: trends of incidents by route, month and nationality, what was paid, and the surge warnings of a month [VRS-MSRC]."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import incidents
from jpa.graph.session import Tx
from jpa.interchange.spreadsheet import Sheet, write_csv, write_workbook
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.catalogue.incidents import INCIDENT, MEANS, METHOD, RESULT
from jpa.model.value_types import COUNTRY_NAMES, ValueType
from jpa.services.captions import UNKNOWN
from jpa.services.figure_files import TOTAL, TableForm, written
from jpa.services.incidents import WHOSE
from jpa.services.stores import Ask, Event, Stores, read
from jpa.statistics.incident_facts import ROUTE_MARK, IncidentFact, fact_of
from jpa.statistics.incidents import (
    INCIDENT_DIMENSIONS,
    INCIDENT_MEASURES,
    Fees,
    IncidentMeasure,
    IncidentQuestion,
    IncidentTable,
    Where,
    fees,
    tabulate,
)
from jpa.statistics.surges import Surges, read_surges

_STATES: Final = frozenset({"state", "origin", "transit", "destination", "nationality"})
_CODED: Final[Mapping[str, ValueType]] = {"means": MEANS, "method": METHOD, "result": RESULT}


@dataclass(frozen=True, slots=True)
class Flow:
    """One table with what has to stand beside it."""

    table: IncidentTable
    measure: IncidentMeasure
    whose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Flows:
    """Tables that are counted from one reading."""

    flows: Sequence[Flow]
    fees: Sequence[Fees]
    fees_by: str
    incidents: int
    """How many there are at all."""


def question_of(
    measure: str, by: Sequence[str] = (), where: Where | None = None, since: str = "", until: str = ""
) -> IncidentQuestion:
    """Make a question of what was asked; InvalidInputError with the cure where there is no such thing."""
    problems = {
        name: "Write a whole day, as 2024-03-12."
        for name, day in (("since", since), ("until", until))
        if day != "" and not _is_day(day)
    }
    if len(problems) > 0:
        raise InvalidInputError("This was not counted.", problems)
    return IncidentQuestion(measure, tuple(by), where or {}, since, until)


def where_of(filters: Iterable[str]) -> Where:
    """Read filters as they stand in addresses, `dimension:label`; several of one dimension are alternatives."""
    where: dict[str, tuple[str, ...]] = {}
    for text in filters:
        dimension, _, label = text.partition(":")
        where[dimension] = tuple(dict.fromkeys((*where.get(dimension, ()), label)))
    return where


def read_flows(stores: Stores, ask: Ask, questions: Sequence[IncidentQuestion], fees_by: str = "route") -> Flows:
    """Count several tables, and the quartiles of the fees, from what the officer may read now."""
    if fees_by not in INCIDENT_DIMENSIONS or INCIDENT_DIMENSIONS[fees_by].of_persons:
        raise InvalidInputError("This was not counted.", {"fees": "Choose route, month, year, place, means or method."})

    def work(tx: Tx, reader: Readership) -> Flows:
        facts = facts_tx(tx, reader)
        counted = [Flow(tabulate(facts, q), INCIDENT_MEASURES[q.measure], WHOSE, ask.at) for q in questions]
        return Flows(counted, fees(facts, fees_by), fees_by, len(facts))

    asked = {"measures": [q.measure for q in questions], "by": [d for q in questions for d in q.dimensions]}
    return read(stores, ask, Action.READ, Event(AuditTag.INCIDENT_READ, ask.officer.agency, asked), work)


def read_flow(stores: Stores, ask: Ask, question: IncidentQuestion) -> Flow:
    """Count one table."""
    return read_flows(stores, ask, [question]).flows[0]


def read_warnings(stores: Stores, ask: Ask, month: str = "") -> Surges:
    """Compare a month with its seasons; unless one is named, the last whole one in which there was an incident."""
    if month != "" and not _is_day(f"{month}-01"):
        raise InvalidInputError("Nothing was compared.", {"month": "Write a month, as 2024-03."})

    def work(tx: Tx, reader: Readership) -> Surges:
        facts = facts_tx(tx, reader)
        return read_surges(facts, month or reported_month(facts, ask.at.date()))

    event = Event(AuditTag.INCIDENT_READ, ask.officer.agency, {"surges": month})
    return read(stores, ask, Action.READ, event, work)


def facts_tx(tx: Tx, reader: Readership) -> list[IncidentFact]:
    """Read what is counted of every incident in force that this officer may read."""
    return [fact_of(incident) for incident in incidents.in_force_tx(tx, reader)]


def reported_month(facts: Sequence[IncidentFact], day: date) -> str:
    """Return the last whole month that has an incident; without any, the last whole one."""
    last = last_month(day)
    return max((m for f in facts if "" != (m := f.labels["month"][0]) <= last), default=last)


def last_month(day: date) -> str:
    """Return the last month that is over."""
    return f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"


def caption(dimension: str, label: str) -> str:
    """Return what a label is called; unknown is a category like any other."""
    if label == "":
        return UNKNOWN
    if dimension == "route":
        return " → ".join(COUNTRY_NAMES.get(end, end) if end else UNKNOWN for end in label.split(ROUTE_MARK))
    if dimension == "group":
        return INCIDENT.property(label).label if INCIDENT.has(label) else label
    if dimension in _CODED:
        return _CODED[dimension].caption(label)
    return COUNTRY_NAMES.get(label, label) if dimension in _STATES else label


def write_flow(flow: Flow, form: TableForm) -> tuple[str, bytes]:
    """Return name and content of a table as a file, for use inside the agency: nothing is held back in it."""
    question = flow.table.question
    header = [*(INCIDENT_DIMENSIONS[d].label for d in question.dimensions), flow.measure.label]
    rows = [
        [*(caption(d, x) for d, x in zip(question.dimensions, c.labels, strict=True)), written(c.value)]
        for c in flow.table.cells
    ]
    rows.append([TOTAL, *[""] * (len(question.dimensions) - 1), written(flow.table.total)][-len(header) :])
    name = f"{flow.measure.name}_{flow.at.date().isoformat()}.{form.value}"
    if form is TableForm.CSV:
        return name, write_csv(header, rows).encode()
    said = [("Figure", flow.measure.label), ("Definition", flow.measure.definition), ("Whose", flow.whose)]
    said += [(INCIDENT_DIMENSIONS[d].label, ", ".join(caption(d, x) for x in xs)) for d, xs in question.where.items()]
    said += [(name, day) for name, day in (("From", question.since), ("Until", question.until)) if day]
    said.append(("Incidents without a number of persons", str(flow.table.unnumbered)))
    sheets = (Sheet("Figures", header, rows), Sheet("Definition", ("What", "Says"), said))
    return name, write_workbook(sheets)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
