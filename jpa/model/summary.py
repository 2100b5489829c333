"""The coded summary: the one thing that a package may say about victims and smuggled migrants, and all that it may be made of.

Counts by codes of lists that exist in the system, one axis at a time: no name, no id, no free text, no date, no count below `LEAST`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model import codes
from jpa.model.catalogue import VICTIM
from jpa.model.value_types import COUNTRY_NAMES, GENDER

LEAST: Final = 11
"""No count is smaller: the CTDC's threshold for victims, here for migrants too."""
TOTAL: Final = "total"
"""The axis of the one figure that counts everybody."""
UNKNOWN: Final = ""
MOST_WORDS: Final = 300
"""Of a basis or a purpose: the record of release stays one page."""
NO_VICTIM: Final = "NotAVictimOfTrafficking"
"""Trafficking status of whoever was found to be no victim; nobody counts them."""


class Of(StrEnum):
    """Who is counted."""

    VICTIMS = "victims"
    MIGRANTS = "migrants"


def _victims(name: str) -> Mapping[str, str]:
    return dict(next(p.type.choices for p in VICTIM.coded if p.name == name))


AXES: Final[Mapping[Of, Mapping[str, Mapping[str, str]]]] = {
    Of.VICTIMS: {
        "ageBand": _victims("ageBand"),
        "sex": _victims("gender"),
        "exploitation": _victims("exploitation"),
        "citizenship": COUNTRY_NAMES,
    },
    Of.MIGRANTS: {"ageBand": _victims("ageBand"), "sex": dict(GENDER.choices), "citizenship": COUNTRY_NAMES},
}
"""By whom and by what is counted: each axis with its codes and their labels."""

AXIS_LABELS: Final[Mapping[str, str]] = {
    TOTAL: "All",
    "ageBand": "Age band",
    "sex": "Sex",
    "exploitation": "Form of exploitation",
    "citizenship": "Citizenship",
}


@dataclass(frozen=True, slots=True)
class SummaryAsk:
    """That an officer asks for a summary, on which legal basis, what for: kept by the sender, never sent."""

    basis: str
    purpose: str

    def __post_init__(self) -> None:
        """Refuse what says nothing, or too much."""
        fields = {
            name: f"Say it, in at most {MOST_WORDS} characters."
            for name, text in (("summary_basis", self.basis), ("summary_purpose", self.purpose))
            if text.strip() == "" or len(text) > MOST_WORDS
        }
        if len(fields) > 0:
            raise InvalidInputError("A summary of protected persons needs a legal basis and a purpose.", fields)


def label_of(of: Of, by: str, code: str) -> str:
    """Return how a code reads."""
    if by == TOTAL:
        return "everybody counted"
    return "unknown" if code == UNKNOWN else AXES[of][by].get(code, code)


def age_band(born: str, on: str) -> str:
    """Return the CTDC band of the age that a partial date of birth gives on another partial date; unknown where several are possible."""
    if born == "" or on == "":
        return UNKNOWN
    youngest = _age(_whole(born, "12-31"), _whole(on, "01-01"))
    oldest = _age(_whole(born, "01-01"), _whole(on, "12-31"))
    bands = {_band(age) for age in (youngest, oldest)}
    return bands.pop() if len(bands) == 1 else UNKNOWN


def _whole(partial: str, rest: str) -> str:
    """Complete a year, or a year and month, by the first or last of them."""
    return {4: f"{partial}-{rest}", 7: f"{partial}-{rest[3:]}"}.get(len(partial), partial)


def _age(born: str, on: str) -> int:
    return int(on[:4]) - int(born[:4]) - (on[5:] < born[5:])


def _band(age: int) -> str:
    for code, _ in codes.load("ctdc_age_bands").pairs:
        least, _dash, most = code.rstrip("+").partition("–")  # noqa: RUF001 -- as the CTDC codebook writes its bands
        if int(least) <= age <= int(most or 150):
            return code
    return UNKNOWN
