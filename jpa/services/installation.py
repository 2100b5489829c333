"""Building the system in one place: from settings to stores."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jpa.config import PROJECT, Settings
from jpa.graph.artifacts import Progress
from jpa.graph.migrate import migrate
from jpa.graph.server import ensure_server
from jpa.graph.session import Graph
from jpa.graph.tokens import name_tokens
from jpa.logs import configure_logs
from jpa.model.audit import AuditTag
from jpa.operations.accounts import Accounts
from jpa.operations.agency_keys import AgencyKeys
from jpa.operations.audit import AuditLog
from jpa.operations.blind_open import OpenQuestions
from jpa.operations.break_glass import BreakGlass
from jpa.operations.closed_plans import ClosedPlans
from jpa.operations.drafts import Drafts
from jpa.operations.evidence import Evidence
from jpa.operations.jobs import Jobs
from jpa.operations.keys import Keys, load_keys
from jpa.operations.post import Post
from jpa.operations.post_tray import Tray
from jpa.operations.sessions import Sessions, Tokens
from jpa.operations.store import OperationsStore
from jpa.operations.vault import Vault
from jpa.services.stores import Stores


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that one installation runs on."""

    settings: Settings
    keys: Keys
    operations: OperationsStore
    accounts: Accounts
    sessions: Sessions
    tokens: Tokens
    stores: Stores


YOUNG_OBJECTS: Final = 100_000
"""Objects made before Python looks for cycles among them: rows, records and facts are trees, and looking every 700 cost an import a third."""


@contextmanager
def opened(settings: Settings, progress: Progress | None = None, *, alone: bool = False) -> Iterator[Installation]:
    """Open the stores, starting the embedded Neo4j if need be; closes them again.

    With `alone` it is refused while another process uses the embedded Neo4j, and keeps others waiting.
    """
    configure_logs()
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = load_keys(settings.secrets_dir)
    operations = OperationsStore(settings.operations_address)
    with ensure_server(settings, progress, alone=alone) as server, Graph(server) as graph:
        stores = Stores(
            settings=settings,
            graph=graph,
            audit=AuditLog(operations, keys, settings.home / "audit-head"),
            vault=Vault(operations, keys),
            drafts=Drafts(operations, keys),
            evidence=Evidence(operations, keys, settings.evidence_dir),
            jobs=Jobs(operations),
            break_glass=BreakGlass(operations, keys),
            releases=Evidence(operations, keys, settings.releases_dir),
            agency_keys=AgencyKeys(operations, keys),
            post=Post(operations),
            tray=Tray(settings.post_dir),
            questions=OpenQuestions(operations, keys),
            plans=ClosedPlans(operations, keys),
        )
        yield Installation(
            settings=settings,
            keys=keys,
            operations=operations,
            accounts=Accounts(operations, keys, totp_required=not settings.demo),
            sessions=Sessions(operations),
            tokens=Tokens(operations),
            stores=stores,
        )
    operations.close()


def migrate_all(installation: Installation, at: datetime) -> list[str]:
    """Bring both stores to the newest schema; returns the graph migrations that were applied."""
    installation.operations.migrate()
    audit = installation.stores.audit
    with audit.act(AuditTag.MIGRATION_APPLIED, None, at=at) as act:
        applied = migrate(installation.stores.graph, PROJECT / "migrations" / "graph", at)
        if len(applied) > 0:
            name_tokens(installation.stores.graph)
        act.details["applied"] = [m.version for m in applied]
    return [f"{m.version}_{m.name}" for m in applied]


def reconcile(installation: Installation, at: datetime) -> int:
    """Close intents that a crash left open, by what did reach the graph."""
    return installation.stores.audit.reconcile(installation.stores.graph.committed, at)
