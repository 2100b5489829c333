"""Requests: how each stands, what a side may do, what the other side is told, and how they are counted."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpa.errors import InvalidInputError
from jpa.model.agreement import Purpose
from jpa.model.canonical import canonical
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.request import (
    ASKED,
    ASKING,
    OPEN,
    Kind,
    Move,
    MoveKind,
    Request,
    RequestState,
    Urgency,
    moves_open,
)
from jpa.statistics.requests import (
    OURS,
    REQUEST_DIMENSIONS,
    REQUEST_MEASURES,
    THEIRS,
    RequestQuestion,
    fact_of,
    figure,
    members,
    tabulate,
)

pytestmark = pytest.mark.fast
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
STATES = {"tip": "XA", "ucg": "XB", "sfi": "XC"}
MARKING = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",))


def asked(*moves: tuple[MoveKind, int], due: str = "2026-03-10", **more: object) -> Request:
    """Make a request of which each move was made so many days after the start, by the side that may."""
    made = [
        Move(f"m{n}", kind, "tip" if kind in ASKING else "ucg", START + timedelta(days=days), "somebody", "Somebody",
             text="said", case="secret case")
        for n, (kind, days) in enumerate(moves)
    ]  # fmt: skip
    this = Request(
        "r1", "tip", "ucg", "a1", Purpose.SMUGGLING, Kind.IDENTITY, "Who is this?", "MoU, article 4", Urgency.ROUTINE,
        due, MARKING, START, "wulan", "Wulan", "secret case", "", tuple(made),
    )  # fmt: skip
    return replace(this, **more)  # type: ignore[arg-type]


def test_a_request_stands_where_its_last_act_left_it_and_a_message_moves_nothing() -> None:
    sent = (MoveKind.SENT, 0)

    assert asked().state is RequestState.DRAFTED
    assert asked().sent is None
    assert asked(sent, (MoveKind.REMINDED, 1), (MoveKind.MESSAGE, 1)).state is RequestState.SENT
    assert asked(sent, (MoveKind.ACKNOWLEDGED, 1), (MoveKind.IN_PART, 2)).state is RequestState.IN_PART
    assert asked(sent, (MoveKind.IN_PART, 2), (MoveKind.IN_FULL, 20)).answered == START + timedelta(days=2)


def test_each_side_may_do_its_own_acts_and_nothing_after_the_end() -> None:
    for kind, state in product(MoveKind, RequestState):
        assert not (kind in ASKING and kind in ASKED and kind is not MoveKind.MESSAGE), kind
        closed = state in {RequestState.IN_FULL, RequestState.REFUSED, RequestState.WITHDRAWN}
        for side in (ASKING, ASKED):
            if closed and kind is not MoveKind.MESSAGE:
                assert state not in side.get(kind, ())
    drafted = asked()

    assert moves_open(drafted, "tip") == {MoveKind.SENT, MoveKind.WITHDRAWN}
    assert moves_open(drafted, "ucg") == set()
    assert moves_open(asked((MoveKind.SENT, 0), (MoveKind.WITHDRAWN, 1)), "ucg") == set()
    assert {RequestState.SENT, RequestState.ACKNOWLEDGED} == OPEN


def test_it_is_overdue_from_the_day_after_until_any_answer_or_refusal() -> None:
    late = START + timedelta(days=10)

    assert not asked((MoveKind.SENT, 0)).is_overdue(datetime(2026, 3, 10, 23, 59, tzinfo=UTC))
    assert asked((MoveKind.SENT, 0)).is_overdue(datetime(2026, 3, 11, tzinfo=UTC))
    assert not asked().is_overdue(late)
    for end in (MoveKind.IN_PART, MoveKind.IN_FULL, MoveKind.REFUSED, MoveKind.WITHDRAWN):
        assert not asked((MoveKind.SENT, 0), (end, 11)).is_overdue(late + timedelta(days=5))


def test_what_travels_names_neither_case_nor_officer_and_is_plain_json() -> None:
    this = asked((MoveKind.SENT, 0), (MoveKind.IN_FULL, 1))

    for side in ("tip", "ucg"):
        seen = this.seen_by(side)
        other = [m for m in seen.moves if m.agency != side]
        assert all((m.by, m.name, m.case) == ("", "", "") for m in other)
        assert (seen.case == "", seen.made_by == "") == ((side == "ucg"),) * 2
    sent = canonical(this.plain()) + b"".join(canonical(m.plain(this.id)) for m in this.moves)
    assert json.loads(canonical(this.plain()))["marking"]["names"] == ["XB"]
    for hidden in (b"secret case", b"somebody", b"Somebody", b"Wulan"):
        assert hidden not in sent


MOVES = st.lists(
    st.tuples(st.sampled_from([k for k in MoveKind if k is not MoveKind.SENT]), st.integers(0, 20)), max_size=4
)
REQUESTS = st.lists(st.tuples(MOVES, st.sampled_from(("ucg", "sfi")), st.booleans(), st.sampled_from(Kind)), max_size=8)


@given(REQUESTS, st.integers(0, 30))
def test_figures_are_those_of_counting_by_hand_and_the_same_from_both_sides(
    drawn: list[tuple[list[tuple[MoveKind, int]], str, bool, Kind]], later: int
) -> None:
    at = START + timedelta(days=later)
    made = []
    for moves, partner, turned, kind in drawn:
        this = asked((MoveKind.SENT, 0), *sorted(moves, key=lambda m: m[1]), kind=kind)
        made.append(replace(this, asker=partner, asked="tip") if turned else replace(this, asked=partner))
    facts = [fact_of(r, "tip", STATES, at) for r in made]

    days = [(r.answered - START).total_seconds() / 86400 for r in made if r.answered is not None]
    assert figure(facts, "requests_sent", {}) == len(made)
    assert figure(facts, "requests_answered", {}) == len(days)
    assert figure(facts, "requests_in_time", {}) == sum(d < 10 for d in days)
    assert figure(facts, "requests_overdue", {}) == sum(r.is_overdue(at) for r in made)
    assert figure(facts, "days_to_answer", {}) == (round(median(days), 1) if days else None)
    for measure, dimension in product(REQUEST_MEASURES, REQUEST_DIMENSIONS):
        table = tabulate(facts, RequestQuestion(measure, (dimension,)))
        assert sum(c.number for c in table.cells) == table.total.number
        for cell in table.cells:
            question = table.question.within({dimension: cell.labels[0]})
            assert len(members(facts, question)) == cell.number
            assert tabulate(facts, question).total.value == cell.value
    for partner in ("ucg", "sfi"):
        between = [r for r in made if partner in (r.asker, r.asked)]
        theirs = [fact_of(r, partner, STATES, at) for r in between]
        for measure, way, back in ((m, *w) for m in REQUEST_MEASURES for w in ((OURS, THEIRS), (THEIRS, OURS))):
            own = figure(facts, measure, {"direction": (way,), "partner": (partner,)})
            assert own == figure(theirs, measure, {"direction": (back,), "partner": ("tip",)})


@pytest.mark.parametrize(
    ("measure", "by", "where"),
    [
        ("requests_lost", (), {}),
        ("requests_sent", ("weather",), {}),
        ("requests_sent", (), {"weather": ("x",)}),
        ("requests_sent", ("kind", "kind"), {}),
        ("requests_sent", ("kind", "year", "month"), {}),
    ],
)
def test_what_cannot_be_counted_is_refused_with_its_cure(
    measure: str, by: tuple[str, ...], where: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        RequestQuestion(measure, by, where)

    assert "hoose" in refused.value.sentences()[1] or "none of" in refused.value.sentences()[1]
