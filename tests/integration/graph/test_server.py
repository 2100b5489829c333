"""The embedded Neo4j: shared, resumed, never orphaned."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jpa.config import PROJECT, Settings, load_settings
from jpa.errors import ConflictError, IntegrityError
from jpa.graph import class_archive, java
from jpa.graph.keeper import is_our_server, run_folder
from jpa.graph.migrate import migrate
from jpa.graph.server import ensure_server, read_run_file, wait_gone
from jpa.graph.session import Graph
from jpa.model.audit import AuditTag, Intent
from jpa.services.installation import Installation

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
USE = "import sys, time; from pathlib import Path; from jpa.config import load_settings; from jpa.graph.server import ensure_server; ensure_server(load_settings(home=Path(sys.argv[1]), neo4j_heap='256m', neo4j_pagecache='64m')); print('up', flush=True); time.sleep(600)"


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, founded: Callable[[Settings], Settings]) -> Settings:
    """A home whose server may be killed; one that a test leaves behind is taken up by the next, or stops."""
    home = tmp_path_factory.mktemp("other") / "home"
    return founded(load_settings(home=home, neo4j_heap="256m", neo4j_pagecache="64m"))


def running(settings: Settings) -> dict[str, int]:
    found = read_run_file(settings)
    assert found is not None
    return found


def test_a_killed_keeper_takes_its_server_along_and_the_next_start_works(other: Settings) -> None:
    with ensure_server(other):
        first = running(other)
        os.kill(first["keeper"], signal.SIGKILL)
        assert wait_gone(other, first["pid"], 20)

    with ensure_server(other) as again, Graph(again) as graph:
        graph.ping()
        second = running(other)

    assert second["pid"] != first["pid"]
    assert second["keeper"] != first["keeper"]


def test_a_killed_server_comes_back_under_a_live_lease_with_what_was_acknowledged(other: Settings) -> None:
    with ensure_server(other) as handle, Graph(handle) as graph:
        graph.write(intent("a" * 32), lambda tx: tx.run("CREATE (:Probe)").consume())
        first = running(other)["pid"]

        os.kill(first, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while running(other)["pid"] == first and time.monotonic() < deadline:
            time.sleep(0.1)
        kept = graph.committed(["a" * 32])
        second = running(other)["pid"]

    assert kept == {"a" * 32}
    assert second != first


def test_a_killed_user_leaves_no_server_behind(other: Settings) -> None:
    with subprocess.Popen([sys.executable, "-c", USE, str(other.home)], stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        with ensure_server(other):
            assert user.stdout.readline() == "up\n"
        pid = running(other)["pid"]

        user.send_signal(signal.SIGKILL)

    assert wait_gone(other, pid, 15)


def test_java_takes_the_servers_classes_from_the_archive_of_any_home(installation: Installation) -> None:
    home = installation.settings.neo4j_home
    class_archive.make(home, installation.settings.jar_folder)
    command = java.server_command(installation.settings)
    only_with_it = [
        command[0],
        "-Xshare:on",
        *command[1 : command.index("-cp") + 2],
        "org.neo4j.cli.AdminTool",
        "--version",
    ]

    told = subprocess.run(only_with_it, env=java.environment(home), capture_output=True, text=True, check=False)

    made_from = java.class_archive(home).read_bytes()
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.startswith("5.26")
    assert f"{installation.settings.jar_folder}/jpa-classes-".encode() in made_from  # jars that outlive any home
    assert str(home).encode() not in made_from


def test_two_processes_share_one_server(installation: Installation) -> None:
    settings = installation.settings
    pid = running(settings)["pid"]

    with ensure_server(settings) as second, Graph(second) as graph:
        graph.ping()

    assert running(settings)["pid"] == pid
    assert is_our_server(pid, run_folder(settings))


def test_without_an_intent_nothing_is_read(installation: Installation) -> None:
    with pytest.raises(TypeError, match="audit intent"):
        installation.stores.graph.read(None, lambda _: None)  # type: ignore[arg-type]  # that is the test


def test_migrating_again_changes_nothing_and_an_edited_file_is_refused(
    installation: Installation, tmp_path: Path
) -> None:
    graph = installation.stores.graph
    source = PROJECT / "migrations" / "graph"
    edited = tmp_path / "0001_foundation.cypher"
    edited.write_text(
        (source / "0001_foundation.cypher").read_text(encoding="utf-8") + "\n// changed\n", encoding="utf-8"
    )

    again = migrate(graph, source, NOW)

    assert again == []
    with pytest.raises((IntegrityError, ConflictError), match="0001"):
        migrate(graph, tmp_path, NOW)


def intent(identifier: str) -> Intent:
    return Intent(identifier, AuditTag.CASE_READ, "test", NOW)
