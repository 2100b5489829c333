"""Requests as lists and figures: the inbox and outbox behind each figure, tables with their files, what waits for a desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jpa.graph import agencies, cases, requests
from jpa.graph.session import Tx
from jpa.interchange.spreadsheet import Sheet, write_csv, write_workbook
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.request import Request, RequestState
from jpa.model.value_types import COUNTRY_NAMES
from jpa.services.captions import UNKNOWN
from jpa.services.figure_files import TOTAL, TableForm, written
from jpa.services.stores import Ask, Event, Stores, read
from jpa.statistics.requests import (
    OURS,
    REQUEST_DIMENSIONS,
    REQUEST_MEASURES,
    THEIRS,
    RequestFact,
    RequestMeasure,
    RequestQuestion,
    RequestTable,
    fact_of,
    members,
    tabulate,
)

WHOSE: Final = "requests between the own agency and others, sent by either"
NONE: Final = "none"
SOON: Final = 7
"""Days before the due day in which a request stands on the start page as due soon."""
_STATES: Final = frozenset({"asking_state", "asked_state"})
_OPTIONAL: Final = frozenset({"jpa", "refusal"})
"""Dimensions that most requests have no label of: it is not unknown, there is none."""


@dataclass(frozen=True, slots=True)
class Captions:
    """Names of agencies and joint periods that stand in labels."""

    agencies: Mapping[str, Agency]
    jpas: Mapping[str, str]

    def caption(self, dimension: str, label: str) -> str:
        """Return what a label is called."""
        if label == "":
            return NONE if dimension in _OPTIONAL else UNKNOWN
        if dimension in _STATES:
            return COUNTRY_NAMES.get(label, label)
        if dimension == "partner":
            return self.agencies[label].name if label in self.agencies else label
        return self.jpas.get(label, UNKNOWN) if dimension == "jpa" else label


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in a list."""

    this: Request
    partner: Agency
    """The other side."""
    overdue: bool
    left: int
    """Days to the due day."""


@dataclass(frozen=True, slots=True)
class RequestList:
    """One part of a list, what it is a figure of, and what narrows it."""

    lines: Sequence[RequestLine]
    total: int
    figure: float | None
    drafts: Sequence[RequestLine]
    """Of the own agency's cases, not sent yet."""
    choices: Mapping[str, Mapping[str, int]]
    """Dimension to labels that there are, with their number."""
    captions: Captions


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """One table with what has to stand beside it."""

    table: RequestTable
    measure: RequestMeasure
    captions: Captions
    at: datetime
    whose: str = WHOSE


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a liaison desk."""

    new: int
    """Sent to it and not acknowledged yet."""
    owed: int
    """Acknowledged and not answered."""
    overdue: int
    """Of those that it owes."""
    soon: int
    """Of those that it owes, due within `SOON` days."""
    late: int
    """Own requests that another desk is late with."""
    answers: int
    """Own requests that were answered or refused."""
    first: Sequence[RequestLine]
    """What it owes, by due day."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What an officer may count, with the requests themselves."""

    facts: Sequence[RequestFact]
    known: Mapping[str, Request]
    captions: Captions


NARROWED: Final = ("direction", "standing", "partner", "kind", "jpa")
"""What the list is narrowed by."""


def list_requests(
    stores: Stores, ask: Ask, question: RequestQuestion, *, skip: int = 0, limit: int = 50
) -> RequestList:
    """List the requests behind a figure, newest first; drafts beside it."""

    def work(tx: Tx, reader: Readership) -> RequestList:
        counted = counted_tx(tx, reader, ask)
        lines = [_line(counted, f.id, ask) for f in members(counted.facts, question)]
        drafts = [_line(counted, r.id, ask) for r in counted.known.values() if r.state is RequestState.DRAFTED]
        choices = {
            d: {c.labels[0]: c.number for c in tabulate(counted.facts, RequestQuestion(dimensions=(d,))).cells}
            for d in NARROWED
        }
        figure = tabulate(counted.facts, replace(question, dimensions=())).total.value
        return RequestList(lines[skip : skip + limit], len(lines), figure, drafts, choices, counted.captions)

    return read(stores, ask, Action.READ_REQUEST, Event(AuditTag.REQUEST_READ, ask.officer.agency), work)


