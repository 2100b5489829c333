"""Evidence: a file behind a report, and who has had it in hand."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_MOST_NAME: Final = 200
_KINDS: Final = frozenset(
    [
        "avi",
        "bmp",
        "csv",
        "doc",
        "docx",
        "eml",
        "gif",
        "gpx",
        "heic",
        "ijson",
        "jpeg",
        "jpg",
        "json",
        "kml",
        "m4a",
        "mov",
        "mp3",
        "mp4",
        "msg",
        "odt",
        "ods",
        "pdf",
        "png",
        "rtf",
        "tif",
        "tiff",
        "txt",
        "wav",
        "webm",
        "webp",
        "xls",
        "xlsx",
        "xml",
        "zip",
    ]
)
"""Endings that a downloaded file keeps; any other becomes `.bin`, so that no double click runs it."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file as it was attached to a report; its bytes lie encrypted in the folder."""

    id: str
    report: str
    case: str
    agency: str
    name: str
    """As it was called, without its folder; sealed identities are replaced."""
    size: int
    digest: str
    """SHA-256 of the content."""
    by: str
    added: datetime
    why: str
    """What the file shows, or why it is kept."""
    officer: str = ""
    """The officer's name, for the page."""
    restricted: tuple[str, ...] = ()
    """Pseudonyms of the victims whom it names: it opens only with an approved request for one of them (decision 0014)."""

    @property
    def download_name(self) -> str:
        """A name that is safe in a header and on any disk, made from the hash."""
        ending = self.name.rpartition(".")[2].lower()
        return f"evidence-{self.digest[:16]}.{ending if ending in _KINDS else 'bin'}"


@dataclass(frozen=True, slots=True)
class Custody:
    """One line of a file's custody log; every line is an event of the sealed audit log."""

    what: str
    by: str
    at: datetime
    why: str
    held: bool
    """Whether the hash was the one that was added."""


def plain_name(name: str) -> str:
    """Return what a file is called without folders and control characters, at most 200 characters."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(c for c in last if c.isprintable()).strip()
    return clean[-_MOST_NAME:] or "file without a name"
