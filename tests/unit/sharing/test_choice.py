"""Naming of protected persons in texts, distances in ties, and the strictest marking inside."""

import pytest

from jpa.model.limits import FREEST, Limits, limits_of
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.sharing.choice import Audience, Decided, Reason, Source, near
from jpa.sharing.naming import Naming

NASIMA = Naming(["Nasima Begum", "+66898259791", "นาซิมา เบกุม", "A1234567"])


@pytest.mark.parametrize(
    "text",
    [
        "seen with Nasima Begum",
        "BEGUM, NASIMA",
        "nasima   begum",
        "Nasïma Bégum",
        "Nasima\u200bBegum",
        "call 089 825 9791 now",
        "+66 89-825-9791",
        "พบ นาซิมา เบกุม ที่ท่าเรือ",
        "passport a 123 4567",
    ],
)
def test_a_protected_person_is_found_however_they_are_written(text: str) -> None:
    assert NASIMA.names(text)


@pytest.mark.parametrize("text", ["", "Nasir Begam", "the harbour at night", "081 234 5678", "A1234568"])
def test_others_are_not(text: str) -> None:
    assert not NASIMA.names(text)


def test_short_names_are_many_peoples_and_find_nobody() -> None:
    assert not Naming(["Ali", ""]).names("Ali and Ali's brother")


def test_distance_is_counted_in_ties_from_the_nearest_start() -> None:
    ties = [("a", "b"), ("b", "c"), ("c", "d"), ("x", "y"), ("d", "a")]

    assert near(["a"], ties, 2) == {"a": 0, "b": 1, "d": 1, "c": 2}
    assert near(["a"], ties, 0) == {"a": 0}
    assert near([], ties, 3) == {}


def test_a_package_is_marked_as_the_strictest_inside_and_counts_what_stays() -> None:
    open_, close = (
        Source(i, "own", limits_of(m, agency="own", state="XA", case="c"))
        for i, m in (
            ("p", Marking(Tlp.CLEAR, Release.ALL_MEMBERS, pap=Pap.CLEAR)),
            ("q", Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",), "H1", Pap.RED)),
        )
    )
    third = Source("t", "other", FREEST)
    decided = Decided(Audience("own", [{"state:XB"}], lambda _: True), protected={"gone"})

    sent = [
        decided.record("a", open_, chosen=True),
        decided.record("b", close, chosen=True),
        decided.record("c", close, chosen=False),
        decided.record("gone", open_, chosen=True),
        decided.record("d", third, chosen=True),
        decided.link("ab", ("a", "b"), open_),
        decided.link("ac", ("a", "c"), open_),
    ]

    assert sent == [True, True, False, False, False, True, False]
    limits: Limits = decided.limits
    assert (limits.tlp, limits.pap, {c.value for c in limits.conditions}) == (
        Tlp.AMBER, Pap.RED, {"not in court without the provider's permission"},
    )  # fmt: skip
    assert decided.withheld == {Reason.NOT_CHOSEN: 1, Reason.PROTECTED: 1, Reason.THIRD: 1, Reason.ALONE: 1}
