"""The text inside files of other programs, as far as it can be had: to search it for a name, not to show it."""

import html
import io
import json
import re
import zipfile
from typing import Final

from python_calamine import CalamineError, load_workbook

MOST_BYTES: Final = 20 * 1024 * 1024
"""Larger files are not searched: they would stand in memory whole."""
_MOST_UNPACKED: Final = 200 * 1024 * 1024
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BINARY: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\xd0\xcf\x11\xe0")
"""PDF, pictures, RTF and the old Office formats: nothing here reads them, and half a search is worse than none."""
_TAG: Final = re.compile(r"<[^<>]{1,2000}>")


def read_text(content: bytes) -> str | None:
    """Return the text of a text, CSV, JSON, XML, HTML, e-mail or XLSX file; None for what cannot be searched."""
    if len(content) > MOST_BYTES or content.startswith(_BINARY):
        return None
    if content.startswith(b"PK\x03\x04"):
        return _read_workbook(content)
    text = _decoded(content)
    if text is None or "\x00" in text:
        return None
    stripped = text.lstrip()
    if stripped.startswith("<") and "</" in stripped:
        # A name may be broken by marks of its own, so both the text without any and the one as it stands count.
        return f"{html.unescape(_TAG.sub('', text))}\n{html.unescape(_TAG.sub(' ', text))}\n{text}"
    return f"{_unescaped(text)}\n{text}" if stripped.startswith(("{", "[")) else text


def _decoded(content: bytes) -> str | None:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        # An 8-bit code page is not told apart; the letters of plain names are the same in all of them.
        return None if b"\x00" in content else content.decode("cp1252", errors="replace")


def _unescaped(text: str) -> str:
    lines = []
    for line in (text, *text.splitlines()):
        try:
            lines.append(json.dumps(json.loads(line), ensure_ascii=False))
        except (ValueError, RecursionError):
            continue
    return "\n".join(lines)


def _read_workbook(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                return None
        book = load_workbook(io.BytesIO(content))
        sheets = [book.get_sheet_by_index(index) for index in range(len(book.sheet_names))]
    except (zipfile.BadZipFile, CalamineError):
        return None
    rows = [" ".join(_written(cell) for cell in row) for sheet in sheets for row in sheet.iter_rows()]
    return "\n".join([*(sheet.name for sheet in sheets), *rows])


def _written(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
