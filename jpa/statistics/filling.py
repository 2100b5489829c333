"""Filling forms: each cell is one question to the one function that counts; small figures of victims are held back [T5, T8]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About
from jpa.statistics.facts import Facts
from jpa.statistics.forms import Form, Line, Mark, Scope, Sheet
from jpa.statistics.incident_facts import IncidentFact
from jpa.statistics.incidents import INCIDENT_MEASURES, IncidentQuestion, Persons
from jpa.statistics.incidents import tabulate as tabulate_incidents
from jpa.statistics.measures import Measure, measure_of
from jpa.statistics.tables import Credit, Question, figure, tabulate

LEAST_VICTIMS: Final = 11
"""Fewer victims than this, and more than none, are not told: CTDC's own threshold for publication."""
LEAST_MIGRANTS: Final = LEAST_VICTIMS
"""The same for migrants, some of whom turn out to be victims."""
LEAST_SMUGGLERS: Final = 5
"""As for other persons (`disclosure.K_OTHERS`)."""
_LEAST: Final[Mapping[Persons, int]] = {Persons.MIGRANTS: LEAST_MIGRANTS, Persons.SMUGGLERS: LEAST_SMUGGLERS}
Asked = Question | IncidentQuestion


@dataclass(frozen=True, slots=True)
class FilledCell:
    """One figure of a form."""

    question: Asked
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


def fill(facts: Facts, form: Form, period: str, incidents: Sequence[IncidentFact] = ()) -> FilledForm:
    """Fill a form for a year, or for a joint period in its two columns: in the period, and because of it.

    Lines of incidents are filled for a year alone.
    """
    sheets = tuple(_sheet(facts, form.scope, sheet, period, incidents) for sheet in form.sheets)
    return FilledForm(form, period, _without_small(sheets))


def _sheet(facts: Facts, scope: Scope, sheet: Sheet, period: str, incidents: Sequence[IncidentFact]) -> FilledSheet:
    frames = _frames(scope, period)
    heads = tuple(" ".join(p for p in (h.label, said) if p) for h in sheet.heads for said, _ in frames)
    rows = []
    for line in sheet.lines:
        if line.of_incidents:
            rows += _incident_rows(incidents, line, period)
            continue
        for label, where in _rows(facts, line, [frame for _, frame in frames]):
            asked = [
                replace(frame, measure=line.measure, where={**frame.where, **where, **head.where})
                for head in sheet.heads
                for _, frame in frames
            ]
            rows.append(FilledRow(label, line, tuple(FilledCell(q, figure(facts, q)) for q in asked)))
    return FilledSheet(sheet.title, heads, tuple(rows))


def _incident_rows(incidents: Sequence[IncidentFact], line: Line, year: str) -> list[FilledRow]:
    asked = IncidentQuestion(line.measure, (line.by,), {**line.where, "year": (year,)})
    return [
        FilledRow(f"{line.label}: {cell.labels[0] or 'unknown'}", line, (FilledCell(asked.within({line.by: cell.labels[0]}), cell.value),))
        for cell in tabulate_incidents(incidents, asked).cells
    ]  # fmt: skip


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
    """Hold back small figures of victims and migrants, and every sum that such a figure is a part of: nothing is found by taking away."""
    cells = [c for s in sheets for row in s.rows for c in row.cells]
    small = [c.question for c in cells if c.value is not None and 0 < c.value < _least(c.question)]

    def told(cell: FilledCell) -> FilledCell:
        kept = not any(_is_part(one, cell.question) for one in small)
        return cell if kept else replace(cell, value=None)

    def row(filled: FilledRow) -> FilledRow:
        return replace(filled, cells=tuple(told(c) for c in filled.cells))

    return tuple(replace(s, rows=_without_one(s.rows, [row(r) for r in s.rows])) for s in sheets)


def _without_one(truth: Sequence[FilledRow], told: Sequence[FilledRow]) -> tuple[FilledRow, ...]:
    """Hold back more of a breakdown of persons met, until what is held back hides in a sum.

    All breakdowns of a figure add up to the same total, so that one alone would be found by taking away.
    """
    rows = list(told)
    for label in dict.fromkeys(r.line.label for r in told if r.line.of_incidents):
        places = [n for n, r in enumerate(told) if r.line.label == label]
        least = _least(truth[places[0]].cells[0].question)
        shown = sorted((n for n in places if rows[n].cells[0].value is not None), key=lambda n: _value(truth[n]))
        held = [n for n in places if n not in shown]
        while len(shown) > 0 and len(held) > 0 and (len(held) < 2 or sum(_value(truth[n]) for n in held) < 2 * least):
            held.append(shown.pop(0))
            rows[held[-1]] = replace(told[held[-1]], cells=(replace(told[held[-1]].cells[0], value=None),))
    return tuple(rows)


def _value(row: FilledRow) -> float:
    return row.cells[0].value or 0.0


def _least(asked: Asked) -> int:
    """Return the least figure that is told; 0: all are."""
    if isinstance(asked, IncidentQuestion):
        return _LEAST.get(INCIDENT_MEASURES[asked.measure].persons, 0)
    return LEAST_VICTIMS if _of_victims(measure_of(asked.measure)) else 0


def _of_victims(measure: Measure) -> bool:
    return any(OUTCOME_KINDS[kind].about is About.VICTIM for kind in measure.kinds)


def _is_part(part: Asked, whole: Asked) -> bool:
    """Say whether all that one question counts is counted by the other too; a question is a part of itself."""
    if part.measure != whole.measure:
        return False
    if (
        isinstance(part, Question)
        and isinstance(whole, Question)
        and (part.credit, part.jpa) != (whole.credit, whole.jpa)
    ):
        return False
    return all(d in part.where and set(part.where[d]) <= set(labels) for d, labels in whole.where.items())
