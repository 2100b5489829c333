"""Migrations of the graph: resumed where they broke, applied once however many migrate, refused by name when edited."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jpa.errors import ConflictError, IntegrityError, SetupError
from jpa.graph.cypher import upkeep
from jpa.graph.migrate import LOCK_SECONDS, applied_versions, migrate
from jpa.graph.session import Graph, Tx
from jpa.services.installation import Installation

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CLEAN = upkeep("MATCH (n) WHERE n:Probe OR (n:Migration AND n.version > '9000') DETACH DELETE n")
PROBES = upkeep("MATCH (p:Probe) RETURN p.name AS name ORDER BY name")
HOLD = upkeep("MATCH (l:MigrationLock {id: 1}) SET l.until = $until, l.owner = 'dead'")
HELD = upkeep("MATCH (l:MigrationLock {id: 1}) RETURN l.owner AS owner, l.until AS until")
PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from jpa.config import load_settings
from jpa.graph.migrate import migrate
from jpa.graph.server import ensure_server
from jpa.graph.session import Graph
with ensure_server(load_settings(home=Path(sys.argv[1]))) as handle, Graph(handle) as graph:
    sys.stdin.readline()
    print(len(migrate(graph, Path(sys.argv[2]), datetime.now(UTC))))
"""


@pytest.fixture
def graph(installation: Installation) -> Iterator[Graph]:
    graph = installation.stores.graph
    yield graph
    graph.upkeep(lambda tx: tx.run(CLEAN).consume())
    graph.run_statement("DROP INDEX probe_a IF EXISTS")


def written(folder: Path, name: str, *lines: str) -> Path:
    (folder / f"{name}.cypher").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def probes(graph: Graph) -> list[str]:
    return graph.upkeep(lambda tx: [row["name"] for row in tx.run(PROBES)])


def test_a_half_applied_data_migration_resumes_at_the_statement_where_it_broke(graph: Graph, tmp_path: Path) -> None:
    first = "CREATE (:Probe {name: 'one'});"
    written(tmp_path, "9001_probes", "// kind: data", first, "CREATE (:Probe {name: broken});", "CREATE (:Probe);")
    with pytest.raises(SetupError, match=r"9001_probes broke at statement 2 \(Neo.ClientError.Statement.SyntaxError"):
        migrate(graph, tmp_path, NOW)
    after_break = probes(graph)

    written(tmp_path, "9001_probes", "// kind: data", first, "CREATE (:Probe {name: 'two'});")
    applied = migrate(graph, tmp_path, NOW)

    assert after_break == ["one"]
    assert [m.version for m in applied] == ["9001"]
    assert probes(graph) == ["one", "two"]
    assert "9001" in applied_versions(graph)


def test_a_half_applied_schema_migration_resumes(graph: Graph, tmp_path: Path) -> None:
    index = "CREATE INDEX probe_a IF NOT EXISTS FOR (n:Probe) ON (n.a);"
    written(tmp_path, "9001_index", "// kind: schema", index, "CREATE INDEX IF NOT EXISTS FOR nonsense;")
    with pytest.raises(SetupError, match="9001_index broke at statement 2"):
        migrate(graph, tmp_path, NOW)

    written(tmp_path, "9001_index", "// kind: schema", index)
    applied = migrate(graph, tmp_path, NOW)

    assert [m.version for m in applied] == ["9001"]
    assert migrate(graph, tmp_path, NOW) == []


def test_what_was_applied_before_the_break_may_not_be_edited(graph: Graph, tmp_path: Path) -> None:
    written(tmp_path, "9001_probes", "// kind: data", "CREATE (:Probe {name: 'one'});", "nonsense;")
    with pytest.raises(SetupError):
        migrate(graph, tmp_path, NOW)

    written(tmp_path, "9001_probes", "// kind: data", "CREATE (:Probe {name: 'other'});", "CREATE (:Probe);")
    with pytest.raises(IntegrityError, match="9001_probes broke at statement 2, and a statement before it was edited"):
        migrate(graph, tmp_path, NOW)

    assert probes(graph) == ["one"]


