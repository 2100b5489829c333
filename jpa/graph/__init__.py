"""The graph store: the only room that speaks to Neo4j."""
