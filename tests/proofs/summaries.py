"""Proof 13, the coded summary: over random cases and several summaries of each, no count is small, none can be worked out, nothing names anybody.

Who stands in a figure is counted a second time here, in plain rules.
"""

import json
import random
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from jpa.model.canonical import canonical
from jpa.model.summary import AXES, LEAST, TOTAL, UNKNOWN, Of
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.summary import SummaryLine, require_coded, summary_line
from jpa.statistics.summary import Coded, Counted, count

SIZES: Final = (1, 5, 10, 11, 12, 20, 45, 120)
CAME: Final = (0, 0, 1, 4, 11, 15, 40)
Told = tuple[Counted, Sequence[Coded]]


def check_summary(seed: int) -> str:
    """Count one generated case several times while it changes; returns what is wrong, if anything."""
    rng = random.Random(f"summary {seed}")
    of = rng.choice(list(Of))
    who = people(rng, of, rng.choice(SIZES))
    told: list[Told] = []
    for _ in range(rng.randint(1, 4)):
        if len(who) == 0:
            break
        counted = count(of, who, [c for c, _ in told])
        assert counted is not None
        told.append((counted, who))
        if (fault := fault_of(counted, who)) != "":
            return fault
        stay = rng.choice((1.0, 0.97, 0.6))
        who = [p for p in who if rng.random() < stay] + people(rng, of, rng.choice(CAME))
    return next((fault for pair in combinations(told, 2) if (fault := _between(*pair)) != ""), "")


def people(rng: random.Random, of: Of, size: int) -> list[Coded]:
    """Draw persons whose codes are as uneven as in life."""
    lists = {axis: [UNKNOWN, *rng.sample(sorted(codes), min(5, len(codes)))] for axis, codes in AXES[of].items()}

    def drawn(codes: Sequence[str]) -> str:
        return codes[min(int(rng.expovariate(0.9)), len(codes) - 1)]

    return [Coded(f"{rng.getrandbits(128):032x}", {a: drawn(c) for a, c in lists.items()}) for _ in range(size)]


def fault_of(counted: Counted, who: Sequence[Coded]) -> str:
    """Check one summary against the persons behind it."""
    lines = [summary_line(counted.of, by, figures) for by, figures in counted.tables()]
    try:
        require_coded(SummaryLine.model_validate(line) for line in lines)
    except PackageRefusedError as error:
        return error.fields["file"]
    file = b"".join(canonical(json.loads(json.dumps(line))) for line in lines).decode()
    if any(p.key in file for p in who):
        return "the file holds a key"
    if (len(lines) == 0) != (len(who) < LEAST) and counted.total.shown:
        return f"{len(lines)} tables about {len(who)} persons"
    for (by, code), number in shown(counted).items():
        real = len(_inside(who, by, code))
        if number != real or number < LEAST:
            return f"{by} {code}: {number} for {real}"
    for by, figures in counted.tables():
        left = len(who) - sum(n for _, n in figures)
        if by != TOTAL and 0 < left < LEAST:
            return f"{by}: {left} are left beside what is shown"
    return ""


def shown(counted: Counted) -> dict[tuple[str, str], int]:
    """Return what a reader sees."""
    return {(by, code): number for by, figures in counted.tables() for code, number in figures}


def _between(first: Told, second: Told) -> str:
    """Look for a few who came or went: a figure of both summaries, one group inside the other."""
    (before, then), (after, now) = first, second
    for by, code in shown(before).keys() & shown(after).keys():
        old, new = _inside(then, by, code), _inside(now, by, code)
        if (old <= new or new <= old) and 0 < len(old ^ new) < LEAST:
            return f"{by} {code}: {len(old ^ new)} came or went between {len(old)} and {len(new)}"
    return ""


def _inside(who: Sequence[Coded], by: str, code: str) -> set[str]:
    return {p.key for p in who if by == TOTAL or p.codes.get(by, UNKNOWN) == code}
