"""Numbered, checksummed migrations of the graph, applied in order under a lock; a failed one is resumed, not guessed.

File naming follows the neo4j-migrations tool; line 1 says `// kind: schema` or `// kind: data`, because Neo4j cannot mix the two
in one transaction.
"""

import hashlib
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jpa.errors import ConflictError, IntegrityError, SetupError
from jpa.graph.cypher import Query, upkeep
from jpa.graph.rows import stamp
from jpa.graph.session import Graph, Tx

_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.cypher")
_KIND: Final = re.compile(r"//\s*kind:\s*(schema|data)\s*")
LOCK_SECONDS: Final = 600
"""A lock older than this belongs to a process that died; no migration statement runs longer."""

LEDGER_CONSTRAINT: Final = (
    "CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (m:Migration) REQUIRE m.version IS UNIQUE"
)
LOCK_CONSTRAINT: Final = "CREATE CONSTRAINT migration_lock IF NOT EXISTS FOR (l:MigrationLock) REQUIRE l.id IS UNIQUE"
TAKE_LOCK: Final[Query] = upkeep("""
MERGE (l:MigrationLock {id: 1}) ON CREATE SET l.until = 0
WITH l SET l.touched = $now
WITH l WHERE l.until < $now SET l.until = $until RETURN l.until AS until
""")
FREE_LOCK: Final[Query] = upkeep("MATCH (l:MigrationLock {id: 1}) SET l.until = 0")
READ_LEDGER: Final[Query] = upkeep("MATCH (m:Migration) RETURN properties(m) AS m ORDER BY m.version")
WRITE_LEDGER: Final[Query] = upkeep("MERGE (m:Migration {version: $version}) SET m += $properties")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file."""

    version: str
    name: str
    kind: str
    checksum: str
    statements: tuple[str, ...]


def read_migrations(folder: Path) -> list[Migration]:
    """Read the folder's files in order; a file that is not named or headed as agreed is refused by name."""
    migrations = []
    for path in sorted(folder.glob("*.cypher")):
        named = _NAME.fullmatch(path.name)
        text = path.read_text(encoding="utf-8")
        kind = _KIND.match(text.split("\n", 1)[0])
        if named is None or kind is None:
            raise SetupError(
                f"{path.name}: name it NNNN_what.cypher and begin it with // kind: schema or // kind: data"
            )
        body = "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))
        statements = tuple(s.strip() for s in re.split(r";\s*(?:\n|$)", body) if s.strip() != "")
        checksum = hashlib.sha256(text.encode()).hexdigest()
        migrations.append(Migration(named[1], named[2], kind[1], checksum, statements))
    if len(migrations) == 0:
        raise SetupError(f"There are no migrations in {folder}.")
    return migrations


def migrate(graph: Graph, folder: Path, at: datetime) -> list[Migration]:
    """Apply what is missing; returns what was applied. Another process that migrates is waited for."""
    migrations = read_migrations(folder)
    graph.run_statement(LEDGER_CONSTRAINT)
    graph.run_statement(LOCK_CONSTRAINT)
    _take_lock(graph)
    try:
        ledger = graph.upkeep(lambda tx: {r["m"]["version"]: r["m"] for r in tx.run(READ_LEDGER)})
        todo = _missing(migrations, ledger)
        for migration, start in todo:
            _apply(graph, migration, start, at)
        return [migration for migration, _ in todo]
    finally:
        graph.upkeep(lambda tx: tx.run(FREE_LOCK).consume())


def _missing(migrations: Sequence[Migration], ledger: dict[str, dict[str, Any]]) -> list[tuple[Migration, int]]:
    done = [v for v, row in ledger.items() if row["status"] == "done"]
    todo = []
    for migration in migrations:
        row = ledger.get(migration.version)
        if row is not None and row["checksum"] != migration.checksum and row["status"] == "done":
            raise IntegrityError(f"Migration {migration.version}_{migration.name} was edited after it was applied.")
        if row is not None and row["status"] == "done":
            continue
        if len(done) > 0 and migration.version < max(done):
            raise ConflictError(
                f"Migration {migration.version}_{migration.name} came after a later one; give it the next number."
            )
        same = row is not None and row["checksum"] == migration.checksum
        todo.append((migration, int(row["statement"]) if row is not None and same else 0))
    return todo


def _apply(graph: Graph, migration: Migration, start: int, at: datetime) -> None:
    for index, statement in enumerate(migration.statements):
        if index < start:
            continue
        _note(graph, migration, "running", index, at)
        graph.run_statement(statement)
    _note(graph, migration, "done", len(migration.statements), at)


def _note(graph: Graph, migration: Migration, status: str, statement: int, at: datetime) -> None:
    properties = {
        "name": migration.name,
        "checksum": migration.checksum,
        "status": status,
        "statement": statement,
        "at": stamp(at),
    }
    graph.upkeep(lambda tx: tx.run(WRITE_LEDGER, version=migration.version, properties=properties).consume())


def _taker(now: float) -> Callable[[Tx], object]:
    return lambda tx: tx.run(TAKE_LOCK, now=now, until=now + LOCK_SECONDS).single()


def _take_lock(graph: Graph) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while time.monotonic() < deadline:
        taken = graph.upkeep(_taker(time.time()))
        if taken is not None:
            return
        time.sleep(0.2)
    raise ConflictError("Another process has been migrating the graph for ten minutes; stop it first.")
