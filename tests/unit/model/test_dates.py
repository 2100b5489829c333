"""Dates of the region's calendars: published vectors, every day against ICU, partial ones, and what stays in doubt."""

from datetime import date, timedelta

import icu
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpa.model.value_types import BIRTH_DATE, DATE, Context
from jpa.model.value_types.bikram_sambat import FIRST_YEAR, NEW_YEAR, month_lengths
from jpa.model.value_types.calendars import Era, to_gregorian

pytestmark = pytest.mark.fast
TODAY = date(2026, 11, 24)
THAI, NEPALI, IRANIAN, INDONESIAN = (Context(state, TODAY) for state in ("TH", "NP", "IR", "ID"))


@pytest.mark.parametrize(
    ("context", "typed", "clean"),
    [
        # Buddhist era, as the Thai civil calendar counts it: 543 years ahead since 1941.
        (THAI, "12/03/2567", "2024-03-12"),
        (THAI, "๑๒ มีนาคม ๒๕๖๗", "2024-03-12"),
        (THAI, "12 มี.ค. 2567", "2024-03-12"),
        (THAI, "พ.ศ. 2530", "1987"),
        (INDONESIAN, "BE 2567", "2024"),
        # Tabular Hijri: the dates of the table in Reingold and Dershowitz, Calendrical Calculations, appendix C.
        (INDONESIAN, "1518-03-05 AH", "2094-07-18"),
        (INDONESIAN, "1460-10-12 AH", "2038-11-10"),
        (INDONESIAN, "1445-09-01", "2024-03-11"),
        (INDONESIAN, "1 Ramadan 1445", "2024-03-11"),
        (INDONESIAN, "10 Dzulhijjah 1445", None),
        (INDONESIAN, "10 Zulhijjah 1445 AH", "2024-06-17"),
        # Solar Hijri: the official new years of 1400 and 1403, the leap day of 1399, 22 Bahman 1357.
        (IRANIAN, "1400/01/01", "2021-03-21"),
        (IRANIAN, "1403-01-01", "2024-03-20"),
        (IRANIAN, "1399-12-30", "2021-03-20"),
        (IRANIAN, "22 Bahman 1357", "1979-02-11"),
        (THAI, "1 Farvardin 1403", "2024-03-20"),
        (IRANIAN, "1473-04-28 SH", "2094-07-18"),
        # Bikram Sambat: the Gorkha earthquake, the constitution, new years, the examples of medic/bikram-sambat.
        (NEPALI, "12 Baisakh 2072", "2015-04-25"),
        (NEPALI, "2072-06-03 BS", "2015-09-20"),
        (NEPALI, "2081-01-01 BS", "2024-04-13"),
        (NEPALI, "2073-12-15 B.S.", "2017-03-28"),
        (NEPALI, "वि.सं. २०८१-०४-०९", "2024-07-24"),
        (NEPALI, "2045-05-20", "1988-09-05"),
        (NEPALI, "2045", "1988"),
    ],
)  # fmt: skip
def test_a_published_date_is_converted(context: Context, typed: str, clean: str | None) -> None:
    value = DATE.clean(typed, context)

    assert value.typed == typed
    assert value.clean == clean


@pytest.mark.parametrize(
    ("context", "typed", "said"),
    [
        (THAI, "12/03/2567", "Buddhist era 2567"),
        (INDONESIAN, "1445-09-01", "Hijri 1445, tabular calendar"),
        (IRANIAN, "1403-01-01", "Solar Hijri 1403"),
        (NEPALI, "12 Baisakh 2072", "Bikram Sambat 2072"),
        (NEPALI, "2062-02-05 BS", "sources differ by a day"),
        (NEPALI, "2091-02-05 BS", "only the year is taken"),
        (NEPALI, "2020-05-01", "write 2020 BS if it is Bikram Sambat (1963)"),
    ],
)
def test_what_was_converted_or_stays_in_doubt_is_said_beside_what_was_typed(
    context: Context, typed: str, said: str
) -> None:
    value = DATE.clean(typed, context)

    assert value.typed == typed
    assert said in (value.flag or "")


