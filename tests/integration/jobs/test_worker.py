"""Jobs: done with the asker's rights, watched, ended, ordered for the night, and taken up again after a kill."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import event, make_url

from jpa.config import Settings
from jpa.errors import JpaError
from jpa.graph import session
from jpa.graph.cypher import upkeep
from jpa.graph.server import read_run_file, wait_gone
from jpa.jobs import worker as worker_module
from jpa.jobs.worker import Worker
from jpa.model.audit import AuditTag, Outcome
from jpa.model.case import CaseState
from jpa.model.draft import TypedReport
from jpa.model.grading import Grade
from jpa.model.job import Job, JobKind, JobState
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.operations import drafts
from jpa.operations.drafts import DraftState
from jpa.operations.tables import accounts, failures, jobs, sessions, standing_orders, tokens
from jpa.services import agencies, cases, imports, resolution
from jpa.services import jobs as services
from jpa.services.cases import NewCase
from jpa.services.import_files import File
from jpa.services.installation import Installation
from jpa.services.installation import opened as installed
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW
from tests.partners import agreed, person, said
from tests.processes import WORKER, killed, part, pids

MAP = 'id = "id"\n[properties]\nname = "name"\nbirthDate = "born"\n'
FACE = TypedReport("", "Data set", "DS-1", "2024", Grade("4x4", "B", "2"), Marking())
WAIT = 300.0


@pytest.fixture
def asker(installation: Installation, stores: Stores) -> Ask:
    """An officer with a log-in: the worker acts with what the log-in may do at that moment."""
    with installation.operations.writing() as connection:
        for table in (standing_orders, jobs, sessions, failures, tokens, accounts):
            connection.execute(table.delete())
    account = installation.accounts.create(
        login="asker", name="Asker", agency="tip", state="XA", password="correct horse battery staple", at=NOW,
        roles=frozenset({Role.CONTRIBUTE, Role.LEAD, Role.ANALYST}),
    )  # fmt: skip
    agencies.save_officer(stores, account.officer, NOW, active=True)
    return Ask(account.officer, NOW)


@pytest.fixture(autouse=True)
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a worker of this process look for jobs more often than an officer would notice."""
    monkeypatch.setattr(worker_module, "POLL_SECONDS", 0.1)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut drafts into many small batches: what happens between and amid batches does not ask for many rows."""
    monkeypatch.setattr(drafts, "CHUNK_ROWS", 300)


@pytest.fixture
def worker(installation: Installation) -> Iterator[Worker]:
    made = Worker(installation)
    with made.running():
        yield made


def table(rows: int) -> bytes:
    """Write a table of people whose names differ in more than a number: comparison drops digits."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "un", "ar")]
    draw = Random(rows)
    names = [" ".join("".join(draw.choices(syllables, k=3)) for _ in range(2)) for _ in range(rows)]
    lines = "".join(f"{i},{name},{1950 + i % 50}-{1 + i % 12:02d}-{1 + i % 28:02d}\n" for i, name in enumerate(names))
    return f"id,name,born\n{lines}".encode()


def beyond(rows: int, job: Job) -> bool:
    return job.done >= rows or not job.open


def refusals(stores: Stores, draft: str) -> int:
    """Count the tries that found a store away: each leaves its refusal in the log."""
    return len(stores.audit.events(object=draft, tag=AuditTag.DRAFT_COMMITTED.value, outcomes=(Outcome.REFUSED,)))


@contextmanager
def store_away(settings: Settings, how: signal.Signals) -> Iterator[None]:
    """End Neo4j and keep it away until the block ends: its keeper, held meanwhile, starts it again."""
    running = read_run_file(settings)
    assert running is not None
    os.kill(running["keeper"], signal.SIGSTOP)
    try:
        os.kill(running["pid"], how)
        assert wait_gone(settings, running["pid"])
        yield
    finally:
        os.kill(running["keeper"], signal.SIGCONT)


def opened(stores: Stores, ask: Ask) -> str:
    return cases.open_case(stores, ask, NewCase("T-1", "Jobs")).id


def ended(stores: Stores, job: Job, until: Callable[[Job], bool] = lambda j: not j.open) -> Job:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        now = stores.jobs.get(job.id)
        assert now is not None
        if until(now):
            return now
        time.sleep(0.1)
    raise AssertionError(f"{job.kind} did not get there in {WAIT} s: {standing(stores, job)}")


