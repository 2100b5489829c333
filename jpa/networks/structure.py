"""What a candidate's shape tells: who stands between the others, on whom and on which report it hangs."""

from collections.abc import Collection, Mapping
from typing import Final

import networkx as nx

from jpa.networks.project import Tie

Ties = Mapping[tuple[str, str], Tie]

MOST_BROKERS: Final = 3
_DIGITS: Final = 9
"""Betweenness is a sum of fractions: what differs beyond this differs by rounding alone."""


def graph_of(inner: Ties, group: Collection[str]) -> "nx.Graph[str]":
    """Return the members and what ties them, in an order that does not depend on how they were found."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(group))
    graph.add_edges_from(sorted(inner))
    return graph


def brokers_of(graph: "nx.Graph[str]") -> tuple[str, ...]:
    """Return the members on most of the shortest paths between the others, first the one on most."""
    between = {p: round(share, _DIGITS) for p, share in nx.betweenness_centrality(graph).items()}
    ranked = sorted(between, key=lambda p: (-between[p], p))
    return tuple(p for p in ranked[:MOST_BROKERS] if between[p] > 0)


def parts_without(graph: "nx.Graph[str]") -> dict[str, int]:
    """Map each member who alone holds the group together to the number of parts that it would fall into."""
    held = {}
    for person in sorted(nx.articulation_points(graph)):
        rest = graph.subgraph(p for p in graph if p != person)
        held[person] = nx.number_connected_components(rest)
    return held


def hangs_on(inner: Ties, group: Collection[str], report: str) -> bool:
    """Say whether the group falls apart without one report."""
    return not nx.is_connected(graph_of({pair: t for pair, t in inner.items() if t.reports != {report}}, group))
