"""How far a notice has come, and when its answer is overdue."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from jpa.model.notice import Item, Notice, NoticeAct, NoticeDone, NoticeKind, NoticeState, RecallReason, What

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DRAFT = Notice(
    id="a" * 32, kind=NoticeKind.RECALL, package="b" * 32, case="", agency="tip", partner="sfi", received=False,
    deadline="2026-12-01", items=(), apart=(), text="", number=0, digest="", automatic=False, made_by="x", made_name="X", made=AT,
)  # fmt: skip


def done(*kinds: NoticeAct) -> Notice:
    return replace(DRAFT, acts=[NoticeDone(kind, "y", "Y", AT) for kind in kinds])


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ((), NoticeState.DRAFT),
        ((NoticeAct.DISCARDED,), NoticeState.DISCARDED),
        ((NoticeAct.RELEASED,), NoticeState.RELEASED),
        ((NoticeAct.RELEASED, NoticeAct.ACKNOWLEDGED), NoticeState.ACKNOWLEDGED),
        ((NoticeAct.FOLLOWED,), NoticeState.FOLLOWED),
    ],
)
def test_the_state_follows_from_what_was_done(acts: tuple[NoticeAct, ...], state: NoticeState) -> None:
    assert done(*acts).state is state


@pytest.mark.parametrize(("day", "late"), [(date(2026, 11, 30), 0), (date(2026, 12, 1), 0), (date(2026, 12, 4), 3)])
def test_only_a_released_notice_without_an_answer_is_overdue(day: date, late: int) -> None:
    assert done(NoticeAct.RELEASED).overdue(day) == late
    assert done().overdue(day) == done(NoticeAct.RELEASED, NoticeAct.ACKNOWLEDGED).overdue(day) == 0


@pytest.mark.parametrize("what", list(What))
@pytest.mark.parametrize("reason", ["", *(r.value for r in RecallReason)])
def test_an_item_reads_back_as_it_was_written(what: What, reason: str) -> None:
    item = Item(what, "c" * 32, reason)

    assert Item.of(item.text()) == item
    assert replace(DRAFT, items=(item,)).whole is (what is What.PACKAGE)
