"""A release as files: nothing that is held back is in any of them, and the same release is the same file."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from jpa.errors import InvalidInputError
from jpa.interchange import pdf
from jpa.interchange.editions import write_plain, write_sdmx, write_xlsx
from jpa.interchange.pdf import write_pdf
from jpa.model.release import Definition, Edition, Figure, Status, edition_of

pytestmark = pytest.mark.fast
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


def test_sdmx_has_a_line_per_figure_with_its_codes_and_marks() -> None:
    lines = write_sdmx(EDITION).decode().split("\r\n")

    assert lines == [
        "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,ROUNDING",
        "datastructure,JPA:DSD_PERSONS_ARRESTED(1.0),I,XA,2021,12,A,F,",
        "datastructure,JPA:DSD_PERSONS_ARRESTED(1.0),I,_U,2021,,Q,C,",
        "datastructure,JPA:DSD_PERSONS_ARRESTED(1.0),I,XA,_U,10,A,F,1",
        "datastructure,JPA:DSD_PERSONS_ARRESTED(1.0),I,_T,2021,,Q,C,",
        "datastructure,JPA:DSD_PERSONS_ARRESTED(1.0),I,_T,,40,A,F,",
        "",
    ]


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
