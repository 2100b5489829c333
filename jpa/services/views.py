"""Saved views of figures: kept under a name, shared inside the agency if the officer wants, counted anew when opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from jpa.errors import InvalidInputError
from jpa.graph import views
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Jpa
from jpa.model.ids import new_id
from jpa.model.view import View
from jpa.services.accepted import asked_tx
from jpa.services.figures import Answer, answer_tx, event_of, period_tx, periods_tx, question_of
from jpa.services.stores import Ask, Event, Stores, found, read, write
from jpa.statistics.facts import Facts
from jpa.statistics.measures import measure_of
from jpa.statistics.tables import Question, counted

MOST_NAME: Final = 120
MOST_CHOICES: Final = 200
"""Labels of one dimension to filter by; more make no list that anyone reads."""
FILTERS: Final = (
    "year", "state", "agency", "offence", "sex", "citizenship", "ageBand", "exploitation", "partner", "result", "sentence", "what",
)  # fmt: skip
"""Dimensions that the table builder filters by."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The table builder: a table, and what can be asked for instead."""

    answer: Answer
    periods: Sequence[Jpa]
    views: Sequence[View]
    choices: Mapping[str, Sequence[str]]
    """By dimension the labels that the measure's outcomes have, as far as this officer counts them."""


def read_desk(stores: Stores, ask: Ask, question: Question) -> Desk:
    """Count one table and gather what else can be chosen, in one read."""

    def work(tx: Tx, reader: Readership) -> Desk:
        jpa = period_tx(tx, ask, question)
        counts = asked_tx(tx, stores, reader, ask, question)
        answer = answer_tx(tx, reader, counts, ask, question, jpa)
        return Desk(answer, periods_tx(tx, ask), _views_tx(tx, ask), _choices(counts.facts, question))

    return read(stores, ask, Action.READ_STATISTICS, event_of(question, form="page"), work)


def save_view(stores: Stores, ask: Ask, name: str, question: Question, *, shared: bool) -> View:
    """Keep a table under a name."""
    said = " ".join(name.split())
    if not 0 < len(said) <= MOST_NAME:
        raise InvalidInputError(
            "The table was not saved.", {"name": f"Give it a name of at most {MOST_NAME} characters."}
        )

    def work(tx: Tx, _: Readership, __: object) -> View:
        period_tx(tx, ask, question)
        if any(v.name.casefold() == said.casefold() and v.officer == ask.officer.id for v in _views_tx(tx, ask)):
            raise InvalidInputError(
                "The table was not saved.", {"name": f"You saved {said} already; choose another name."}
            )
        view = View(
            id=new_id(ask.at),
            name=said,
            agency=ask.officer.agency,
            officer=ask.officer.id,
            shared=shared,
            measure=question.measure,
            dimensions=question.dimensions,
            where=question.where,
            credit=question.credit.value,
            jpa=question.jpa,
            saved=ask.at,
        )
        views.save_tx(tx, view)
        return view

    event = Event(AuditTag.VIEW_SAVED, question.jpa, {"measure": question.measure, "shared": shared})
    return write(stores, ask, Action.READ_STATISTICS, event, work)


def read_view(stores: Stores, ask: Ask, view: str) -> Question:
    """Return the question that a view asks."""
    event = Event(AuditTag.FIGURE_READ, view, {"measure": "", "views": True})
    saved = read(stores, ask, Action.READ_STATISTICS, event, lambda tx, _: found(views.view_tx(tx, ask.officer, view)))
    return question_of(saved.measure, saved.dimensions, saved.where, saved.credit, saved.jpa)


def remove_view(stores: Stores, ask: Ask, view: str) -> None:
    """Forget an own view."""

    def work(tx: Tx, _: Readership, __: object) -> None:
        found(view if views.remove_tx(tx, ask.officer, view) else None)

    write(stores, ask, Action.READ_STATISTICS, Event(AuditTag.VIEW_REMOVED, view), work)


def _views_tx(tx: Tx, ask: Ask) -> list[View]:
    return views.views_tx(tx, ask.officer)


def _choices(facts: Facts, question: Question) -> dict[str, list[str]]:
    rows = np.flatnonzero(counted(facts, measure_of(question.measure)))
    choices = {}
    for dimension in FILTERS:
        column = facts.columns[dimension]
        labels = sorted(column.labels[code] for code in np.unique(column.codes[rows]) if code != 0)
        chosen = [label for label in question.where.get(dimension, ()) if label and label not in labels]
        choices[dimension] = [*labels[:MOST_CHOICES], *chosen, ""]
    return choices
