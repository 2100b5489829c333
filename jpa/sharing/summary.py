"""The file of coded counts in a package: what it may say about victims and smuggled migrants, and nothing beside it (docs/package-format.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from jpa.model.summary import AXES, AXIS_LABELS, LEAST, TOTAL, UNKNOWN, Of, label_of
from jpa.sharing.refusal import refused
from jpa.sharing.strict import Number, Strict


class Figure(Strict):
    """How many persons have one code."""

    code: Annotated[str, Field(max_length=64)]
    """Of the axis' list; empty where it is not known."""
    count: Number


class SummaryLine(Strict):
    """The figures of one axis; what is not listed is none, or held back."""

    of: Literal["victims", "migrants"]
    by: Literal["total", "ageBand", "sex", "exploitation", "citizenship"]
    least: Number
    """No count is smaller."""
    figures: Annotated[list[Figure], Field(min_length=1, max_length=300)]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One count as it reads."""

    of: str
    by: str
    code: str
    count: str


def rows_of(lines: Iterable[SummaryLine]) -> list[SummaryRow]:
    """Return the counts with the labels of their codes; of lines that were found sound."""
    return [
        SummaryRow(line.of, AXIS_LABELS[line.by], label_of(Of(line.of), line.by, f.code), f.count)
        for line in lines
        for f in line.figures
    ]


def summary_line(of: Of, by: str, figures: Iterable[tuple[str, int]]) -> dict[str, object]:
    """Return the line of one axis."""
    return {
        "of": of.value,
        "by": by,
        "least": str(LEAST),
        "figures": [{"code": code, "count": str(number)} for code, number in figures],
    }


def require_coded(lines: Iterable[SummaryLine]) -> None:
    """Refuse a summary that says more than counts by codes that are known, none below its own threshold, each axis once and in order."""
    order = [(of.value, by) for of, axes in AXES.items() for by in (TOTAL, *axes)]
    place = -1
    for line in lines:
        where = f"Its summary of {line.of} by {line.by}"
        if (line.of, line.by) not in order[place + 1 :]:
            raise refused("content", f"{where} stands twice, out of order, or is none that there is.")
        place = order.index((line.of, line.by))
        if int(line.least) < LEAST or any(int(f.count) < int(line.least) for f in line.figures):
            raise refused("content", f"{where} has a count that is too small to be sent.")
        known = [TOTAL] if line.by == TOTAL else [UNKNOWN, *AXES[Of(line.of)][line.by]]
        places = [known.index(f.code) if f.code in known else -1 for f in line.figures]
        if -1 in places or any(places[n] <= places[n - 1] for n in range(1, len(places))):
            raise refused("content", f"{where} has a code that is not known, stands twice or out of order.")
