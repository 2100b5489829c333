"""Lengths of sentences, in months."""

import pytest

from jpa.model.value_types import TERM, Context

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("typed", "months", "shown"),
    [
        ("3 years 6 months", "42", "3 years 6 months"),
        ("18 m", "18", "1 year 6 months"),
        ("90 days", "3", "3 months"),
        ("1.5 years", "18", "1 year 6 months"),
        ("2 yrs and 3 mths", "27", "2 years 3 months"),
        ("12", "12", "1 year"),
    ],
)
def test_a_length_is_understood_in_months_and_shown_in_years(typed: str, months: str, shown: str) -> None:
    value = TERM.clean(typed, Context())

    assert value.clean == months
    assert TERM.caption(months) == shown


def test_what_is_no_length_is_kept_as_typed() -> None:
    value = TERM.clean("until he dies", Context())

    assert (value.typed, value.clean) == ("until he dies", None)
    assert value.flag is not None
    assert "18 months" in value.flag
