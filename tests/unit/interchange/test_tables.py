"""Tables and column maps: read as they are, refused by the name of the problem."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from jpa.errors import InvalidInputError
from jpa.interchange.column_map import apply_map, guess_map, parse_map
from jpa.interchange.tabular import read_table

pytestmark = pytest.mark.fast
DATA = Path(__file__).parents[2] / "data"
FEBRL = (DATA / "people" / "febrl4" / "dataset4a.csv").read_bytes()


def test_febrl_is_read_by_a_map_with_no_row_lost() -> None:
    table = read_table("dataset4a.csv", FEBRL)
    text = 'id = "rec_id"\n[properties]\nfirstName = "given_name"\nlastName = "surname"\nbirthDate = "date_of_birth"\n'

    incoming = apply_map(table, parse_map(text, "Person", table.header), "Person")

    assert len(incoming.records) + len(incoming.rejected) == 5000
    assert incoming.records[0].properties["lastName"] == ["neumann"]


def test_noordin_top_is_read_as_ties() -> None:
    table = read_table("edges.csv", (DATA / "covert" / "noordin_top_edges.csv").read_bytes())
    columns = parse_map('[link]\nsource = "source"\ntarget = "target"\ntype = "ASSOCIATE_OF"\n', "Person", table.header)

    incoming = apply_map(table, columns, "Person")

    assert len(incoming.links) > 400
    assert incoming.rejected == []


def test_a_spreadsheet_reads_like_a_table_of_text() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["id", "name", "age"])
    book.active.append([7, "Rahim", 36.0])
    stream = io.BytesIO()
    book.save(stream)

    table = read_table("people.xlsx", stream.getvalue())

    assert [r.cells for r in table.rows] == [{"id": "7", "name": "Rahim", "age": "36"}]


def test_a_guessed_map_survives_being_written_and_read() -> None:
    table = read_table("dataset4a.csv", FEBRL)
    guessed = guess_map("Person", table.header)

    assert guessed.properties["firstName"] == ("given_name",)
    assert parse_map(guessed.to_toml(), "Person", table.header) == guessed


def test_a_map_of_columns_with_quotes_in_their_names_survives_being_written_and_read() -> None:
    header = ('the "real" name', "C:\\born", "state\x7f")
    text = "[properties]\nname = 'the \"real\" name'\nbirthDate = 'C:\\born'\nnationality = \"state\\u007f\"\n"
    made = parse_map(text, "Person", header)

    assert [c for columns in made.properties.values() for c in columns] == list(header)
    assert parse_map(made.to_toml(), "Person", header) == made


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", "id,name\n1,Ren\u00e9".encode("latin-1"), "UTF-8"),
        ("a.xlsx", b"not a spreadsheet", "spreadsheet"),
        ("a.xlsx", b"PK\x03\x04broken", "damaged"),
        ("a.csv", b"id,id\n1,2", "twice"),
        ("a.csv", b"id,\n1,2", "no name"),
        ("a.csv", b"id\x00name\n1", "binary"),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_refused_by_name(name: str, content: bytes, problem: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        list(read_table(name, content).rows)

    assert problem in refused.value.fields["file"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("id = ", "map"),
        ('wrong = "x"', "map"),
        ('id = "nowhere"\n[properties]\nname = "b"', "id"),
        ('[properties]\nnme = "b"', "properties.nme"),
        ('[properties]\nname = "z"', "properties.name"),
        ('[link]\nsource = "a"', "link.target"),
        ('[link]\nsource = "a"\ntarget = "b"\ntype = "LIKES"', "link.type"),
    ],
)
def test_a_map_that_cannot_be_used_names_its_key(text: str, key: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_map(text, "Person", ("a", "b"))

    assert key in refused.value.fields


def test_ragged_repeated_and_empty_rows_are_rejected_with_their_number() -> None:
    table = read_table("a.csv", b"id,name\n1,A\n1,B\n2\n3,\n,C\n")

    incoming = apply_map(table, parse_map('id = "id"\n[properties]\nname = "name"', "Person", table.header), "Person")

    assert [r.key for r in incoming.records] == ["1"]
    assert [r.row for r in incoming.rejected] == [3, 4, 5, 6]
