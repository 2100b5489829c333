"""The code's figures beside the clerk's: total, tables, credits and what lies behind each cell."""

from random import Random
from typing import Final

from jpa.statistics.dimensions import DIMENSIONS
from jpa.statistics.facts import Facts
from jpa.statistics.measures import MEASURES
from jpa.statistics.tables import Credit, Question, members, tabulate
from tests.proofs.papers import COUNTING, GRANTED, draw_papers, facts_of_papers
from tests.proofs.recount import Clerk, Sheet

_NEAR: Final = 1e-5
"""Figures of shares are kept to six places."""
_ALIKE: Final = 1e-14
"""Of an amount: a double has 15 digits, and the clerk reckons in fractions."""
_CREDITS: Final = (
    (Credit.ALL, 0),
    (Credit.IN_PERIOD, 0),
    (Credit.IN_PERIOD, 1),
    (Credit.BECAUSE, 0),
    (Credit.BECAUSE, 1),
)


def check_papers(seed: int, measures: int = len(MEASURES)) -> str:
    """Compare so many measures over random papers; returns the first difference in words, or nothing."""
    draw = Random(seed)
    papers = draw_papers(draw)
    facts, clerk = facts_of_papers(papers), Clerk(papers, COUNTING, {GRANTED})
    return compare_figures(facts, clerk, draw, f"seed {seed}", measures)


def compare_figures(facts: Facts, clerk: Clerk, draw: Random, where: str, measures: int = len(MEASURES)) -> str:
    """Ask both for each measure, with each credit: the total, and tables of one, two and three dimensions."""
    periods = sorted(clerk.papers.spans)
    for measure in draw.sample(sorted(MEASURES), measures):
        for credit, place in _CREDITS:
            jpa = periods[place] if credit is not Credit.ALL else ""
            for size in (0, 1, 2, 3) if credit is Credit.ALL else (0, draw.randint(1, 3)):
                dimensions = tuple(draw.sample(sorted(DIMENSIONS), size))
                fault = _compare(facts, clerk, Question(measure, dimensions, credit=credit, jpa=jpa), draw)
                if fault != "":
                    return f"{where}: {measure} by {', '.join(dimensions) or 'nothing'}, {credit} {jpa}: {fault}"
    return ""


def _compare(facts: Facts, clerk: Clerk, question: Question, draw: Random) -> str:
    table, sheet = tabulate(facts, question), clerk.count(question)
    if differ(table.total, float(sheet.total)):
        return f"the total is {table.total}, the clerk has {float(sheet.total)}"
    if differ(table.undecided, float(sheet.undecided)):
        return f"{table.undecided} are undecided, the clerk has {float(sheet.undecided)}"
    if (
        len(question.dimensions) > 0
        and (fault := _compare_cells({c.labels: c.value for c in table.cells}, sheet)) != ""
    ):
        return fault
    if len(question.dimensions) == 0:
        return _compare_members(facts, clerk, question)
    for cell in draw.sample(table.cells, min(1, len(table.cells))):
        within = question.within(dict(zip(question.dimensions, cell.labels, strict=True)))
        if differ(sum(m.value for m in members(facts, within)), cell.value):
            return f"what lies behind {cell.labels} does not add up to {cell.value}"
        if (fault := _compare_members(facts, clerk, within)) != "":
            return f"behind {cell.labels}: {fault}"
    return ""


def _compare_cells(found: dict[tuple[str, ...], float], sheet: Sheet) -> str:
    for labels in {*found, *sheet.cells}:
        expected = float(sheet.cells.get(labels, 0))
        if differ(found.get(labels, 0.0), expected):
            return f"cell {labels} is {found.get(labels, 0.0)}, the clerk has {expected}"
        if labels not in sheet.cells and "" not in labels:
            return f"cell {labels} is empty and shown"
    return ""


def differ(found: float, expected: float) -> bool:
    """Say whether a figure is another than the clerk's, beyond what its digits can hold."""
    return abs(found - expected) > max(_NEAR, _ALIKE * abs(expected))


def _compare_members(facts: Facts, clerk: Clerk, question: Question) -> str:
    found = sorted((sorted(m.outcomes), m.value) for m in members(facts, question))
    expected = sorted((sorted(ids), float(value)) for ids, value in clerk.count(question).heaps if value > 0)
    alike = [ids for ids, _ in found] == [ids for ids, _ in expected] and not any(
        differ(value, other) for (_, value), (_, other) in zip(found, expected, strict=True)
    )
    return "" if alike else f"the records are {found}, the clerk has {expected}"
