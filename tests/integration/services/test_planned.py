"""Deconfliction: plans that meet tell both desks whom to ask, and nothing else; of whom and where only tokens are kept."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.graph.cypher import upkeep
from jpa.model.agreement import Purpose
from jpa.model.audit import AuditTag
from jpa.model.officer import Role
from jpa.services import planned
from jpa.services.planned import TypedPlan, post_plan, read_board, withdraw_plan
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer
from tests.partners import PURPOSE, agreed

RAID = TypedPlan("arrest", PURPOSE, "Op North", "2026-11-26", "2026-11-27", name="Rahim Uddin", born="1987")
THEIRS = TypedPlan("surveillance", PURPOSE, "Op South", "2026-11-30", "2026-12-02", name="Rohim Uddin", born="1988")


@pytest.fixture
def tip(stores: Stores) -> Ask:
    return officer(stores, "perera", "tip", "XA", Role.LIAISON)


@pytest.fixture
def ucg(stores: Stores) -> Ask:
    return officer(stores, "desk", "ucg", "XB", Role.LIAISON)


def test_two_plans_for_one_person_in_one_week_tell_both_desks(stores: Stores, tip: Ask, ucg: Ask) -> None:
    agreed(stores)
    first, alone = post_plan(stores, tip, RAID)

    second, met = post_plan(stores, ucg, THEIRS)
    mine, theirs = read_board(stores, tip), read_board(stores, ucg)

    assert alone == []
    assert [(m.desk, m.plan and m.plan.id) for m in met] == [("Tenggara Immigration Police", second.id)]
    assert [(m.desk, m.plan and m.plan.id) for m in mine.met] == [("Utara Coast Guard", first.id)]
    assert (mine.met[0].reference, mine.met[0].own) == (theirs.met[0].own, theirs.met[0].reference)
    assert [p.about for p in mine.plans] == ["Op North"]
    assert [p.about for p in theirs.plans] == ["Op South"]
    assert stores.audit.events(tag=AuditTag.PLAN_COLLIDED.value, limit=1)[0].details["agencies"] == ["ucg", "tip"]


@pytest.mark.parametrize(
    ("mine", "theirs", "meet"),
    [
        (RAID, replace(THEIRS, name="Karim Wong"), False),
        (RAID, replace(THEIRS, born="1995"), False),
        (RAID, replace(THEIRS, start="2026-12-10", end="2026-12-11"), False),
        (replace(RAID, name="", place="Jetty 4, Selat", state="XB"), replace(THEIRS, name="", place="selat jetty 4", state="XB", start="2026-11-27"), True),
        (replace(RAID, name="", place="Jetty 4, Selat", state="XB"), replace(THEIRS, name="", place="Jetty 4, Selat", start="2026-11-27", state="XA"), False),
        (replace(RAID, name="", place="Jetty 4"), replace(THEIRS, name="", place="Jetty 4", state="XA", start="2026-12-01"), False),
        (replace(RAID, name="", latitude="6.4521", longitude="100.2010"), replace(THEIRS, name="", latitude="6.4611", longitude="100.2190", start="2026-11-27"), True),
        (replace(RAID, name="", latitude="6.4521", longitude="100.2010"), replace(THEIRS, name="", latitude="6.60", longitude="100.2010", start="2026-11-27"), False),
        (replace(RAID, place="Jetty 4", state="XB"), replace(THEIRS, name="Somchai Wong", place="Jetty 4", state="XB", start="2026-11-26"), True),
    ],
)  # fmt: skip
def test_plans_meet_by_person_or_place_in_the_same_days(
    stores: Stores, tip: Ask, ucg: Ask, mine: TypedPlan, theirs: TypedPlan, meet: bool
) -> None:
    agreed(stores)
    post_plan(stores, tip, mine)

    assert (len(post_plan(stores, ucg, theirs)[1]) == 1) is meet


def test_the_store_keeps_no_word_of_whom_or_where(stores: Stores, tip: Ask) -> None:
    agreed(stores)
    plan, _ = post_plan(stores, tip, replace(RAID, place="Jetty Four", latitude="6.4521", longitude="100.2010"))

    read = upkeep("MATCH (p:PlannedAction) RETURN properties(p) AS plan")
    kept = stores.graph.upkeep(lambda tx: tx.run(read).single(strict=True)["plan"])
    words = json.dumps({k: v for k, v in kept.items() if k not in {"asks", "holds"}}).casefold()

    assert kept["id"] == plan.id
    assert not any(word in words for word in ("rahim", "uddin", "rhm", "1987", "jetty", "6.45", "100.2", "2026-11-26"))
    assert len(kept["holds"]) == 256
    assert len(kept["asks"]) == 256
    assert all(len(token) == 32 and set(token) <= set("0123456789abcdef") for token in (*kept["holds"], *kept["asks"]))


def test_a_withdrawn_plan_and_one_whose_days_are_over_meet_nothing(stores: Stores, tip: Ask, ucg: Ask) -> None:
    agreed(stores)
    plan, _ = post_plan(stores, tip, RAID)
    withdraw_plan(stores, tip, plan.id)
    post_plan(stores, tip, replace(RAID, start="2026-11-25", end="2026-11-25"))

    _, met = post_plan(stores, replace(ucg, at=NOW + timedelta(days=2)), THEIRS)

    assert met == []
    with pytest.raises(ConflictError):
        withdraw_plan(stores, tip, plan.id)
    with pytest.raises(NotFoundError):
        withdraw_plan(stores, ucg, plan.id)
    live = [p.is_live((NOW + timedelta(days=2)).date()) for p in read_board(stores, tip).plans]
    assert live == [False, False]


def test_nothing_meets_outside_an_agreement_for_planned_actions(stores: Stores, tip: Ask, ucg: Ask) -> None:
    for ways in ([], ["blind queries"]):
        if len(ways) > 0:
            agreed(stores, ways=ways)
        with pytest.raises(InvalidInputError, match="Nothing was posted"):
            post_plan(stores, tip, RAID)
    agreed(stores, ways=["planned actions"], end="2026-11-25")
    post_plan(stores, tip, RAID)

    with pytest.raises(InvalidInputError):
        post_plan(stores, replace(ucg, at=NOW + timedelta(days=3)), THEIRS)
    assert read_board(stores, ucg).met == []


def test_plans_for_different_purposes_never_meet(stores: Stores, tip: Ask, ucg: Ask) -> None:
    agreed(stores)
    agreed(stores, ["planned actions"], title="Money memorandum", purposes=[Purpose.MONEY.value])
    post_plan(stores, tip, RAID)

    apart = post_plan(stores, ucg, replace(THEIRS, purpose=Purpose.MONEY.value))[1]
    together = post_plan(stores, ucg, THEIRS)[1]

    assert (len(apart), len(together)) == (0, 1)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(RAID, kind="raid"), "kind"),
        (replace(RAID, purpose="curiosity"), "purpose"),
        (replace(RAID, about=""), "about"),
        (replace(RAID, start="26.11.2026"), "start"),
        (replace(RAID, end="2026-11-20"), "end"),
        (replace(RAID, start="2026-11-20", end="2026-11-21"), "end"),
        (replace(RAID, end="2027-01-20"), "end"),
        (replace(RAID, name=""), "name"),
        (replace(RAID, born=""), "born"),
        (replace(RAID, latitude="north", longitude="1"), "latitude"),
        (replace(RAID, latitude="6.4"), "latitude"),
        (replace(RAID, place="Jetty", state="Nowhere"), "state"),
        (replace(RAID, place="..."), "place"),
    ],
)
def test_a_wrong_plan_names_its_field(stores: Stores, tip: Ask, typed: TypedPlan, field: str) -> None:
    agreed(stores)

    with pytest.raises(InvalidInputError) as error:
        post_plan(stores, tip, typed)

    assert set(error.value.fields) == {field}
    assert read_board(stores, tip).plans == []


def test_posting_to_probe_ends_at_the_limit(stores: Stores, tip: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed(stores)
    monkeypatch.setattr(planned, "MOST_PLANS", 2)
    post_plan(stores, tip, RAID)
    post_plan(stores, tip, RAID)

    with pytest.raises(InvalidInputError, match="Nothing was posted"):
        post_plan(stores, tip, RAID)

    post_plan(stores, replace(tip, at=NOW + timedelta(days=1)), RAID)


def test_a_lead_sees_their_own_plans_and_the_desk_all_of_the_agency(stores: Stores, tip: Ask, ucg: Ask) -> None:
    agreed(stores)
    lead, other = (officer(stores, login, "tip", "XA", Role.LEAD) for login in ("lead", "other"))
    plan, _ = post_plan(stores, lead, RAID)
    post_plan(stores, ucg, THEIRS)

    boards = [read_board(stores, who) for who in (lead, other, tip)]

    assert [(len(b.plans), len(b.met)) for b in boards] == [(1, 1), (0, 0), (1, 1)]
    with pytest.raises(NotFoundError):
        withdraw_plan(stores, other, plan.id)
    withdraw_plan(stores, tip, plan.id)


def test_analysts_and_readers_post_nothing(stores: Stores) -> None:
    agreed(stores)

    with pytest.raises(ForbiddenError):
        post_plan(stores, officer(stores, "reads", "tip", "XA", Role.READ, Role.ANALYST), RAID)
