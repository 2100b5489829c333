"""From what reports state to a weighted graph of people: sharing a thing ties its users, hubs are damped."""

import math
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Final

from jpa.errors import InvalidInputError

MOST_RELATIONS: Final = 5_000_000
"""Beyond this one process runs out of memory (measured to 4.6M); use the engine beside the data."""
MOST_SHARING: Final = 60
"""A thing shared by more people than this is a hub: kept as context, no tie between its users."""
MEMBER_TYPES: Final = frozenset({"Person", "Organization"})


@dataclass(frozen=True, slots=True)
class Node:
    """One entity as the run sees it."""

    id: str
    type: str
    label: str
    guarded: bool = False
    """In a migrant's role somewhere: may be evidence, is never a member."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One stated tie between two entities."""

    source: str
    target: str
    type: str
    grade: float
    """0 to 1, from the report's grade."""
    report: str
    count: float = 1.0
    day: int | None = None
    """Day number, for the half-life; None when undated."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The table of evidence in force."""

    version: str
    half_life_days: float
    ties: Mapping[str, float]
    operational: frozenset[str]


@dataclass(slots=True)
class Tie:
    """What ties two people, added up over everything that does."""

    weight: float
    kinds: set[str]
    reports: set[str]
    through: set[str]
    """Things they share."""


@dataclass(frozen=True, slots=True)
class Projection:
    """The weighted graph of people."""

    people: tuple[str, ...]
    ties: Mapping[tuple[str, str], Tie]
    labels: Mapping[str, str]
    hubs: Mapping[str, int]
    """Things left out as hubs, with how many people they touch."""
    guarded: frozenset[str]


@cache
def shipped_weights() -> Weights:
    """Read the table that jpa ships (package data: a declaration, not I/O of a running system)."""
    table = tomllib.loads((files("jpa.networks") / "evidence.toml").read_text(encoding="utf-8"))
    return Weights(table["version"], table["half_life_days"], table["ties"], frozenset(table["operational"]["kinds"]))


def project(
    nodes: Iterable[Node], relations: Iterable[Relation], *, weights: Weights, today: int, grade_floor: float = 0.0
) -> Projection:
    """Build the graph of people; same inputs in any order give the same graph."""
    known = {n.id: n for n in nodes}
    members = {i for i, n in known.items() if n.type in MEMBER_TYPES and not n.guarded}
    ties: dict[tuple[str, str], Tie] = {}
    users: dict[str, dict[str, list[tuple[float, Relation]]]] = defaultdict(lambda: defaultdict(list))
    total = 0
    for relation in sorted(set(relations), key=lambda r: (r.source, r.target, r.type, r.report, r.day or 0)):
        total += 1
        if total > MOST_RELATIONS:
            raise InvalidInputError(
                f"More than {MOST_RELATIONS:,} relations are over what one process can hold; choose the engine gds."
            )
        if relation.grade < grade_floor or relation.source == relation.target:
            continue
        weight = _weight(relation, weights, today)
        ends = [relation.source, relation.target]
        inside = [e for e in ends if e in members]
        if weight > 0 and len(inside) == 2:
            _add(ties, inside[0], inside[1], weight, relation, None)
        elif weight > 0 and len(inside) == 1:
            thing = next(e for e in ends if e != inside[0])
            if thing in known and known[thing].type not in MEMBER_TYPES:
                users[thing][inside[0]].append((weight, relation))
            # A thing's own ties (phone called phone) are folded below through its users.
        elif weight > 0 and all(e in known for e in ends):
            users[ends[0]].setdefault(f"thing:{ends[1]}", []).append((weight, relation))
    hubs = _share(ties, users)
    return Projection(
        people=tuple(sorted({p for pair in ties for p in pair})),
        ties=dict(sorted(ties.items())),
        labels={i: n.label for i, n in known.items()},
        hubs=hubs,
        guarded=frozenset(i for i, n in known.items() if n.guarded),
    )


def _share(
    ties: dict[tuple[str, str], Tie], users: Mapping[str, Mapping[str, list[tuple[float, Relation]]]]
) -> dict[str, int]:
    hubs = {}
    for thing in sorted(users):
        people = sorted(p for p in users[thing] if not p.startswith("thing:"))
        if len(people) > MOST_SHARING:
            hubs[thing] = len(people)
            continue
        damping = max(1, len(people) - 1) ** 0.75
        for left, right in combinations(people, 2):
            weight = min(max(w for w, _ in users[thing][p]) for p in (left, right)) / damping
            for _, relation in (*users[thing][left], *users[thing][right]):
                _add(ties, left, right, 0.0, relation, thing)
            ties[min(left, right), max(left, right)].weight += weight
        for other in sorted(o.removeprefix("thing:") for o in users[thing] if o.startswith("thing:")):
            _join_users(ties, users, thing, other, damping)
    return hubs


def _join_users(
    ties: dict[tuple[str, str], Tie],
    users: Mapping[str, Mapping[str, list[tuple[float, Relation]]]],
    thing: str,
    other: str,
    damping: float,
) -> None:
    ours = [p for p in users[thing] if not p.startswith("thing:")]
    theirs = [p for p in users.get(other, {}) if not p.startswith("thing:")]
    if len(ours) * len(theirs) == 0 or len(ours) * len(theirs) > MOST_SHARING:
        return
    between = users[thing][f"thing:{other}"]
    weight = max(w for w, _ in between) / (damping * max(1, len(theirs)) ** 0.75)
    for left in sorted(ours):
        for right in sorted(theirs):
            if left != right:
                for _, relation in between:
                    _add(ties, left, right, 0.0, relation, thing)
                ties[min(left, right), max(left, right)].weight += weight


def _add(
    ties: dict[tuple[str, str], Tie], left: str, right: str, weight: float, relation: Relation, thing: str | None
) -> None:
    pair = (min(left, right), max(left, right))
    tie = ties.setdefault(pair, Tie(0.0, set(), set(), set()))
    tie.weight += weight
    tie.kinds.add(relation.type)
    tie.reports.add(relation.report)
    if thing is not None:
        tie.through.add(thing)


def _weight(relation: Relation, weights: Weights, today: int) -> float:
    age = 0.0 if relation.day is None else max(0, today - relation.day)
    decay = 0.5 ** (age / weights.half_life_days) if age > 0 else 1.0
    return float(
        weights.ties.get(relation.type, 0.5)
        * relation.grade
        * math.log2(1 + max(relation.count, 1))
        * (0.25 + 0.75 * decay)
    )
