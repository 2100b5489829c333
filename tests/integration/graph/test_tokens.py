"""A store knows every name of the queries from its first day: no first thing of a kind has them planned anew."""

import re

import neo4j
import pytest

from jpa.graph import agencies, granted, handouts, recalled, reciprocity
from jpa.graph.cypher import Query
from jpa.graph.server import ensure_server
from jpa.services.installation import Installation

UNKNOWN = {"01N50": "label", "01N51": "relationship type", "01N52": "property key"}
"""Status codes by which Neo4j tells of a name that it does not know."""
LISTS = {"compartments", "audience", "ids"}


@pytest.mark.parametrize(
    "asked", [agencies.READERSHIP, granted.HELD, handouts.LIST, reciprocity.GRANTS, recalled.CLOSE_EVIDENCE]
)
def test_the_store_knows_what_a_query_names(installation: Installation, asked: Query) -> None:
    with (
        ensure_server(installation.settings) as server,
        neo4j.GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver,
    ):
        values = {name: [] if name in LISTS else "" for name in re.findall(r"\$(\w+)", asked)}
        told = driver.execute_query(f"EXPLAIN {asked}", values).summary.gql_status_objects
        strange = driver.execute_query("EXPLAIN MATCH (n:NeverHeardOf) RETURN n").summary.gql_status_objects

    assert [UNKNOWN[s.gql_status] for s in told if s.gql_status in UNKNOWN] == []
    assert [UNKNOWN[s.gql_status] for s in strange if s.gql_status in UNKNOWN] == ["label"]
