"""Filling forms: each cell is one question to the one function that counts; what would tell small figures of victims is held back [T5, T8]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jpa.statistics.disclosure import K_VICTIMS, about_victims, protect_together
from jpa.statistics.facts import Facts
from jpa.statistics.forms import Form, Line, Mark, Scope, Sheet
from jpa.statistics.incident_facts import IncidentFact
from jpa.statistics.incidents import INCIDENT_MEASURES, IncidentQuestion, Persons
from jpa.statistics.incidents import tabulate as tabulate_incidents
from jpa.statistics.memory import Told, family_of, system_of
from jpa.statistics.publications import shown, suppressed
from jpa.statistics.tables import Credit, Question, figure, tabulate

LEAST_VICTIMS: Final = K_VICTIMS
"""Fewer victims than this, and more than none, are not told: CTDC's own threshold for publication."""
LEAST_MIGRANTS: Final = LEAST_VICTIMS
"""The same for migrants, some of whom turn out to be victims."""
LEAST_SMUGGLERS: Final = 5
"""As for other persons (`disclosure.K_OTHERS`)."""
_LEAST: Final[Mapping[Persons, int]] = {Persons.MIGRANTS: LEAST_MIGRANTS, Persons.SMUGGLERS: LEAST_SMUGGLERS}
Asked = Question | IncidentQuestion
Key = tuple[str, Credit, str, tuple[tuple[str, tuple[str, ...]], ...]]
"""A question as what tells it apart from others."""


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
    """Fill a form for a year, or for a joint period in its two columns, in the period and because of it; nothing is held back yet.

    Lines of incidents are filled for a year alone.
    """
    return FilledForm(form, period, tuple(_sheet(facts, form.scope, sheet, period, incidents) for sheet in form.sheets))


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


def told_cell(facts: Facts, question: Question, agency: str, *, held: bool = False, name: str = "") -> Told:
    """Return one cell of a form as a table of one figure."""
    value, k = figure(facts, question), k_of(question.measure)
    items = [suppressed((), value) if held else shown((), value)] if value > 0 else []
    return Told(facts, question, items, k, float(k), name, agency)


def protected(filled: FilledForm, facts: Facts, earlier: Sequence[Told], agency: str) -> FilledForm:
    """Hold back small figures of victims, and whatever would tell one of them or a figure that any earlier table held back.

    All cells of the form are decided together, beside everything that was published before; InvalidInputError where nothing helps.
    """
    cells = [c.question for s in filled.sheets for row in s.rows for c in row.cells]
    asked = {_key(q): q for q in cells if isinstance(q, Question)}
    families: dict[tuple[str, ...], list[Question]] = {}
    for question in asked.values():
        families.setdefault(family_of(question.measure), []).append(question)
    held = {key for questions in families.values() for key in _held(questions, facts, earlier, agency)}

    def told(cell: FilledCell) -> FilledCell:
        question = cell.question
        return replace(cell, value=None) if isinstance(question, Question) and _key(question) in held else cell

    def rows(sheet: FilledSheet) -> tuple[FilledRow, ...]:
        return _without_few([replace(r, cells=tuple(told(c) for c in r.cells)) for r in sheet.rows])

    return replace(filled, sheets=tuple(replace(s, rows=rows(s)) for s in filled.sheets))


def _without_few(rows: Sequence[FilledRow]) -> tuple[FilledRow, ...]:
    """Hold back few migrants or smugglers met, and more of the same breakdown until what is held back hides in a sum.

    All breakdowns of a figure add up to the same total, so that one alone would be found by taking away.
    """
    told = list(rows)
    for label in dict.fromkeys(r.line.label for r in rows if r.line.of_incidents):
        places = sorted((n for n, r in enumerate(rows) if r.line.label == label), key=lambda n: _value(rows[n]))
        least = _LEAST.get(INCIDENT_MEASURES[rows[places[0]].line.measure].persons, 0)
        shown = [n for n in places if not 0 < _value(rows[n]) < least]
        held = [n for n in places if n not in shown]
        while len(shown) > 0 and len(held) > 0 and (len(held) < 2 or sum(_value(rows[n]) for n in held) < 2 * least):
            held.append(shown.pop(0))
        for n in held:
            told[n] = replace(rows[n], cells=(replace(rows[n].cells[0], value=None),))
    return tuple(told)


def _value(row: FilledRow) -> float:
    return row.cells[0].value or 0.0


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
