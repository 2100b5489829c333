"""Detection: Leiden at several resolutions and seeds, pooled; members held softly, candidates ranked by shown factors."""

import hashlib
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import igraph

from jpa.model.candidate import Candidate, Member, Tier
from jpa.model.job import Progress, no_progress
from jpa.networks.explain import against_of, reasons_of, why_member
from jpa.networks.project import Projection, Tie, Weights

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
    most_candidates: int = 100


def detect(
    projection: Projection,
    weights: Weights,
    parameters: Parameters,
    *,
    progress: Progress = no_progress,
) -> list[Candidate]:
    """Return ranked candidates; the same inputs give the same bytes.

    igraph's generator is global: one detection per process at a time.
    """
    if len(projection.people) < LEAST_MEMBERS:
        return []
    partitions = _partitions(projection, parameters, progress)
    groups = _pooled(partitions)
    candidates = [_candidate(projection, weights, group, partitions) for group in groups]
    candidates.sort(key=lambda c: (-c.score, c.id))
    return _without_overlap(candidates)[: parameters.most_candidates]


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


def _partitions(projection: Projection, parameters: Parameters, progress: Progress) -> list[list[frozenset[str]]]:
    index = {person: i for i, person in enumerate(projection.people)}
    graph = igraph.Graph(n=len(index), edges=[(index[a], index[b]) for a, b in projection.ties], directed=False)
    strengths = [t.weight for t in projection.ties.values()]
    totals = [0.0] * len(index)
    for (a, b), tie in projection.ties.items():
        totals[index[a]] += tie.weight
        totals[index[b]] += tie.weight
    # Cosine weights: a strong tie between two who have few others counts more than one between two busy ones.
    weights = [
        w / math.sqrt(totals[index[a]] * totals[index[b]]) if w > 0 else 0.0
        for w, (a, b) in zip(strengths, projection.ties, strict=True)
    ]
    total = len(parameters.resolutions) * parameters.seeds
    partitions = []
    generator = random.Random(parameters.seed)
    igraph.set_random_number_generator(generator)
    try:
        for step in range(total):
            progress(step, total)
            resolution = parameters.resolutions[step % len(parameters.resolutions)]
            found = graph.community_leiden("modularity", weights=weights, resolution=resolution, n_iterations=4)
            partitions.append([frozenset(projection.people[i] for i in group) for group in found])
    finally:
        igraph.set_random_number_generator(random)
    progress(total, total)
    return partitions


def _pooled(partitions: Sequence[Sequence[frozenset[str]]]) -> list[frozenset[str]]:
    counts = Counter(g for p in partitions for g in p if LEAST_MEMBERS <= len(g) <= MOST_MEMBERS)
    return sorted(counts, key=lambda g: (-counts[g], len(g), sorted(g)))


def _candidate(
    projection: Projection, weights: Weights, group: frozenset[str], partitions: Sequence[Sequence[frozenset[str]]]
) -> Candidate:
    inner = {pair: tie for pair, tie in projection.ties.items() if pair[0] in group and pair[1] in group}
    shares = _shares(group, partitions)
    strength: dict[str, float] = defaultdict(float)
    for (a, b), tie in inner.items():
        strength[a] += tie.weight
        strength[b] += tie.weight
    outer = sum(t.weight for (a, b), t in projection.ties.items() if (a in group) != (b in group))
    inside = sum(t.weight for t in inner.values())
    kinds = {k for t in inner.values() for k in t.kinds}
    working = kinds & weights.operational
    factors = {
        "strength": round(inside / math.sqrt(len(group)), 6),
        "kinds of joint work": float(len(working)),
        "kept inside": round(inside / (inside + outer), 6) if inside > 0 else 0.0,
    }
    score = factors["strength"] * (0.2 + 0.4 * len(working)) * factors["kept inside"]
    stability = sum(shares.values()) / len(shares)
    members = tuple(
        Member(
            p, round(shares[p], 4), _tier(shares[p], strength[p], inside, len(group)), why_member(projection, inner, p)
        )
        for p in sorted(group, key=lambda p: (-strength[p], p))
    )
    return Candidate(
        id=hashlib.sha256("|".join(sorted(group)).encode()).hexdigest()[:32],
        members=members,
        score=round(score, 6),
        stability=round(stability, 4),
        factors=factors,
        reasons=reasons_of(projection, inner, group),
        against=against_of(projection, inner, group, stability),
        reports=tuple(sorted({r for t in inner.values() for r in t.reports})),
        brokers=_brokers(group, inner),
    )


def _shares(group: frozenset[str], partitions: Sequence[Sequence[frozenset[str]]]) -> dict[str, float]:
    """Share of partitions in which each member stands in the community that overlaps the group most."""
    counts: Counter[str] = Counter()
    for partition in partitions:
        nearest = max(partition, key=lambda g: (len(g & group) / len(g | group), -len(g), sorted(g)[:1]))
        counts.update(nearest & group)
    return {p: counts[p] / len(partitions) for p in group}


def _tier(share: float, strength: float, inside: float, size: int) -> Tier:
    expected = 2 * inside / size
    if share >= 0.8 and strength >= 0.5 * expected:
        return Tier.CORE
    return Tier.LIKELY if share >= 0.5 and strength >= 0.2 * expected else Tier.PERIPHERY


def _brokers(group: frozenset[str], inner: Mapping[tuple[str, str], Tie]) -> tuple[str, ...]:
    people = sorted(group)
    index = {p: i for i, p in enumerate(people)}
    graph = igraph.Graph(n=len(people), edges=[(index[a], index[b]) for a, b in inner])
    between = graph.betweenness()
    ranked = sorted(range(len(people)), key=lambda i: (-between[i], people[i]))
    return tuple(people[i] for i in ranked[:3] if between[i] > 0)


def _without_overlap(candidates: list[Candidate]) -> list[Candidate]:
    kept: list[tuple[set[str], Candidate]] = []
    for candidate in candidates:
        members = {m.record for m in candidate.members}
        if all(len(members & other) / len(members | other) < MOST_OVERLAP for other, _ in kept):
            kept.append((members, candidate))
    return [c for _, c in kept]
