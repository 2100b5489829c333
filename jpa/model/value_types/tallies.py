"""Tallies: how many of which state, typed as one word pair."""

import re
from typing import Final

from jpa.model.value_types.base import Context, Value, ValueType
from jpa.model.value_types.codes import COUNTRY
from jpa.model.value_types.text import ascii_digits, fold_space, kept

_FIRST: Final = re.compile(r"(\d{1,5})\s*[:=]?\s*(\D+)")
_LAST: Final = re.compile(r"(\D+?)\s*[:=]?\s*(\d{1,5})")
_CURE: Final = "a number with a state: 40 Myanmar, or MM 40"


def _clean_tally(typed: str, context: Context) -> Value:
    text = ascii_digits(fold_space(typed))
    match = _FIRST.fullmatch(text)
    number, state = (match[1], match[2]) if match is not None else ("", "")
    if match is None and (match := _LAST.fullmatch(text)) is not None:
        state, number = match[1], match[2]
    code = COUNTRY.clean(state, context).clean if state != "" else None
    return kept(typed, _CURE) if code is None else Value(typed, f"{code} {int(number)}")


def tally_of(clean: str) -> tuple[str, int]:
    """Return state and number of an understood tally."""
    code, _, number = clean.partition(" ")
    return code, int(number)


def _caption(clean: str) -> str:
    code, number = tally_of(clean)
    return f"{number} {COUNTRY.caption(code)}"


TALLY: Final = ValueType("tally", "Number by state", _clean_tally, _caption, hint="40 Myanmar, 12 Bangladesh")
