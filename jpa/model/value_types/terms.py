"""Lengths of sentences, in months."""

import re
from decimal import Decimal
from typing import Final

from jpa.model.value_types.base import Context, Value, ValueType
from jpa.model.value_types.numbers import decimal_of
from jpa.model.value_types.text import ascii_digits, fold_space, kept

_PARTS: Final = re.compile(
    r"(?:(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:y|yr|yrs|years?))?[\s,]*(?:and\s+)?(?:(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:m|mo|mths?|months?))?"
    r"[\s,]*(?:and\s+)?(?:(\d{1,5})\s*(?:d|days?))?",
    re.IGNORECASE,
)
_MONTHS_ALONE: Final = re.compile(r"\d{1,5}(?:\.\d)?")
_DAYS_IN_MONTH: Final = Decimal("30.4375")


def clean_term(typed: str, _: Context) -> Value:
    """Understand a length: 3 years 6 months, 18 m, 90 days, or a number of months alone."""
    text = ascii_digits(fold_space(typed))
    if _MONTHS_ALONE.fullmatch(text) is not None:
        return Value(typed, text, "read as months")
    match = _PARTS.fullmatch(text)
    if match is None or not any(match.groups()):
        return kept(typed, "no such length; write it as 3 years 6 months, 18 months or 90 days")
    years, months, days = (decimal_of(part) or Decimal() if part else Decimal() for part in match.groups())
    whole = years * 12 + months + days / _DAYS_IN_MONTH
    return Value(typed, f"{whole.quantize(Decimal('0.1')).normalize():f}")


def caption_term(clean: str) -> str:
    """Write months as years and months: 3 years 6 months."""
    months = Decimal(clean)
    years, rest = divmod(months, 12)
    words = [
        f"{years:f} year{'' if years == 1 else 's'}" if years else "",
        f"{rest.normalize():f} month{'' if rest == 1 else 's'}" if rest or not years else "",
    ]
    return " ".join(word for word in words if word)


TERM: Final = ValueType(
    "term", "Length of a sentence", clean_term, caption_term, hint="3 years 6 months, 18 months or 90 days"
)
