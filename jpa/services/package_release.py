"""Releases of packages from the page: the second officer proves who they are and orders, the worker signs and closes.

What the officer proves with stays in the request. The order stands among what was done about the package, and names the job.
"""

from datetime import timedelta
from typing import Final

from jpa.errors import ConflictError, InvalidInputError, JpaError
from jpa.graph import packages as store
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.job import Job, JobKind, JobState, Progress
from jpa.model.package import Done, Package, PackageAct
from jpa.model.post import PostKind
from jpa.services import account, jobs, packages, post
from jpa.services.installation import Installation
from jpa.services.package_facts import order_of
from jpa.services.package_setting import setting_tx
from jpa.services.post_spool import require_place
from jpa.services.stores import Ask, Stores, found, require

STANDS: Final = timedelta(days=1)
"""How long an order stands: whoever proved who they are yesterday is asked again."""
BY_POST: Final = "goes by post"


def order_release(here: Installation, ask: Ask, this: str, password: str, code: str, *, by_post: bool = False) -> Job:
    """Leave a release to the worker, as the second officer, who proves anew who they are; whatever binds it is asked now, and again then."""
    stores, job = here.stores, new_id(ask.at)
    with stores.audit.act(
        AuditTag.PACKAGE_RELEASE_ORDERED, ask.officer, object=this, details={"job": job, "by_post": by_post}, at=ask.at
    ) as act:

        def check(tx: Tx) -> Package:
            package = packages.releasable_tx(tx, ask, this)
            setting_tx(tx, readership_tx(tx, ask.officer, ask.at), ask, order_of(package))
            _require_none_open(stores, package)
            return package

        package = stores.graph.read(act.intent, check)
        if by_post:
            require_place(stores, package.partner)
        account.step_up(here, ask, password, code)
        way = BY_POST if by_post else ""
        ordered = Done(PackageAct.RELEASE_ORDERED, ask.officer.id, ask.officer.name, ask.at, job, way)
        stores.graph.write(act.intent, lambda tx: store.act_tx(tx, check(tx), ordered))
    return jobs.start_job(stores, ask, JobKind.PACKAGE_RELEASE, this, job)


def do_release(stores: Stores, ask: Ask, job: Job, progress: Progress) -> Package:
    """Release what was ordered, and put it on its way where that was asked for; doing it again is finding it done."""
    require(ask, Action.RELEASE_PACKAGE)
    package = packages.find_package(stores, ask, job.object)
    order = found(next((a for a in package.acts if a.kind is PackageAct.RELEASE_ORDERED and a.code == job.id), None))
    released = package.act(PackageAct.RELEASED)
    if released is None or released.by != ask.officer.id:

        def prove(_: Package) -> None:
            if ask.at - order.at > STANDS:
                raise ConflictError("This release was ordered more than a day ago. Release the package anew.")

        package = packages.release_proven(stores, ask, package.id, prove, job.id, progress)
    if order.text == BY_POST and not stores.post.is_known(
        (package.agency, package.partner, PostKind.PACKAGE, package.id)
    ):
        try:
            post.send_by_post(stores, ask, PostKind.PACKAGE, package.id)
        except InvalidInputError as error:
            raise JpaError(f"It was released, but did not leave by post. {' '.join(error.sentences())}") from error
    return package


def read_order(stores: Stores, ask: Ask, package: Package) -> Job | None:
    """Return the work at a release while it waits or runs, or after it came to nothing, until something else is done about the package."""
    order = package.act(PackageAct.RELEASE_ORDERED)
    job = None if order is None else stores.jobs.get(order.code)
    if job is None or job.state is JobState.DONE:
        return None
    stores.audit.note(AuditTag.JOB_READ, ask.officer, at=ask.at, object=job.id)
    sent = stores.post.is_known((package.agency, package.partner, PostKind.PACKAGE, package.id))
    later = sent or any(job.ended is not None and a.at.timestamp() > job.ended for a in package.acts)
    return job if job.open or not later else None


def _require_none_open(stores: Stores, package: Package) -> None:
    order = package.act(PackageAct.RELEASE_ORDERED)
    job = None if order is None else stores.jobs.get(order.code)
    if order is not None and job is not None and job.open:
        raise ConflictError(f"{order.name} has ordered this release already; the worker is at it.")
