"""Saved views: tables of the figures that an officer asks for again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class View:
    """One table under a name; what it shows is counted anew each time it is opened."""

    id: str
    name: str
    agency: str
    officer: str
    shared: bool
    """Whether the officer's whole agency sees it."""
    measure: str
    dimensions: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]]
    credit: str
    jpa: str
    saved: datetime
