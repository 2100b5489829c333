"""Leiden at several resolutions and seeds: who stands with whom in each of them; the only user of igraph."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import igraph
import numpy as np
from numpy.typing import NDArray

from jpa.model.job import Progress, no_progress
from jpa.networks.project import Projection

Group = tuple[int, ...]
"""Places in the projection's people, ascending."""

_ITERATIONS: Final = 4
"""Rounds of refinement of one partition: a fifth changed none of those of the fictional region."""


@dataclass(frozen=True, slots=True)
class Partitions:
    """Each person's community in each partition."""

    memberships: Sequence[NDArray[np.int64]]
    """One array a partition: the community's number by place in the projection's people."""
    sizes: Sequence[NDArray[np.int64]]
    """One array a partition: how many people each community has."""

    def groups(self, least: int, most: int) -> list[Group]:
        """Pool the communities of these sizes, those found most often first."""
        counts: Counter[Group] = Counter()
        for membership, sizes in zip(self.memberships, self.sizes, strict=True):
            ordered = np.argsort(membership, kind="stable")
            for community in np.split(ordered, np.cumsum(sizes)[:-1]):
                if least <= len(community) <= most:
                    counts[tuple(community.tolist())] += 1
        return sorted(counts, key=lambda group: (-counts[group], len(group), group))

    def shares(self, group: Group) -> list[float]:
        """Share of partitions in which each member stands in the community that overlaps the group most."""
        members = np.array(group)
        together = np.zeros(len(group))
        for membership, sizes in zip(self.memberships, self.sizes, strict=True):
            met, own, overlaps = np.unique(membership[members], return_inverse=True, return_counts=True)
            likeness = overlaps / (len(group) + sizes[met] - overlaps)
            together += own == np.lexsort((met, sizes[met], -likeness))[0]
        return [float(share) for share in together / len(self.memberships)]


def find_partitions(
    projection: Projection,
    *,
    seed: int,
    resolutions: Sequence[float],
    rounds: int,
    progress: Progress = no_progress,
) -> Partitions:
    """Part the people `rounds` times at each resolution; the same inputs give the same partitions.

    igraph's generator is global: one detection per process at a time.
    """
    place = {person: i for i, person in enumerate(projection.people)}
    pairs = np.array([(place[a], place[b]) for a, b in projection.ties], dtype=np.int64)
    graph = igraph.Graph(n=len(place), edges=pairs.tolist(), directed=False)
    weights = _cosine(pairs, np.array([tie.weight for tie in projection.ties.values()]), len(place)).tolist()
    total = len(resolutions) * rounds
    memberships: list[NDArray[np.int64]] = []
    igraph.set_random_number_generator(random.Random(seed))
    try:
        for step in range(total):
            progress(step, total)
            found = graph.community_leiden(
                "modularity",
                weights=weights,
                resolution=resolutions[step % len(resolutions)],
                n_iterations=_ITERATIONS,
            )
            memberships.append(np.array(found.membership, dtype=np.int64))
    finally:
        igraph.set_random_number_generator(random)
    progress(total, total)
    return Partitions(memberships, [np.bincount(membership) for membership in memberships])


def _cosine(pairs: NDArray[np.int64], strengths: NDArray[np.float64], people: int) -> NDArray[np.float64]:
    """Weigh a strong tie between two who have few others more than one between two busy ones."""
    totals = np.bincount(pairs.ravel(), weights=np.repeat(strengths, 2), minlength=people)
    both = np.sqrt(totals[pairs[:, 0]] * totals[pairs[:, 1]])
    weights = np.zeros_like(strengths)
    np.divide(strengths, both, out=weights, where=both > 0)
    return weights
