"""Structure: who stands between the others, who alone holds a group together, which report it hangs on."""

import pytest

from jpa.networks.explain import against_of
from jpa.networks.project import Node, Projection, Relation, project, shipped_weights
from jpa.networks.structure import brokers_of, graph_of, hangs_on, parts_without

pytestmark = pytest.mark.fast


def bow_tie(*, second: str) -> Projection:
    """Two triangles that meet in c; the right one is stated by a report of its own."""
    left, right = (("a", "b"), ("b", "c"), ("a", "c")), (("c", "d"), ("d", "e"), ("c", "e"))
    relations = [Relation(a, b, "ASSOCIATE_OF", 0.8, "r1") for a, b in left]
    relations += [Relation(a, b, "ASSOCIATE_OF", 0.8, r) for a, b in right for r in ("r2", second)]
    return project([Node(p, "Person", p) for p in "abcde"], relations, weights=shipped_weights(), today=0)


def test_the_one_in_whom_two_parts_meet_is_named_a_broker_and_counted_against() -> None:
    made = bow_tie(second="r2")
    graph = graph_of(made.ties, made.people)

    against = against_of(made.ties, graph, 1.0)

    assert brokers_of(graph) == ("c",)
    assert parts_without(graph) == {"c": 2}
    assert "One member alone joins 2 parts that nothing else ties." in against
    assert "Hangs on single reports: without any one of 2 of its 2 the group falls apart." in against


def test_a_group_hangs_on_a_report_only_where_nothing_else_states_the_tie() -> None:
    made = bow_tie(second="r3")

    assert [hangs_on(made.ties, made.people, r) for r in ("r1", "r2", "r3")] == [True, False, False]


def test_a_clique_has_no_broker_and_no_joint() -> None:
    people = "abcd"
    relations = [Relation(a, b, "CALLED", 0.8, "r") for a in people for b in people if a < b]
    made = project([Node(p, "Person", p) for p in people], relations, weights=shipped_weights(), today=0)
    graph = graph_of(made.ties, people)

    assert brokers_of(graph) == ()
    assert parts_without(graph) == {}
