"""Drafts of packages that the worker makes: with the rights of that moment, once, and without anything left behind."""

from datetime import timedelta
from functools import partial

import pytest

from jpa.errors import CancelledError, InvalidInputError
from jpa.jobs.worker import Worker
from jpa.model.draft import TypedLink, TypedReport
from jpa.model.job import Job, JobKind, JobState, no_progress
from jpa.model.officer import Role
from jpa.services import jobs, package_orders, packages, reports
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.integration.jobs.test_worker import beyond, ended
from tests.integration.services.test_packages import Desk, ordered, person, phone, report, set_desk
from tests.processes import WORKER, killed, part


@pytest.fixture
def desk(installation: Installation, stores: Stores) -> Desk:
    return set_desk(installation, stores)


def many(case: str, count: int) -> TypedReport:
    people = [person(f"p{n}", f"Rahim Uddin {n}") for n in range(count)]
    phones = [phone(f"t{n}", f"+6681{n:07d}") for n in range(count)]
    ties = [TypedLink("USES", f"p{n}", f"t{n}") for n in range(count)]
    return report(case, *people, *phones, links=ties)


def left(stores: Stores) -> list[str]:
    """List what stands in the folder in which packages are put together."""
    return [p.name for p in stores.settings.work_dir.glob("*")]


def killed_and_followed(installation: Installation, job: Job, after: int) -> tuple[Job, list[str], Job]:
    """Kill the worker at its job and let another follow; returns how far the first came, what it left, and how the job ended."""
    stores = installation.stores
    with part(WORKER, stores.settings) as worker:
        half = ended(stores, job, partial(beyond, after))
        killed(worker)
    torn = left(stores)
    with Worker(installation).running():
        done = ended(stores, job)
    return half, torn, done


def test_a_killed_worker_is_followed_by_one_that_makes_one_draft_and_leaves_nothing_behind(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    reports.add_report(stores, desk.lead, many(desk.case, 1500))
    job = package_orders.order_package(stores, desk.maker, ordered(desk))

    half, torn, done = killed_and_followed(installation, job, 1000)

    assert (half.state, half.total) == (JobState.RUNNING, 4500)
    assert (done.state, done.message, done.done) == (JobState.DONE, "", 4000)
    assert torn == [job.id]
    assert left(stores) == []
    (draft,) = packages.list_packages(stores, desk.maker)
    assert (draft.id, draft.records, draft.links, draft.made) == (job.id, 3000, 1500, job.asked)
    assert stores.releases.names(job.id) == sorted([draft.file, draft.pages])
    assert [j.id for j in jobs.read_desk(stores, desk.maker, JobKind.PACKAGE).jobs] == [job.id]


def test_rights_are_asked_when_the_work_begins(installation: Installation, stores: Stores, desk: Desk) -> None:
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin")))
    worker, mine = Worker(installation), desk.maker.officer.id

    def done(order: str) -> str:
        job = package_orders.order_package(stores, desk.maker, ordered(desk, tags=(order,)))
        changes[order]()
        worker._try(job.id, last=True)
        installation.accounts.change(mine, roles=desk.maker.officer.roles, disabled=False)
        this = stores.jobs.get(job.id)
        assert this is not None
        return f"{this.state}: {this.message}"

    changes = {
        "disabled": partial(installation.accounts.change, mine, disabled=True),
        "demoted": partial(installation.accounts.change, mine, roles=frozenset({Role.READ})),
    }
    told = [done(order) for order in changes]

    assert told[0] == "failed: The log-in of the officer who asked is disabled; the work was not done."
    assert told[1] == "failed: Your role does not allow to make a package."
    assert packages.list_packages(stores, desk.maker) == []


def test_doing_an_order_again_finds_it_done_and_ending_it_leaves_nothing(stores: Stores, desk: Desk) -> None:
    reports.add_report(stores, desk.lead, many(desk.case, 400))
    job = package_orders.order_package(stores, desk.maker, ordered(desk))
    later = Ask(desk.maker.officer, desk.maker.at + timedelta(minutes=5))

    def stop(done: int, _: int) -> None:
        if done > 0:
            raise CancelledError("Ended as you asked.")

    with pytest.raises(CancelledError):
        package_orders.do_order(stores, later, job, stop)
    assert (stores.releases.names(job.id), left(stores)) == ([], [])
    stores.jobs.end(job.id, JobState.CANCELLED, "", later.at)
    again = package_orders.order_package(stores, later, ordered(desk))
    made = package_orders.do_order(stores, later, again, no_progress)
    found = package_orders.do_order(stores, later, again, no_progress)

    assert (made.id, found.id, found.file) == (again.id, again.id, made.file)
    assert len(packages.list_packages(stores, desk.maker)) == 1
    assert stores.releases.names(again.id) == sorted([made.file, made.pages])


def test_what_binds_an_order_is_said_at_once(stores: Stores, desk: Desk) -> None:
    wrong = ordered(desk)

    with pytest.raises(InvalidInputError):
        package_orders.order_package(stores, desk.maker, type(wrong)(desk.case, "ucg", desk.agreement, wrong.purpose))

    assert jobs.read_desk(stores, desk.maker, JobKind.PACKAGE).jobs == []
