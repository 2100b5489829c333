"""Detection: planted groups are found, the same inputs give the same bytes, guarded people are never members."""

from random import Random

import numpy as np
import pytest

from jpa.errors import CancelledError
from jpa.networks.detect import Parameters, detect, snapshot_hash
from jpa.networks.partition import Partitions
from jpa.networks.project import Node, Relation, project, shipped_weights

pytestmark = pytest.mark.fast
W = shipped_weights()


def world(seed: int, planted: int = 3, noise: int = 200) -> tuple[list[Node], list[Relation], list[set[str]]]:
    draw = Random(seed)
    nodes, relations, groups = [], [], []
    for g in range(planted):
        people = [f"g{g}p{i}" for i in range(6)]
        groups.append(set(people))
        nodes += [Node(p, "Person", p) for p in people]
        for i, a in enumerate(people):
            for b in people[:i]:
                if draw.random() < 0.7:
                    relations += [
                        Relation(a, b, "ASSOCIATE_OF", 0.8, f"r{g}{i}"),
                        Relation(a, b, "CALLED", 0.8, f"c{g}{i}", count=9),
                    ]
    others = [f"n{i}" for i in range(noise)]
    nodes += [Node(p, "Person", p) for p in others]
    relations += [Relation(draw.choice(others), draw.choice(others), "FAMILY_OF", 0.5, f"f{i}") for i in range(noise)]
    return nodes, relations, groups


def test_planted_groups_rank_first() -> None:
    nodes, relations, groups = world(1)

    found = detect(project(nodes, relations, weights=W, today=0), W, Parameters())

    best = [{m.record for m in c.members} for c in found[:3]]
    assert all(any(len(b & g) / len(b | g) >= 0.5 for b in best) for g in groups)


def test_the_same_inputs_in_any_order_give_the_same_result() -> None:
    nodes, relations, _ = world(2)
    one = project(nodes, relations, weights=W, today=0)
    other = project(nodes[::-1], relations[::-1], weights=W, today=0)

    assert snapshot_hash(one, Parameters(), W) == snapshot_hash(other, Parameters(), W)
    assert detect(one, W, Parameters()) == detect(other, W, Parameters())


def test_a_guarded_person_is_never_a_member() -> None:
    nodes, relations, _ = world(3)
    guarded = [Node(n.id, n.type, n.label, guarded=n.id == "g0p0") for n in nodes]

    found = detect(project(guarded, relations, weights=W, today=0), W, Parameters())

    assert all(m.record != "g0p0" for c in found for m in c.members)


def test_a_hub_ties_nobody_and_is_named() -> None:
    people = [Node(f"p{i}", "Person", f"p{i}") for i in range(80)]
    shop = Node("shop", "Phone", "SIM shop")
    relations = [Relation(p.id, "shop", "USES", 0.8, f"r{p.id}") for p in people]

    made = project([*people, shop], relations, weights=W, today=0)

    assert made.hubs == {"shop": 80}
    assert detect(made, W, Parameters()) == []


@pytest.mark.parametrize("relations", [[], [Relation("a", "a", "CALLED", 1, "r")]])
def test_nothing_and_self_loops_give_no_candidates(relations: list[Relation]) -> None:
    assert detect(project([Node("a", "Person", "a")], relations, weights=W, today=0), W, Parameters()) == []


def test_a_run_is_cancelled_between_two_steps() -> None:
    nodes, relations, _ = world(4)

    def stop(done: int, _: int) -> None:
        if done == 3:
            raise CancelledError

    with pytest.raises(CancelledError):
        detect(project(nodes, relations, weights=W, today=0), W, Parameters(), progress=stop)


def test_many_groups_are_ranked_without_walking_all_communities_for_each() -> None:
    nodes, relations, groups = world(5, planted=60, noise=6000)

    found = detect(project(nodes, relations, weights=W, today=0), W, Parameters(resolutions=(1.0, 8.0), seeds=1))

    best = [{m.record for m in c.members} for c in found[:60]]
    assert sum(any(len(b & g) / len(b | g) >= 0.5 for b in best) for g in groups) >= 57


def test_a_share_is_that_of_partitions_in_which_a_member_stands_with_most_of_the_others() -> None:
    parted = [[0, 0, 0, 1, 1], [0, 0, 1, 1, 1]]
    partitions = Partitions([np.array(p) for p in parted], [np.bincount(p) for p in parted])

    assert partitions.groups(3, 60) == [(0, 1, 2), (2, 3, 4)]
    assert partitions.shares((0, 1, 2)) == [1.0, 1.0, 0.5]
    assert partitions.shares((2, 3, 4)) == [0.5, 1.0, 1.0]
