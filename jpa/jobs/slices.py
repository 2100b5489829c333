"""One slice of each kind of job: an idempotent piece of work that ends soon or says how far it is."""

from collections.abc import Callable, Mapping
from typing import Final

from jpa.errors import CancelledError
from jpa.model.job import Job, JobKind, Progress
from jpa.networks.detect import Parameters
from jpa.operations.drafts import DraftState
from jpa.services import (
    imports,
    networks,
    package_orders,
    package_previews,
    package_release,
    release_orders,
    resolution,
)
from jpa.services.stores import Ask, Stores, found

Slice = Callable[[Stores, Ask, Job, Progress], bool]
"""Does one slice; True when the job is done."""


def resolve(stores: Stores, ask: Ask, job: Job, progress: Progress) -> bool:
    """Compare everything that the officer may read; the job's id is the run's, so that doing it again changes nothing."""
    resolution.run_resolution(stores, ask, job.id, progress)
    return True


def detect(stores: Stores, ask: Ask, job: Job, progress: Progress) -> bool:
    """Detect among everything that the officer may read; the job's id is the run's."""
    networks.run_detection(stores, ask, job.id, Parameters(), progress)
    return True


def take_in(stores: Stores, ask: Ask, job: Job, progress: Progress) -> bool:
    """Read an uploaded file into its draft, or write the draft's next batch."""
    draft = found(stores.drafts.get(job.object))
    if draft.state is DraftState.UPLOADED:
        imports.read_rows(stores, ask, draft.id, progress)
        return True
    done, total = imports.commit_next(stores, ask, draft.id)
    progress(done, total)
    return found(stores.drafts.get(draft.id)).state is DraftState.COMMITTED


def release(stores: Stores, ask: Ask, job: Job, progress: Progress) -> bool:
    """Protect an ordered table and keep it as a draft, which bears the job's id."""
    release_orders.do_order(stores, ask, job, progress)
    return True


def preview(stores: Stores, ask: Ask, job: Job, progress: Progress) -> bool:
    """Make what a package would hold, and keep its pages under the job's id."""
    package_previews.do_preview(stores, ask, job, progress)
    return True


def package(stores: Stores, ask: Ask, job: Job, progress: Progress) -> bool:
    """Make an ordered package and keep it as a draft, which bears the job's id."""
    package_orders.do_order(stores, ask, job, progress)
    return True


def release_package(stores: Stores, ask: Ask, job: Job, progress: Progress) -> bool:
    """Sign and close the draft of a package, and put it on its way where that was asked for."""
    package_release.do_release(stores, ask, job, progress)
    return True


SLICES: Final[Mapping[JobKind, Slice]] = {
    JobKind.RESOLUTION: resolve,
    JobKind.DETECTION: detect,
    JobKind.IMPORT: take_in,
    JobKind.RELEASE: release,
    JobKind.PREVIEW: preview,
    JobKind.PACKAGE: package,
    JobKind.PACKAGE_RELEASE: release_package,
}


def progress_of(stores: Stores, job: Job) -> Progress:
    """Return what notes a job's progress and ends it when the officer wants that."""

    def note(done: int, total: int) -> None:
        if not stores.jobs.advance(job.id, done, total):
            raise CancelledError("Ended as you asked; what was committed before stays.")

    return note
