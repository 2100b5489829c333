"""The sweep of release files that belong to nothing: written before a crash, or ordered and done."""

import shutil
from datetime import datetime, timedelta
from typing import Final

from jpa.graph import releases
from jpa.graph.session import Tx
from jpa.model.audit import AuditTag
from jpa.model.job import JobKind
from jpa.services.evidence_upkeep import AT_ONCE, GRACE
from jpa.services.stores import Stores

ORDERED: Final = (JobKind.RELEASE, JobKind.PREVIEW, JobKind.PACKAGE)
"""Work whose order lies sealed where its result will lie."""


def sweep_releases(stores: Stores, at: datetime, grace: timedelta = GRACE) -> int:
    """Remove the files in the releases folder that stand behind no release, handout, return, package or open job; returns how many."""
    before = (at - grace).timestamp()
    with stores.audit.act(AuditTag.RELEASES_SWEPT, None, at=at) as act:
        waiting = {(job.id, job.object) for job in stores.jobs.waiting() if job.kind in ORDERED}
        files = [file for file in stores.releases.older(before) if file not in waiting]

        def work(tx: Tx) -> list[tuple[str, str]]:
            parts = [files[start : start + AT_ONCE] for start in range(0, len(files), AT_ONCE)]
            return [file for part in parts for file in releases.unclaimed_tx(tx, part)]

        orphans = stores.graph.read(act.intent, work)
        swept = [name for release, name in orphans if stores.releases.discard(release, name, before)]
        act.details |= {"files": len(swept), "digests": swept[:100]}
    return len(swept)


def sweep_work(stores: Stores, at: datetime, grace: timedelta = GRACE) -> int:
    """Remove what a crash left of packages that were open; returns how many folders."""
    before = (at - grace).timestamp()
    with stores.audit.act(AuditTag.RELEASES_SWEPT, None, at=at, details={"work": True}) as act:
        home = stores.settings.work_dir
        left = [p for p in home.iterdir() if p.stat().st_mtime < before] if home.exists() else []
        for folder in left:
            shutil.rmtree(folder)
        act.details["folders"] = len(left)
    return len(left)