def read_figures(stores: Stores, ask: Ask, questions: Sequence[RequestQuestion]) -> list[RequestFigures]:
    """Count tables of requests that the own agency sent or got."""

    def work(tx: Tx, reader: Readership) -> list[RequestFigures]:
        counted = counted_tx(tx, reader, ask)
        return [
            RequestFigures(tabulate(counted.facts, q), REQUEST_MEASURES[q.measure], counted.captions, ask.at)
            for q in questions
        ]

    asked = {"measures": [q.measure for q in questions], "by": [d for q in questions for d in q.dimensions]}
    event = Event(AuditTag.REQUEST_COUNTED, ask.officer.agency, asked)
    return read(stores, ask, Action.COUNT_REQUEST, event, work)


def read_of_jpa(stores: Stores, ask: Ask, jpa: str) -> list[RequestFigures]:
    """Count every measure of the requests that were put under a joint period."""
    return read_figures(stores, ask, [RequestQuestion(measure, (), {"jpa": (jpa,)}) for measure in REQUEST_MEASURES])


def list_waiting(stores: Stores, ask: Ask, *, limit: int = 5) -> Waiting:
    """Count what a desk owes and what others owe it."""

    def work(tx: Tx, reader: Readership) -> Waiting:
        counted = counted_tx(tx, reader, ask)
        ours = [counted.known[f.id] for f in counted.facts if f.labels["direction"] == OURS]
        owed = [counted.known[f.id] for f in counted.facts if f.labels["direction"] == THEIRS]
        owed = sorted((r for r in owed if r.is_open), key=lambda r: (r.due, r.id))
        closed = {RequestState.IN_FULL, RequestState.IN_PART, RequestState.REFUSED}
        return Waiting(
            new=sum(r.state is RequestState.SENT for r in owed),
            owed=sum(r.state is RequestState.ACKNOWLEDGED for r in owed),
            overdue=sum(r.is_overdue(ask.at) for r in owed),
            soon=sum(0 <= r.days_left(ask.at) <= SOON for r in owed),
            late=sum(r.is_overdue(ask.at) for r in ours),
            answers=sum(r.state in closed for r in ours),
            first=[_line(counted, r.id, ask) for r in owed[:limit]],
        )

    return read(stores, ask, Action.COUNT_REQUEST, Event(AuditTag.REQUEST_READ, ask.officer.agency), work)


def write_figures(figures: RequestFigures, form: TableForm) -> tuple[str, bytes]:
    """Return name and content of a table as a file, for use inside the agency: nothing is held back in it."""
    question, caption = figures.table.question, figures.captions.caption
    header = [*(REQUEST_DIMENSIONS[d].label for d in question.dimensions), figures.measure.label, "Requests"]
    rows = [
        [*(caption(d, x) for d, x in zip(question.dimensions, c.labels, strict=True)), said(c.value), str(c.number)]
        for c in figures.table.cells
    ]
    total = figures.table.total
    rows.append([TOTAL, *[""] * (len(question.dimensions) - 1), said(total.value), str(total.number)][-len(header) :])
    name = f"{figures.measure.name}_{figures.at.date().isoformat()}.{form.value}"
    if form is TableForm.CSV:
        return name, write_csv(header, rows).encode()
    told = [("Figure", figures.measure.label), ("Definition", figures.measure.definition), ("Whose", figures.whose)]
    told += [(REQUEST_DIMENSIONS[d].label, ", ".join(caption(d, x) for x in xs)) for d, xs in question.where.items()]
    sheets = (Sheet("Figures", header, rows), Sheet("Definition", ("What", "Says"), told))
    return name, write_workbook(sheets)


def said(value: float | None) -> str:
    """Write a figure; a middle of nothing is empty."""
    return "" if value is None else written(value)


def counted_tx(tx: Tx, reader: Readership, ask: Ask) -> Counted:
    """Read what is counted of every sent request that this officer may know of; drafts are known and not counted."""
    known = {r.id: r for r in requests.requests_tx(tx, reader)}
    offices = {a.id: a for a in agencies.agencies_tx(tx)}
    states = {a.id: a.state for a in offices.values()}
    own = reader.officer.agency
    facts = [fact_of(r, own, states, ask.at) for r in known.values() if r.sent is not None]
    jpas = {j.id: j.name for j in cases.jpas_tx(tx, reader.officer.state)}
    return Counted(facts, known, Captions(offices, jpas))


def _line(counted: Counted, request: str, ask: Ask) -> RequestLine:
    this = counted.known[request]
    other = this.asked if this.asker == ask.officer.agency else this.asker
    partner = counted.captions.agencies.get(other, Agency(other, other, ""))
    return RequestLine(this, partner, this.is_overdue(ask.at), this.days_left(ask.at))
