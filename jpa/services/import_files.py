"""A file that is to be imported: what it claims to be, its columns, its rows, and the report that will state them."""

from dataclasses import dataclass
from typing import Any, Final

from jpa.errors import InvalidInputError
from jpa.interchange.column_map import ROWS, ColumnMap, apply_map, guess_map, parse_map
from jpa.interchange.ftm_in import read_ftm
from jpa.interchange.incoming import Incoming
from jpa.interchange.outcome_map import OUTCOME
from jpa.interchange.tabular import Table, read_lines, read_table
from jpa.model.draft import TypedReport
from jpa.model.grading import Grade
from jpa.model.outcome import marked, marking_of
from jpa.operations.drafts import Draft

_FTM_ENDINGS: Final = (".ijson", ".json", ".jsonl", ".ftm")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was uploaded or named."""

    name: str
    content: bytes
    type_name: str = "Person"
    """Kind of thing of a table's rows; FollowTheMoney says it itself."""
    map_text: str = ""
    """Column map; empty: guessed from the header."""
    dataset: str = ""
    """Name under which its ids are known; files of one dataset may point at each other's ids."""

    @property
    def is_ftm(self) -> bool:
        """Whether it holds FollowTheMoney entities, by its name."""
        return self.name.lower().endswith(_FTM_ENDINGS)


def incoming_of(file: File) -> Incoming:
    """Read all rows of a file; those that cannot be taken are rejected with the reason."""
    if file.is_ftm:
        return read_ftm(read_lines(file.content))
    table, columns = _mapped(file)
    return apply_map(table, columns, file.type_name)


def columns_of(file: File) -> ColumnMap:
    """Return the column map of a table: the one given, or the one guessed from the header."""
    return _mapped(file)[1]


def _mapped(file: File) -> tuple[Table, ColumnMap]:
    """Read a table as far as its first row, and say which of its columns is what."""
    if file.type_name not in {*ROWS, OUTCOME}:
        raise InvalidInputError("The file was not taken.", {"type": "Choose what the rows are."})
    table = read_table(file.name, file.content)
    if file.map_text.strip() != "":
        return table, parse_map(file.map_text, file.type_name, table.header)
    columns = guess_map(file.type_name, table.header)
    if len(columns.properties) == 0 and columns.outcome is None:
        raise InvalidInputError(
            "The columns were not recognised.",
            {"map": f"Write a column map; the columns are: {', '.join(table.header[:30])}"},
        )
    return table, columns


def pack_face(face: TypedReport) -> dict[str, Any]:
    """Write down the report that will state the rows, as plain JSON."""
    return {
        "case": face.case, "title": face.title, "source_reference": face.source_reference, "date": face.date, "text": face.text,
        "grade": [face.grade.scheme, face.grade.source, face.grade.information, face.grade.handling],
        "marking": marked(face.marking),
    }  # fmt: skip


def typed_face(draft: Draft, by: str) -> TypedReport:
    """Read the report back; rows that name their own reporter get one of their own."""
    face = draft.head["face"]
    reference = face["source_reference"] if by == "" else f"{face['source_reference']} ({by})"
    return TypedReport(
        face["case"],
        face["title"],
        reference,
        face["date"],
        Grade(*face["grade"]),
        marking_of(_flat(face["marking"])),
        face["text"],
    )


def _flat(marking: list[Any]) -> list[str]:
    """Read a draft of an earlier release too, which kept the names as a list before the handling code."""
    if len(marking) == 4 and isinstance(marking[2], list):
        tlp, release, names, handling = marking
        return [tlp, release, handling, *names]
    return marking
