"""Malformed packages of every kind: refused in time with a reason, and nothing written outside the work folder."""

import random

import pytest

from tests.proofs.package_mutants import KINDS
from tests.proofs.packages import MOST_SECONDS, prove_round_trips, try_mutant


@pytest.mark.parametrize("kind", KINDS)
def test_a_malformed_package_is_refused(kind: str) -> None:
    cause, took = try_mutant(kind, random.Random(kind))

    assert cause != "", "accepted"
    assert took < MOST_SECONDS


def test_packages_arrive_whole_and_no_altered_one_does() -> None:
    assert "all refused" in prove_round_trips(10)
