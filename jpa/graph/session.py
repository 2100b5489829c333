"""Managed transactions with retries; none without a stored audit intent."""

from collections.abc import Callable, Collection
from typing import Final, Self, TypeVar

import neo4j
from neo4j import ManagedTransaction as Tx
from neo4j.exceptions import ConstraintError, DriverError, Neo4jError, ServiceUnavailable, SessionExpired

from jpa.errors import ConflictError, UnavailableError
from jpa.graph.cypher import Query, upkeep
from jpa.graph.server import ServerHandle
from jpa.model.audit import Intent

__all__ = ["Graph", "Tx"]

T = TypeVar("T")

RETRY_SECONDS: Final = 60.0
"""How long a transaction is tried again: longer than the embedded server needs to come back after a crash."""

COMMIT: Final[Query] = upkeep("MERGE (:Commit {id: $id})")
COMMITTED: Final[Query] = upkeep("MATCH (c:Commit) WHERE c.id IN $ids RETURN c.id AS id")


class Graph:
    """The one way to Neo4j. Reads and writes demand the audit intent that they carry out."""

    def __init__(self, server: ServerHandle) -> None:
        self._driver = neo4j.GraphDatabase.driver(
            server.uri,
            auth=(server.user, server.password),
            max_transaction_retry_time=RETRY_SECONDS,
            initial_retry_delay=0.5,
            retry_delay_multiplier=1.3,  # a server that came back is used at once, not after half a minute
            connection_timeout=5.0,
            connection_acquisition_timeout=30.0,
            notifications_min_severity="OFF",
            user_agent="jpa",
        )

    def read(self, intent: Intent, work: Callable[[Tx], T]) -> T:
        """Run `work` in a read transaction, again when the connection was lost."""
        _require_intent(intent)
        with self._driver.session() as session:
            return _plainly(lambda: session.execute_read(work))

    def write(self, intent: Intent, work: Callable[[Tx], T]) -> T:
        """Run `work` in a write transaction that also stores the intent's id, for reconciliation."""
        _require_intent(intent)

        def carried(tx: Tx) -> T:
            done = work(tx)
            tx.run(COMMIT, id=intent.id)  # last: what is asked before a change is planned as in a read
            return done

        with self._driver.session() as session:
            return _plainly(lambda: session.execute_write(carried))

    def committed(self, ids: Collection[str]) -> set[str]:
        """Say which of these intents did reach the graph."""
        with self._driver.session() as session:
            return _plainly(
                lambda: session.execute_read(lambda tx: {row["id"] for row in tx.run(COMMITTED, ids=list(ids))})
            )

    def run_statement(self, statement: str) -> None:
        """Run one statement of a migration by itself; `migrate` is its only caller."""
        with self._driver.session() as session:
            _plainly(lambda: session.run(Query(statement)).consume())

    def upkeep(self, work: Callable[[Tx], T]) -> T:
        """Run `work` for the owner of the folder: migration, checks, deletion of test data. Audited by the caller."""
        with self._driver.session() as session:
            return _plainly(lambda: session.execute_write(work))

    def ping(self) -> None:
        """Raise UnavailableError when Neo4j does not answer."""
        _plainly(self._driver.verify_connectivity)

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _plainly(run: Callable[[], T]) -> T:
    """Turn the driver's errors into ours; no driver type leaves this package."""
    try:
        return run()
    except ConstraintError as error:
        raise ConflictError("This is already there: it was saved twice. Reload the page to see it.") from error
    except (ServiceUnavailable, SessionExpired, DriverError) as error:
        raise UnavailableError(
            "The graph store does not answer. Nothing was changed; try again in a minute."
        ) from error
    except Neo4jError as error:
        if error.code.startswith("Neo.TransientError"):
            raise UnavailableError("The graph store is busy. Nothing was changed; try again.") from error
        raise


def _require_intent(intent: Intent) -> None:
    if not isinstance(intent, Intent):
        raise TypeError("the graph is read and written only under a stored audit intent")
