"""The migrated schema is the declared one."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from jpa.operations.store import OperationsStore
from jpa.operations.tables import metadata


def test_the_migrated_schema_equals_the_declared_tables(tmp_path: Path) -> None:
    store = OperationsStore(f"sqlite:///{tmp_path / 'a.sqlite'}")

    store.migrate()

    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()


def test_migrations_go_down_and_up_again(tmp_path: Path) -> None:
    store = OperationsStore(f"sqlite:///{tmp_path / 'a.sqlite'}")
    store.migrate()

    command.downgrade(store.alembic(), "base")
    store.migrate()

    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    store.close()
