"""Police grading of reports: 5x5x5, 3x5x2, Europol 4x4 and Admiralty [P2]; the original grade is always kept.

Codes and labels after reference section 4.7: HMRC manual MLR3C14000 (5x5x5), Europol guidelines (4x4), MISP taxonomy
admiralty-scale v5 (Admiralty; its extra source code G is not Admiralty and is refused).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class GradingScheme:
    """One published way to grade a source and its information."""

    name: str
    label: str
    sources: Mapping[str, str]
    information: Mapping[str, str]
    handling: Mapping[str, str]
    """Handling codes with their meaning; empty where the scheme has none."""
    source_score: Mapping[str, float]
    information_score: Mapping[str, float]


FIVE: Final = GradingScheme(
    "5x5x5",
    "5x5x5",
    {"A": "always reliable", "B": "mostly reliable", "C": "sometimes reliable", "D": "unreliable", "E": "untested"},
    {
        "1": "known to be true without reservation",
        "2": "known personally to the source, not to the officer",
        "3": "not known to the source, corroborated",
        "4": "cannot be judged",
        "5": "suspected false or malicious",
    },
    {
        "1": "other law enforcement and prosecuting agencies",
        "2": "non-prosecuting parties, authorised and recorded",
        "3": "law enforcement abroad, with conditions",
        "4": "originating agency only",
        "5": "no further dissemination, refer to the originator",
    },
    {"A": 1.0, "B": 0.8, "C": 0.5, "D": 0.2, "E": 0.4},
    {"1": 1.0, "2": 0.8, "3": 0.7, "4": 0.4, "5": 0.1},
)
THREE: Final = GradingScheme(
    "3x5x2",
    "3x5x2",
    {"1": "reliable", "2": "untested", "3": "not reliable"},
    {
        "A": "known directly to the source",
        "B": "known indirectly, corroborated",
        "C": "known indirectly",
        "D": "not known",
        "E": "suspected false",
    },
    {"P": "lawful sharing permitted", "C": "sharing permitted with conditions"},
    {"1": 0.9, "2": 0.4, "3": 0.2},
    {"A": 0.9, "B": 0.7, "C": 0.5, "D": 0.4, "E": 0.1},
)
EUROPOL: Final = GradingScheme(
    "4x4",
    "Europol 4x4",
    {"A": "no doubt", "B": "mostly reliable", "C": "mostly unreliable", "X": "cannot be assessed"},
    {
        "1": "not in doubt",
        "2": "known personally to the source only",
        "3": "not known to the source, corroborated by recorded data",
        "4": "not known to the source, not corroborated",
    },
    {
        "H0": "to prevent and combat crime only",
        "H1": "not in court without the provider's permission",
        "H2": "not onward without permission",
        "H3": "other, as stated",
    },
    {"A": 1.0, "B": 0.8, "C": 0.2, "X": 0.4},
    {"1": 1.0, "2": 0.8, "3": 0.7, "4": 0.4},
)
ADMIRALTY: Final = GradingScheme(
    "admiralty",
    "Admiralty",
    {
        "A": "completely reliable",
        "B": "usually reliable",
        "C": "fairly reliable",
        "D": "not usually reliable",
        "E": "unreliable",
        "F": "cannot be judged",
    },
    {
        "1": "confirmed",
        "2": "probably true",
        "3": "possibly true",
        "4": "doubtful",
        "5": "improbable",
        "6": "cannot be judged",
    },
    {},
    {"A": 1.0, "B": 0.8, "C": 0.6, "D": 0.3, "E": 0.1, "F": 0.4},
    {"1": 1.0, "2": 0.8, "3": 0.6, "4": 0.3, "5": 0.1, "6": 0.4},
)
SCHEMES: Final[Mapping[str, GradingScheme]] = {s.name: s for s in (FIVE, THREE, EUROPOL, ADMIRALTY)}


@dataclass(frozen=True, slots=True)
class Grade:
    """How sure a report is, in the scheme that its author used; mandatory."""

    scheme: str
    source: str
    information: str
    handling: str = ""

    def __post_init__(self) -> None:
        """Refuse codes that the scheme does not have."""
        declared = SCHEMES.get(self.scheme)
        if declared is None:
            raise InvalidInputError(
                "The grade was not understood.", {"grade_scheme": f"Choose one of {', '.join(SCHEMES)}."}
            )
        problems = {}
        if self.source not in declared.sources:
            problems["grade_source"] = f"{declared.label} grades a source {' '.join(declared.sources)}."
        if self.information not in declared.information:
            problems["grade_information"] = f"{declared.label} grades information {' '.join(declared.information)}."
        if self.handling != "" and self.handling not in declared.handling:
            codes = " ".join(declared.handling) or "none"
            problems["handling"] = f"{declared.label} has the handling codes: {codes}."
        if len(problems) > 0:
            raise InvalidInputError("The grade was not understood.", problems)

    @property
    def caption(self) -> str:
        """As officers say it: B2; in 3x5x2 2B."""
        return f"{self.source}{self.information}"

    @property
    def words(self) -> str:
        """The grade in words, with its scheme."""
        declared = SCHEMES[self.scheme]
        return f"source {declared.sources[self.source]}, {declared.information[self.information]} ({declared.label})"

    @property
    def score(self) -> float:
        """0 to 1, source times information by the scheme's table; for line styles and evidence floors only."""
        declared = SCHEMES[self.scheme]
        return round(declared.source_score[self.source] * declared.information_score[self.information], 3)


def convert(grade: Grade, scheme: str) -> Grade:
    """Convert to the codes of another scheme with the nearest score; lossy, the original must be kept beside it."""
    old, new = SCHEMES[grade.scheme], SCHEMES[scheme]
    if old is new:
        return grade
    source = _nearest(new.source_score, old.source_score[grade.source])
    information = _nearest(new.information_score, old.information_score[grade.information])
    return Grade(scheme, source, information)


def _nearest(table: Mapping[str, float], score: float) -> str:
    return min(table, key=lambda code: (abs(table[code] - score), code))
