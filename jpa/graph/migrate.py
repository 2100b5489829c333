"""Numbered, checksummed migrations of the graph, applied in order under a lock; a failed one is resumed, not guessed.

File naming follows the neo4j-migrations tool; line 1 says `// kind: schema` or `// kind: data`, because Neo4j cannot mix the two
in one transaction. A data statement shares its transaction with the ledger and with the lock, so that it happens once however
often the process dies. A schema migration is one transaction of its own, noted after it, and so must say IF NOT EXISTS or IF EXISTS.
"""

import hashlib
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from neo4j.exceptions import Neo4jError

from jpa.errors import ConflictError, IntegrityError, SetupError, UnavailableError
from jpa.graph.cypher import Query, upkeep
from jpa.graph.rows import stamp
from jpa.graph.session import Graph, Tx

_NAME: Final = re.compile(r"(\d{4})_([a-z0-9_]+)\.cypher")
_KIND: Final = re.compile(r"//\s*kind:\s*(schema|data)\s*")
_IDEMPOTENT: Final = re.compile(r"\bIF\s+(NOT\s+)?EXISTS\b", re.IGNORECASE)
_BATCHED: Final = re.compile(r"\bIN\s+TRANSACTIONS\b", re.IGNORECASE)
LOCK_SECONDS: Final = 60
"""A lock that was not renewed for so long belongs to a process that died; it is renewed with each note in the ledger."""
NOTE_SECONDS: Final = 10.0
"""How long schema migrations, which may be done again, go on without a note: each schema change has Neo4j plan it anew."""
WAIT_SECONDS: Final = 600
"""How long another process that migrates is waited for."""

LEDGER_CONSTRAINT: Final = (
    "CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (m:Migration) REQUIRE m.version IS UNIQUE"
)
LOCK_CONSTRAINT: Final = "CREATE CONSTRAINT migration_lock IF NOT EXISTS FOR (l:MigrationLock) REQUIRE l.id IS UNIQUE"
# The first SET takes the node's write lock, so that what is read after it cannot change under us.
TAKE_LOCK: Final[Query] = upkeep("""
MERGE (l:MigrationLock {id: 1}) ON CREATE SET l.until = 0
WITH l SET l.touched = $now
WITH l WHERE l.until < $now SET l.until = $until, l.owner = $owner RETURN l.owner AS owner
""")
NOTE: Final[Query] = upkeep("""
MATCH (l:MigrationLock {id: 1}) SET l.touched = $now
WITH l WHERE l.owner = $owner SET l.until = $until
WITH l UNWIND $rows AS row MERGE (m:Migration {version: row.version}) SET m += row
RETURN count(m) AS noted
""")
FREE_LOCK: Final[Query] = upkeep("MATCH (l:MigrationLock {id: 1}) WHERE l.owner = $owner SET l.until = 0")
READ_LEDGER: Final[Query] = upkeep("MATCH (m:Migration) RETURN properties(m) AS m ORDER BY m.version")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file."""

    version: str
    name: str
    kind: str
    checksum: str
    statements: tuple[str, ...]

    @property
    def title(self) -> str:
        """The file's name without its ending."""
        return f"{self.version}_{self.name}"

    def begun(self, count: int) -> str:
        """Return the checksum of the first `count` statements: what a half-applied migration may no longer change."""
        return hashlib.sha256("\x1f".join(self.statements[:count]).encode()).hexdigest()

    def standing(self, applied: int, at: datetime) -> dict[str, Any]:
        """Return what the ledger says of it when so many statements are applied."""
        return {
            "version": self.version,
            "name": self.name,
            "checksum": self.checksum,
            "status": "done" if applied == len(self.statements) else "running",
            "statement": applied,
            "begun": self.begun(applied),
            "at": stamp(at),
        }


def read_migrations(folder: Path) -> list[Migration]:
    """Read the folder's files in order; a file that is not named or headed as agreed is refused by name."""
    migrations = [_read(path) for path in sorted(folder.glob("*.cypher"))]
    if len(migrations) == 0:
        raise SetupError(f"There are no migrations in {folder}.")
    return migrations


def applied_versions(graph: Graph) -> list[str]:
    """List the versions that were applied whole."""
    return [row["version"] for row in _ledger(graph).values() if row["status"] == "done"]


def migrate(graph: Graph, folder: Path, at: datetime) -> list[Migration]:
    """Apply what is missing; returns what was applied. Another process that migrates is waited for."""
    migrations = read_migrations(folder)
    if len(_missing(migrations, _ledger(graph))) == 0:
        return []  # at most starts: nothing is planned or locked for what stands already
    graph.run_statement(LEDGER_CONSTRAINT)
    graph.run_statement(LOCK_CONSTRAINT)
    owner = secrets.token_hex(8)
    _take_lock(graph, owner)
    try:
        todo = _missing(migrations, _ledger(graph))
        _apply(graph, todo, owner, at)
        return [migration for migration, _ in todo]
    finally:
        graph.upkeep(lambda tx: tx.run(FREE_LOCK, owner=owner).consume())


