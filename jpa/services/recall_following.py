"""Following a recall or a correction: what of the sender's is here is sealed, taken out of force or marked anew; nothing else is touched."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeVar

from jpa.graph import notices, outcomes, packages, recalled, redaction, retractions, sealing
from jpa.graph.agencies import readership_tx
from jpa.graph.notices import Content
from jpa.graph.redaction import Redaction
from jpa.graph.session import Tx
from jpa.model.audit import Intent
from jpa.model.case import Agency
from jpa.model.ids import new_id
from jpa.model.notice import Item, Notice, RecallReason, What
from jpa.model.package import Package, PackageAct, PackageState
from jpa.model.record import Report
from jpa.model.retraction import Retraction, RetractionKind
from jpa.model.value_types import Context
from jpa.operations.vault import redactor_of
from jpa.services import statements, victims
from jpa.services.notice_drafts import marking_of
from jpa.services.stores import Ask, Stores

T = TypeVar("T")

BATCH: Final = 2_000
"""Records or links closed in one transaction."""
SEALED_NAME: Final = "[victim]"
"""What stands where a recalled victim was named: the pseudonym is the sender's."""
_KINDS: Final = {
    What.REPORT: RetractionKind.REPORT,
    What.RECORD: RetractionKind.RECORD,
    What.LINK: RetractionKind.LINK,
}


@dataclass(frozen=True, slots=True)
class Followed:
    """What a notice came to here."""

    sealed: int = 0
    corrected: int = 0
    absent: int = 0
    """Items that are not here, or not any more."""
    own: int = 0
    """Own records, or own verdicts, that say the same and stay until an officer decides."""

    def code(self) -> str:
        """Write the counts down."""
        return f"{self.sealed}:{self.corrected}:{self.absent}:{self.own}"

    @classmethod
    def of(cls, code: str) -> Self:
        """Read what was written down."""
        return cls(*(int(part) for part in code.split(":")))

    def words(self) -> str:
        """Say it to an officer."""
        said = f"{self.sealed} sealed, {self.corrected} corrected, {self.absent} not here"
        return said if self.own == 0 else f"{said}; {self.own} of our own were judged the same: their lead decides"


def recall(stores: Stores, ask: Ask, intent: Intent, package: Package, sender: Agency, this: Notice) -> Followed:
    """Seal what is recalled: victims' records leave the graph, all else is closed to every reader."""
    content = stores.graph.read(intent, lambda tx: notices.content_tx(tx, package.id))
    if package.act(PackageAct.ADOPTED) is None:
        every = {*content.reports, *content.records, *content.links}
        here = every if this.whole else every & {i.id for i in this.items}
        return Followed(sealed=len(here), absent=0 if this.whole else len(this.items) - len(here))
    victims_items = [i for i in this.items if i.reason == RecallReason.VICTIM]
    others = [i for i in this.items if i.reason != RecallReason.VICTIM]
    own, gone = stores.graph.write(intent, lambda tx: _forget_tx(tx, ask, sender, content, victims_items))
    records, reports, ties = stores.graph.read(
        intent, lambda tx: _closing_tx(tx, ask, package, sender, content, victims_items, others)
    )
    sealed = gone + len(records) + len(reports) + len(ties)
    for page in _pages(records):
        stores.graph.write(intent, lambda tx, page=page: recalled.close_tx(tx, sender.id, page, (), ()))  # type: ignore[misc]  # bound now on purpose
    for page in _pages(reports):
        stores.graph.write(intent, lambda tx, page=page: recalled.close_tx(tx, sender.id, (), page, ()))  # type: ignore[misc]  # bound now on purpose
    for tied in _pages(ties):
        stores.graph.write(intent, lambda tx, tied=tied: recalled.close_links_tx(tx, sender.id, tied))  # type: ignore[misc]  # bound now on purpose
    absent = max(0, sum(i.what is not What.PACKAGE for i in this.items) - sealed)
    return Followed(sealed=sealed, absent=absent, own=own)


def correct(stores: Stores, ask: Ask, intent: Intent, package: Package, sender: Agency, this: Notice) -> Followed:
    """Take what is superseded out of force, mark reports anew, take proposals back."""
    return stores.graph.write(intent, lambda tx: correct_tx(tx, ask, package, sender, this))


def correct_tx(tx: Tx, ask: Ask, package: Package, sender: Agency, this: Notice) -> Followed:
    """Follow a correction in the transaction of the caller; again changes nothing."""
    content = notices.content_tx(tx, package.id)
    targets = _targets_tx(tx, sender, content, this.items)
    standing = {t.target for t in retractions.about_tx(tx, list(targets)) if t.stands}
    reason = f"its owner, {sender.name}, holds it for true no more (correction {this.number})"
    for target, (kind, report) in targets.items():
        if target not in standing:
            act = Retraction(
                new_id(ask.at), kind, target, report.id, report.case, ask.officer.id, ask.at, reason, ask.officer.name
            )
            retractions.add_tx(tx, act)
    marked = {r.id: r for r in recalled.owned_reports_tx(tx, sender.id, [m.report for m in this.marked])}
    for change in this.marked:
        if change.report in marked:
            report = marked[change.report]
            marking = marking_of(change)
            audience = marking.audience(agency=sender.id, state=sender.state, case=report.case)
            recalled.remark_tx(tx, report, marking, audience)
    reader = readership_tx(tx, ask.officer, ask.at)
    own = sum(recalled.unpropose_tx(tx, reader, a, b, f"verdict of {sender.id}") for a, b in this.apart)
    corrected = len(targets) + len(marked) + len(this.apart)
    return Followed(
        corrected=corrected, absent=len(this.items) - len(targets) + len(this.marked) - len(marked), own=own
    )


