"""What a change in a case proposes to the recipients of its packages: drafts in the outbox that another officer releases.

Written in the transaction of the change itself: no victim is sealed here without the recalls that follow from it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from jpa.graph import notices, recalled
from jpa.graph.agencies import readership_tx
from jpa.graph.notices import Holding
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.case import Case
from jpa.model.ids import new_id
from jpa.model.notice import Item, Notice, NoticeKind, NoticeState, RecallReason, What
from jpa.services.notice_drafts import TIME_TO_ANSWER
from jpa.services.stores import Ask
from jpa.sharing.naming import Naming

VICTIM_ANSWER: Final = timedelta(days=3)
"""Deadline of a recall that protects a victim: as near as a file by hand allows."""


_BEARERS: Final = ("Person", "IdentityDocument")
_AT_ONCE: Final = 2_000
"""Things of a package that are looked through together."""


def recall_victim_tx(tx: Tx, ask: Ask, cases: Collection[str], records: Collection[str], names: Collection[str]) -> int:
    """Draft a recall of every released package that held a person who is being sealed, or names them; returns how many.

    What the own agency kept of such a package is read by nobody any more, drafts included. Call it before the records go.
    """
    naming = Naming(names)
    drafted = 0
    for held in notices.holding_tx(tx, cases, records):
        named = _naming_tx(tx, held, naming, records)
        if not held.any and len(named) == 0:
            continue
        notices.close_file_tx(tx, held.package)
        if held.released:
            items = [Item(What.RECORD, i, RecallReason.VICTIM.value) for i in held.records]
            _add_tx(tx, ask, held, NoticeKind.RECALL, [*items, *named], (), VICTIM_ANSWER)
            drafted += 1
    return drafted


def recall_typed_tx(tx: Tx, ask: Ask, case: Case, names: Collection[str], documents: Collection[str]) -> int:
    """Draft a recall of every released package of the agency that names a victim who was typed, not sealed; returns how many.

    Who bears a document of theirs is taken for them, as one who is sealed is; whoever is only named like them, or holds a number of
    theirs, may be another: it is closed at the recipient, not taken away, and the liaison officer may discard the draft. What the own
    agency kept is read by nobody any more where it is surely theirs, or of the case in which their names are taken out of everything.
    Call it before they are. The officer who types learns nothing of it: a draft is told to those who may read its package.
    """
    bears, naming = Naming(documents), Naming({*names, *documents})
    drafted = 0
    for held in notices.holding_tx(tx, notices.sent_cases_tx(tx, case.agency), ()):
        items = _named_tx(tx, held, naming, bears)
        if len(items) == 0:
            continue
        if held.case == case.id or any(item.reason == RecallReason.VICTIM for item in items):
            notices.close_file_tx(tx, held.package)
        known = notices.recalled_tx(tx, held.package)
        fresh = [item for item in items if item not in known]
        if held.released and len(fresh) > 0:
            _add_tx(tx, ask, held, NoticeKind.RECALL, fresh, (), VICTIM_ANSWER)
            drafted += 1
    return drafted


def correct_tx(
    tx: Tx, ask: Ask, cases: Collection[str], ids: Collection[str], apart: Sequence[tuple[str, str]] = ()
) -> int:
    """Draft a correction for every released package that holds what is no longer so, or both records of an undone merge."""
    pairs = list(apart)
    wanted = {*ids, *(i for pair in pairs for i in pair)}
    drafted = 0
    for held in notices.holding_tx(tx, cases, wanted):
        both = [pair for pair in pairs if {*pair} <= {*held.records}]
        items = [
            Item(what, i)
            for what, found in ((What.REPORT, held.reports), (What.RECORD, held.records), (What.LINK, held.links))
            for i in found
            if i in ids
        ]
        if held.released and len(items) + len(both) > 0:
            _add_tx(tx, ask, held, NoticeKind.CORRECTION, items, both, TIME_TO_ANSWER)
            drafted += 1
    return drafted


def _named_tx(tx: Tx, held: Holding, naming: Naming, bears: Naming) -> list[Item]:
    """Return what of a package names somebody: for theirs whoever bears a document, for another's everything else."""
    content = notices.content_tx(tx, held.package)
    items = []
    for ids in _parts(content.reports):
        items += [
            Item(What.REPORT, r.id, RecallReason.OTHER.value)
            for r in recalled.owned_reports_tx(tx, held.agency, ids)
            if naming.names(f"{r.title} {r.source_reference} {r.text}")
        ]
    for ids in _parts(content.records):
        for record, _ in recalled.owned_tx(tx, held.agency, ids):
            texts = {t for values in record.properties.values() for v in values for t in (v.typed, v.best)}
            if any(naming.names(t) for t in texts):
                theirs = record.type in _BEARERS and any(bears.names(t) for t in texts)
                items.append(
                    Item(What.RECORD, record.id, (RecallReason.VICTIM if theirs else RecallReason.OTHER).value)
                )
    return items


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _naming_tx(tx: Tx, held: Holding, naming: Naming, records: Collection[str]) -> list[Item]:
    """Return what else of a package names the person: it is closed, not taken for theirs."""
    content = notices.content_tx(tx, held.package)
    reports = [
        r for r in recalled.owned_reports_tx(tx, held.agency, content.reports)
        if naming.names(f"{r.title} {r.source_reference} {r.text}")
    ]  # fmt: skip
    others = [
        r
        for r, _ in recalled.owned_tx(tx, held.agency, {*content.records} - {*records})
        if any(naming.names(t) for values in r.properties.values() for v in values for t in {v.typed, v.best})
    ]
    reason = RecallReason.OTHER.value
    return [*(Item(What.REPORT, r.id, reason) for r in reports), *(Item(What.RECORD, r.id, reason) for r in others)]


def _add_tx(
    tx: Tx,
    ask: Ask,
    held: Holding,
    kind: NoticeKind,
    items: Sequence[Item],
    apart: Sequence[tuple[str, str]],
    within: timedelta,
) -> None:
    """Add a draft, or what is new to the one that the same officer's changes proposed before."""
    known = notices.notices_tx(tx, readership_tx(tx, ask.officer, ask.at), held.package)
    open_now = next(
        (
            n for n in known
            if n.automatic and n.kind is kind and n.state is NoticeState.DRAFT and n.made_by == ask.officer.id
        ),
        None,
    )  # fmt: skip
    if open_now is not None:
        whole = replace(
            open_now,
            items=tuple(dict.fromkeys([*open_now.items, *items])),
            apart=tuple(dict.fromkeys([*open_now.apart, *apart])),
        )
        notices.sign_tx(tx, whole, 0, "")
        return
    made = Notice(
        id=new_id(ask.at), kind=kind, package=held.package, case=held.case, agency=held.agency, partner=held.partner,
        received=False, deadline=(ask.at + within).date().isoformat(), items=tuple(items), apart=tuple(apart), text="",
        number=0, digest="", automatic=True, made_by=ask.officer.id, made_name=ask.officer.name, made=ask.at,
    )  # fmt: skip
    notices.add_tx(tx, made, Reach((held.case,), (f"agency:{held.agency}",)))
