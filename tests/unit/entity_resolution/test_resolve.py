"""Names compare across spellings and scripts; bits add up; strange input is kept and scored low."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpa.entity_resolution.frequency import NameTable, count_names, keys_of
from jpa.entity_resolution.keys import Tally
from jpa.entity_resolution.normalise import fold, skeleton
from jpa.entity_resolution.profile import Profile
from jpa.entity_resolution.resolve import compare, propose
from jpa.entity_resolution.similarity import name_similarity

pytestmark = pytest.mark.fast


def person(record: str, name: str, born: str = "", **keys: str) -> Profile:
    values = {"name": (name,)} | ({"birthDate": (born,)} if born != "" else {})
    return Profile(record, "Person", "tip", values, {k: frozenset({f"{k}|{v}"}) for k, v in keys.items()})


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Rahim Uddin", "Rohim Uddin"),
        ("RAHIM UDDIN", "Uddin, Rahim"),
        ("Md. Yusof", "Muhammad Yusuf"),
        ("রহিম উদ্দিন", "Rahim Uddin"),
        ("Achmad Soekarno", "Ahmad Sukarno"),
    ],
)
def test_spellings_of_one_name_are_alike(left: str, right: str) -> None:
    assert name_similarity(left, right) >= 0.8


@pytest.mark.parametrize(("left", "right"), [("Rahim Uddin", "Somchai Jaidee"), ("Min Ko", "Hla Myint")])
def test_different_names_are_not_alike(left: str, right: str) -> None:
    assert name_similarity(left, right) < 0.6


def test_the_bits_shown_add_up_to_the_score_and_the_order_of_records_does_not_matter() -> None:
    people = [
        person("a", "Rahim Uddin", "1987", Phone="+66898259791"),
        person("b", "Rohim Uddin", "1987-08-14", Phone="+66898259791"),
        person("c", "Hla Myint"),
    ]

    found = propose(people)

    assert [p.pair for p in found] == ["a|b"]
    assert math.isclose(math.fsum(f.bits for f in found[0].features), found[0].bits, abs_tol=1e-9)
    assert found == propose(people[::-1])


def test_a_hub_phone_proves_little_and_says_so() -> None:
    crowd = [person(f"x{i}", f"Man{chr(97 + i) * 4} Other{i}", Phone="+66111") for i in range(20)]

    found = propose(
        [*crowd, person("a", "Rahim Uddin", Phone="+66111"), person("b", "Rohim Uddin", Phone="+66111")], threshold=0.0
    )

    features = [f for p in found if p.pair == "a|b" for f in p.features if f.name == "phone"]
    assert "hub" in features[0].detail


@given(st.lists(st.text(max_size=60), min_size=2, max_size=4))
def test_no_name_raises(names: list[str]) -> None:
    propose([person(str(i), n) for i, n in enumerate(names)], threshold=0.0)


def test_a_very_long_name_and_an_empty_record_are_compared_without_error() -> None:
    propose([person("a", "x" * 10_000), Profile("b", "Person", "tip", {}), person("c", "\u202e")], threshold=0.0)


def test_folding_keeps_consonants_that_survive_romanisation() -> None:
    assert skeleton("rahim") == skeleton("rohim")
    assert fold("Haji Md. Rahim") == "muhammad rahim"


def test_comparing_with_some_records_gives_the_proposals_that_all_would_give_with_them() -> None:
    names = ["Rahim Uddin", "Rohim Uddin", "Rahim Udin", "Somchai Jaidee", "Somchai Jaidi", "Hla Myint"]
    people = [person(str(i), name, "1987-08-14") for i, name in enumerate(names)]

    found = propose(people, threshold=0.0, among={"2"})

    assert len(found) == 2
    assert found == [p for p in propose(people, threshold=0.0) if "2" in p.pair.split("|")]


def crowd(count: int, name: str) -> list[Profile]:
    return [person(f"c{i:04d}", name, f"{1950 + i % 50}-{1 + i % 12:02d}-{1 + i % 28:02d}") for i in range(count)]


def test_a_name_that_many_bear_makes_no_proposal_alone_and_says_how_many_bear_it() -> None:
    others = [person(f"o{i:04d}", f"{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}ng{i}") for i in range(1000)]
    people = [*others, *crowd(40, "Rahim Uddin"), person("a", "Rahim Uddin"), person("b", "Rohim Uddin")]

    alone = propose(people)
    shown = compare(people[-2], people[-1], count_names(people), {})

    assert "a|b" not in {p.pair for p in alone}
    assert "42 records bear this name" in shown.features[1].detail


def test_a_common_name_with_a_phone_in_common_is_proposed() -> None:
    people = [*crowd(40, "Rahim Uddin"), *(person(i, "Rahim Uddin", "1987", Phone="+66898259791") for i in "ab")]

    found = propose(people)

    assert "a|b" in {p.pair for p in found}


@pytest.mark.parametrize(
    ("left", "right", "speaks_for"),
    [
        ("1987-03-12", "1987-03-12", True),
        ("1987-03-12", "1987-12-03", True),
        ("1987-03-12", "1988-03-12", True),
        ("1987-03-12", "1987", True),
        ("1987-03-12", "1987-10-25", False),
        ("1987-03-12", "1988-10-25", False),
        ("1987-03", "1987-10", False),
    ],
)
def test_birth_dates_beyond_a_slip_speak_against(left: str, right: str, speaks_for: bool) -> None:
    found = propose([person("a", "Rahim Uddin", left), person("b", "Rahim Uddin", right)], threshold=0.0)

    assert [f.bits > 0 for f in found[0].features if f.name == "born"] == [speaks_for]


def test_a_block_too_large_to_compare_is_counted_and_bounds_the_pairs() -> None:
    tally = Tally()
    people = [person(f"{i:04d}", "Rahim Uddin") for i in range(300)]

    propose(people, tally=tally)

    assert tally.pairs == 0
    assert (tally.skipped, tally.crowded) == (2, 300)


def test_the_counts_of_a_few_names_say_the_same_as_those_of_all() -> None:
    people = [*crowd(40, "Rahim Uddin"), person("a", "Rahim Uddin", "1987"), person("b", "Rohim Uddin", "1987")]
    table = count_names(people)
    wanted = keys_of(people[-1]) | keys_of(people[-2])
    few = NameTable(table.records, {k: n for k, n in table.counts.items() if k in wanted})

    assert compare(people[-2], people[-1], few, {}) == compare(people[-2], people[-1], table, {})
