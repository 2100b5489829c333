"""Tables of text as an XLSX workbook or CSV; no cell is ever a formula (ASVS 1.2.10)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?[\d .,]+")
"""A phone or an amount is no formula."""
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_CELL: Final = 32_000
"""Excel keeps 32,767 characters a cell."""
_MOST_WIDTH: Final = 48


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its header."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Write the sheets; every cell is text."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        made = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.title)[:31])
        made.freeze_panes = "A2"
        for index, title in enumerate(sheet.header, start=1):
            longest = max((len(row[index - 1]) for row in sheet.rows[:200]), default=0)
            made.column_dimensions[get_column_letter(index)].width = min(_MOST_WIDTH, max(len(title), longest) + 2)
        heads = []
        for title in sheet.header:
            cell = WriteOnlyCell(made, value=title)
            cell.font = Font(bold=True)
            heads.append(cell)
        made.append(heads)
        for row in sheet.rows:
            made.append([safe_text(text) for text in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a CSV with a mark that spreadsheet programs read as UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([safe_text(text) for text in row] for row in rows)
    return "\ufeff" + written.getvalue()


def safe_text(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula, without characters that a sheet cannot hold."""
    plain = _ILLEGAL.sub(" ", text)[:_MOST_CELL]
    return f"'{plain}" if plain.startswith(_FORMULA) and _NUMBER.fullmatch(plain) is None else plain
