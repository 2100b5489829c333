"""What waits about packages for an officer: drafts and summaries to sign, recalls to answer, answers that are late, proposals, arrivals.

Everything is listed, and so counted, by the same gate as the pages that it leads to.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jpa.graph import answers, notices, packages
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag, Outcome
from jpa.model.notice import Notice, NoticeState
from jpa.model.package import Package, PackageAct, PackageState
from jpa.model.post import Arrival, Posted, PostState
from jpa.services.package_summary import asked_of
from jpa.services.post_subjects import subjects_tx
from jpa.services.stores import Ask, Event, Stores, read

TOLD_FOR: Final = timedelta(days=14)
"""How long the start page speaks of post that was refused."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Proposals about one package that nobody has decided about."""

    package: str
    partner: str
    number: int


@dataclass(frozen=True, slots=True)
class SharingWaits:
    """What waits; each line leads to its page."""

    arrived: Sequence[Package]
    """Received, and neither adopted nor declined."""
    drafts: Sequence[Package]
    """Made by another officer: they wait for a release."""
    summaries: Sequence[Package]
    """Made by another officer: their coded summary waits for a signature first."""
    notices: Sequence[Notice]
    """Recalls and corrections drafted by another officer, or by a change in a case."""
    unanswered: Sequence[Notice]
    """Received and followed, and nobody has handed out the acknowledgement yet."""
    overdue: Sequence[Notice]
    """Sent, and not acknowledged by the day."""
    proposed: Sequence[Proposed]
    undelivered: Sequence[Posted]
    """Sent by post and refused there in the last days, or under way for so long that somebody should telephone."""
    refused: Sequence[Arrival]
    """Came by post in the last days and was refused here."""

    @property
    def number(self) -> int:
        """How many things wait."""
        alone = (
            self.arrived,
            self.drafts,
            self.summaries,
            self.notices,
            self.unanswered,
            self.overdue,
            self.undelivered,
            self.refused,
        )
        return sum(map(len, alone)) + sum(p.number for p in self.proposed)


def list_sharing(stores: Stores, ask: Ask) -> SharingWaits:
    """List what waits about packages, of what this officer may read."""

    def work(tx: Tx, reader: Readership) -> SharingWaits:
        every, told = packages.packages_tx(tx, reader), notices.notices_tx(tx, reader)
        drafts = [p for p in every if p.state is PackageState.DRAFT and p.made_by != ask.officer.id]
        known_post = subjects_tx(tx, reader, {i.subject for i in stores.post.items(ask.officer.agency)})
        unsigned = [p for p in drafts if asked_of(p) is not None and p.act(PackageAct.SUMMARY_SIGNED) is None]
        return SharingWaits(
            arrived=[p for p in every if p.state is PackageState.RECEIVED],
            drafts=[p for p in drafts if p not in unsigned],
            summaries=unsigned,
            notices=[n for n in told if n.state is NoticeState.DRAFT and n.made_by != ask.officer.id],
            unanswered=[n for n in told if n.received and not _answered(stores, n)],
            overdue=[n for n in told if not n.received and n.overdue(ask.at.date()) > 0],
            proposed=[Proposed(*line) for line in answers.waiting_tx(tx, reader)],
            undelivered=_undelivered(stores, ask, known_post),
            refused=[
                a
                for a in stores.post.arrivals(ask.officer.agency)
                if a.state is PostState.REFUSED and _is_new(ask, a.at)
            ],
        )

    return read(stores, ask, Action.READ_PACKAGE, Event(AuditTag.START_PAGE_READ), work)


def _undelivered(stores: Stores, ask: Ask, known: Collection[str]) -> list[Posted]:
    """List what did not get over there; what was sent anew since is no trouble any more."""
    newest: dict[tuple[str, str], Posted] = {}
    for item in reversed(stores.post.items(ask.officer.agency)):
        newest[item.kind.value, item.object] = item
    return [
        i
        for i in newest.values()
        if i.subject in known
        and (i.overdue(ask.at) or (i.state is PostState.REFUSED and i.ended is not None and _is_new(ask, i.ended)))
    ]


def _is_new(ask: Ask, at: datetime) -> bool:
    return ask.at - at < TOLD_FOR


def _answered(stores: Stores, notice: Notice) -> bool:
    """Say whether the log knows that an acknowledgement was handed out."""
    tag = AuditTag.ACKNOWLEDGEMENT_WRITTEN.value
    return len(stores.audit.events(object=notice.id, tag=tag, outcomes=(Outcome.DONE,), limit=1)) > 0
