"""Figures: tables, the dashboard of a joint period and the records behind each cell, all from one count of one request [T1-T3].

Whoever asks for a joint period must be of a state that takes part in it. Each function is one audited read: the facts are
picked once, and every tile, table and curve of a page is counted from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from jpa.errors import InvalidInputError, NotFoundError
from jpa.graph import cases
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Jpa
from jpa.services.accepted import asked_tx
from jpa.services.captions import Captions, captions_tx
from jpa.services.ledger import Counted
from jpa.services.stores import Ask, Event, Stores, read, require
from jpa.statistics.dimensions import DIMENSIONS
from jpa.statistics.measures import Measure, measure_of
from jpa.statistics.tables import MOST_DIMENSIONS, Cell, Credit, Question, tabulate


@dataclass(frozen=True, slots=True)
class Answer:
    """One table with what has to stand beside it."""

    question: Question
    cells: tuple[Cell, ...]
    """By label, unknown last and always there."""
    total: float
    undecided: float
    captions: Captions
    jpa: Jpa | None
    whose: str
    """Whose outcomes are counted, in words."""
    at: datetime

    @property
    def measure(self) -> Measure:
        """What is counted, with its definition."""
        return measure_of(self.question.measure)

    def caption(self, dimension: str, label: str) -> str:
        """Return what a label is called."""
        return self.captions.of(dimension, label)


@dataclass(frozen=True, slots=True)
class Grid:
    """An answer laid out: the last of several dimensions runs across, all others down."""

    across: str
    """Dimension of the columns; empty where there is one column of figures."""
    heads: tuple[str, ...]
    """Its labels, unknown last."""
    rows: tuple[tuple[tuple[str, ...], tuple[float, ...]], ...]
    """Labels of the other dimensions, and a figure for each head."""

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Lay out an answer; what has no cell is zero."""
        dimensions = answer.question.dimensions
        if len(dimensions) < 2:
            return cls("", (), tuple((cell.labels, (cell.value,)) for cell in answer.cells))
        heads = tuple(sorted({c.labels[-1] for c in answer.cells}, key=lambda label: (label == "", label)))
        values = {cell.labels: cell.value for cell in answer.cells}
        downs = dict.fromkeys(cell.labels[:-1] for cell in answer.cells)
        return cls(
            dimensions[-1], heads, tuple((down, tuple(values.get((*down, h), 0.0) for h in heads)) for down in downs)
        )


ALL: Final = Credit.ALL.value


def question_of(
    measure: str,
    dimensions: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
    credit: str = ALL,
    jpa: str = "",
) -> Question:
    """Return a question as it was typed; InvalidInputError names what is wrong with it and the choice there is."""
    problems = {}
    filters = {name: tuple(labels) for name, labels in (where or {}).items()}
    unknown = [name for name in (*dimensions, *filters) if name not in DIMENSIONS]
    if len(unknown) > 0:
        problems["dimensions"] = f"{unknown[0]!r} is no dimension; choose of {', '.join(DIMENSIONS)}."
    elif len(dimensions) > MOST_DIMENSIONS or len(set(dimensions)) < len(dimensions):
        problems["dimensions"] = f"Choose up to {MOST_DIMENSIONS}, each once."
    if credit not in list(Credit):
        problems["credit"] = f"Choose one of {', '.join(Credit)}."
    if len(problems) > 0:
        raise InvalidInputError("No such table.", problems)
    return Question(measure_of(measure).name, tuple(dimensions), filters, Credit(credit), jpa)


def read_table(stores: Stores, ask: Ask, question: Question, form: str = "page") -> Answer:
    """Count one table; a file and an answer of the API are this same answer in another form."""

    def work(tx: Tx, reader: Readership) -> Answer:
        jpa = period_tx(tx, ask, question)
        return answer_tx(tx, reader, asked_tx(tx, stores, reader, ask, question), ask, question, jpa)

    return read(stores, ask, Action.READ_STATISTICS, event_of(question, form=form), work)


def answer_tx(tx: Tx, reader: Readership, counted: Counted, ask: Ask, question: Question, jpa: Jpa | None) -> Answer:
    """Answer a question from facts that were picked already."""
    table = tabulate(counted.facts, question)
    cells = {cell.labels: cell for cell in table.cells}
    if len(question.dimensions) > 0:
        blank = ("",) * len(question.dimensions)
        cells.setdefault(blank, Cell(blank, 0.0))
    ordered = sorted(cells.values(), key=lambda cell: tuple((label == "", label) for label in cell.labels))
    return Answer(
        question=question,
        cells=tuple(ordered),
        total=table.total,
        undecided=table.undecided,
        captions=captions_tx(tx, reader, _cases(question, ordered)),
        jpa=jpa,
        whose=counted.whose,
        at=ask.at,
    )


def periods_tx(tx: Tx, ask: Ask) -> list[Jpa]:
    """List the joint periods of the officer's state, newest first."""
    return cases.jpas_tx(tx, ask.officer.state)


def period_tx(tx: Tx, ask: Ask, question: Question) -> Jpa | None:
    """Return the joint period that a question names; NotFoundError unless the officer's state takes part in it."""
    if question.jpa == "" and question.credit is Credit.ALL:
        return None
    found = next((jpa for jpa in periods_tx(tx, ask) if jpa.id == question.jpa), None)
    if found is None:
        raise NotFoundError("There is no such joint period that your state takes part in.")
    return found


def event_of(question: Question, **details: str | int) -> Event:
    """Say in the log what was counted: measure, dimensions and period; never a label."""
    told = {"measure": question.measure, "dimensions": list(question.dimensions), "credit": question.credit.value}
    return Event(AuditTag.FIGURE_READ, question.jpa, {**told, "filters": sorted(question.where), **details})


def require_statistics(ask: Ask) -> None:
    """Refuse whoever may not read figures, where only the registry is shown."""
    require(ask, Action.READ_STATISTICS)


def _cases(question: Question, cells: Sequence[Cell]) -> set[str]:
    if "case" not in question.dimensions:
        return set(question.where.get("case", ()))
    place = question.dimensions.index("case")
    return {cell.labels[place] for cell in cells} | set(question.where.get("case", ()))
