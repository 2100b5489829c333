"""The case graph as it is drawn: ties between entities, and how much a canvas holds."""

from dataclasses import dataclass
from typing import Final

MOST_THINGS: Final = 2000
"""A canvas of 2,000 things stays above 30 frames a second on two cores; above it the officer filters."""
MOST_TIES: Final = 5000


@dataclass(frozen=True, slots=True)
class ChartTie:
    """One tie between two entities on the chart."""

    id: str
    type: str
    source: str
    target: str
    scheme: str
    grade_source: str
    grade_information: str
    date: str
