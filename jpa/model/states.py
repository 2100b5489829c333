"""The states that agencies belong to: the members of the Bali Process, and in the demo the fictional ones."""

from typing import Final

from jpa.model.codes import load
from jpa.model.value_types import COUNTRY_NAMES

MEMBERS: Final = load("bali_process_states").pairs
"""ISO 3166-1 alpha-2 code and name of each member."""

FICTIONAL: Final = tuple((code, COUNTRY_NAMES[code]) for code in ("XA", "XB", "XC", "XD", "XE"))
"""The states of the fictional region, in ISO's user-assigned range."""


def choices(*, demo: bool) -> tuple[tuple[str, str], ...]:
    """Return code and name of the states that an agency, a joint period or a plan can name, by name."""
    return tuple(sorted(MEMBERS + (FICTIONAL if demo else ()), key=lambda pair: pair[1]))


def name_of(code: str) -> str:
    """Return a state's name, or the code itself when it is unknown."""
    return dict(MEMBERS).get(code, COUNTRY_NAMES.get(code, code))
