"""Filling forms: each cell is one question to the one function that counts; small figures of victims are held back [T5, T8]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About
from jpa.statistics.facts import Facts
from jpa.statistics.forms import Form, Line, Mark, Scope, Sheet
from jpa.statistics.measures import Measure, measure_of
from jpa.statistics.tables import Credit, Question, figure, tabulate

LEAST_VICTIMS: Final = 11
"""Fewer victims than this, and more than none, are not told: CTDC's own threshold for publication."""


@dataclass(frozen=True, slots=True)
class FilledCell:
    """One figure of a form."""

    question: Question
    value: float | None
    """None where it is held back."""


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row as it is written."""

    label: str
    line: Line
    cells: tuple[FilledCell, ...]


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """One table as it is written."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[FilledRow, ...]


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form with its figures."""

    form: Form
    period: str
    """The year, or the joint period's id."""
    sheets: tuple[FilledSheet, ...]

    @property
    def held_back(self) -> int:
        """How many cells are held back."""
        return sum(c.value is None for s in self.sheets for row in s.rows for c in row.cells)

    @property
    def unread(self) -> bool:
        """Whether any line was not read in a primary source."""
        return any(row.line.mark is Mark.RETOLD for s in self.sheets for row in s.rows)


def fill(facts: Facts, form: Form, period: str) -> FilledForm:
    """Fill a form for a year, or for a joint period in its two columns: in the period, and because of it."""
    sheets = tuple(_sheet(facts, form.scope, sheet, period) for sheet in form.sheets)
    return FilledForm(form, period, _without_small(sheets))


def _sheet(facts: Facts, scope: Scope, sheet: Sheet, period: str) -> FilledSheet:
    frames = _frames(scope, period)
    heads = tuple(" ".join(p for p in (h.label, said) if p) for h in sheet.heads for said, _ in frames)
    rows = []
    for line in sheet.lines:
        for label, where in _rows(facts, line, [frame for _, frame in frames]):
            asked = [
                replace(frame, measure=line.measure, where={**frame.where, **where, **head.where})
                for head in sheet.heads
                for _, frame in frames
            ]
            rows.append(FilledRow(label, line, tuple(FilledCell(q, figure(facts, q)) for q in asked)))
    return FilledSheet(sheet.title, heads, tuple(rows))


def _frames(scope: Scope, period: str) -> Sequence[tuple[str, Question]]:
    # The measure is filled in line by line.
    if scope is Scope.YEAR:
        return [("", Question("", where={"year": (period,)}))]
    return [(c.value, Question("", credit=c, jpa=period)) for c in (Credit.IN_PERIOD, Credit.BECAUSE)]


def _rows(facts: Facts, line: Line, frames: Sequence[Question]) -> list[tuple[str, Mapping[str, tuple[str, ...]]]]:
    if line.by == "":
        return [(line.label, line.where)]
    found: set[str] = set()
    for frame in frames:
        asked = replace(frame, measure=line.measure, dimensions=(line.by,), where={**frame.where, **line.where})
        found |= {cell.labels[0] for cell in tabulate(facts, asked).cells}
    labels = sorted(found, key=lambda label: (label == "", label))
    return [(f"{line.label}: {label or 'unknown'}", {**line.where, line.by: (label,)}) for label in labels]


def _without_small(sheets: Sequence[FilledSheet]) -> tuple[FilledSheet, ...]:
    """Hold back small figures of victims, and every sum that such a figure is a part of: nothing is found by taking away."""
    cells = [c for s in sheets for row in s.rows for c in row.cells if _of_victims(measure_of(c.question.measure))]
    small = [c.question for c in cells if c.value is not None and 0 < c.value < LEAST_VICTIMS]

    def told(cell: FilledCell) -> FilledCell:
        kept = not any(_is_part(one, cell.question) for one in small)
        return cell if kept else replace(cell, value=None)

    def row(filled: FilledRow) -> FilledRow:
        return replace(filled, cells=tuple(told(c) for c in filled.cells))

    return tuple(replace(s, rows=tuple(row(r) for r in s.rows)) for s in sheets)


def _of_victims(measure: Measure) -> bool:
    return any(OUTCOME_KINDS[kind].about is About.VICTIM for kind in measure.kinds)


def _is_part(part: Question, whole: Question) -> bool:
    """Say whether all that one question counts is counted by the other too; a question is a part of itself."""
    if (part.measure, part.credit, part.jpa) != (whole.measure, whole.credit, whole.jpa):
        return False
    return all(d in part.where and set(part.where[d]) <= set(labels) for d, labels in whole.where.items())
