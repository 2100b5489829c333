"""The worker: takes up queued jobs, runs each as a DBOS workflow of slices, resumes what a crash interrupted."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from dbos import DBOS, SetWorkflowID

from jpa.config import Settings, load_settings
from jpa.errors import CancelledError, JpaError, UnavailableError
from jpa.jobs.postman import Postmen
from jpa.jobs.serializer import JsonSerializer
from jpa.jobs.slices import SLICES, progress_of
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.job import Job, JobState, Progress
from jpa.services.blind_check import check_standing
from jpa.services.blind_files import sweep_questions
from jpa.services.evidence_upkeep import sweep_files
from jpa.services.installation import Installation, opened
from jpa.services.plan_post import check_plans
from jpa.services.post_arrivals import sweep_tray
from jpa.services.release_upkeep import sweep_releases, sweep_work
from jpa.services.stores import Ask

QUEUE: Final = "jobs"
POLL_SECONDS: Final = 0.5
"""How long a job waits at most before it is taken up: an officer sees it begin at once."""
CONCURRENT: Final = 1
"""Jobs at a time in one worker: igraph's generator is global, and two cores serve the pages too."""
PAUSE_SECONDS: Final = 1.0
"""Between two tries of a slice that a store did not answer."""
TRIES: Final = 10
"""How often a slice may find a store too busy although both answer; while one is away the job waits, however long."""

TRAY_DAYS: Final = timedelta(days=14)
"""How long the beginning of a parcel is kept that its sender does not go on with."""

log = structlog.get_logger()


class WorkerStopped(BaseException):
    """Leaves a slice without an outcome: DBOS writes none down, so the next worker takes the job up again.

    No `Exception`, because DBOS would write that down as the end of the workflow.
    """


