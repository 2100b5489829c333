"""A filled form as an XLSX workbook: figures as numbers, each linked to its definition; no cell is ever a formula."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from jpa.interchange.spreadsheet import safe_text

DEFINITIONS: Final = "Definitions"
_BOLD: Final = Font(bold=True)
_LINE_WIDTH: Final = 44
_FIGURE_WIDTH: Final = 18


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell and what it counts."""

    value: float | str
    definition: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    label: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class BookSheet:
    """One table of the form."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Row]


def write_book(notes: Sequence[str], sheets: Sequence[BookSheet]) -> bytes:
    """Write the form: each table on a sheet of its own, then all definitions on one."""
    book = Workbook()
    book.remove(book.worksheets[0])
    tables = [book.create_sheet(re.sub(r"[\[\]:*?/\\']", " ", sheet.title)[:31]) for sheet in sheets]
    defined = book.create_sheet(DEFINITIONS)
    _write_texts(defined, 1, ("Sheet", "Line", "Column", "What it counts"), font=_BOLD)
    defined.column_dimensions["D"].width = 120
    place = 2
    for made, sheet in zip(tables, sheets, strict=True):
        place = _write_table(made, sheet, notes, defined, place)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write_table(made: Worksheet, sheet: BookSheet, notes: Sequence[str], defined: Worksheet, place: int) -> int:
    for number, note in enumerate(notes, start=1):
        _write_texts(made, number, (note,), font=_BOLD if number == 1 else None)
    top = len(notes) + 2
    _write_texts(made, top, sheet.heads, font=_BOLD)
    made.freeze_panes = f"B{top + 1}"
    made.column_dimensions["A"].width = _LINE_WIDTH
    for column in range(2, len(sheet.heads) + 1):
        made.column_dimensions[get_column_letter(column)].width = _FIGURE_WIDTH
        made.cell(top, column).alignment = Alignment(wrap_text=True)
    for number, row in enumerate(sheet.rows, start=top + 1):
        _write_texts(made, number, (row.label,))
        for column, entry in enumerate(row.entries, start=2):
            cell = made.cell(number, column)
            cell.value = safe_text(entry.value) if isinstance(entry.value, str) else _number(entry.value)
            _link(cell, DEFINITIONS, f"D{place}", "What it counts")
            _write_texts(defined, place, (made.title, row.label, sheet.heads[column - 1], entry.definition))
            _link(defined.cell(place, 3), made.title, cell.coordinate, "Back to the figure")
            place += 1
    return place


def _write_texts(made: Worksheet, number: int, texts: Sequence[str], font: Font | None = None) -> None:
    for column, text in enumerate(texts, start=1):
        cell = made.cell(number, column, safe_text(text))
        cell.data_type = "s"
        if font is not None:
            cell.font = font


def _link(cell: Cell | MergedCell, sheet: str, place: str, tip: str) -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!{place}", tooltip=tip)


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value
