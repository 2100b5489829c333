"""Releases that the worker does: proven in the request, done once, with the grounds of the moment at which they are done."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from jpa.config import Settings
from jpa.errors import CancelledError, ConflictError, ForbiddenError, InvalidInputError
from jpa.jobs.worker import Worker
from jpa.model.audit import AuditTag
from jpa.model.job import Job, JobState, no_progress
from jpa.model.officer import Role
from jpa.model.package import Package, PackageAct, PackageState
from jpa.services import agreement_drafts, package_release, packages, reports, retractions
from jpa.services.installation import Installation
from jpa.services.release_upkeep import sweep_releases
from jpa.services.stores import Ask, Stores
from tests.integration.jobs.test_package_orders import killed_and_followed, left, many
from tests.integration.services.test_packages import Desk, asking, ordered, person, report, set_desk
from tests.web.conftest import PASSWORD, account_of


@pytest.fixture
def desk(installation: Installation, stores: Stores) -> Desk:
    """Set the sender's side; whoever releases asks at the clock's time, for an order stands a day."""
    made = set_desk(installation, stores)
    return replace(made, second=Ask(made.second.officer, datetime.now(UTC)))


def drafted(stores: Stores, desk: Desk, count: int = 1) -> Package:
    reports.add_report(stores, desk.lead, many(desk.case, count))
    return packages.draft_package(stores, desk.maker, ordered(desk))


def order(here: Installation, desk: Desk, draft: Package, password: str = PASSWORD) -> Job:
    return package_release.order_release(here, desk.second, draft.id, password, "")


def kept(package: Package) -> list[str]:
    """Name what should stand in the folder of a released package."""
    released = package.act(PackageAct.RELEASED)
    assert released is not None
    return sorted([package.file, package.pages, released.code])


def test_a_killed_worker_is_followed_by_one_that_releases_once_and_leaves_nothing_behind(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    draft = drafted(stores, desk, 1500)
    job = order(installation, desk, draft)

    half, torn, done = killed_and_followed(installation, job, 1000)

    assert (half.state, torn, left(stores)) == (JobState.RUNNING, [job.id], [])
    assert (done.state, done.message, done.done, done.total) == (JobState.DONE, "", 4500, 4500)
    package = packages.find_package(stores, desk.maker, draft.id)
    told = [(a.kind, a.by, a.code) for a in package.acts]
    assert told[0] == (PackageAct.RELEASE_ORDERED, desk.second.officer.id, job.id)
    assert [kind for kind, _, _ in told[1:]] == [PackageAct.RELEASED]
    assert stores.releases.names(draft.id) == kept(package)
    assert package_release.read_order(stores, desk.maker, package) is None


def test_a_release_is_refused_where_its_grounds_fell_away_since_it_was_ordered(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    made = reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin"), person("2", "Karim")))
    worker, second = Worker(installation), desk.second.officer
    accounts = installation.accounts

    def told(fell_away: Callable[[str], object]) -> str:
        draft = packages.draft_package(stores, desk.maker, ordered(desk))
        job = order(installation, desk, draft)
        fell_away(draft.id)
        worker._try(job.id, last=True)
        accounts.change(second.id, roles=second.roles, disabled=False)
        package = packages.find_package(stores, desk.maker, draft.id)
        this = package_release.read_order(stores, desk.maker, package)
        assert this is not None
        assert package.act(PackageAct.RELEASED) is None
        assert this.state is JobState.FAILED
        return this.message

    assert "is disabled; the work was not done" in told(lambda _: accounts.change(second.id, disabled=True))
    demoted = told(lambda _: accounts.change(second.id, roles=frozenset({Role.READ})))
    assert demoted == "Your role does not allow to release a package."
    assert "discarded already" in told(partial(packages.discard_package, stores, desk.maker, reason="no"))
    corrected = told(lambda _: retractions.retract_record(stores, desk.lead, made.records[1].id, "wrong man"))
    assert "not what was drafted any more" in corrected
    third = asking(account_of(installation, stores, Role.LEAD, "tip", "XA", Role.LIAISON))
    by_another = packages.draft_package(stores, desk.maker, ordered(desk))
    job = order(installation, desk, by_another)
    packages.release_package(installation, third, by_another.id, PASSWORD, "")
    worker._try(job.id, last=True)
    ended = stores.jobs.get(job.id)
    assert ended is not None
    assert "released already" in ended.message
    over = told(lambda _: agreement_drafts.end_agreement(stores, desk.maker, desk.agreement, "over"))
    assert "Memorandum was ended" in over
    assert left(stores) == []


def test_an_order_is_put_only_by_a_second_officer_who_proves_who_they_are_once_at_a_time(
    settings: Settings, installation: Installation, stores: Stores, desk: Desk
) -> None:
    draft = drafted(stores, desk)
    with installation.operations.writing() as connection:
        connection.exec_driver_sql("DELETE FROM post_partners")
    with pytest.raises(ForbiddenError, match="You made this draft"):
        package_release.order_release(installation, desk.maker, draft.id, PASSWORD, "")
    with pytest.raises(InvalidInputError, match="Nothing was done"):
        order(installation, desk, draft, "wrong")
    with pytest.raises(InvalidInputError, match="Nothing was sent"):
        package_release.order_release(installation, desk.second, draft.id, PASSWORD, "", by_post=True)
    assert packages.find_package(stores, desk.maker, draft.id).acts == ()
    assert stores.jobs.waiting() == []

    order(installation, desk, draft)

    with pytest.raises(ConflictError, match="has ordered this release already"):
        order(installation, desk, draft)
    found = subprocess.run(
        ["/usr/bin/grep", "-rlaF", PASSWORD, *map(str, settings.home.glob("*.sqlite*"))], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (found.returncode, found.stdout) == (1, "")
    acts = stores.audit.acts(object=draft.id)
    assert {AuditTag.PACKAGE_RELEASE_ORDERED} <= {act.opened.tag for act in acts}
    assert PASSWORD not in str(acts)


def test_doing_a_release_again_finds_it_done_and_ending_it_leaves_a_draft(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    draft = drafted(stores, desk, 400)
    job = order(installation, desk, draft)

    def stop(done: int, _: int) -> None:
        if done > 0:
            raise CancelledError("Ended as you asked.")

    with pytest.raises(CancelledError):
        package_release.do_release(stores, desk.second, job, stop)
    assert packages.find_package(stores, desk.maker, draft.id).state is PackageState.DRAFT
    late = Ask(desk.second.officer, desk.second.at + timedelta(days=1, seconds=1))
    with pytest.raises(ConflictError, match="more than a day ago"):
        package_release.do_release(stores, late, job, no_progress)
    once = package_release.do_release(stores, desk.second, job, no_progress)
    again = package_release.do_release(stores, late, job, no_progress)

    assert (once.acts, once.state) == (again.acts, PackageState.RELEASED)
    assert left(stores) == []
    sweep_releases(stores, datetime.now(UTC), timedelta())
    assert stores.releases.names(draft.id) == kept(again)
