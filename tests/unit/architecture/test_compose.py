"""The production files, read as Docker would: exactly the variables of the settings, pinned images, no secret, closed by default."""

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from jpa.cli import COMMANDS
from jpa.cli.post import post
from jpa.config import Settings

pytestmark = pytest.mark.fast
ROOT: Final = Path(__file__).parents[3]
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
OURS: Final = ("migrate", "web", "worker", "post")
VARIABLE: Final = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
PINNED: Final = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.-]+)?")
FITS_AS_IT_IS: Final = {"neo4j_heap", "neo4j_java", "neo4j_conf", "neo4j_pagecache", "jar_cache"}
"""Settings of the embedded Neo4j, which is not started where JPA_NEO4J_URI is set."""
NOT_SETTINGS: Final = {"JPA_SQL_PASSWORD"}
"""Read by the compose file alone: a part of JPA_OPERATIONS_URL."""


def filled(text: str, given: dict[str, str]) -> str:
    """Fill variables in as compose does; a required one that is not given is refused."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if name in given:
            return given[name]
        if kind != "-":
            raise KeyError(name)
        return str(rest)

    return VARIABLE.sub(value, text)


def test_every_variable_of_ours_is_a_setting_and_every_setting_is_set_or_fits_as_it_is() -> None:
    known = {f"JPA_{name.upper()}" for name in Settings.model_fields}
    image = set(re.findall(r"\b(JPA_\w+)=", DOCKERFILE))

    for name in OURS:
        assert set(SERVICES[name]["environment"]) == known - {f"JPA_{n.upper()}" for n in FITS_AS_IT_IS}, name
    assert image <= known
    mentioned = set(re.findall(r"\bJPA_\w+", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert mentioned <= known | NOT_SETTINGS


def test_the_values_make_settings_that_reach_the_services(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"JPA_NEO4J_PASSWORD": "one", "JPA_SQL_PASSWORD": "two"}
    for name, value in SERVICES["web"]["environment"].items():
        monkeypatch.setenv(name, filled(value, given))

    settings = Settings()

    assert settings.https
    assert not settings.demo
    assert settings.neo4j_password is not None
    assert settings.neo4j_password.get_secret_value() == "one"
    assert settings.neo4j_uri == "bolt://neo4j:7687"
    assert settings.operations_address == "postgresql+psycopg://jpa:two@postgresql:5432/jpa"
    assert {settings.neo4j_uri.split("/")[2].split(":")[0], "postgresql"} <= set(SERVICES)
    assert str(settings.home) in {v.split(":")[1] for v in SERVICES["web"]["volumes"]}
    assert filled(SERVICES["neo4j"]["environment"]["NEO4J_AUTH"], given) == "neo4j/one"
    assert filled(SERVICES["postgresql"]["environment"]["POSTGRES_PASSWORD"], given) == "two"


def test_without_passwords_nothing_starts_and_none_stands_in_the_files() -> None:
    for name, service in SERVICES.items():
        for variable, value in service["environment"].items():
            if re.search(r"PASSWORD|AUTH|SECRET|KEY|OPERATIONS_URL", variable) is not None:
                with pytest.raises(KeyError, match="PASSWORD"):
                    filled(value, {})
                assert VARIABLE.search(value).group(2) == "?", (name, variable)  # type: ignore[union-attr]  # filled found it
    assert re.search(r"PASSWORD|SECRET|TOKEN", DOCKERFILE) is None
    assert ".env" in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_every_image_is_pinned_and_neo4j_is_the_line_that_jpa_brings_itself() -> None:
    images = [service["image"] for service in SERVICES.values()]
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    lock = json.loads((ROOT / "jpa" / "graph" / "neo4j.lock.json").read_text(encoding="utf-8"))
    server = {version for group, artifact, version, *_ in lock["jars"] if (group, artifact) == ("org.neo4j", "neo4j")}

    assert all(PINNED.fullmatch(image) for image in (*images, *bases))
    assert server == {"5.26.30"}
    assert SERVICES["neo4j"]["image"] == f"neo4j:{server.pop()}-community"


def test_page_and_post_alone_are_published_and_on_loopback_until_somebody_says_where() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    told = {"JPA_PORT": "80", "JPA_POST_HOST": "192.0.2.7", "JPA_POST_PORT": "443"}

    assert {name: [filled(p, {}) for p in ports] for name, ports in published.items()} == {
        "web": ["127.0.0.1:8000:8000"],
        "post": ["127.0.0.1:8443:8443"],
    }
    assert filled(published["web"][0], told) == "127.0.0.1:80:8000"
    assert filled(published["post"][0], told) == "192.0.2.7:443:8443"
    assert COMPOSE["networks"]["stores"]["internal"] is True
    outward = {name for name in SERVICES if SERVICES[name]["networks"] != ["stores"]}
    assert outward == {"web", "worker", "post"}
    assert all(SERVICES[name]["networks"] == ["front", "stores"] for name in outward)


@pytest.mark.parametrize("address", ["", "https://post.example:443"])
def test_the_listener_takes_post_where_it_is_published_and_its_card_names_what_was_said(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    given = {"JPA_NEO4J_PASSWORD": "one", "JPA_SQL_PASSWORD": "two"} | (
        {"JPA_POST_ADDRESS": address} if address else {}
    )
    for name, value in SERVICES["post"]["environment"].items():
        monkeypatch.setenv(name, filled(value, given))

    settings = Settings()

    inside = filled(SERVICES["post"]["ports"][0], {}).rpartition(":")[2]
    assert (str(settings.post_port), settings.post_host, settings.post_place) == (inside, "0.0.0.0", address)  # noqa: S104 -- within its container
    assert inside in SERVICES["post"]["healthcheck"]["test"][-1]
    assert re.search(rf"^EXPOSE 8000 {inside}$", DOCKERFILE, re.MULTILINE)


def test_every_service_runs_without_root_or_capabilities_and_says_whether_it_is_well() -> None:
    for name, service in SERVICES.items():
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]), name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["healthcheck"].get("test") is not None or name == "migrate", name
        assert service.get("read_only", False) or name == "neo4j", name
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert "HEALTHCHECK" in DOCKERFILE


def test_every_command_is_one_of_jpa_and_stores_are_well_and_migrated_before_it_runs() -> None:
    commands = {name: SERVICES[name]["command"] for name in OURS}

    assert commands == {
        "migrate": ["jpa", "migrate"],
        "web": ["jpa", "serve"],
        "worker": ["jpa", "work"],
        "post": ["jpa", "post", "listen"],
    }
    assert {words[1] for words in commands.values()} <= set(COMMANDS)
    assert "listen" in post.commands
    assert SERVICES["worker"]["healthcheck"]["test"][1:] == ["jpa", "health"]
    assert "health" in COMMANDS
    assert SERVICES["migrate"]["depends_on"] == {s: {"condition": "service_healthy"} for s in ("neo4j", "postgresql")}
    for name in ("web", "worker", "post"):
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_named_volumes_are_declared_and_what_the_image_copies_exists() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    copied = [word for line in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]]

    assert used == set(COMPOSE["volumes"])
    assert all((ROOT / word).exists() for word in copied)
