"""Jobs as an officer sees them: ask for long work, watch it, end it, order it for every night."""

from dataclasses import dataclass
from typing import Final

from jpa.errors import ForbiddenError
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.job import NIGHTLY, Job, JobKind, JobState
from jpa.services.stores import Ask, Stores, found, require

_ACTION: Final = {
    JobKind.RESOLUTION: Action.RUN_RESOLUTION,
    JobKind.DETECTION: Action.RUN_DETECTION,
    JobKind.IMPORT: Action.IMPORT,
    JobKind.RELEASE: Action.MAKE_RELEASE,
    JobKind.PREVIEW: Action.MAKE_PACKAGE,
    JobKind.PACKAGE: Action.MAKE_PACKAGE,
    JobKind.PACKAGE_RELEASE: Action.RELEASE_PACKAGE,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page shows of one kind of work: the newest jobs, and whether it runs every night."""

    jobs: list[Job]
    nightly: bool

    @property
    def running(self) -> Job | None:
        """The job that waits or runs now."""
        return next((j for j in self.jobs if j.open), None)


def start_job(stores: Stores, ask: Ask, kind: JobKind, object_id: str = "", job: str = "") -> Job:
    """Queue work for the worker, which does it with the officer's rights of that moment; under an id where one is given."""
    require(ask, _ACTION[kind])
    wanted = Job(
        job or new_id(ask.at),
        kind,
        ask.officer.id,
        object_id,
        state=JobState.QUEUED,
        done=0,
        total=0,
        created=ask.at.timestamp(),
    )
    details = {"kind": kind.value, "object": object_id}
    with stores.audit.act(AuditTag.JOB_STARTED, ask.officer, object=wanted.id, details=details, at=ask.at):
        return stores.jobs.add(wanted)


def read_job(stores: Stores, ask: Ask, job: str) -> Job:
    """Read one's own job; somebody else's looks like none."""
    this = stores.jobs.get(job)
    own = found(this if this is not None and this.officer == ask.officer.id else None)
    stores.audit.note(AuditTag.JOB_READ, ask.officer, at=ask.at, object=own.id)
    return own


def read_desk(stores: Stores, ask: Ask, kind: JobKind, limit: int = 10) -> Desk:
    """Read one's own jobs of a kind, newest first."""
    stores.audit.note(AuditTag.JOB_READ, ask.officer, at=ask.at)
    jobs = stores.jobs.listed(ask.officer.id, (kind,), limit)
    return Desk(jobs, (ask.officer.id, kind) in stores.jobs.orders(ask.officer.id))


def list_jobs(stores: Stores, ask: Ask) -> list[Job]:
    """List one's own jobs, newest first."""
    stores.audit.note(AuditTag.JOB_READ, ask.officer, at=ask.at)
    return stores.jobs.listed(ask.officer.id)


def cancel_job(stores: Stores, ask: Ask, job: str) -> Job:
    """End one's own job at its next step; what is committed stays."""
    this = read_job(stores, ask, job)
    with stores.audit.act(AuditTag.JOB_CANCELLED, ask.officer, object=job, at=ask.at):
        stores.jobs.wish_end(job)
    return found(stores.jobs.get(this.id))


def order_nightly(stores: Stores, ask: Ask, kind: JobKind, *, wanted: bool) -> None:
    """Order work for every night, or call it off."""
    require(ask, _ACTION[kind])
    if kind not in NIGHTLY:
        raise ForbiddenError("Only comparing and detecting can be ordered for every night.")
    details = {"kind": kind.value, "nightly": wanted}
    with stores.audit.act(AuditTag.JOB_STARTED, ask.officer, object=ask.officer.id, details=details, at=ask.at):
        if wanted:
            stores.jobs.order(ask.officer.id, kind, ask.at)
        else:
            stores.jobs.call_off(ask.officer.id, kind)
