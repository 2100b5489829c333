"""Keeping a form that left the agency: the rows it was filled from, and what each of its cells showed [T5, T8]."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jpa.model.canonical import Plain, canonical
from jpa.model.handout import Handout
from jpa.model.ids import new_id
from jpa.services.stores import Ask, Stores
from jpa.statistics.facts import Facts
from jpa.statistics.filling import FilledForm, told_cell
from jpa.statistics.forms import form_of
from jpa.statistics.frozen import freeze, packed, thaw, unpacked
from jpa.statistics.measures import measure_of
from jpa.statistics.memory import Told, family_of
from jpa.statistics.tables import Credit, Question


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell as it was handed out."""

    question: Question
    held: bool


def keep_form(stores: Stores, ask: Ask, filled: FilledForm, facts: Facts, words: str) -> Handout:
    """Keep a form's figures of outcomes under a key of its own; returns what is written of it in the graph."""
    shown = [c for s in filled.sheets for row in s.rows for c in row.cells]
    cells = [_Cell(c.question, c.value is None) for c in shown if isinstance(c.question, Question)]
    measures = sorted({name for c in cells for name in family_of(c.question.measure)})
    first, *related = (measure_of(m) for m in measures)
    handout = new_id(ask.at)
    rows = stores.releases.put(handout, io.BytesIO(packed(freeze(facts, first, related))))
    written = stores.releases.put(handout, io.BytesIO(canonical({"cells": [_plain(c) for c in cells]})))
    return Handout(
        id=handout,
        agency=ask.officer.agency,
        form=filled.form.name,
        period=words,
        measures=measures,
        rows_file=rows.digest,
        cells_file=written.digest,
        made_by=ask.officer.id,
        made=ask.at,
    )


def told_of_handout(stores: Stores, handout: Handout, agency: str) -> list[Told]:
    """Return what a form showed, each figure as a table of its own, for one agency's next table."""
    facts = thaw(unpacked(stores.releases.whole(handout.id, handout.rows_file)))
    cells = json.loads(stores.releases.whole(handout.id, handout.cells_file))["cells"]
    foreign = handout.agency != agency
    day, by = handout.made.date().isoformat(), f" by {handout.agency}" if foreign else ""
    name = f"the form “{form_of(handout.form).label}” for {handout.period}, handed out on {day}{by}"
    told = [told_cell(facts, c.question, handout.agency, held=c.held, name=name) for c in _cells(cells)]
    return [replace(t, foreign=foreign) for t in told]


def _cells(read: Sequence[dict[str, object]]) -> list[_Cell]:
    found = []
    for cell in read:
        where = cell["where"]
        if not isinstance(where, dict):
            raise TypeError("not a cell of a form")
        question = Question(
            str(cell["measure"]), (), {d: tuple(labels) for d, labels in where.items()}, Credit(str(cell["credit"])), str(cell["jpa"])
        )  # fmt: skip
        found.append(_Cell(question, cell["held"] == "yes"))
    return found


def _plain(cell: _Cell) -> Plain:
    q = cell.question
    where: Plain = {d: list(labels) for d, labels in sorted(q.where.items())}
    return {
        "measure": q.measure,
        "where": where,
        "credit": q.credit.value,
        "jpa": q.jpa,
        "held": "yes" if cell.held else "no",
    }