@pytest.mark.parametrize(
    "typed", ["2081-13-01 BS", "2081-02-33 BS", "1445-09-31 AH", "1403-07-31 SH", "9999 AH", "0 BE"]
)
def test_a_day_that_its_calendar_does_not_have_is_kept_as_typed(typed: str) -> None:
    value = DATE.clean(typed, NEPALI)

    assert (value.typed, value.clean) == (typed, None)
    assert value.flag is not None


@pytest.mark.parametrize(
    ("typed", "clean"),
    [("1987", "1987"), ("1987-04", "1987-04"), ("04/1987", "1987-04"), ("Apr 1987", "1987-04"), ("เม.ย. 2530", "1987-04"), ("about 1987", "1987")],
)  # fmt: skip
def test_a_partial_date_stays_partial(typed: str, clean: str) -> None:
    assert DATE.clean(typed, THAI).clean == clean


@pytest.mark.parametrize(
    ("context", "typed", "clean"),
    [
        (INDONESIAN, "1987-01-01", "1987"),
        (INDONESIAN, "01.01.1987", "1987"),
        (THAI, "1 ม.ค. 2530", "1987"),
        (INDONESIAN, "1987-01-02", "1987-01-02"),
        (INDONESIAN, "1987-01", "1987-01"),
        (IRANIAN, "11 Dey 1365", "1987-01-01"),
    ],
)
def test_a_birthday_on_the_first_of_january_is_a_year_alone(context: Context, typed: str, clean: str) -> None:
    value = BIRTH_DATE.clean(typed, context)

    assert (value.typed, value.clean) == (typed, clean)
    assert ("year alone" in (value.flag or "")) == (clean == "1987")


def test_another_date_on_the_first_of_january_is_that_day() -> None:
    assert DATE.clean("2024-01-01", INDONESIAN).clean == "2024-01-01"


@pytest.mark.parametrize(("era", "name", "first", "last"), [(Era.HIJRI, "islamic-civil", 1300, 1500), (Era.SOLAR_HIJRI, "persian", 1300, 1450)])  # fmt: skip
def test_every_day_agrees_with_icu(era: Era, name: str, first: int, last: int) -> None:
    calendar = icu.Calendar.createInstance(icu.TimeZone.getGMT(), icu.Locale(f"en@calendar={name}"))
    for year in range(first, last):
        for month in range(12):
            calendar.clear()
            calendar.set(icu.UCalendarDateFields.YEAR, year)
            calendar.set(icu.UCalendarDateFields.MONTH, month)
            calendar.set(icu.UCalendarDateFields.DATE, 1)
            expected = date(1970, 1, 1) + timedelta(days=int(calendar.getTime() // 86_400))

            parts, _ = to_gregorian(era, (year, month + 1, 1))

            assert parts == (expected.year, expected.month, expected.day), (year, month + 1)


def test_bikram_sambat_years_begin_in_mid_april_and_follow_one_another_without_a_gap() -> None:
    day = NEW_YEAR
    for year in range(FIRST_YEAR, FIRST_YEAR + 84):
        lengths = month_lengths(year)
        assert lengths is not None
        assert (day.month, day.day in range(12, 16)) == (4, True)
        assert sum(lengths) in {365, 366}
        for month, length in enumerate(lengths, start=1):
            for number in (1, length):
                parts, _ = to_gregorian(Era.BIKRAM_SAMBAT, (year, month, number))
                moment = day + timedelta(days=number - 1)
                assert parts == (moment.year, moment.month, moment.day)
            day += timedelta(days=length)
    assert month_lengths(FIRST_YEAR - 1) is None
    assert month_lengths(FIRST_YEAR + 84) is None


@given(st.sampled_from(Era), st.integers(0, 9999), st.none() | st.integers(0, 99), st.none() | st.integers(0, 99))
def test_no_parts_make_a_conversion_raise(era: Era, year: int, month: int | None, day: int | None) -> None:
    to_gregorian(era, (year, month, day))
