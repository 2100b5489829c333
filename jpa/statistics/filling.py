"""Filling forms: each cell is one question to the one function that counts; what would tell small figures of victims is held back [T5, T8]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jpa.statistics.disclosure import K_VICTIMS, about_victims, protect_together
from jpa.statistics.facts import Facts
from jpa.statistics.forms import Form, Line, Mark, Scope, Sheet
from jpa.statistics.memory import Told, family_of, system_of
from jpa.statistics.publications import shown, suppressed
from jpa.statistics.tables import Credit, Question, figure, tabulate

LEAST_VICTIMS: Final = K_VICTIMS
"""Fewer victims than this, and more than none, are not told: CTDC's own threshold for publication."""
Key = tuple[str, Credit, str, tuple[tuple[str, tuple[str, ...]], ...]]
"""A question as what tells it apart from others."""


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
    """Fill a form for a year, or for a joint period in its two columns, in the period and because of it; nothing is held back yet."""
    return FilledForm(form, period, tuple(_sheet(facts, form.scope, sheet, period) for sheet in form.sheets))


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


def told_cell(facts: Facts, question: Question, agency: str, *, held: bool = False, name: str = "") -> Told:
    """Return one cell of a form as a table of one figure."""
    value, k = figure(facts, question), k_of(question.measure)
    items = [suppressed((), value) if held else shown((), value)] if value > 0 else []
    return Told(facts, question, items, k, float(k), name, agency)


def protected(filled: FilledForm, facts: Facts, earlier: Sequence[Told], agency: str) -> FilledForm:
    """Hold back small figures of victims, and whatever would tell one of them or a figure that any earlier table held back.

    All cells of the form are decided together, beside everything that was published before; InvalidInputError where nothing helps.
    """
    asked = {_key(c.question): c.question for s in filled.sheets for row in s.rows for c in row.cells}
    families: dict[tuple[str, ...], list[Question]] = {}
    for question in asked.values():
        families.setdefault(family_of(question.measure), []).append(question)
    held = {key for questions in families.values() for key in _held(questions, facts, earlier, agency)}

    def row(filled: FilledRow) -> FilledRow:
        cells = (replace(c, value=None) if _key(c.question) in held else c for c in filled.cells)
        return replace(filled, cells=tuple(cells))

    return replace(filled, sheets=tuple(replace(s, rows=tuple(row(r) for r in s.rows)) for s in filled.sheets))


def k_of(measure: str) -> int:
    """Return below which number a form holds figures back: victims' as the CTDC does, 0 for what forms ask of everyone else."""
    return LEAST_VICTIMS if about_victims(measure) else 0


def _held(questions: Sequence[Question], facts: Facts, earlier: Sequence[Told], agency: str) -> list[Key]:
    near = [t for t in earlier if t.question.measure in family_of(questions[0].measure)]
    tables = [told_cell(facts, q, agency) for q in questions]
    if all(t.k == 0 for t in (*near, *tables)):
        return []
    system = system_of(near, tables)
    first = len(system.publications) - len(tables)
    found = protect_together(system.publications[:first], system.publications[first:], system.bonds)
    return [_key(q) for q, p in zip(questions, found, strict=True) if any(i.suppressed for i in p.publication.items)]


def _key(question: Question) -> Key:
    return question.measure, question.credit, question.jpa, tuple(sorted(question.where.items()))