class Worker:
    """One worker of one installation; one a process, because DBOS is one a process."""

    def __init__(self, installation: Installation) -> None:
        self._here = installation
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Take up and run jobs until the block ends."""
        self._launch()
        watcher = threading.Thread(target=self._watch, name="jpa-jobs", daemon=True)
        watcher.start()
        try:
            with Postmen(self._here).running():
                yield
        finally:
            self._stop.set()
            watcher.join(5)
            DBOS.destroy(destroy_registry=True)

    def _launch(self) -> None:
        DBOS(config=_config(self._here.settings))

        @DBOS.workflow(name="run_job")
        def run_job(job_id: str) -> str:
            while True:
                state: str = DBOS.run_step({"name": "slice"}, self._slice, job_id)
                if state != JobState.RUNNING.value:
                    return state

        @DBOS.workflow(name="run_nightly")
        def run_nightly(scheduled: Any, _context: Any) -> None:
            DBOS.run_step({"name": "queue"}, self.queue_orders, str(scheduled))
            DBOS.run_step({"name": "sweep"}, self._sweep)
            DBOS.run_step({"name": "standing checks"}, self._check)

        self._workflow: Callable[[str], str] = run_job
        DBOS.launch()
        DBOS.register_queue(
            QUEUE, worker_concurrency=CONCURRENT, polling_interval_sec=POLL_SECONDS, on_conflict="always_update"
        )
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": "nightly",
                    "workflow_fn": run_nightly,
                    "schedule": self._here.settings.nightly,
                    "context": None,
                }
            ]
        )

    def _watch(self) -> None:
        taken: set[str] = set()
        while not self._stop.wait(POLL_SECONDS):
            try:
                waiting = self._here.stores.jobs.waiting()
                for job in waiting:
                    if job.id not in taken:
                        self._take(job)
                        taken.add(job.id)
                taken &= {job.id for job in waiting}
            except UnavailableError as error:
                log.warning("jobs cannot be read", error=str(error))

    def _take(self, job: Job) -> None:
        # The workflow bears the job's id: taking a job up twice is taking it up once, whoever crashed in between.
        with SetWorkflowID(job.id):
            DBOS.enqueue_workflow(QUEUE, self._workflow, job.id)

    def _slice(self, job_id: str) -> str:
        """Do one slice and return the job's state; a store that is away is waited for, for it is no fault of the job."""
        tries = 0
        while not self._stop.is_set():
            try:
                return self._try(job_id, last=tries >= TRIES)
            except UnavailableError as error:
                log.warning("a store does not answer", job=job_id, error=str(error))
                tries += self._stores_answer(job_id)
                self._stop.wait(PAUSE_SECONDS)
        raise WorkerStopped

    def _try(self, job_id: str, *, last: bool) -> str:
        """Try a slice, which is idempotent; every fault of its own ends the job with a sentence, none is swallowed."""
        stores = self._here.stores
        job = stores.jobs.begin(job_id, datetime.now(UTC))
        if job is None or not job.open:
            return JobState.CANCELLED.value
        progress = self._progress(job)
        try:
            progress(job.done, job.total)
            finished = SLICES[job.kind](stores, self._ask(job), job, progress)
        except CancelledError as error:
            return self._end(job, JobState.CANCELLED, str(error))
        except JpaError as error:
            if isinstance(error, UnavailableError) and not (last and self._stores_answer(job_id)):
                raise
            return self._end(job, JobState.FAILED, " ".join(error.sentences()))
        except (
            Exception
        ) as error:  # the last line of defence: its officer must not wait for ever; the log gets the trace
            log.exception("job failed", job=job_id, kind=job.kind.value, error=type(error).__name__)
            return self._end(
                job, JobState.FAILED, "Something went wrong here; what was committed before stays. Start it again."
            )
        return self._end(job, JobState.DONE, "") if finished else JobState.RUNNING.value

    def _progress(self, job: Job) -> Progress:
        note = progress_of(self._here.stores, job)

        def noted(done: int, total: int) -> None:
            if self._stop.is_set():
                raise WorkerStopped
            note(done, total)

        return noted

    def _stores_answer(self, job_id: str) -> bool:
        try:
            self._here.stores.graph.ping()
            self._here.stores.jobs.get(job_id)
        except UnavailableError:
            return False
        return True

    def _ask(self, job: Job) -> Ask:
        """Return the officer as they are now: a disabled one, or one who lost the role, gets nothing more done."""
        account = self._here.accounts.get(job.officer)
        if account is None or account.disabled:
            raise JpaError("The log-in of the officer who asked is disabled; the work was not done.")
        return Ask(account.officer, datetime.now(UTC), f"job {job.kind.value}")

    def _end(self, job: Job, state: JobState, message: str) -> str:
        self._here.stores.jobs.end(job.id, state, message, datetime.now(UTC))
        return state.value

    def _sweep(self) -> int:
        now = datetime.now(UTC)
        return (
            sweep_files(self._here.stores, now)
            + sweep_releases(self._here.stores, now)
            + sweep_work(self._here.stores, now)
            + sweep_tray(self._here.stores, now - TRAY_DAYS, now)
            + sweep_questions(self._here.stores, now)
        )

    def _check(self) -> int:
        now = datetime.now(UTC)
        return check_standing(self._here.stores, now) + check_plans(self._here.stores, now)

    def queue_orders(self, _scheduled: str) -> int:
        """Queue what officers ordered for every night; returns how much."""
        stores, now = self._here.stores, datetime.now(UTC)
        orders = stores.jobs.orders()
        for officer, kind in orders:
            job = Job(new_id(now), kind, officer, "", JobState.QUEUED, 0, 0, now.timestamp())
            stores.audit.note(
                AuditTag.JOB_STARTED, None, at=now, object=job.id, details={"kind": kind.value, "for": officer}
            )
            stores.jobs.add(job)
        return len(orders)


def work_forever(installation: Installation) -> None:
    """Work until a signal ends the process; a slice under way is taken up again at the next start."""
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    with Worker(installation).running():
        ended.wait()
        os._exit(0)  # a slice may run for minutes; its step is not written down as done, so it is done again


def _config(settings: Settings) -> Any:
    return {
        "name": "jpa",
        "system_database_url": settings.jobs_address,
        "application_version": "1",  # slices are idempotent service calls: a newer jpa may finish an older one's jobs
        "executor_id": settings.worker,
        "serializer": JsonSerializer(),
        "log_level": "WARNING",
        "scheduler_polling_interval_sec": 5.0,
        "run_migrations": True,
    }


if __name__ == "__main__":
    with opened(load_settings()) as here:
        work_forever(here)