def _read(path: Path) -> Migration:
    named = _NAME.fullmatch(path.name)
    text = path.read_text(encoding="utf-8")
    kind = _KIND.match(text.split("\n", 1)[0])
    if named is None or kind is None:
        raise SetupError(f"{path.name}: name it NNNN_what.cypher and begin it with // kind: schema or // kind: data")
    body = "\n".join(line for line in text.splitlines() if not line.strip().startswith("//"))
    statements = tuple(s.strip() for s in re.split(r";\s*(?:\n|$)", body) if s.strip() != "")
    if kind[1] == "schema" and not all(_IDEMPOTENT.search(s) for s in statements):
        raise SetupError(f"{path.name}: each schema statement must say IF NOT EXISTS or IF EXISTS to be resumable")
    return Migration(named[1], named[2], kind[1], hashlib.sha256(text.encode()).hexdigest(), statements)


def _ledger(graph: Graph) -> dict[str, dict[str, Any]]:
    return graph.upkeep(lambda tx: {r["m"]["version"]: r["m"] for r in tx.run(READ_LEDGER)})


def _missing(migrations: Sequence[Migration], ledger: dict[str, dict[str, Any]]) -> list[tuple[Migration, int]]:
    done = [v for v, row in ledger.items() if row["status"] == "done"]
    todo = []
    for migration in migrations:
        row = ledger.get(migration.version)
        if row is not None and row["status"] == "done":
            if row["checksum"] != migration.checksum:
                raise IntegrityError(f"Migration {migration.title} was edited after it was applied.")
            continue
        if len(done) > 0 and migration.version < max(done):
            raise ConflictError(f"Migration {migration.title} came after a later one; give it the next number.")
        todo.append((migration, 0 if row is None else _resumed_at(migration, row)))
    return todo


def _resumed_at(migration: Migration, row: dict[str, Any]) -> int:
    """A migration that broke may be mended from the broken statement on, not before it."""
    applied = int(row["statement"])
    if row.get("begun") != migration.begun(applied):
        raise IntegrityError(
            f"Migration {migration.title} broke at statement {applied + 1}, and a statement before it was edited."
        )
    return applied


def _apply(graph: Graph, todo: Sequence[tuple[Migration, int]], owner: str, at: datetime) -> None:
    changed: list[Migration] = []
    noted = time.monotonic()  # the lock was taken just now
    try:
        for migration, start in todo:
            if migration.kind == "schema":
                _change_schema(graph, migration, start)
                changed.append(migration)
            if migration.kind == "data" or time.monotonic() - noted > NOTE_SECONDS:
                _note_done(graph, changed, owner, at)
                noted = time.monotonic()
            if migration.kind == "data":
                _run_data(graph, migration, start, owner, at)
    finally:
        _note_done(graph, changed, owner, at)


def _note_done(graph: Graph, changed: list[Migration], owner: str, at: datetime) -> None:
    """Note schema migrations as applied, and forget them."""
    if len(changed) > 0:
        _note(graph, [m.standing(len(m.statements), at) for m in changed], owner)
        changed.clear()


def _change_schema(graph: Graph, migration: Migration, start: int) -> None:
    """Run all statements in one transaction: one commit takes a third of the time of one for each."""
    running = start

    def work(tx: Tx) -> None:
        nonlocal running
        for running in range(start, len(migration.statements)):
            tx.run(Query(migration.statements[running])).consume()

    try:
        graph.upkeep(work)
    except (Neo4jError, ConflictError) as error:
        raise SetupError(
            f"{_broke(migration, running, error)} Nothing of it stays; mend the file and migrate again."
        ) from error


def _run_data(graph: Graph, migration: Migration, start: int, owner: str, at: datetime) -> None:
    for index in range(start, len(migration.statements)):
        statement = migration.statements[index]
        _note(graph, [migration.standing(index, at)], owner)
        try:
            if _BATCHED.search(statement) is None:
                _note(graph, [migration.standing(index + 1, at)], owner, statement)
            else:
                graph.run_statement(statement)
        except (Neo4jError, ConflictError) as error:
            raise SetupError(
                f"{_broke(migration, index, error)} What came before it stays; mend the file from there on and migrate again."
            ) from error
    _note(graph, [migration.standing(len(migration.statements), at)], owner)


def _broke(migration: Migration, index: int, error: Neo4jError | ConflictError) -> str:
    return f"Migration {migration.title} broke at statement {index + 1} ({_code(error)})."


def _note(graph: Graph, rows: Sequence[Mapping[str, Any]], owner: str, statement: str | None = None) -> None:
    """Renew the lock, say in the ledger how migrations stand, and run a data statement: all of it or nothing."""

    def work(tx: Tx) -> None:
        now = time.time()
        noted = tx.run(NOTE, now=now, until=now + LOCK_SECONDS, owner=owner, rows=list(rows)).single(strict=True)
        if noted["noted"] != len(rows):
            named = ", ".join(f"{row['version']}_{row['name']}" for row in rows)
            raise UnavailableError(f"Another process took over the migration {named}; start again.")
        if statement is not None:
            tx.run(Query(statement)).consume()

    graph.upkeep(work)


def _code(error: Neo4jError | ConflictError) -> str:
    """Name the cause without the values that Neo4j's own message may quote."""
    cause = error if isinstance(error, Neo4jError) else error.__cause__
    return str(cause.code) if isinstance(cause, Neo4jError) else type(error).__name__


def _take_lock(graph: Graph, owner: str) -> None:
    def work(tx: Tx) -> bool:
        now = time.time()
        return tx.run(TAKE_LOCK, now=now, until=now + LOCK_SECONDS, owner=owner).single() is not None

    deadline = time.monotonic() + WAIT_SECONDS
    while not graph.upkeep(work):
        if time.monotonic() > deadline:
            raise ConflictError("Another process has been migrating the graph for ten minutes; stop it first.")
        time.sleep(0.2)
