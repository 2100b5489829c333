"""Detection: Leiden at several resolutions and seeds, pooled; members held softly, candidates ranked by shown factors."""

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from jpa.model.candidate import Candidate, Member, Tier
from jpa.model.job import Progress, no_progress
from jpa.networks.explain import against_of, reasons_of, why_member
from jpa.networks.partition import Group, Partitions, find_partitions
from jpa.networks.project import Projection, Tie, Weights
from jpa.networks.structure import Ties, brokers_of, graph_of

LEAST_MEMBERS: Final = 3
MOST_MEMBERS: Final = 60
"""A group larger than this is a village, not a network (reference section 0)."""
MOST_OVERLAP: Final = 0.5
"""Jaccard above this: one of the two candidates is enough."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Every knob of a run; stored with it."""

    seed: int = 20150928
    resolutions: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)
    seeds: int = 5
    grade_floor: float = 0.0
    most_candidates: int = 200


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A group with what it is ranked by."""

    id: str
    group: Group
    score: float
    factors: dict[str, float]


class _Ties:
    """The ties of a projection by person, so that a group is read without reading all of them."""

    def __init__(self, projection: Projection) -> None:
        self.people = projection.people
        place = {person: i for i, person in enumerate(projection.people)}
        self._of: list[list[tuple[int, Tie]]] = [[] for _ in projection.people]
        self._strength = [0.0] * len(projection.people)
        for (a, b), tie in projection.ties.items():
            left, right = place[a], place[b]
            self._of[left].append((right, tie))
            self._strength[left] += tie.weight
            self._strength[right] += tie.weight

    def inside(self, group: Group) -> dict[tuple[str, str], Tie]:
        """Return the ties between members: a pair is stored under its first, and people are in order."""
        members = set(group)
        return {(self.people[i], self.people[j]): tie for i in group for j, tie in self._of[i] if j in members}

    def reach(self, group: Group) -> float:
        """Add up the strength of all ties of the members; one between two of them counts twice."""
        return sum(self._strength[i] for i in group)


def detect(
    projection: Projection,
    weights: Weights,
    parameters: Parameters,
    *,
    progress: Progress = no_progress,
) -> list[Candidate]:
    """Return ranked candidates; the same inputs give the same bytes. Reasons are read for those alone that are kept."""
    if len(projection.people) < LEAST_MEMBERS:
        return []
    partitions = find_partitions(
        projection,
        seed=parameters.seed,
        resolutions=parameters.resolutions,
        rounds=parameters.seeds,
        progress=progress,
    )
    ties = _Ties(projection)
    ranked = [_rank(ties, weights, group) for group in partitions.groups(LEAST_MEMBERS, MOST_MEMBERS)]
    ranked.sort(key=lambda r: (-r.score, r.id))
    steps = len(parameters.resolutions) * parameters.seeds
    found = []
    for kept in _without_overlap(ranked, parameters.most_candidates):
        progress(steps, steps)
        found.append(_candidate(projection, ties, kept, partitions))
    return found


def snapshot_hash(projection: Projection, parameters: Parameters, weights: Weights) -> str:
    """Return the hash of everything that a run's result depends on."""
    content = {
        "ties": [
            [a, b, round(t.weight, 9), sorted(t.kinds), sorted(t.reports)] for (a, b), t in projection.ties.items()
        ],
        "parameters": asdict(parameters),
        "weights": weights.version,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _rank(ties: _Ties, weights: Weights, group: Group) -> _Ranked:
    inner = ties.inside(group)
    inside = sum(t.weight for t in inner.values())
    working = {k for t in inner.values() for k in t.kinds} & weights.operational
    around = ties.reach(group) - inside
    factors = {
        "strength": round(inside / math.sqrt(len(group)), 6),
        "kinds of joint work": float(len(working)),
        "kept inside": round(inside / around, 6) if inside > 0 else 0.0,
    }
    score = factors["strength"] * (0.2 + 0.4 * len(working)) * factors["kept inside"]
    members = "|".join(ties.people[i] for i in group)
    return _Ranked(hashlib.sha256(members.encode()).hexdigest()[:32], group, round(score, 6), factors)


def _candidate(projection: Projection, ties: _Ties, ranked: _Ranked, partitions: Partitions) -> Candidate:
    inner = ties.inside(ranked.group)
    group = frozenset(ties.people[i] for i in ranked.group)
    shares = dict(zip((ties.people[i] for i in ranked.group), partitions.shares(ranked.group), strict=True))
    stability = sum(shares.values()) / len(shares)
    graph = graph_of(inner, group)
    return Candidate(
        id=ranked.id,
        members=_members(projection, inner, shares),
        score=ranked.score,
        stability=round(stability, 4),
        factors=ranked.factors,
        reasons=reasons_of(projection, inner, group),
        against=against_of(inner, graph, stability),
        reports=tuple(sorted({r for t in inner.values() for r in t.reports})),
        brokers=brokers_of(graph),
    )


def _members(projection: Projection, inner: Ties, shares: Mapping[str, float]) -> tuple[Member, ...]:
    strength: dict[str, float] = defaultdict(float)
    for (a, b), tie in inner.items():
        strength[a] += tie.weight
        strength[b] += tie.weight
    inside = sum(t.weight for t in inner.values())
    found = []
    for person in sorted(shares, key=lambda p: (-strength[p], p)):
        tier = _tier(shares[person], strength[person], inside, len(shares))
        why = why_member(projection, inner, person)
        found.append(Member(person, round(shares[person], 4), tier, tuple(why.values()), tuple(why)))
    return tuple(found)


def _tier(share: float, strength: float, inside: float, size: int) -> Tier:
    expected = 2 * inside / size
    if share >= 0.8 and strength >= 0.5 * expected:
        return Tier.CORE
    return Tier.LIKELY if share >= 0.5 and strength >= 0.2 * expected else Tier.PERIPHERY


def _without_overlap(ranked: Iterable[_Ranked], most: int) -> list[_Ranked]:
    """Keep the best, leaving out whoever shares too many members with a better one."""
    kept: list[_Ranked] = []
    standing: dict[int, list[int]] = defaultdict(list)
    for one in ranked:
        shared = Counter(number for i in one.group for number in standing[i])
        if any(n / (len(one.group) + len(kept[k].group) - n) >= MOST_OVERLAP for k, n in shared.items()):
            continue
        for i in one.group:
            standing[i].append(len(kept))
        kept.append(one)
        if len(kept) == most:
            break
    return kept
