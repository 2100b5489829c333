"""Open quality questions over columns."""

from dataclasses import replace
from datetime import date

import pytest

from jpa.model.article import Article, ArticleTable, Confidence, overlapping
from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.quality import open_questions
from jpa.statistics.tables import Question, tabulate

pytestmark = pytest.mark.fast
TODAY = date(2026, 11, 24)
SOLD = Article("1", "XA", "Act 2008 s. 6(1)", "0204", Confidence.EXACT, "2008-01-01", "2019-12-31")


def asked(*entries: Entry, months: int = 18) -> dict[str, tuple[str, ...]]:
    facts = facts_of(Books.empty().with_entries(entries), Countable("tip"), Surroundings())
    return {q.name: q.outcomes for q in open_questions(facts, TODAY, months)}


def entry(id_: str, kind: str, person: str = "p", charge: str = "1", **values: str) -> Entry:
    said = {"agency": "tip", "where": "XA", "date": "2026-10-01", "offence": "0204", **values}
    return Entry(id_, kind, "c", said, person, charge)


def test_what_is_complete_raises_no_question() -> None:
    assert asked(entry("a", "charged"), entry("b", "convicted", date="2026-11-01")) == {}


def test_a_missing_date_state_person_and_article_are_each_asked_about() -> None:
    found = asked(entry("a", "charged", person="", charge="", date="", where="", offence=""))

    assert found == {"no date": ("a",), "no state": ("a",), "no person": ("a",), "no article": ("a",)}


def test_a_verdict_before_its_charge_is_a_contradiction_and_a_partial_date_that_could_fit_is_none() -> None:
    found = asked(
        entry("a", "charged", date="2024-05-01"), entry("b", "convicted", date="2024-03-01"),
        entry("c", "charged", person="q", date="2024-05-01"), entry("d", "convicted", person="q", date="2024"),
    )  # fmt: skip

    assert found == {"contradiction": ("b",)}


@pytest.mark.parametrize(
    ("steps", "odd"),
    [
        ([("charged", "1", "2024-05-01"), ("convicted", "1", "2024-03")], "b"),
        ([("convicted", "1", "2024-05-01"), ("sentenced", "1", "2024-04-30")], "b"),
        ([("convicted", "1", "2024-05-01"), ("sentenced", "", "2024-04-30")], "b"),
        ([("convicted", "1", "2024-05-01"), ("appeal decided", "", "2024-02")], "b"),
        ([("acquitted", "1", "2024-05-01"), ("appeal decided", "1", "2023")], "b"),
        ([("convicted", "1", "2024-05-01"), ("arrested", "", "2024-06-01")], "b"),
        ([("charged", "1", "2024-05-01"), ("prosecuted", "1", "2024-04-01")], "b"),
        # Nothing odd: days that may fit, custody before the verdict, a retrial, another case, an appeal that brings the sentence.
        ([("convicted", "1", "2024-05-01"), ("sentenced", "", "2024-05")], ""),
        ([("arrested", "", "2024-01-01"), ("convicted", "1", "2024-05-01"), ("arrested", "", "2024-06-01")], ""),
        (
            [("convicted", "1", "2024-01-01"), ("appeal decided", "1", "2024-02-01"), ("convicted", "1", "2025-01-01")],
            "",
        ),
        (
            [("acquitted", "1", "2024-01-01"), ("appeal decided", "1", "2024-02-01"), ("sentenced", "1", "2024-03-01")],
            "",
        ),
        ([("convicted", "2", "2024-01-01"), ("convicted", "1", "2024-05-01"), ("sentenced", "", "2024-02-01")], ""),
    ],
)
def test_stages_out_of_their_order_are_contradictions(steps: list[tuple[str, str, str]], odd: str) -> None:
    entries = [entry(i, kind, charge=charge, date=day) for i, (kind, charge, day) in zip("abc", steps, strict=False)]

    assert asked(*entries).get("contradiction", ()) == tuple(odd)


def test_an_arrest_in_another_case_does_not_contradict_a_verdict() -> None:
    verdict, arrest = entry("a", "convicted", date="2024-05-01"), entry("b", "arrested", charge="", date="2025-06-01")

    assert "contradiction" not in asked(verdict, replace(arrest, values={**arrest.values, "case": "other"}))


def test_what_was_typed_and_not_understood_is_asked_about() -> None:
    assert asked(replace(entry("a", "arrested"), misread="offence, sex")) == {"not understood": ("a",)}


def test_an_acquittal_beside_a_conviction_of_another_charge_is_no_contradiction() -> None:
    found = asked(
        entry("a", "charged", date="2024-05-01"), entry("b", "convicted", charge="2", date="2024-03-01"),
    )  # fmt: skip

    assert found == {}


def test_an_arrest_with_nothing_after_it_is_asked_about_in_time() -> None:
    old = entry("a", "arrested", date="2024-01-10")

    assert asked(old) == {"stale arrest": ("a",)}
    assert asked(old, months=60) == {}
    assert asked(old, entry("b", "charged", date="2024-06-01")) == {}


def test_a_day_that_lies_ahead_is_asked_about_and_counted_all_the_same() -> None:
    ahead = entry("a", "arrested", date="2027-01-01")

    facts = facts_of(Books.empty().with_entries([ahead]), Countable("tip"), Surroundings())

    assert asked(ahead) == {"future": ("a",)}
    assert tabulate(facts, Question("persons_arrested")).total == 1


def test_an_article_finds_its_code_in_its_years_however_it_is_spaced() -> None:
    table = ArticleTable((SOLD,))

    assert table.offence("XA", "ACT 2008, s 6 (1)", "2015-03") == "0204"
    assert table.offence("XA", "Act 2008 s. 6(1)", "2021") == ""
    assert table.offence("XA", "Act 2008 s. 6(1)", "") == "0204"
    assert table.offence("XB", "Act 2008 s. 6(1)", "2015") == ""


def test_two_entries_of_one_article_in_the_same_years_must_say_the_same() -> None:
    new = Article("2", "XA", "Act 2008 s 6(1)", "02041", Confidence.PROBABLE, "2019-06-01", "")

    assert overlapping([SOLD], new) == SOLD
    assert (
        overlapping([SOLD], Article("3", "XA", "Act 2008 s 6(1)", "02041", Confidence.PROBABLE, "2020-01-01", ""))
        is None
    )
