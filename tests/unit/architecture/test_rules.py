"""Promises that span files: the gate on every query, no Cypher built from text, every dependency used, no stray configuration."""

import ast
import configparser
import re
from pathlib import Path

import pytest

from jpa.errors import CatalogueError
from jpa.graph.cypher import label, query, relationship
from jpa.model.catalogue import ENTITY_TYPES, INVOLVED_IN, LINK_TYPES

pytestmark = pytest.mark.fast
ROOT = Path(__file__).parents[3]
SOURCES = sorted((ROOT / "jpa").rglob("*.py"))
IMPORTED_AS = {
    "argon2-cffi": "argon2", "followthemoney": "followthemoney", "flask-babel": "flask_babel", "flask-limiter": "flask_limiter", "flask-login": "flask_login",
    "flask-wtf": "flask_wtf", "pydantic-settings": "pydantic_settings", "pyicu": "icu", "python-calamine": "python_calamine", "python-igraph": "igraph", "python-stdnum": "stdnum",
}  # fmt: skip
IMPORTED_BY_OTHERS = {"neo4j-rust-ext"}
"""A drop-in that the driver itself imports."""


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (r:Record) RETURN r",
        "MATCH (r:Record)-[links(l)]-(o:Record) WHERE readable(r) AND readable(o) RETURN l",
        "MATCH (r)-[l:USES]->(o) RETURN l",
        "MATCH (:Report {id: $id}) RETURN 1",
        "MATCH (v:Victim) RETURN v",
        "MATCH ()-[links(l)]->() WHERE readable(l) RETURN l",
        "MATCH (r:Record)-[links(l)]->(o) WHERE readable(r) AND readable(l) RETURN l",
        "MATCH (r:Record)-[i:INVOLVED_IN]->(:Case) WHERE readable(r) AND readable(i) RETURN r",
        "MATCH (r:Record)-[i:INVOLVED_IN]->(c:Case) WHERE readable(r) AND readable(i) RETURN c",
        "MATCH (:Case {id: $case})<-[:FILED_IN]-()-[:STATES]->(r:Record) WHERE readable(r) RETURN r",
    ],
)
def test_a_query_that_reads_guarded_data_unguarded_is_refused_at_import(text: str) -> None:
    with pytest.raises(CatalogueError, match="readable"):
        query(text)


@pytest.mark.parametrize("name", ["Person) DETACH DELETE (n", "Record", "person"])
def test_a_name_that_is_not_in_the_catalogue_never_becomes_cypher(name: str) -> None:
    for gate in (label, relationship):
        with pytest.raises(CatalogueError):
            gate(name)


def test_cypher_is_built_from_text_only_in_its_gate() -> None:
    offenders = []
    for path in SOURCES:
        if path.name == "cypher.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                words = " ".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
                if re.search(r"\b(MATCH|MERGE|UNWIND|DETACH)\b", words):
                    offenders.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"query", "upkeep"}:
                offenders += [f"{path.name}:{node.lineno}"] if not isinstance(node.args[0], ast.Constant) else []

    assert offenders == []


def test_every_link_type_has_a_unique_id_in_the_database() -> None:
    migrations = "".join(
        p.read_text(encoding="utf-8") for p in sorted((ROOT / "migrations" / "graph").glob("*.cypher"))
    )

    for name in (*LINK_TYPES, INVOLVED_IN):
        assert f"FOR ()-[l:{name}]-() REQUIRE l.id IS UNIQUE" in migrations
    for name in ENTITY_TYPES:
        assert f"FOR (n:{name})" not in migrations


def test_every_declared_dependency_is_used() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    code = "".join(p.read_text(encoding="utf-8") for p in SOURCES)
    names = [re.split(r"[>=<~\[]", line)[0].strip() for line in setup["options"]["install_requires"].split()]

    unused = {
        n
        for n in names
        if re.search(rf"^\s*(?:from|import) {re.escape(IMPORTED_AS.get(n, n))}\b", code, re.MULTILINE) is None
    }

    assert unused == IMPORTED_BY_OTHERS


def test_no_file_shadows_the_configuration_in_setup_cfg() -> None:
    assert not (ROOT / "pytest.ini").exists()
    assert "[tool." not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_no_template_carries_script_or_style() -> None:
    for path in (ROOT / "jpa" / "web" / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)", text) is None, path.name
