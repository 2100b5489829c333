"""A release as files: CSV and XLSX, each the same bytes whenever and wherever it is written."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Final

from jpa.interchange.spreadsheet import Sheet, write_csv, write_workbook
from jpa.model.release import Edition, Figure, Status

HELD_BACK: Final = "suppressed"
ALL: Final = "all"
UNKNOWN: Final = "unknown"
_CREDITED: Final = {
    "in the period": "what is dated in the period",
    "because of the period": "what two officers signed to have come of the period, whenever; an outcome claimed in part counts as that part",
}
_CHANGED: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def write_plain(edition: Edition) -> bytes:
    """Write a CSV for people: a line per figure, its definition in every line."""
    header = (*edition.axes, edition.label, "Status", "Definition")
    rows = [(*_labels(f), _printed(f), f.status.value, edition.rules) for f in edition.figures]
    return write_csv(header, rows).encode()


def write_xlsx(edition: Edition) -> bytes:
    """Write a workbook: the table, and a sheet that says what it is."""
    header = (*edition.axes, edition.label, "Status")
    rows = [(*_labels(f), _printed(f), f.status.value) for f in edition.figures]
    about = Sheet("About", ("What", "Value"), about_edition(edition))
    return _steady(write_workbook([Sheet("Table", header, rows), about]))


def about_edition(edition: Edition, day: Callable[[str], str] = str) -> Sequence[tuple[str, str]]:
    """Say what a release is, in pairs, for whoever reads any of its files; `day` writes a day for whoever reads it on a page."""
    definition = edition.definition
    rounding = f"to multiples of {definition.rounding}, up or down" if definition.rounding > 1 else "none"
    period = (
        [("Joint period", edition.period or definition.jpa), ("Credited", _CREDITED[definition.credit])]
        if definition.jpa and definition.credit in _CREDITED
        else []
    )
    filters = [
        ("Only", f"{d}: {', '.join(label or UNKNOWN for label in labels)}")
        for d, labels in sorted(definition.where.items())
    ]
    return [
        ("Title", definition.title),
        ("Counted", edition.label),
        ("Definition", edition.rules),
        ("Whose", edition.whose),
        ("Counted on", day(edition.counted)),
        *period,
        *filters,
        ("Held back", f"figures of 1 to {definition.k - 1}, and others that would tell one of them to less than {definition.width} apart"),
        ("Totals", "A person, charge or case counts once in each figure, so a total can be less than the sum of its cells"),
        ("Rounding", rounding),
        ("Made by", edition.code),
        ("Snapshot", edition.snapshot),
        ("Merkle root of the outcomes", edition.root),
        ("Hash of this edition", edition.hash),
    ]  # fmt: skip


def _labels(figure: Figure) -> list[str]:
    return [ALL if label is None else label or UNKNOWN for label in figure.place]


def _printed(figure: Figure) -> str:
    return HELD_BACK if figure.status is Status.SUPPRESSED else figure.printed


def _steady(workbook: bytes) -> bytes:
    """Take the moment of writing out of a workbook, so that the same table is the same file."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _CHANGED.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return written.getvalue()
