"""Forms filled from the ledger: for a page, and as a workbook laid out as the form [T8]."""

import re
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.interchange.form_book import BookSheet, Entry, Row, write_book
from jpa.services.accepted import count_for
from jpa.services.frames import list_frames
from jpa.services.ledger import Counted, count
from jpa.services.stores import Ask, Stores
from jpa.statistics.filling import LEAST_VICTIMS, FilledCell, FilledForm, FilledSheet, fill
from jpa.statistics.forms import Scope, form_of
from jpa.statistics.measures import measure_of

HELD_BACK: Final = f"under {LEAST_VICTIMS}, or a sum with such a part"
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form with what stands beside its figures."""

    filled: FilledForm
    period: str
    """The year, or the joint period in words."""
    whose: str


def fill_form(stores: Stores, ask: Ask, name: str, *, year: str = "", jpa: str = "") -> Filled:
    """Fill a form from all that the officer may count, for a year or a joint period as the form asks."""
    form = form_of(name)
    if form.scope is Scope.YEAR and _YEAR.fullmatch(year) is None:
        raise InvalidInputError("The form was not filled.", {"year": "Write a year, for example 2024."})
    period, words = year, year
    if form.scope is Scope.JPA:
        names = {frame.jpa.id: f"JPA {frame.jpa.number}, {frame.jpa.name}" for frame in list_frames(stores, ask)}
        if jpa not in names:
            raise InvalidInputError("The form was not filled.", {"jpa": "Choose a joint period of your state."})
        period, words = jpa, names[jpa]

    def work(counted: Counted) -> Filled:
        return Filled(fill(counted.facts, form, period), words, counted.whose)

    if form.scope is Scope.JPA:
        return count_for(stores, ask, f"form {name}", jpa, work)
    return count(stores, ask, f"form {name}", work)


def jpa_of_number(stores: Stores, ask: Ask, number: str) -> str:
    """Return the joint period of a number, as the command line names it; empty where there is none."""
    return next((f.jpa.id for f in list_frames(stores, ask) if str(f.jpa.number) == number), "")


def write_form(made: Filled) -> tuple[str, bytes]:
    """Return name and content of the workbook: the form's sheets, and the definition behind each cell."""
    form = made.filled.form
    notes = [form.label, f"For {made.period}. Counted: {made.whose}.", form.note]
    if made.filled.unread:
        notes.append("Lines marked * were not read in a primary source; check them against the form before it is sent.")
    if made.filled.held_back > 0:
        notes.append(f"{made.filled.held_back} figures of victims are held back: {HELD_BACK}.")
    sheets = [BookSheet(s.title, ("Line", *s.heads), tuple(_rows(s))) for s in made.filled.sheets]
    name = f"{form.name}-{re.sub(r'[^0-9A-Za-z]+', '-', made.period).strip('-')}.xlsx"
    return name, write_book(notes, sheets)


def definition_of(cell: FilledCell, note: str) -> str:
    """Say in words what one cell counts."""
    question = cell.question
    measure = measure_of(question.measure)
    only = [f"{d} is {' or '.join(x or 'unknown' for x in labels)}" for d, labels in sorted(question.where.items())]
    credit = [f"credited {question.credit}"] if question.jpa else []
    words = f"{measure.label}. {measure.definition}"
    words += f" Only where {'; '.join([*only, *credit])}." if only or credit else ""
    return f"{words} {note}".strip()


def _rows(sheet: FilledSheet) -> list[Row]:
    return [
        Row(
            f"{row.label}{row.line.mark_sign}",
            tuple(
                Entry(HELD_BACK if c.value is None else c.value, definition_of(c, f"{row.line.note} Line: {row.line.mark}."))
                for c in row.cells
            ),
        )
        for row in sheet.rows
    ]  # fmt: skip
