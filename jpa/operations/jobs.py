"""The list of jobs: what the pages show and what the worker takes up; durable before anything runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, Update, delete, insert, select, update

from jpa.model.job import OPEN_STATES, Job, JobKind, JobState
from jpa.operations.store import OperationsStore
from jpa.operations.tables import jobs, standing_orders

_OPEN: Final = [s.value for s in OPEN_STATES]


class Jobs:
    """The jobs of one installation."""

    def __init__(self, store: OperationsStore) -> None:
        self._store = store

    def add(self, job: Job) -> Job:
        """Queue a job; the same officer's open job of the same kind and object is returned instead of a second one."""
        same = select(jobs).where(
            jobs.c.officer == job.officer,
            jobs.c.kind == job.kind.value,
            jobs.c.object == job.object,
            jobs.c.state.in_(_OPEN),
        )
        with self._store.writing() as connection:
            row = connection.execute(same).mappings().first()
            if row is not None:
                return _job_of(row)
            connection.execute(
                insert(jobs).values(
                    id=job.id,
                    kind=job.kind.value,
                    officer=job.officer,
                    object=job.object,
                    state=JobState.QUEUED.value,
                    done=0,
                    total=0,
                    created=job.created,
                    message="",
                )
            )
        return job

    def get(self, job: str) -> Job | None:
        """Read a job."""
        with self._store.reading() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job)).mappings().first()
        return None if row is None else _job_of(row)

    def listed(self, officer: str, kinds: Sequence[JobKind] = tuple(JobKind), limit: int = 50) -> list[Job]:
        """List an officer's jobs, newest first."""
        wanted = select(jobs).where(jobs.c.officer == officer, jobs.c.kind.in_([k.value for k in kinds]))
        with self._store.reading() as connection:
            found = connection.execute(wanted.order_by(jobs.c.created.desc()).limit(limit)).mappings()
            return [_job_of(row) for row in found]

    def waiting(self) -> list[Job]:
        """List all open jobs, oldest first, for the worker."""
        wanted = select(jobs).where(jobs.c.state.in_(_OPEN)).order_by(jobs.c.created)
        with self._store.reading() as connection:
            return [_job_of(row) for row in connection.execute(wanted).mappings()]

    def begin(self, job: str, at: datetime) -> Job | None:
        """Note that the worker has it; a job that was cancelled while it waited keeps that wish."""
        queued = update(jobs).where(jobs.c.id == job, jobs.c.state == JobState.QUEUED.value)
        self._run(queued.values(state=JobState.RUNNING.value, started=at.timestamp()))
        return self.get(job)

    def advance(self, job: str, done: int, total: int) -> bool:
        """Note how far it is; False when the officer wants it to stop."""
        with self._store.writing() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job).values(done=done, total=total))
            state = connection.execute(select(jobs.c.state).where(jobs.c.id == job)).scalar()
        return state != JobState.CANCELLING.value

    def wish_end(self, job: str) -> None:
        """Ask the worker to stop at its next step; a job that has ended stays as it is."""
        open_ones = update(jobs).where(jobs.c.id == job, jobs.c.state.in_(_OPEN))
        self._run(open_ones.values(state=JobState.CANCELLING.value))

    def end(self, job: str, state: JobState, message: str, at: datetime) -> None:
        """Note how it ended."""
        which = update(jobs).where(jobs.c.id == job)
        self._run(which.values(state=state.value, message=message, ended=at.timestamp()))

    def order(self, officer: str, kind: JobKind, at: datetime) -> None:
        """Order work for every night, until it is called off."""
        self.call_off(officer, kind)
        with self._store.writing() as connection:
            connection.execute(insert(standing_orders).values(officer=officer, kind=kind.value, since=at.timestamp()))

    def call_off(self, officer: str, kind: JobKind) -> None:
        """Call nightly work off."""
        which = delete(standing_orders).where(
            standing_orders.c.officer == officer, standing_orders.c.kind == kind.value
        )
        with self._store.writing() as connection:
            connection.execute(which)

    def orders(self, officer: str | None = None) -> list[tuple[str, JobKind]]:
        """List who ordered what for every night; all of them, or one officer's."""
        wanted = select(standing_orders).order_by(standing_orders.c.since)
        if officer is not None:
            wanted = wanted.where(standing_orders.c.officer == officer)
        with self._store.reading() as connection:
            return [(row["officer"], JobKind(row["kind"])) for row in connection.execute(wanted).mappings()]

    def _run(self, statement: Update) -> None:
        with self._store.writing() as connection:
            connection.execute(statement)


def _job_of(row: RowMapping) -> Job:
    return Job(**{**row, "kind": JobKind(row["kind"]), "state": JobState(row["state"])})
