"""Text is found in the files that officers send, however they were written; what cannot be read is said to be so."""

import json

import pytest

from jpa.interchange.spreadsheet import Sheet, write_workbook
from jpa.interchange.texts import MOST_BYTES, read_text

pytestmark = pytest.mark.fast
NAME = "Zarinah Quenzelbird"


@pytest.mark.parametrize(
    "content",
    [
        f"met {NAME} at the jetty".encode(),
        f"id;name\n1;{NAME}\n".encode("utf-16"),
        b"\xef\xbb\xbf" + f"id,name\n1,{NAME}".encode(),
        f"caf\xe9 {NAME}".encode("cp1252"),
        json.dumps({"name": NAME.replace("a", "\u0061")}).encode(),
        b'{"name": "Z\\u0061rinah Quenzelbird"}',
        b'{"id": 1}\n{"name": "Z\\u0061rinah Quenzelbird"}\n',
        b"<p>Zar<b>inah</b> Quenzelbird</p>",
        b"<p>&#90;arinah Quenzelbird</p>",
        write_workbook([Sheet("One", ["id"], [["1"]]), Sheet("Two", ["name"], [[NAME]])]),
    ],
)  # fmt: skip
def test_a_name_is_found_in_text_tables_json_markup_and_workbooks(content: bytes) -> None:
    text = read_text(content)

    assert text is not None
    assert NAME in text


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n" + NAME.encode(), b"\x89PNG\r\n" + NAME.encode(), b"PK\x03\x04 no workbook", b"\x00\x01" + NAME.encode(),
        b"x" * (MOST_BYTES + 1),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_none_and_not_an_empty_text(content: bytes) -> None:
    assert read_text(content) is None