def standing(stores: Stores, job: Job) -> str:
    """Tell where a job that does not end stands; each process of the home prints its threads."""
    home = f"JPA_HOME={stores.settings.home}\0".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if home in (process / "environ").read_bytes() and b"jpa." in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGUSR1)
    for pid in pids():
        os.kill(pid, signal.SIGUSR1)
    time.sleep(1)
    with closing(sqlite3.connect(make_url(stores.settings.jobs_address).database or "")) as connection:
        flow = connection.execute("SELECT * FROM workflow_status WHERE workflow_uuid = ?", (job.id,)).fetchall()
    running = upkeep("SHOW TRANSACTIONS YIELD currentQuery, status, elapsedTime, currentQueryStatus RETURN *")
    try:
        open_ones = [row.data() for row in stores.graph.upkeep(lambda tx: list(tx.run(running)))]
    except JpaError as error:
        open_ones = [{"error": str(error)}]
    return f"{stores.jobs.get(job.id)}\n{flow}\n{open_ones}\n{read_run_file(stores.settings)}"


@pytest.mark.usefixtures("worker")
def test_an_import_is_read_and_committed_by_the_worker_and_compared(stores: Stores, asker: Ask) -> None:
    case = opened(stores, asker)
    draft = imports.upload(stores, asker, replace(FACE, case=case), File("a.csv", table(300), map_text=MAP))

    read = ended(stores, services.start_job(stores, asker, JobKind.IMPORT, draft.id))
    staged = imports.preview(stores, asker, draft.id).draft
    committed = ended(stores, services.start_job(stores, asker, JobKind.IMPORT, draft.id))
    compared = ended(stores, services.start_job(stores, asker, JobKind.RESOLUTION))
    found = ended(stores, services.start_job(stores, asker, JobKind.DETECTION))

    assert [j.state for j in (read, committed, compared, found)] == [JobState.DONE] * 4
    assert staged.state is DraftState.STAGED
    assert staged.head["counts"]["create"] == 300
    assert cases.list_cases(stores, asker).rows[0].records == 300
    assert resolution.list_proposals(stores, asker)[1] >= 0


@pytest.mark.usefixtures("worker")
def test_a_refusal_ends_the_job_with_its_sentence(installation: Installation, stores: Stores, asker: Ask) -> None:
    installation.accounts.change(asker.officer.id, roles=frozenset({Role.READ}))

    refused = ended(stores, services.start_job(stores, asker, JobKind.DETECTION))
    installation.accounts.change(asker.officer.id, disabled=True)
    disabled = ended(stores, services.start_job(stores, asker, JobKind.RESOLUTION))

    assert refused.state is JobState.FAILED
    assert refused.message == "Your role does not allow to run detection."
    assert disabled.message.startswith("The log-in of the officer who asked is disabled")


@pytest.mark.usefixtures("worker")
def test_a_job_that_can_no_longer_be_done_fails_with_the_reason_and_the_cure(stores: Stores, asker: Ask) -> None:
    case = opened(stores, asker)
    draft = imports.stage(stores, asker, replace(FACE, case=case), File("a.csv", table(3), map_text=MAP))
    cases.change_case(stores, asker, case, status=CaseState.CLOSED)

    failed = ended(stores, services.start_job(stores, asker, JobKind.IMPORT, draft.id))

    assert failed.state is JobState.FAILED
    assert failed.message == "T-1 is closed. Its lead can open it again."
    assert imports.list_drafts(stores, asker)[0].state is not DraftState.COMMITTED


@pytest.mark.usefixtures("worker", "small_batches")
def test_a_job_is_ended_at_its_next_step_and_goes_on_when_asked_again(stores: Stores, asker: Ask) -> None:
    case = opened(stores, asker)
    draft = imports.stage(stores, asker, replace(FACE, case=case), File("a.csv", table(3000), map_text=MAP))
    job = services.start_job(stores, asker, JobKind.IMPORT, draft.id)
    ended(stores, job, lambda j: j.done >= 300)

    services.cancel_job(stores, asker, job.id)
    cancelled = ended(stores, job)
    half = cases.list_cases(stores, asker).rows[0].records
    again = ended(stores, services.start_job(stores, asker, JobKind.IMPORT, draft.id))

    assert cancelled.state is JobState.CANCELLED
    assert 0 < half < 3000
    assert again.state is JobState.DONE
    assert cases.list_cases(stores, asker).rows[0].records == 3000


