"""A release as files: nothing that is held back is in any of them, and the same release is the same file."""

import csv
import io
import json
import re
import zipfile

import pytest
from openpyxl import load_workbook

from jpa.errors import InvalidInputError
from jpa.interchange import pdf
from jpa.interchange.editions import write_plain, write_xlsx
from jpa.interchange.pdf import write_pdf
from jpa.interchange.sdmx import code_of, write_sdmx, write_structure
from jpa.model.release import Definition, Edition, Figure, Status, edition_of

pytestmark = pytest.mark.fast
URN = "urn:sdmx:org.sdmx.infomodel."
EDITION = Edition(
    definition=Definition(
        "=HYPERLINK(1)", "persons_arrested", ("year", "state"), {"sex": ("F", "")}, "all", "", 5, 5, 1
    ),
    label="Persons arrested",
    rules="Unit: person.",
    whose="own agency's outcomes",
    axes=("Year", "State"),
    figures=(
        Figure(("2021", "XA"), "12", Status.SHOWN),
        Figure(("2021", ""), "", Status.SUPPRESSED),
        Figure(("", "XA"), "10", Status.ROUNDED),
        Figure(("2021", None), "", Status.SUPPRESSED),
        Figure((None, None), "40", Status.SHOWN),
    ),
    snapshot="s" * 64,
    root="r" * 64,
    code="jpa 0.1.0",
    counted="2026-11-24",
)


STRUCTURE = f"JPA:DSD_PERSONS_ARRESTED_{EDITION.hash[:8].upper()}(1.0.0)"


def test_sdmx_has_a_line_per_figure_with_its_codes_and_marks() -> None:
    lines = write_sdmx(EDITION).decode().split("\r\n")

    assert lines == [
        "STRUCTURE,STRUCTURE_ID,ACTION,YEAR,REF_AREA,OBS_VALUE,OBS_STATUS,CONF_STATUS,ROUNDING",
        f"datastructure,{STRUCTURE},I,2021,XA,12,A,F,",
        f"datastructure,{STRUCTURE},I,2021,_U,,Q,C,",
        f"datastructure,{STRUCTURE},I,_U,XA,10,A,F,1",
        f"datastructure,{STRUCTURE},I,2021,_T,,Q,C,",
        f"datastructure,{STRUCTURE},I,_T,_T,40,A,F,",
        "",
    ]


def test_the_structure_beside_it_declares_every_column_and_every_code_that_the_csv_uses() -> None:
    lines = list(csv.DictReader(io.StringIO(write_sdmx(EDITION).decode())))
    message = json.loads(write_structure(EDITION))
    [dsd] = message["data"]["dataStructures"]
    lists = {f"{URN}codelist.Codelist=JPA:{c['id']}({c['version']})": c for c in message["data"]["codelists"]}
    concepts = {
        f"{URN}conceptscheme.Concept=JPA:CS_JPA(1.0.0).{c['id']}"
        for c in message["data"]["conceptSchemes"][0]["concepts"]
    }
    parts = dsd["dataStructureComponents"]
    columns = [
        *parts["dimensionList"]["dimensions"],
        *parts["measureList"]["measures"],
        *parts["attributeList"]["attributes"],
    ]

    assert f"JPA:{dsd['id']}({dsd['version']})" == STRUCTURE
    assert ["STRUCTURE", "STRUCTURE_ID", "ACTION", *(c["id"] for c in columns)] == list(lines[0])
    assert {c["conceptIdentity"] for c in columns} == concepts
    for column in columns:
        told = lists.get(column["localRepresentation"].get("enumeration", ""))
        if told is not None:
            assert {line[column["id"]] for line in lines} <= {code["id"] for code in told["codes"]}
    assert sorted(n for c in columns for n in [c.get("position")] if n is not None) == [0, 1]
    assert set(message["meta"]) >= {"id", "prepared", "sender"}
    assert write_structure(EDITION) == write_structure(EDITION)


@pytest.mark.parametrize(
    ("label", "code"), [(None, "_T"), ("", "_U"), ("0–8", "0$2013$8"), ("Act s. 6(1)", "Act$20$s$2e$$20$6$28$1$29$")]
)
def test_a_code_is_of_the_signs_that_sdmx_allows(label: str | None, code: str) -> None:
    assert code_of(label) == code
    assert re.fullmatch(r"[A-Za-z0-9_@$-]+", code)


def test_csv_and_workbook_say_suppressed_and_carry_the_definition() -> None:
    lines = write_plain(EDITION).decode("utf-8-sig").splitlines()
    book = load_workbook(io.BytesIO(write_xlsx(EDITION)))

    assert lines[2] == "2021,unknown,suppressed,suppressed,Unit: person."
    rows = [[c.value for c in row] for row in book["Table"].iter_rows()]
    assert rows[2] == ["2021", "unknown", "suppressed", "suppressed"]
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Definition"] == "Unit: person."
    assert about["Title"] == "'=HYPERLINK(1)"


def test_a_workbook_tells_nothing_of_when_it_was_written() -> None:
    with zipfile.ZipFile(io.BytesIO(write_xlsx(EDITION))) as book:
        dates = {entry.date_time for entry in book.infolist()}
        core = book.read("docProps/core.xml").decode()

    assert dates == {(1980, 1, 1, 0, 0, 0)}
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert write_xlsx(EDITION) == write_xlsx(EDITION)


def test_an_edition_read_back_is_the_same_to_the_byte() -> None:
    assert edition_of(EDITION.content()) == EDITION
    assert edition_of(EDITION.content()).hash == EDITION.hash


def test_a_pdf_is_set_and_nothing_is_fetched_for_it() -> None:
    assert write_pdf("<h1>Arrests</h1>").startswith(b"%PDF-")

    with pytest.raises(InvalidInputError, match="fetched"):
        pdf._refuse("file:///etc/passwd")
