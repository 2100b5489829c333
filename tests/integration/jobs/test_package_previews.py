"""Previews of large cases: made by the worker, shown page by page, and only as long as what they show still stands so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jpa.errors import InvalidInputError, NotFoundError
from jpa.jobs.worker import Worker
from jpa.model.job import Job, JobState, no_progress
from jpa.services import agreement_drafts, jobs, package_previews, packages, reports, retractions, victims
from jpa.services.installation import Installation
from jpa.services.release_upkeep import sweep_releases
from jpa.services.stores import Stores
from jpa.sharing.pages import PAGE
from tests.integration.jobs.test_package_orders import left, many
from tests.integration.services.test_packages import Desk, ordered, person, report, set_desk


@pytest.fixture
def desk(installation: Installation, stores: Stores) -> Desk:
    return set_desk(installation, stores)


def previewed(installation: Installation, desk: Desk) -> Job:
    """Order a preview and let the worker make it here and now."""
    job = package_previews.order_preview(installation.stores, desk.maker, ordered(desk))
    Worker(installation)._try(job.id, last=True)
    return job


def test_a_large_case_is_shown_by_pages_that_the_worker_made_and_kept_for_a_day(
    installation: Installation, stores: Stores, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_previews, "LARGE", 1000)
    reports.add_report(stores, desk.lead, many(desk.case, 400))
    order = ordered(desk)
    large = package_previews.is_large(stores, desk.maker, order)
    job = package_previews.order_preview(stores, desk.maker, order)
    waits = package_previews.read_preview(stores, desk.maker, job.id)

    torn = stores.settings.work_dir / job.id  # as a killed worker leaves it
    torn.mkdir(parents=True)
    (torn / "pages").write_text("half a page", encoding="utf-8")
    Worker(installation)._try(job.id, last=True)
    done = jobs.read_job(stores, desk.maker, job.id)
    first = package_previews.read_preview(stores, desk.maker, job.id)
    last = package_previews.read_preview(stores, desk.maker, job.id, skip=3 * PAGE)
    whole = packages.preview_package(stores, desk.maker, order, skip=3 * PAGE)

    assert (large, waits.seen, waits.stale) == (True, None, False)
    assert (done.state, done.total, left(stores)) == (JobState.DONE, 1200, [])
    assert first.seen is not None
    assert last.seen is not None
    assert (first.order, first.seen[0].counts.records, len(first.seen[1].things)) == (order, "800", PAGE)
    assert last.seen[1].things == whole[1].things
    assert packages.list_packages(stores, desk.maker) == []
    package_previews.do_preview(stores, desk.maker, job, no_progress)
    assert len(stores.releases.names(job.id)) == 2
    assert sweep_releases(stores, datetime.now(UTC) + timedelta(hours=23)) == 0
    assert sweep_releases(stores, datetime.now(UTC) + timedelta(hours=25)) >= 2
    with pytest.raises(NotFoundError):
        package_previews.read_preview(stores, desk.maker, job.id)


def test_a_preview_is_its_officers_own_and_shows_nothing_that_does_not_stand_so_any_more(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    said = reports.add_report(
        stores, desk.lead, report(desk.case, person("1", "Rahim Uddin"), person("2", "Karim"), person("3", "Nasima"))
    )
    first = previewed(installation, desk)
    with pytest.raises(NotFoundError):
        package_previews.read_preview(stores, desk.second, first.id)
    with pytest.raises(NotFoundError):
        package_previews.read_preview(stores, desk.maker, first.id, "0" * 32)

    def stale(job: Job) -> bool:
        seen = package_previews.read_preview(stores, desk.maker, job.id)
        assert (seen.seen is None) == seen.stale
        return seen.stale

    assert not stale(first)
    retractions.retract_record(stores, desk.lead, said.records[1].id, "wrong man")
    second = previewed(installation, desk)
    assert (stale(first), stale(second)) == (True, False)
    victims.seal_entity(stores, desk.lead, said.records[2].id, {})
    assert stale(second)
    third = previewed(installation, desk)
    agreement_drafts.end_agreement(stores, desk.maker, desk.agreement, "over")
    with pytest.raises(InvalidInputError, match="Nothing was shared"):
        package_previews.read_preview(stores, desk.maker, third.id)
    with pytest.raises(InvalidInputError, match="Nothing was shared"):
        package_previews.order_preview(stores, desk.maker, ordered(desk))


def test_what_cannot_be_shown_says_why_and_keeps_what_was_ticked(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin")))
    order = replace(ordered(desk, types=("Vessel",)), compare=False)

    job = package_previews.order_preview(stores, desk.maker, order)
    Worker(installation)._try(job.id, last=True)
    seen = package_previews.read_preview(stores, desk.maker, job.id)

    assert (seen.order, seen.seen, seen.job.state) == (order, None, JobState.FAILED)
    assert "Nothing of this case may go to" in seen.job.message
