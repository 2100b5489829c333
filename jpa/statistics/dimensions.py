"""Dimensions: by what a measure can be broken down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to break a figure down."""

    name: str
    label: str
    note: str = ""
    confidential: bool = False
    """Never leaves the agency in a release: finer than what is published, or a place in the agency's own books."""


DIMENSIONS: Final[Mapping[str, Dimension]] = {
    d.name: d
    for d in (
        Dimension("year", "Year"),
        Dimension("month", "Month"),
        Dimension("state", "State", "By the measure's place rule."),
        Dimension("agency", "Agency", "The agency that reports it."),
        Dimension("kind", "Kind of outcome"),
        Dimension("offence", "Offence (ICCS)", "By the article's entry in the table of articles, or as stated with the outcome."),
        Dimension("article", "National article"),
        Dimension("sex", "Sex"),
        Dimension("citizenship", "Citizenship"),
        Dimension("ageBand", "Age band", "Bands of the CTDC codebook."),
        Dimension("exploitation", "Form of exploitation", "The first form stated, in the order of HTCDS."),
        Dimension("partner", "Other state"),
        Dimension("result", "Result of the appeal"),
        Dimension("sentence", "Kind of sentence"),
        Dimension("what", "What was seized"),
        Dimension("court", "Court"),
        Dimension("place", "Place", confidential=True),
        Dimension("case", "Case", confidential=True),
    )
}  # fmt: skip
"""Every dimension by name."""

WHERE: Final = "where"
"""Column behind `state` for measures that count where it happened."""
REPORTING: Final = "reporting"
"""Column behind `state` for measures that count by the state of the reporting agency."""
RETURN: Final = "return"
"""Column that names the accepted return which an outcome came in; unknown for what stands in the own ledger."""
