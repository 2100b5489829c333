"""Figures beside a clerk's recount: random papers, and by name what the clerk once found wrong."""

import pytest

from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.facts import Period, days_of
from jpa.statistics.measures import MEASURES
from jpa.statistics.tables import Credit, Question, figure, tabulate
from tests.proofs.figures import check_papers

COUNTRY = Countable("tip")


def entry(
    number: int,
    kind: str,
    said: dict[str, str] | None = None,
    *,
    person: str = "",
    charge: str = "",
    supersedes: str = "",
) -> Entry:
    values = {"case": "c", "agency": "tip", "where": "XA", **(said or {})}
    return Entry(f"{number:032x}", kind, "c", values, person=person, charge=charge, supersedes=supersedes)


def counted(measure: str, *entries: Entry, retracted: tuple[int, ...] = ()) -> float:
    around = Surroundings(retracted={f"{n:032x}" for n in retracted})
    return figure(facts_of(Books.empty().with_entries(entries), COUNTRY, around), Question(measure))


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_every_figure_equals_a_recount_by_hand(first: int) -> None:
    faults = [fault for seed in range(first, first + 50) if (fault := check_papers(seed, 4)) != ""]

    assert faults == []


def test_all_measures_of_one_desk_equal_the_recount() -> None:
    assert check_papers(1, len(MEASURES)) == ""


def test_an_outcome_corrected_twice_counts_once_even_where_the_middle_correction_is_retracted() -> None:
    chain = [
        entry(1, "seizure"),
        entry(2, "seizure", supersedes=f"{1:032x}"),
        entry(3, "seizure", supersedes=f"{2:032x}"),
    ]

    assert counted("seizures", *chain) == 1
    assert counted("seizures", *chain, retracted=(2,)) == 1
    assert counted("seizures", *chain, retracted=(3,)) == 1
    assert counted("seizures", *chain, retracted=(2, 3)) == 1


def test_an_article_is_one_charge_however_it_is_spelt() -> None:
    spelt = [
        entry(n, "charged", {"article": article}, person="p")
        for n, article in enumerate(("Act s. 6(1)", "ACT s 6 (1)", "Act s. 7"))
    ]

    assert counted("charges_laid", *spelt) == 2


def test_an_appeal_known_by_month_or_year_sets_aside_what_the_ledger_holds_before_it() -> None:
    verdict = entry(1, "convicted", {"date": "2023"}, person="p", charge="1")
    appeal = {"date": "2023-05-10", "result": "overturned"}

    assert counted("persons_convicted", verdict, entry(2, "appeal decided", appeal, person="p", charge="1")) == 0
    assert (
        counted("persons_convicted", verdict, entry(2, "appeal decided", {**appeal, "date": "2022"}, person="p")) == 1
    )


def test_whoever_is_counted_already_is_not_undecided_too() -> None:
    entries = [
        entry(1, "arrested", {"date": "2023-05-10"}, person="p"),
        entry(2, "arrested", person="p"),
        entry(3, "arrested", person="q"),
    ]
    start, end = days_of("2023")
    around = Surroundings(periods={"jpa": Period("jpa", start, end, frozenset({"XA"}))})

    table = tabulate(
        facts_of(Books.empty().with_entries(entries), COUNTRY, around),
        Question("persons_arrested", credit=Credit.IN_PERIOD, jpa="jpa"),
    )

    assert (table.total, table.undecided) == (1, 1)


def test_the_last_year_and_a_number_beyond_measure_break_no_figure() -> None:
    many = Entry(f"{1:032x}", "seizure", "c", {"agency": "tip", "date": "9999"}, count=99_999_999_999)

    assert counted("seizures", many) == 99_999_999_999


def test_an_entry_that_takes_the_place_of_another_keeps_its_place_in_the_ledger() -> None:
    verdict = entry(1, "convicted", {"date": "2023-05-10"}, person="p", charge="1")
    appeal = entry(2, "appeal decided", {"date": "2023-05-10", "result": "overturned"}, person="p", charge="1")
    books = Books.empty().with_entries([verdict, appeal]).with_entries([verdict])

    assert figure(facts_of(books, COUNTRY, Surroundings()), Question("persons_convicted")) == 0
