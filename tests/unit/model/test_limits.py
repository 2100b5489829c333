"""The lattice of markings, over every combination of a small alphabet."""

from itertools import combinations, product
from typing import Final

import pytest

from jpa.errors import InvalidInputError
from jpa.model.grading import SCHEMES
from jpa.model.limits import FREEST, HANDLING, STRICTEST, Clause, Condition, Limits, limits_of, meet_of
from jpa.model.marking import Marking, Pap, Release, Tlp, said_marking
from jpa.model.outcome import marked, marking_of

TOKENS: Final = ("agency:tip", "state:XB", "jpa:1")
READERS: Final = [frozenset(c) for n in range(4) for c in combinations(TOKENS, n)]


def audiences() -> list[frozenset[Clause]]:
    """Every antichain of clauses over the tokens: 20, the monotone functions of three variables (Dedekind)."""
    clauses = [frozenset(c) for n in range(4) for c in combinations(TOKENS, n)]
    families = [frozenset(f) for n in range(4) for f in combinations(clauses, n)]
    return [f for f in families if not any(a < b for a, b in product(f, f))]


AUDIENCES: Final = audiences()
ALL: Final = [
    Limits(tlp, pap, audience, frozenset(conditions))
    for tlp, pap, audience in product(Tlp, Pap, AUDIENCES)
    for conditions in ((), (Condition.NOT_ONWARD,))
]
SOME: Final = ALL[::7]


def test_the_alphabet_is_whole() -> None:
    assert len(AUDIENCES) == 20
    assert len(ALL) == 5 * 4 * 20 * 2


def test_meet_and_join_are_those_of_a_distributive_lattice_in_every_audience() -> None:
    limits = [Limits(Tlp.GREEN, Pap.GREEN, a) for a in AUDIENCES]

    for a, b, c in product(limits, repeat=3):
        assert a.meet(b.meet(c)) == a.meet(b).meet(c)
        assert a.join(b.join(c)) == a.join(b).join(c)
        assert a.meet(b.join(c)) == a.meet(b).join(a.meet(c))


def test_every_pair_commutes_absorbs_and_is_ordered_as_its_readers_are() -> None:
    for a, b in product(ALL, SOME):
        below, above = a.meet(b), a.join(b)
        assert (below, above) == (b.meet(a), b.join(a))
        assert (a.join(below), a.meet(above)) == (a, a)
        assert below <= a <= above


def test_a_meet_permits_exactly_whom_both_permit_and_a_join_whom_either_does() -> None:
    limits = [Limits(Tlp.GREEN, Pap.GREEN, a) for a in AUDIENCES]

    for a, b, reader in product(limits, limits, READERS):
        assert a.meet(b).permits(reader) == (a.permits(reader) and b.permits(reader))
        assert a.join(b).permits(reader) == (a.permits(reader) or b.permits(reader))


def test_every_element_lies_between_the_strictest_and_the_freest() -> None:
    for a in ALL:
        assert STRICTEST <= a <= FREEST
        assert a.meet(a) == a.join(a) == a


def test_each_part_alone_is_a_lattice_for_every_three_of_its_levels() -> None:
    conditions = [frozenset(c) for n in range(len(Condition) + 1) for c in combinations(Condition, n)]
    parts = [
        [Limits(t, Pap.CLEAR) for t in Tlp],
        [Limits(Tlp.CLEAR, p) for p in Pap],
        [Limits(Tlp.CLEAR, Pap.CLEAR, conditions=c) for c in conditions],
    ]

    for part in parts:
        for a, b, c in product(part, repeat=3):
            assert a.meet(b.meet(c)) == a.meet(b).meet(c)
            assert a.join(b.join(c)) == a.join(b).join(c)
            assert a.meet(b.join(c)) == a.meet(b).join(a.meet(c))
            assert not a <= b or (a.meet(c) <= b.meet(c) and a.join(c) <= b.join(c))


def test_meet_and_join_keep_the_order_of_whole_limits() -> None:
    for a, b in product(ALL[::7], ALL[::11]):
        if a <= b:
            for c in ALL[::61]:
                assert a.meet(c) <= b.meet(c)
                assert a.join(c) <= b.join(c)


