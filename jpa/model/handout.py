"""Handouts: filled forms that left the agency; what they showed is remembered as releases are [T5, T8]."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Handout:
    """One form as it was handed out; nothing of it ever changes."""

    id: str
    agency: str
    form: str
    period: str
    """The year, or the joint period in words."""
    measures: Sequence[str]
    """What it counts, for finding it again."""
    rows_file: str
    cells_file: str
    """Names of the kept files: hashes of their bytes."""
    made_by: str
    made: datetime
