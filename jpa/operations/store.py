"""The engine of the operations store, and its migrations."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from jpa.config import PROJECT
from jpa.errors import IntegrityError, UnavailableError

MIGRATIONS: Final = PROJECT / "migrations" / "operations"
_LAZILY: Final = "jpa_lazily"


class OperationsStore:
    """One engine; writers take the write lock at once, so that two processes never deadlock half-way."""

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = make_url(url)
        self._sqlite = parsed.get_backend_name() == "sqlite"
        if self._sqlite and parsed.database is not None:
            path = Path(parsed.database)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
        self.power_safe = True
        """Whether what is committed is on the disk by then; the tests, which cut no power, do without."""
        self.engine: Engine = create_engine(url, pool_pre_ping=not self._sqlite)
        if self._sqlite:
            event.listen(self.engine, "connect", _configure_sqlite)
            event.listen(self.engine, "begin", self._begin_sqlite)
        else:
            event.listen(self.engine, "begin", _begin_postgres)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection for reading."""
        with _plainly(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, lazily: bool = False) -> Iterator[Connection]:
        """Open a transaction for writing; everything in it or nothing.

        It is on the disk when the block ends. Lazily, it outlives any process, but a power cut may take it with all that came after it:
        the disk is not waited for.
        """
        options = {"jpa_write": True, _LAZILY: lazily}
        with _plainly(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    def migrate(self, folder: Path = MIGRATIONS) -> None:
        """Bring the schema up to the newest migration."""
        command.upgrade(self.alembic(folder), "head")

    def revision(self) -> str:
        """Return the migration that the schema stands at; empty when it was never migrated."""
        with self.reading() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""

    def alembic(self, folder: Path = MIGRATIONS) -> Config:
        """Return Alembic's configuration for this store."""
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["engine"] = self.engine
        return config

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _begin_sqlite(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("jpa_write", False):
            connection.exec_driver_sql("BEGIN")
            return
        lazily = options.get(_LAZILY, False)
        connection.exec_driver_sql(
            f"PRAGMA synchronous={'OFF' if not self.power_safe else 'NORMAL' if lazily else 'FULL'}"
        )
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def is_known_revision(revision: str) -> bool:
    """Say whether a migration is one of ours: one that is not comes from a newer jpa."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return revision in {found.revision for found in ScriptDirectory.from_config(config).walk_revisions()}


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite store while others may use it (its online backup), and check the copy."""
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=4096)
        copy.execute("PRAGMA journal_mode=DELETE")
        found = [row[0] for row in copy.execute("PRAGMA quick_check(1)")]
    target.chmod(0o600)
    if found != ["ok"]:
        raise IntegrityError(f"{source.name} is damaged: {found[0]}. Restore it from an earlier backup.")


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise UnavailableError("The operations store does not answer. Nothing was changed; try again.") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise UnavailableError("The operations store was lost. Nothing was changed; try again.") from error
        raise


def _configure_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=20000",
        "foreign_keys=ON",
        "secure_delete=ON",  # a discarded draft leaves no bytes behind
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get(_LAZILY, False):
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
