"""Surge warnings: the stated false-alarm rates hold in simulated records, large surges are found, short records warn of nothing."""

import pytest

from jpa.statistics.surges import LEAST_NOW, LEAST_YEARS, Series, Verdict, compare, read_surges
from tests.proofs.surges import check_surges
from tests.unit.statistics.test_incidents import fact

pytestmark = pytest.mark.fast
BEACH = Series("Beach", None)


def monthly(counts: dict[int, int], month: int = 9) -> dict[str, int]:
    """Give the same number in three months of each year."""
    return {f"{year}-{m:02d}": n for year, n in counts.items() for m in (month - 1, month, month + 1)}


def test_the_stated_false_alarm_rates_hold_and_large_surges_are_found() -> None:
    assert check_surges(1, months=30) == ""


def test_a_surge_is_told_with_what_is_usual_and_what_it_rests_on() -> None:
    counts = {BEACH: {**monthly(dict.fromkeys(range(2021, 2026), 2)), "2026-09": 14}}

    [reading] = compare(counts, "2020-01", "2026-09").readings

    assert reading.verdict is Verdict.SURGE
    assert reading.expected == pytest.approx(2.0)
    assert 6 <= reading.bound <= 14
    assert len(reading.before) == 15
    assert {n for _, n in reading.before} == {2}


def test_records_of_too_few_years_warn_of_nothing_and_say_so() -> None:
    counts = {BEACH: {**monthly({2024: 2, 2025: 2}), "2026-09": 60}}

    [reading] = compare(counts, "2024-03", "2026-09").readings

    assert reading.verdict is Verdict.TOO_LITTLE
    assert reading.why == f"the records cover this season in 2 earlier years; {LEAST_YEARS} are needed"


def test_a_new_place_is_named_and_not_warned_of() -> None:
    counts = {BEACH: monthly(dict.fromkeys(range(2021, 2026), 2)), Series("Cove", None): {"2026-09": 30}}

    found = compare(counts, "2020-01", "2026-09")

    assert [r.series.place for r in found.of(Verdict.TOO_LITTLE)] == ["Cove"]
    assert found.tested == 1
    assert found.warnings == []


def test_steady_growth_is_no_surge_and_the_same_number_without_growth_is_one() -> None:
    growing = {Series("A", None): {**monthly({2021: 4, 2022: 6, 2023: 9, 2024: 13, 2025: 20}), "2026-09": 30}}
    level = {Series("A", None): {**monthly(dict.fromkeys(range(2021, 2026), 9)), "2026-09": 30}}

    assert compare(growing, "2020-01", "2026-09").warnings == []
    assert len(compare(level, "2020-01", "2026-09").warnings) == 1


def test_a_surge_of_last_year_does_not_hide_this_year_s() -> None:
    counts = {BEACH: {**monthly(dict.fromkeys(range(2021, 2026), 2)), "2025-09": 20, "2026-09": 20}}

    assert len(compare(counts, "2020-01", "2026-09").warnings) == 1


def test_two_incidents_are_no_surge_and_one_place_with_one_route_is_told_once() -> None:
    usual = [fact(f"{year}-09-02", place="Beach", origin="MM", destination="MY") for year in range(2021, 2026)]
    more = [fact("2026-09-02", place="Beach", origin="MM", destination="MY") for _ in range(LEAST_NOW - 1)]

    [reading] = read_surges([fact("2020-01-01"), *usual, *more], "2026-09").readings

    assert reading.series == Series("Beach", "MM>MY")
    assert (reading.verdict, reading.p) == (Verdict.USUAL, 1.0)
