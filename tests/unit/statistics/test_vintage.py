"""Vintage curves: cumulative by months since the opening, and what an appeal takes away goes on its own day."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.facts import Facts, Period, day_of
from jpa.statistics.tables import Credit, Question, figure
from jpa.statistics.vintage import curve, cuts_of, members_at

START, END = day_of(date(2024, 1, 31)), day_of(date(2024, 4, 30))
PERIODS = {"jpa3": Period("jpa3", START, END, frozenset({"XA"}))}
IN_PERIOD = Question("persons_convicted", credit=Credit.IN_PERIOD, jpa="jpa3")
BECAUSE = Question("persons_convicted", credit=Credit.BECAUSE, jpa="jpa3")


def entry(number: int, kind: str, person: str, day: str, charge: str = "1", result: str = "") -> Entry:
    said = {"date": day, "state": "XA", "where": "XA", "result": result, "case": "c", "agency": "tip"}
    return Entry(f"{number:032x}", kind, "c", {n: v for n, v in said.items() if v}, person=person, charge=charge)


def facts(*entries: Entry, shares: dict[str, float] | None = None) -> Facts:
    around = Surroundings(periods=PERIODS, credits={"jpa3": shares or {"c": 1.0}})
    return facts_of(Books.empty().with_entries(entries), Countable("tip"), around)


def test_months_are_counted_from_the_opening_day_and_a_short_month_ends_on_its_last_day() -> None:
    cuts = cuts_of(START, day_of(date(2024, 4, 1)))

    assert cuts == [day_of(d) for d in (date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30))]


def test_a_late_verdict_raises_the_curve_and_an_appeal_lowers_it_on_its_own_day() -> None:
    counted = facts(
        entry(1, "convicted", "early", "2023-12-01"),
        entry(2, "convicted", "rahim", "2024-03-05"),
        entry(3, "convicted", "hla", "2024-03-06"),
        entry(4, "appeal decided", "rahim", "2024-06-20", result="overturned"),
        entry(5, "convicted", "undated", ""),
    )

    because = curve(counted, BECAUSE, day_of(date(2024, 7, 1)))
    inside = curve(counted, IN_PERIOD, day_of(date(2024, 7, 1)))

    assert list(because.values) == [1, 1, 3, 3, 3, 2, 2]
    assert because.total == 3
    assert list(inside.values) == [0, 0, 2, 2, 2, 1, 1]
    assert inside.total == 1


def test_an_appeal_leaves_first_instance_alone_and_shares_add_up() -> None:
    counted = facts(
        entry(1, "convicted", "rahim", "2024-02-05"),
        entry(2, "convicted", "rahim", "2024-03-05", charge="2"),
        entry(3, "appeal decided", "rahim", "2024-04-20", result="overturned"),
        shares={f"{1:032x}": 0.25, f"{2:032x}": 0.5},
    )

    first = curve(counted, Question("persons_convicted_first_instance", (), {}, Credit.BECAUSE, "jpa3"), END)
    after = curve(counted, BECAUSE, END)

    assert list(first.values) == [0, 0.25, 0.5, 0.5, 0.5]
    assert list(after.values) == [0, 0.25, 0.5, 0.5, 0.5]
    assert curve(counted, Question("charges_convicted", (), {}, Credit.BECAUSE, "jpa3"), END).values[-1] == 0.5


DAYS = st.sampled_from(["2023-11-02", "2024-02-10", "2024-02", "2024-03-31", "2024-05-01", "2024-06", "2024"])
ROWS = st.tuples(
    st.sampled_from(["convicted", "appeal decided"]), st.sampled_from("abc"), DAYS, st.sampled_from("12"),
    st.sampled_from(["overturned", "acquittal overturned", "upheld"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROWS, max_size=12), measure=st.sampled_from(["persons_convicted", "charges_convicted"]))
@pytest.mark.parametrize("credit", [Credit.BECAUSE, Credit.IN_PERIOD])
def test_each_point_is_the_figure_of_a_ledger_that_ends_there(
    credit: Credit, rows: list[tuple[str, str, str, str, str]], measure: str
) -> None:
    entries = [
        entry(n, kind, person, day, charge, result if kind == "appeal decided" else "")
        for n, (kind, person, day, charge, result) in enumerate(rows)
    ]
    question = Question(measure, credit=credit, jpa="jpa3")
    whole = facts(*entries)
    last_day = {i.decode(): int(day) for i, day in zip(whole.ids, whole.day_to, strict=True)}

    found = curve(whole, question, day_of(date(2025, 1, 1)))

    for month, (value, cut) in enumerate(zip(found.values, cuts_of(START, day_of(date(2025, 1, 1))), strict=True)):
        assert value == figure(facts(*(e for e in entries if last_day[e.id] < cut)), question)
        assert value == sum(member.value for member in members_at(whole, question, month))
    assert found.total == found.values[-1]
