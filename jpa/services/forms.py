"""Forms filled from the ledger: for a page, and as a workbook laid out as the form [T8]."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import handouts, releases
from jpa.graph.session import Tx
from jpa.interchange.form_book import BookSheet, Entry, Row, write_book
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.services.accepted import counted_for_tx
from jpa.services.flows import caption, facts_tx
from jpa.services.frames import list_frames
from jpa.services.handouts import keep_form
from jpa.services.incidents import WHOSE
from jpa.services.ledger import Counted
from jpa.services.memory import Remembered, remembered_tx
from jpa.services.stores import Ask, Event, Stores, read, require, write
from jpa.statistics.facts import Facts
from jpa.statistics.filling import (
    LEAST_SMUGGLERS,
    LEAST_VICTIMS,
    FilledCell,
    FilledForm,
    FilledSheet,
    fill,
    protected,
)
from jpa.statistics.forms import Scope, form_of
from jpa.statistics.incident_facts import IncidentFact
from jpa.statistics.incidents import INCIDENT_MEASURES, IncidentQuestion
from jpa.statistics.measures import measure_of

HELD_BACK: Final = (
    f"victims and migrants under {LEAST_VICTIMS}, smugglers met under {LEAST_SMUGGLERS},"
    " or what would tell one that is held back here, in a release or in another form"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form with what stands beside its figures."""

    filled: FilledForm
    period: str
    """The year, or the joint period in words."""
    whose: str
    facts: Facts
    beside: Remembered
    """What was published before, beside which it was decided what to hold back."""
    measures: Sequence[str]


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

    lines = [line for sheet in form.sheets for line in sheet.lines]
    measures = sorted({line.measure for line in lines if not line.of_incidents})
    of_incidents = any(line.of_incidents for line in lines)

    def reading(tx: Tx, reader: Readership) -> tuple[Counted, Remembered, Sequence[IncidentFact]]:
        met = facts_tx(tx, reader) if of_incidents else []
        return (
            counted_for_tx(tx, stores, reader, ask, jpa if form.scope is Scope.JPA else ""),
            remembered_tx(tx, stores, measures),
            met,
        )

    event = Event(AuditTag.FIGURE_READ, f"form {name}")
    counted, remembered, met = read(stores, ask, Action.READ_STATISTICS, event, reading)
    earlier = remembered.told(stores, ask.officer.agency, counted.facts, jpa if form.scope is Scope.JPA else "")
    filled = protected(fill(counted.facts, form, period, met), counted.facts, earlier, ask.officer.agency)
    whose = f"{counted.whose}; {WHOSE}" if of_incidents else counted.whose
    return Filled(filled, words, whose, counted.facts, remembered, measures)


def hand_out_form(stores: Stores, ask: Ask, name: str, *, year: str = "", jpa: str = "") -> tuple[Filled, str, bytes]:
    """Fill a form and remember what it showed, because it leaves the agency; returns it, and name and content of the workbook.

    Refused where something was published between filling and keeping: it is filled again with that in mind.
    """
    require(ask, Action.MAKE_RELEASE)
    made = fill_form(stores, ask, name, year=year, jpa=jpa)
    file, content = write_form(made)
    kept = keep_form(stores, ask, made.filled, made.facts, made.period)

    def work(tx: Tx, _: Readership, __: object) -> None:
        releases.lock_tx(tx)
        known = remembered_tx(tx, stores, made.measures)
        if known.ids != made.beside.ids:
            raise ConflictError("Something was published while this form was filled. Hand it out again.")
        same = (kept.agency, kept.rows_file, kept.cells_file)
        if same not in {(h.agency, h.rows_file, h.cells_file) for h in known.handouts}:
            handouts.add_tx(tx, kept)

    write(
        stores,
        ask,
        Action.MAKE_RELEASE,
        Event(AuditTag.FORM_HANDED_OUT, kept.id, {"form": name, "period": made.period}),
        work,
    )
    return made, file, content


def jpa_of_number(stores: Stores, ask: Ask, number: str) -> str:
    """Return the joint period of a number, as the command line names it; empty where there is none."""
    return next((f.jpa.id for f in list_frames(stores, ask) if str(f.jpa.number) == number), "")


def write_form(made: Filled) -> tuple[str, bytes]:
    """Return name and content of the workbook: the form's sheets, and the definition behind each cell."""
    form = made.filled.form
    notes = [form.label, f"For {made.period}. Counted: {made.whose}.", form.note, f"Source: {form.source}"]
    if made.filled.unread:
        notes.append("Lines marked * were not read in a primary source; check them against the form before it is sent.")
    if made.filled.held_back > 0:
        notes.append(f"{made.filled.held_back} figures of persons are held back: {HELD_BACK}.")
    sheets = [BookSheet(s.title, ("Line", *s.heads), tuple(_rows(s))) for s in made.filled.sheets]
    name = f"{form.name}-{re.sub(r'[^0-9A-Za-z]+', '-', made.period).strip('-')}.xlsx"
    return name, write_book(notes, sheets)


def definition_of(cell: FilledCell, note: str) -> str:
    """Say in words what one cell counts."""
    question = cell.question
    if isinstance(question, IncidentQuestion):
        only = [f"{d} is {' or '.join(caption(d, x) for x in xs)}" for d, xs in sorted(question.where.items())]
        return f"{INCIDENT_MEASURES[question.measure].definition} Only where {'; '.join(only)}. {note}".strip()
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
