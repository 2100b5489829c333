"""Packages ordered from the page: the worker makes the draft, with what the officer may read and send at that moment."""

import io
import json
from collections.abc import Collection
from math import inf

from jpa.errors import JpaError, UnavailableError
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.canonical import canonical
from jpa.model.ids import new_id
from jpa.model.job import Job, JobKind, Progress
from jpa.model.package import Package, Selection
from jpa.services import jobs
from jpa.services.package_setting import Order, setting_tx
from jpa.services.packages import draft_package, find_draft
from jpa.services.stores import Ask, Event, Stores, read


def order_package(stores: Stores, ask: Ask, order: Order) -> Job:
    """Leave a package to the worker; the draft will bear the job's id. What is asked for lies sealed where the draft will lie.

    What binds it is asked now, so that a page can say what is wrong, and again when it is made. The same order twice is one job.
    """

    def work(tx: Tx, reader: Readership) -> None:
        setting_tx(tx, reader, ask, order)

    job = new_id(ask.at)
    read(stores, ask, Action.MAKE_PACKAGE, Event(AuditTag.PACKAGE_ORDERED, order.case, {"job": job}), work)
    kept = stores.releases.put(job, io.BytesIO(text_of(order)))
    started = jobs.start_job(stores, ask, JobKind.PACKAGE, kept.digest, job)
    if started.id != job:
        stores.releases.discard(job, kept.digest, inf)
    return started


def do_order(stores: Stores, ask: Ask, job: Job, progress: Progress) -> Package:
    """Make the draft that was ordered; doing it again is finding it done. What an earlier try left behind goes, and so does the order."""
    try:
        made = find_draft(stores, ask, job.id)
        if made is None:
            order = order_from(stores.releases.whole(job.id, job.object))
            made = draft_package(stores, ask, order, job, progress)
    except UnavailableError:  # it is tried again
        raise
    except JpaError:
        _tidy(stores, job, ())
        raise
    _tidy(stores, job, (made.file, made.pages))
    return made


def _tidy(stores: Stores, job: Job, keep: Collection[str]) -> None:
    for name in stores.releases.names(job.id):
        if name not in keep:
            stores.releases.discard(job.id, name, inf)


def text_of(order: Order) -> bytes:
    """Write an order down."""
    return canonical(
        {
            "case": order.case, "partner": order.partner, "agreement": order.agreement, "purpose": order.purpose,
            "selection": order.selection.text(), "compare": "yes" if order.compare else "no",
        }
    )  # fmt: skip


def order_from(text: bytes) -> Order:
    """Read an order that was written down."""
    said = json.loads(text)
    selection = Selection.of(said["selection"])
    return Order(said["case"], said["partner"], said["agreement"], said["purpose"], selection, said["compare"] == "yes")
