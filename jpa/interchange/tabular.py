"""CSV and XLSX as rows of text; a file that is not what it claims is refused by the name of the problem."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from python_calamine import CalamineError, load_workbook

from jpa.errors import InvalidInputError

MOST_BYTES: Final = 100 * 1024 * 1024
MOST_UNPACKED: Final = 1024 * 1024 * 1024
"""An XLSX is a zip: beyond this its content is a bomb, not a table."""
MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 400
MOST_CELL: Final = 100_000
_DELIMITERS: Final = ",;\t|"
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Row:
    """One data row."""

    number: int
    """Line of the table, the header being 1."""
    cells: dict[str, str]
    problem: str = ""
    """Why the row cannot be taken, if so."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header."""

    header: tuple[str, ...]
    rows: Iterator[Row]


def read_table(name: str, content: bytes) -> Table:
    """Read a CSV or XLSX file; InvalidInputError names what is wrong with it."""
    if len(content) == 0:
        raise _refused("The file is empty.")
    if len(content) > MOST_BYTES:
        raise _refused("The file is larger than 100 MB; split it.")
    lines = _xlsx(content) if content[:4] == b"PK\x03\x04" else _csv(name, content)
    try:
        head = next(lines)
    except StopIteration:
        raise _refused("The file holds no row.") from None
    header = _header(head)
    return Table(header, _rows(header, lines))


def read_lines(content: bytes) -> list[str]:
    """Read a file of JSON lines; refuses an empty, too large or wrongly encoded one."""
    if len(content) == 0:
        raise _refused("The file is empty.")
    if len(content) > MOST_BYTES:
        raise _refused("The file is larger than 100 MB; split it.")
    return _decoded(content).splitlines()


def _csv(name: str, content: bytes) -> Iterator[list[str]]:
    if name.lower().endswith((".xlsx", ".xls", ".xlsm")):
        raise _refused("The file is named as a spreadsheet but is none; it may be damaged.")
    text = _decoded(content)
    if "\x00" in text:
        raise _refused("The file is binary, not a table of text.")
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(MOST_CELL + 1)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    except csv.Error as error:
        raise _refused(f"The table breaks off: {error}.") from error


def _xlsx(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise _refused("The spreadsheet unpacks to more than 1 GB.")
        sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    except (zipfile.BadZipFile, CalamineError, IndexError) as error:
        raise _refused("The spreadsheet is damaged or no XLSX; save it again in the program that made it.") from error
    for row in sheet.iter_rows():
        yield [_text(cell) for cell in row]


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refused(f"The file is not UTF-8 (byte {error.start}); save it as CSV UTF-8.") from error


def _header(cells: list[str]) -> tuple[str, ...]:
    header = tuple(c.strip() for c in cells)
    if len(header) > MOST_COLUMNS:
        raise _refused(f"The table has more than {MOST_COLUMNS} columns.")
    if any(c == "" for c in header):
        raise _refused(f"Column {header.index('') + 1} has no name in the first row.")
    twice = sorted({c for c in header if header.count(c) > 1})
    if len(twice) > 0:
        raise _refused(f"The column {twice[0]!r} stands twice in the first row.")
    return header


def _rows(header: tuple[str, ...], lines: Iterator[list[str]]) -> Iterator[Row]:
    for number, cells in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            raise _refused(f"The table has more than {MOST_ROWS:,} rows; split it.")
        if all(c.strip() == "" for c in cells):
            continue
        problem = ""
        if len(cells) != len(header):
            problem = f"has {len(cells)} cells where the first row has {len(header)}"
        elif any(len(c) > MOST_CELL for c in cells):
            problem = f"has a cell of more than {MOST_CELL:,} characters"
        yield Row(number, dict(zip(header, (c.strip() for c in cells), strict=False)), problem)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _refused(problem: str) -> InvalidInputError:
    return InvalidInputError("The file was not taken.", {"file": problem})
