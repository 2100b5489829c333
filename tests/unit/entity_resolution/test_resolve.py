"""Names compare across spellings and scripts; bits add up; strange input is kept and scored low."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpa.entity_resolution.normalise import fold, skeleton
from jpa.entity_resolution.profile import Profile
from jpa.entity_resolution.resolve import propose
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
