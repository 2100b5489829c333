"""Alembic's environment: runs on the engine that `OperationsStore` hands over."""

from alembic import context

from jpa.operations.tables import metadata

engine = context.config.attributes["engine"]
with engine.connect().execution_options(jpa_write=True) as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