def test_a_data_statement_that_breaks_half_way_leaves_nothing_and_is_run_whole_again(
    graph: Graph, tmp_path: Path
) -> None:
    fails_late = "UNWIND [2, 1, 0] AS n CREATE (:Probe {name: toString(2 / n)});"
    written(tmp_path, "9001_probes", "// kind: data", fails_late)
    with pytest.raises(SetupError, match=r"9001_probes broke at statement 1 \(Neo.ClientError.Statement.Arithmetic"):
        migrate(graph, tmp_path, NOW)
    after_break = probes(graph)

    written(tmp_path, "9001_probes", "// kind: data", fails_late.replace("2, 1, 0", "2, 1"))
    migrate(graph, tmp_path, NOW)

    assert after_break == []
    assert probes(graph) == ["1", "2"]


@pytest.mark.parametrize("processes", [3])
def test_processes_that_migrate_at_once_apply_each_migration_once(
    graph: Graph, installation: Installation, tmp_path: Path, processes: int
) -> None:
    for number in (9001, 9002, 9003):
        written(tmp_path, f"{number}_probe", "// kind: data", f"CREATE (:Probe {{name: '{number}'}});")
    command = [sys.executable, "-c", PROGRAM, str(installation.settings.home), str(tmp_path)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]

    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    counts = [int(process.communicate(timeout=120)[0]) for process in started]

    assert sorted(counts) == [0] * (processes - 1) + [3]
    assert probes(graph) == ["9001", "9002", "9003"]


def test_a_lock_whose_holder_died_is_taken_over_when_its_time_is_up(graph: Graph, tmp_path: Path) -> None:
    written(tmp_path, "9001_probe", "// kind: data", "CREATE (:Probe {name: 'one'});")
    until = time.time() + 1
    graph.upkeep(lambda tx: tx.run(HOLD, until=until).consume())

    applied = migrate(graph, tmp_path, NOW)

    assert time.time() > until
    assert len(applied) == 1
    assert graph.upkeep(held)["until"] == 0


def test_the_lock_is_renewed_under_way_and_one_taken_over_is_not_freed(graph: Graph, tmp_path: Path) -> None:
    take = f"MATCH (l:MigrationLock) SET l.owner = 'dead', l.until = l.until + {LOCK_SECONDS};"
    written(tmp_path, "9001_probe", "// kind: data", take, "CREATE (:Probe {name: 'one'});")

    with pytest.raises(Exception, match="took over the migration 9001_probe"):
        migrate(graph, tmp_path, NOW)

    assert graph.upkeep(held)["owner"] == "dead"
    assert graph.upkeep(held)["until"] > time.time() + LOCK_SECONDS
    assert probes(graph) == []
    graph.upkeep(lambda tx: tx.run(HOLD, until=0).consume())


def test_an_edited_migration_and_one_that_comes_too_late_are_refused_by_name(graph: Graph, tmp_path: Path) -> None:
    written(tmp_path, "9002_probe", "// kind: data", "CREATE (:Probe {name: 'one'});")
    migrate(graph, tmp_path, NOW)

    written(tmp_path, "9002_probe", "// kind: data", "CREATE (:Probe {name: 'two'});")
    with pytest.raises(IntegrityError, match="9002_probe was edited after it was applied"):
        migrate(graph, tmp_path, NOW)
    (tmp_path / "9002_probe.cypher").unlink()
    written(tmp_path, "9001_late", "// kind: data", "CREATE (:Probe {name: 'late'});")
    with pytest.raises(ConflictError, match="9001_late came after a later one"):
        migrate(graph, tmp_path, NOW)

    assert probes(graph) == ["one"]


@pytest.mark.parametrize(
    ("name", "line", "problem"),
    [
        ("9001-probe", "// kind: data", "name it NNNN_what"),
        ("9001_probe", "// kind: both", "begin it with"),
        ("9001_probe", "// kind: schema\nCREATE INDEX probe_a FOR (n:Probe) ON (n.a);", "IF NOT EXISTS"),
    ],
)
def test_a_file_that_is_not_as_agreed_is_refused_by_name(
    graph: Graph, tmp_path: Path, name: str, line: str, problem: str
) -> None:
    written(tmp_path, name, line)

    with pytest.raises(SetupError, match=f"{name}.cypher: .*{problem}"):
        migrate(graph, tmp_path, NOW)


def held(tx: Tx) -> dict[str, Any]:
    return tx.run(HELD).single(strict=True).data()
