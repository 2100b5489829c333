"""Releases too large to protect while the officer waits: ordered as a job of the worker, which leaves a draft."""

import io
import json
from typing import Final

from jpa.model.audit import AuditTag
from jpa.model.canonical import canonical
from jpa.model.ids import new_id
from jpa.model.job import Job, JobKind, Progress
from jpa.model.release import Definition, Release
from jpa.services import jobs
from jpa.services.editions import check_definition
from jpa.services.releases import draft_release, measure_release
from jpa.services.stores import Ask, Stores

LARGE: Final = 150
"""Figures above which a table is left to the worker: 100 take about a second to protect, 900 about ten."""

EVERY: Final = 10
"""Programmes between two looks at whether the officer wants to stop: well under a second."""


def is_large(stores: Stores, ask: Ask, definition: Definition) -> bool:
    """Say whether protecting a table takes longer than a page may."""
    return measure_release(stores, ask, definition) > LARGE


def order_release(stores: Stores, ask: Ask, definition: Definition) -> Job:
    """Leave a table to the worker; the draft will bear the job's id. What is asked for lies sealed where the draft will lie."""
    check_definition(definition)
    job = new_id(ask.at)
    with stores.audit.act(AuditTag.RELEASE_ORDERED, ask.officer, object=job, purpose=ask.purpose, at=ask.at):
        kept = stores.releases.put(job, io.BytesIO(canonical(definition.plain())))
    return jobs.start_job(stores, ask, JobKind.RELEASE, kept.digest, job)


def do_order(stores: Stores, ask: Ask, job: Job, progress: Progress) -> Release:
    """Make the draft that was ordered; doing it again is finding it done."""
    definition = Definition.of(json.loads(stores.releases.whole(job.id, job.object)))
    return draft_release(stores, ask, definition, job.id, _sparing(progress))


def _sparing(progress: Progress) -> Progress:
    """Note progress, which is written to disk, only now and then, and never backwards: the search starts over many times."""
    calls, most = 0, 0

    def note(done: int, total: int) -> None:
        nonlocal calls, most
        if calls % EVERY == 0 or done > most + total // 50:
            most = max(most, done)
            progress(most, total)
        calls += 1

    return note
