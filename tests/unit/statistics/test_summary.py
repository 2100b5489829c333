"""Coded counts of protected persons: over random cases and many summaries of one case, nothing small can be read or worked out."""

import random
from collections.abc import Sequence
from itertools import combinations

import pytest

from jpa.model.summary import AXES, LEAST, TOTAL, UNKNOWN, Of
from jpa.statistics.summary import Coded, Counted, count, keep, kept

pytestmark = pytest.mark.fast
CASES = 150


def people(rng: random.Random, of: Of, size: int) -> list[Coded]:
    """Draw persons whose codes are as uneven as in life."""
    lists = {axis: [UNKNOWN, *rng.sample(sorted(codes), min(5, len(codes)))] for axis, codes in AXES[of].items()}
    return [
        Coded(f"{rng.getrandbits(64):x}", {a: codes[min(int(rng.expovariate(0.9)), len(codes) - 1)] for a, codes in lists.items()})
        for _ in range(size)
    ]  # fmt: skip


def shown(counted: Counted) -> dict[tuple[str, str], int]:
    return {(by, code): number for by, figures in counted.tables() for code, number in figures}


def faults(counted: Counted, who: Sequence[Coded]) -> list[str]:
    """Check one summary against the persons behind it, counted a second time in plain rules."""
    found = []
    for (by, code), number in shown(counted).items():
        real = len(who) if by == TOTAL else sum(p.codes.get(by, UNKNOWN) == code for p in who)
        if number != real or number < LEAST:
            found.append(f"{by} {code}: {number} for {real}")
    for by, figures in counted.tables():
        rest = counted.total.count - sum(n for _, n in figures)
        if by != TOTAL and 0 < rest < LEAST:
            found.append(f"{by}: {rest} are left beside what is shown")
    return found


def test_no_count_is_small_nor_what_is_left_beside_it() -> None:
    rng = random.Random(7)

    for _ in range(CASES):
        of = rng.choice(list(Of))
        who = people(rng, of, rng.choice((1, 5, 10, 11, 20, 60, 300)))
        counted = count(of, who)

        assert counted is not None
        assert faults(counted, who) == []
        assert (len(counted.tables()) == 0) == (len(who) < LEAST)


def test_two_summaries_of_one_case_do_not_tell_of_a_few_who_came_or_went_between() -> None:
    rng = random.Random(11)

    for _ in range(CASES // 3):
        of = rng.choice(list(Of))
        who = people(rng, of, rng.choice((12, 30, 80)))
        told: list[tuple[Counted, list[Coded]]] = []
        for _ in range(4):
            counted = count(of, who, [c for c, _ in told])
            assert counted is not None
            assert faults(counted, who) == []
            told.append((counted, who))
            who = [p for p in who if rng.random() > 0.05] + people(rng, of, rng.choice((0, 1, 4, 15)))

        for (first, then), (second, now) in combinations(told, 2):
            for figure in shown(first).keys() & shown(second).keys():
                by, code = figure
                before, after = (
                    {p.key for p in side if by == TOTAL or p.codes.get(by, UNKNOWN) == code} for side in (then, now)
                )
                if before <= after or after <= before:  # what is between them can be read off
                    assert not 0 < abs(len(after) - len(before)) < LEAST, figure


def test_what_was_counted_reads_back_as_it_was_and_holds_no_key() -> None:
    who = people(random.Random(3), Of.VICTIMS, 40)
    counted = count(Of.VICTIMS, who)
    assert counted is not None

    content = keep([counted])

    assert keep(list(kept(content).values())) == content
    assert not any(p.key.encode() in content for p in who)


def test_the_same_persons_may_be_counted_again_for_another_recipient() -> None:
    who = people(random.Random(5), Of.MIGRANTS, 60)
    first = count(Of.MIGRANTS, who)
    assert first is not None

    again = count(Of.MIGRANTS, who, [first])

    assert again is not None
    assert again.tables() == first.tables()
    assert count(Of.MIGRANTS, []) is None
