"""Composing releases one after the other: all against in the period, shares, overlapping filters, the same again."""

from dataclasses import replace

import pytest

from jpa.errors import InvalidInputError
from jpa.model.release import Definition, Release, Status
from jpa.services.editions import Composed, Counting, Kept, compose, gives_away, repeated, told_of
from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.facts import Facts, Period, days_of
from jpa.statistics.frozen import thaw
from tests.conftest import NOW

pytestmark = pytest.mark.fast
ALL = Definition("Arrests", "persons_arrested", ("state",), {}, "all", "", 5, 5, 1)
PERIOD = Period("j1", days_of("2021-01-01")[0], days_of("2021-12-31")[0], frozenset({"XA", "XB"}))


def facts(outside: int = 2, more: int = 0) -> Facts:
    """Return 20 arrests in XA and 15 in XB, some of XA outside the period; `more` came later."""
    places = ["XA"] * 20 + ["XB"] * 15 + ["XA"] * more
    entries = [
        Entry(
            f"{n:032x}", "arrested", "c",
            {"agency": "tip", "case": "c", "where": where, "date": "2019" if n < outside else "2021-06-11"}, person=f"p{n}",
        )
        for n, where in enumerate(places)
    ]  # fmt: skip
    around = Surroundings(periods={"j1": PERIOD}, credits={"j1": {f"{n:032x}": 0.5 for n in range(9)}})
    return facts_of(Books.empty().with_entries(entries), Countable("tip"), around)


def kept(composed: Composed, agency: str = "tip") -> Kept:
    release = Release("r", agency, composed.edition.definition, "", "", "", "", "", "", "tran", NOW)
    return Kept(release, composed.edition, composed.reasons, thaw(composed.rows))


def made(definition: Definition, own: Facts, *earlier: Kept, agency: str = "tip") -> Composed:
    told = [told_of(e, agency) for e in earlier]
    return compose(definition, Counting(own, "own", agency, "2026-11-24"), told)


def printed(composed: Composed) -> dict[tuple[str | None, ...], str]:
    return {f.place: "held" if f.status is Status.SUPPRESSED else f.printed for f in composed.edition.figures}


def test_who_fell_outside_the_period_is_not_told_by_subtracting_one_release_from_another() -> None:
    inside = replace(ALL, credit="in the period", jpa="j1")
    first = kept(made(ALL, facts()))
    assert printed(made(inside, facts())) == {("XA",): "18", ("XB",): "15", (None,): "33"}

    second = made(inside, facts(), first)

    assert printed(second) == {("XA",): "held", ("XB",): "15", (None,): "held"}
    assert "which no table shows" in second.reasons["XA",]


def test_filters_that_differ_by_a_few_are_not_both_shown() -> None:
    own = facts(outside=2)
    first = kept(made(replace(ALL, dimensions=()), own))

    with pytest.raises(InvalidInputError):
        made(replace(ALL, dimensions=(), where={"year": ("2021",)}), own, first)


def test_a_few_late_arrests_are_not_told_by_the_next_release_and_many_are_shown() -> None:
    first = kept(made(ALL, facts()))

    few, many = made(ALL, facts(more=2), first), made(ALL, facts(more=8), first)

    assert printed(few) == {("XA",): "held", ("XB",): "15", (None,): "held"}
    assert printed(many) == {("XA",): "28", ("XB",): "15", (None,): "43"}
    assert gives_away(kept(made(ALL, facts(more=2))), [told_of(first, "tip")]) != ""
    assert gives_away(kept(few), [told_of(first, "tip")]) == ""


def test_rounding_lets_a_release_be_repeated_after_a_few_late_arrests() -> None:
    rounding = replace(ALL, rounding=5)
    first = kept(made(rounding, facts()))

    second = made(rounding, facts(more=2), first)

    assert "held" not in printed(second).values()
    assert all(int(text) % 5 == 0 for text in printed(second).values())


def test_shares_of_a_period_are_released_and_run_again_to_the_byte() -> None:
    credited = replace(ALL, credit="because of the period", jpa="j1", k=3, width=3)

    found = made(credited, facts())

    assert printed(found) == {("XA",): "4.5", (None,): "4.5"}
    assert repeated(kept(found)).content() == found.edition.content()
    with pytest.raises(InvalidInputError):
        made(replace(credited, k=5, width=5), facts())
