"""A table as a file: the same answer as on the page, a row for each cell."""

import re
from enum import StrEnum
from typing import Final

from jpa.interchange.spreadsheet import Sheet, write_csv, write_workbook
from jpa.services.figures import Answer
from jpa.statistics.dimensions import DIMENSIONS
from jpa.statistics.tables import Credit


class TableForm(StrEnum):
    """What a table is written as."""

    CSV = "csv"
    XLSX = "xlsx"


TOTAL: Final = "Total"


def write_table(answer: Answer, form: TableForm) -> tuple[str, bytes]:
    """Return name and content of the file; the total stands last, because persons count once in it."""
    dimensions = answer.question.dimensions
    header = [*(DIMENSIONS[d].label for d in dimensions), answer.measure.label]
    rows = [
        [*(answer.caption(d, x) for d, x in zip(dimensions, c.labels, strict=True)), written(c.value)]
        for c in answer.cells
    ]
    rows.append([TOTAL, *[""] * (len(dimensions) - 1), written(answer.total)][-len(header) :])
    stem = re.sub(r"[^\w.-]+", "-", f"{answer.measure.name}_{answer.question.credit}_{answer.at.date().isoformat()}")
    if form is TableForm.CSV:
        return f"{stem}.csv", write_csv(header, rows).encode()
    sheets = (Sheet("Figures", header, rows), Sheet("Definition", ("What", "Says"), _definition(answer)))
    return f"{stem}.xlsx", write_workbook(sheets)


def written(value: float) -> str:
    """Write a figure: whole ones without a point, shares as exact as they are."""
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0")


def _definition(answer: Answer) -> list[tuple[str, str]]:
    said = [
        ("Figure", answer.measure.label),
        ("Definition", answer.measure.definition),
        ("Whose", answer.whose),
        ("Counted at", answer.at.isoformat()),
        ("Credit", answer.question.credit.value),
    ]
    if answer.jpa is not None:
        said.append(("Joint period", f"{answer.jpa.name}, {answer.jpa.start} to {answer.jpa.end}"))
    if answer.question.credit is Credit.IN_PERIOD:
        said.append(("More that may belong to it, date or state not known", written(answer.undecided)))
    for dimension, labels in answer.question.where.items():
        said.append((DIMENSIONS[dimension].label, ", ".join(answer.caption(dimension, label) for label in labels)))
    return said