@pytest.mark.usefixtures("small_batches")
def test_a_killed_worker_is_followed_by_one_that_ends_the_job_without_loss_or_double(
    settings: Settings, stores: Stores, asker: Ask
) -> None:
    case = opened(stores, asker)
    draft = imports.stage(stores, asker, replace(FACE, case=case), File("a.csv", table(3000), map_text=MAP))
    job = services.start_job(stores, asker, JobKind.IMPORT, draft.id)

    for rows in (600, 1500):
        with part(WORKER, settings) as worker:
            ended(stores, job, partial(beyond, rows))
            killed(worker)
    with part(WORKER, settings) as last:
        done = ended(stores, job)
        last.terminate()
        last.join(5)

    assert last.exitcode == 0
    assert done.state is JobState.DONE
    assert cases.list_cases(stores, asker).rows[0].records == 3000
    assert cases.list_cases(stores, asker).rows[0].reports == 1


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_job_outlasts_a_store_that_is_away_and_a_worker_that_stops_meanwhile(
    settings: Settings, stores: Stores, asker: Ask, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    case = opened(stores, asker)
    draft = imports.stage(stores, asker, replace(FACE, case=case), File("a.csv", table(3000), map_text=MAP))
    job = services.start_job(stores, asker, JobKind.IMPORT, draft.id)
    monkeypatch.setattr(session, "RETRY_SECONDS", 0.2)  # the driver gives up while the test looks on
    monkeypatch.setattr(worker_module, "PAUSE_SECONDS", 0.2)
    monkeypatch.setattr(worker_module, "TRIES", 1)

    with installed(settings) as here:
        with Worker(here).running():
            ended(stores, job, partial(beyond, 600))
            with store_away(settings, how):
                away = ended(stores, job, lambda j: refusals(stores, draft.id) >= 3 or not j.open)
        left = stores.jobs.get(job.id)
    with installed(settings) as here, Worker(here).running():
        done = ended(stores, job)

    assert left is not None
    assert (away.state, left.state) == (JobState.RUNNING, JobState.RUNNING)
    assert (done.state, done.message) == (JobState.DONE, "")
    assert cases.list_cases(stores, asker).rows[0].records == 3000
    assert cases.list_cases(stores, asker).rows[0].reports == 1


def test_a_job_outlasts_an_operations_store_that_takes_no_writing(
    settings: Settings, installation: Installation, stores: Stores, asker: Ask
) -> None:
    job = services.start_job(stores, asker, JobKind.RESOLUTION)

    with installed(settings) as here:
        event.listen(here.operations.engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout=100"))
        with installation.operations.writing(), Worker(here).running():
            time.sleep(1.5)  # the worker polls five times a second and is refused each time
        held = stores.jobs.get(job.id)
        with Worker(here).running():
            done = ended(stores, job)

    assert held is not None
    assert held.state is JobState.QUEUED
    assert done.state is JobState.DONE


def test_a_nightly_order_is_queued_for_the_one_who_gave_it(stores: Stores, asker: Ask, worker: Worker) -> None:
    services.order_nightly(stores, asker, JobKind.RESOLUTION, wanted=True)

    worker.queue_orders("2026-11-25T02:00:00+00:00")
    (job,) = services.list_jobs(stores, asker)
    done = ended(stores, job)
    services.order_nightly(stores, asker, JobKind.RESOLUTION, wanted=False)
    worker.queue_orders("2026-11-26T02:00:00+00:00")

    assert done.state is JobState.DONE
    assert len(services.list_jobs(stores, asker)) == 1
    assert stores.audit.events(object=job.id)[-1].tag is AuditTag.JOB_STARTED


def test_the_nightly_run_does_the_standing_checks(
    stores: Stores, wulan: Ask, prasert: Ask, installation: Installation
) -> None:
    agreed(stores, start="2026-01-01", end=f"{datetime.now(UTC).year + 1}-12-31")
    said(stores, wulan, "T-1", person("Rahim Uddin"))
    said(stores, prasert, "U-1", person("Rohim Uddin"))

    assert (Worker(installation)._check(), Worker(installation)._check()) == (1, 0)


def test_the_same_work_is_not_queued_twice_and_a_foreign_job_cannot_be_found(
    stores: Stores, asker: Ask, prasert: Ask
) -> None:
    first = services.start_job(stores, asker, JobKind.RESOLUTION)

    second = services.start_job(stores, replace(asker, at=NOW + timedelta(seconds=3)), JobKind.RESOLUTION)

    assert second.id == first.id
    with pytest.raises(Exception, match="nothing here that you may read"):
        services.read_job(stores, prasert, first.id)
