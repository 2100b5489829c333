"""Ties as they are typed."""

import pytest

from jpa.errors import InvalidInputError
from jpa.model.catalogue import LINK_TYPES
from jpa.web.ties import read_details, read_tie

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1 crew of 2", ("CREW_OF", "1", "2", {})),
        ("2 crewed by 1, helmsman", ("CREW_OF", "1", "2", {"role": ["helmsman"]})),
        (
            "1 crew of 2, role: helmsman, from: 9.3.2024",
            ("CREW_OF", "1", "2", {"role": ["helmsman"], "startDate": ["9.3.2024"]}),
        ),
        (
            "4 sent money to k1, amount: 5,000.50, currency: MYR, purpose: fuel, ice and rope",
            (
                "TRANSFERRED",
                "4",
                "k1",
                {"amount": ["5,000.50"], "currency": ["MYR"], "purpose": ["fuel, ice and rope"]},
            ),
        ),
        ("K2  Called 3, 14", ("CALLED", "k2", "3", {"count": ["14"]})),
    ],
)
def test_a_line_that_begins_with_a_number_ties_two_things(
    line: str, expected: tuple[str, str, str, dict[str, list[str]]]
) -> None:
    tie = read_tie(line)

    assert tie is not None
    assert (tie.declared.name, tie.source, tie.target, tie.details) == expected


@pytest.mark.parametrize("line", ["person Rahim 2", "1 flies with 2", "1 crew of", "crew of 2", "phone 0812 3456", ""])
def test_what_is_no_tie_is_left_to_the_other_lines(line: str) -> None:
    assert read_tie(line) is None


def test_an_unknown_detail_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidInputError, match="role"):
        read_details(LINK_TYPES["CREW_OF"], "shoe size: 43")