def _forget_tx(tx: Tx, ask: Ask, sender: Agency, content: Content, items: Sequence[Item]) -> tuple[int, int]:
    """Take victims' records out of the graph, and their names out of every text of the cases that held them."""
    whole = any(i.what is What.PACKAGE for i in items)
    reports = content.reports if whole else [i.id for i in items if i.what is What.REPORT]
    wanted = {i.id for i in items if i.what is What.RECORD} | recalled.stated_tx(tx, sender.id, reports)
    held = recalled.owned_tx(tx, sender.id, wanted)
    if len(held) == 0:
        return 0, 0
    records = [r for r, _ in held]
    ids = [r.id for r in records]
    own = recalled.judged_same_tx(tx, sender.id, ids)
    identity = victims.identity_of([r for r in records if r.type in victims.IDENTIFYING])
    outcomes.forget_person_tx(tx, ids, secrets.token_hex(16))
    sealing.remove_tx(tx, ids)
    how = Redaction(
        redactor_of(identity, SEALED_NAME), statements.search_words, statements.report_hash,
        Context(state=ask.officer.state, today=ask.at.date()),
    )  # fmt: skip
    for case in sorted({report.case for _, report in held}):
        redaction.redact_case_tx(tx, case, how)
    recalled.close_tx(tx, sender.id, (), (), sorted({report.id for _, report in held}))
    return own, len(ids)


def _closing_tx(
    tx: Tx, ask: Ask, package: Package, sender: Agency, content: Content, gone: Sequence[Item], others: Sequence[Item]
) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Say which records, reports and links are closed: those named, or all that no other package of the sender brought as well."""
    sources = dict(zip(content.links, content.sources, strict=True))
    items = [*others, *(i for i in gone if i.what is not What.RECORD)]
    records = {i.id for i in items if i.what is What.RECORD}
    reports = {i.id for i in items if i.what is What.REPORT}
    links = {i.id for i in items if i.what is What.LINK}
    if any(i.what is What.PACKAGE for i in gone):
        reports |= {*content.reports}
        links |= {*content.links}
    elif any(i.what is What.PACKAGE for i in others):
        kept = _kept_elsewhere_tx(tx, ask, package)
        records |= {*content.records} - kept
        reports |= {*content.reports} - kept
        links |= {*content.links} - kept
    else:
        records |= recalled.stated_tx(tx, sender.id, reports)
    return (
        [r.id for r, _ in recalled.owned_tx(tx, sender.id, records)],
        [r.id for r in recalled.owned_reports_tx(tx, sender.id, reports)],
        [
            (i, sources[i])
            for i in recalled.owned_links_tx(tx, sender.id, [(i, sources[i]) for i in sorted(links) if i in sources])
        ],
    )


def _kept_elsewhere_tx(tx: Tx, ask: Ask, this: Package) -> set[str]:
    """Return what other packages of the sender, adopted and not recalled, hold too."""
    others = [
        p
        for p in packages.packages_tx(tx, readership_tx(tx, ask.officer, ask.at))
        if p.received and p.id != this.id and p.partner == this.partner and p.state is PackageState.ADOPTED
    ]
    held = [notices.content_tx(tx, p.id) for p in others]
    return {i for c in held for i in (*c.reports, *c.records, *c.links)}


def _targets_tx(
    tx: Tx, sender: Agency, content: Content, items: Sequence[Item]
) -> dict[str, tuple[RetractionKind, Report]]:
    sources = dict(zip(content.links, content.sources, strict=True))
    ids = {what: [i.id for i in items if i.what is what] for what in _KINDS}
    found = {r.id: (RetractionKind.RECORD, report) for r, report in recalled.owned_tx(tx, sender.id, ids[What.RECORD])}
    found |= {r.id: (RetractionKind.REPORT, r) for r in recalled.owned_reports_tx(tx, sender.id, ids[What.REPORT])}
    links = recalled.owned_links_tx(tx, sender.id, [(i, sources[i]) for i in ids[What.LINK] if i in sources])
    reports = {r.id: r for r in recalled.owned_reports_tx(tx, sender.id, set(links.values()))}
    return found | {i: (RetractionKind.LINK, reports[report]) for i, report in links.items() if report in reports}


def _pages(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[n : n + BATCH] for n in range(0, len(items), BATCH)]
