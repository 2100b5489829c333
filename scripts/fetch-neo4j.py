"""Brings Neo4j's jars into the cache that all homes share, each checked against its hash; the set-up's front end is built meanwhile."""  # noqa: INP001 -- run by make

from pathlib import Path

from jpa.cli.opening import jar_progress
from jpa.config import load_settings
from jpa.graph import artifacts

if __name__ == "__main__":
    artifacts.install(Path("build/neo4j"), load_settings().jar_folder, jar_progress())
