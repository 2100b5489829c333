"""Previews of packages from large cases: the worker makes what would be sent, and its pages are kept for whoever asked, for a day.

Nothing is drafted. What is shown is shown only as long as it still stands so: a page that holds something corrected, sealed or closed to
the officer since is not shown any more.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import evidence, exports, package_content
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.job import Job, JobKind, JobState, Progress
from jpa.services import jobs
from jpa.services.package_facts import Bench
from jpa.services.package_orders import order_from, text_of
from jpa.services.package_pages import keep_pages
from jpa.services.package_setting import NOT_MADE, Order, setting_tx
from jpa.services.packages import made_tx, working
from jpa.services.stores import Ask, Event, Stores, found, read, require
from jpa.sharing.manifest import Manifest
from jpa.sharing.pages import PAGE, Pages
from jpa.sharing.shown import Shown, shown

LARGE: Final = 5_000
"""Records and ties of a case above which making them all takes longer than an officer waits for a page: about two seconds."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What was ordered, how far it is, and, once it is there, one page of what the recipient would see."""

    order: Order
    job: Job
    seen: tuple[Manifest, Shown] | None
    stale: bool
    """It was made, and does not stand so any more."""


def is_large(stores: Stores, ask: Ask, order: Order) -> bool:
    """Say whether a preview of a case is left to the worker."""

    def work(tx: Tx, reader: Readership) -> bool:
        return exports.count_tx(tx, reader, order.case, most=LARGE + 1) > LARGE

    return read(stores, ask, Action.MAKE_PACKAGE, Event(AuditTag.CASE_READ, order.case), work)


def order_preview(stores: Stores, ask: Ask, order: Order) -> Job:
    """Leave a preview to the worker; what is asked for lies sealed where its pages will lie. The same one twice is one job."""
    job = new_id(ask.at)

    def work(tx: Tx, reader: Readership) -> None:
        setting_tx(tx, reader, ask, order)

    read(stores, ask, Action.MAKE_PACKAGE, Event(AuditTag.PACKAGE_ORDERED, order.case, {"preview": job}), work)
    kept = stores.releases.put(job, io.BytesIO(text_of(order)))
    return jobs.start_job(stores, ask, JobKind.PREVIEW, kept.digest, job)


def do_preview(stores: Stores, ask: Ask, job: Job, progress: Progress) -> None:
    """Make what would be sent, and keep its pages; doing it again is finding it done."""
    if len(_pages_of(stores, job)) > 0:
        return
    order = order_from(stores.releases.whole(job.id, job.object))
    with stores.audit.act(
        AuditTag.PACKAGE_PREVIEWED, ask.officer, object=order.case, purpose=order.purpose, at=ask.at
    ) as act, working(stores, job.id) as folder:  # fmt: skip
        require(ask, Action.MAKE_PACKAGE)
        bench = Bench(folder, progress)
        stores.graph.read(act.intent, lambda tx: made_tx(tx, stores, ask, order, (job.id, job.asked), bench))
        act.details |= {"partner": order.partner, "preview": job.id}
        if keep_pages(stores, job.id, bench.pages) == "":
            raise InvalidInputError(
                NOT_MADE, {"": "It holds more than can be shown. Narrow what goes by kinds or distance."}
            )


def read_preview(stores: Stores, ask: Ask, job: str, case: str = "", *, skip: int = 0) -> Preview:
    """Read one's own preview, of a case where one is named, as far as it stands."""
    this = jobs.read_job(stores, ask, job)
    found(this if this.kind is JobKind.PREVIEW and this.object in stores.releases.names(job) else None)
    order = order_from(stores.releases.whole(job, this.object))
    found(order if case in {"", order.case} else None)
    kept = _pages_of(stores, this)
    if this.state is not JobState.DONE or len(kept) == 0:
        return Preview(order, this, None, stale=False)
    name = kept[0]
    pages = Pages(stores.releases.size(job, name), partial(stores.releases.part, job, name))

    def work(tx: Tx, reader: Readership) -> bool:
        setting_tx(tx, reader, ask, order)
        return _stands_tx(tx, reader, order.case, pages, skip // PAGE)

    event = Event(AuditTag.PACKAGE_PREVIEWED, order.case, {"preview": job, "skip": skip})
    stands = read(stores, ask, Action.MAKE_PACKAGE, event, work)
    return Preview(order, this, (pages.manifest, shown(pages, skip=skip)) if stands else None, stale=not stands)


def _pages_of(stores: Stores, job: Job) -> list[str]:
    return [name for name in stores.releases.names(job.id) if name != job.object and name.isalnum()]


def _stands_tx(tx: Tx, reader: Readership, case: str, pages: Pages, number: int) -> bool:
    """Say whether everything on a page may still be read, and says what it said."""
    page, verdicts = pages.page(number), pages.verdicts()
    records = {line.id: line.jpa.hash for line in page.records}
    named = {i for verdict, _, _ in verdicts for i in (verdict.left, verdict.right)}
    named |= {end for line in page.links for end in (line.jpa.source, line.jpa.target) if end is not None}
    reports = {report.id: report.hash for report in page.reports}
    now: Mapping[str, str] = package_content.hashes_tx(tx, reader, {*records, *named})
    reported: Mapping[str, str] = package_content.report_hashes_tx(tx, reader, reports)
    files = {file.id: (file.name, file.why) for file in evidence.of_case_tx(tx, reader, case)}
    return (
        all(now.get(i) == content for i, content in records.items())
        and named <= now.keys()
        and all(reported.get(i) == content for i, content in reports.items())
        and all(files.get(file.id) == (file.name, file.why) for file in pages.evidence())
    )