def every_marking() -> list[Marking]:
    made = []
    for tlp, pap, release, handling in product(Tlp, Pap, Release, HANDLING):
        names = {Release.NAMED_STATES: ("XB", "XC"), Release.JPA: ("1",)}.get(release, ())
        try:
            made.append(Marking(tlp, release, names, handling, pap))
        except InvalidInputError:
            assert tlp.strictness >= Tlp.AMBER_STRICT.strictness
            assert release is not Release.OWN_AGENCY
    return made


def test_what_is_derived_is_never_freer_than_a_source_for_any_marking_and_reader() -> None:
    markings = every_marking()
    found = {m: limits_of(m, agency="tip", state="XA", case="c") for m in markings}
    readers = [
        frozenset({"*", "agency:tip", "state:XA", "team:c"}), frozenset({"*", "agency:tip", "state:XA"}),
        frozenset({"*", "agency:atf", "state:XA"}), frozenset({"*", "agency:ucg", "state:XB", "jpa:1"}),
        frozenset({"*", "agency:far", "state:XD"}),
    ]  # fmt: skip

    for a, b in product(markings[::3], markings[::5]):
        derived = meet_of([found[a], found[b]])
        assert derived.tlp.strictness == max(a.tlp.strictness, b.tlp.strictness)
        assert derived.pap.strictness == max(a.pap.strictness, b.pap.strictness)
        for reader in readers:
            assert derived.permits(reader) == (found[a].permits(reader) and found[b].permits(reader))
    assert len(markings) == len(Pap) * len(HANDLING) * (2 * 1 + 3 * len(Release))


def test_unmarked_stays_in_the_own_agency() -> None:
    limits = limits_of(Marking(), agency="tip", state="XA", case="c")

    assert limits.tlp is Tlp.AMBER_STRICT
    assert limits.permits({"*", "agency:tip", "state:XA"})
    assert not limits.permits({"*", "agency:atf", "state:XA", "jpa:1"})


@pytest.mark.parametrize(
    ("handling", "permitted"),
    [
        ("", True),
        ("1", False),
        ("2", False),
        ("3", True),
        ("4", False),
        ("5", False),
        ("P", True),
        ("C", True),
        ("H2", True),
    ],
)
def test_a_handling_code_narrows_the_release_set(handling: str, *, permitted: bool) -> None:
    limits = limits_of(Marking(Tlp.GREEN, Release.ALL_MEMBERS, handling=handling), agency="tip", state="XA", case="c")

    assert limits.permits({"*", "agency:ucg", "state:XB"}) is permitted


@pytest.mark.parametrize(
    ("release", "names", "audience"),
    [
        (Release.ALL_MEMBERS, (), ["agency:tip", "state:XA"]),
        (Release.OWN_STATE, (), ["agency:tip", "state:XA"]),
        (Release.NAMED_STATES, ("XA", "XB"), ["agency:tip", "state:XA"]),
        (Release.NAMED_STATES, ("XB",), ["agency:tip"]),
        (Release.JPA, ("1",), ["agency:tip"]),
    ],
)
def test_the_gate_is_told_the_narrower_of_handling_code_and_release_set(
    release: Release, names: tuple[str, ...], audience: list[str]
) -> None:
    marking = Marking(Tlp.GREEN, release, names, "2")

    assert marking.audience(agency="tip", state="XA", case="c") == audience


def test_a_code_of_no_scheme_keeps_the_fact_in_the_own_agency() -> None:
    limits = limits_of(Marking(Tlp.GREEN, Release.OWN_STATE, handling="X9"), agency="tip", state="XA", case="c")

    assert not limits.permits({"*", "agency:atf", "state:XA"})
    assert limits.permits({"*", "agency:tip", "state:XA"})


@pytest.mark.parametrize("marking", every_marking()[::11])
def test_a_marking_is_written_down_and_read_back_whole(marking: Marking) -> None:
    assert marking_of(marked(marking)) == marking


@pytest.mark.parametrize(("typed", "pap"), [("", Pap.AMBER), ("red", Pap.RED), ("pap:green", Pap.GREEN)])
def test_permissible_actions_are_read_as_officers_write_them(typed: str, pap: Pap) -> None:
    assert said_marking("green", "", "", typed).pap is pap
    with pytest.raises(InvalidInputError, match="marking"):
        said_marking("green", "", "", f"{typed}x")


def test_every_handling_code_of_every_scheme_has_its_neutral_meaning() -> None:
    codes = [code for scheme in SCHEMES.values() for code in scheme.handling]

    assert len(codes) == len(set(codes))
    assert {*codes, ""} == set(HANDLING)
