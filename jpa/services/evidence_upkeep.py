"""The sweep of evidence files that a crash left without a report: written to disk, never committed to the graph."""

from datetime import datetime, timedelta
from typing import Final

from jpa.graph import evidence
from jpa.graph.session import Tx
from jpa.model.audit import AuditTag
from jpa.services.stores import Stores

GRACE: Final = timedelta(hours=24)
"""Longer than any upload, transaction or restart takes: what is older and belongs to no report never will."""
AT_ONCE: Final = 1000
"""Files of one question to the graph."""
_NAMED: Final = 100
"""Digests that the event names; the count is of all."""


def sweep_files(stores: Stores, at: datetime, grace: timedelta = GRACE) -> int:
    """Remove the files in the evidence folder that stand behind no report, as upkeep; returns how many."""
    before = (at - grace).timestamp()
    with stores.audit.act(AuditTag.EVIDENCE_SWEPT, None, at=at) as act:
        files = stores.evidence.older(before)

        def work(tx: Tx) -> list[tuple[str, str]]:
            parts = [files[start : start + AT_ONCE] for start in range(0, len(files), AT_ONCE)]
            return [file for part in parts for file in evidence.unclaimed_tx(tx, part)]

        orphans = stores.graph.read(act.intent, work)
        swept = [name for case, name in orphans if stores.evidence.discard(case, name, before)]
        act.details |= {"files": len(swept), "digests": swept[:_NAMED]}
    return len(swept)
