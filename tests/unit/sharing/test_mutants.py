"""Malformed packages of every kind: refused in time with a reason, and nothing written outside the work folder."""

import random

import pytest

from tests.proofs.audiences import check_audience
from tests.proofs.package_mutants import KINDS
from tests.proofs.packages import MOST_SECONDS, check_mutant, check_round_trip, try_mutant


@pytest.mark.parametrize("kind", KINDS)
def test_a_malformed_package_is_refused(kind: str) -> None:
    cause, took = try_mutant(kind, random.Random(kind))

    assert cause != "", "accepted"
    assert took < MOST_SECONDS


def test_packages_arrive_whole_and_no_altered_one_does() -> None:
    assert [fault for n in range(10) if (fault := check_round_trip(n)) != ""] == []


def test_mutants_of_other_seeds_are_refused_too() -> None:
    assert [fault for n in range(1_000, 1_050) if (fault := check_mutant(n)) != ""] == []


def test_no_package_holds_more_than_its_audience_may_have() -> None:
    assert [fault for n in range(300) if (fault := check_audience(n)) != ""] == []
