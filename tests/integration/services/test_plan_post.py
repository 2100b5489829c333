"""Planned actions between two installations: asked by post, answered by the clerk, told to both desks; and what must stay unseen.

Both agencies live in one store, and only the officers of the one whose installation it is at the moment work; what would go over the
line is carried by the test.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jpa.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from jpa.graph.cypher import upkeep
from jpa.interchange.blind_file import PLAN_ANSWER, PLAN_QUESTION, QUESTION
from jpa.model.agreement import Purpose
from jpa.model.audit import AuditTag
from jpa.model.blind import ASK_AGAIN, MOST_ASKED, MOST_HELD
from jpa.model.officer import Role
from jpa.model.post import Parcel, Posted, PostKind, PostState
from jpa.operations.messages import sign_message
from jpa.services import plan_answers, post
from jpa.services.installation import Installation
from jpa.services.plan_post import AskedState, check_plans
from jpa.services.planned import TypedPlan, ask_again, post_plan, read_board, withdraw_plan
from jpa.services.post_arrivals import take_part
from jpa.services.stores import Ask, Stores
from jpa.sharing.closing import open_message_file
from jpa.sharing.plan_report import KIND, NOTHING, read_report, report_of, write_report
from tests.conftest import NOW, officer
from tests.integration.services.test_blind_post import (
    PEERS,
    brought,
    closed,
    emptied,
    forgotten,
    introduced,
    reasons,
)
from tests.integration.services.test_planned import RAID, THEIRS
from tests.partners import PURPOSE, agreed

MONEY = Purpose.MONEY.value
STATES = {"tip": "XA", "ucg": "XB"}
At = Callable[[str], Ask]
AT_WORK = upkeep("MATCH (o:Officer) SET o.active = (o.agency = $agency)")


@pytest.fixture
def at(installation: Installation, stores: Stores) -> Iterator[At]:
    """Be in the installation of one agency, as its liaison officer: nobody of the other works there."""
    agreed(stores)
    introduced(installation, stores)
    with installation.operations.writing() as connection:
        connection.exec_driver_sql("DELETE FROM closed_plans")

    desks = {
        a: [officer(stores, f"{n}.{a}", a, s, Role.LIAISON) for n in ("desk", "signs", "lead")]
        for a, s in STATES.items()
    }
    officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)

    def of(agency: str) -> Ask:
        stores.graph.upkeep(lambda tx: tx.run(AT_WORK, agency=agency).consume())
        return desks[agency][0]

    yield of
    emptied(installation)


def waiting(stores: Stores, agency: str, kind: PostKind) -> list[Posted]:
    return [i for i in reversed(stores.post.items(agency)) if i.kind is kind and i.open]


def carry(stores: Stores, at: At, item: Posted, moment: datetime = NOW) -> str:
    """Bring what is not there yet of an item into the installation that it is for, and note how it ended; returns how."""
    at(item.partner)
    content, peer = stores.post.content(item.id) or b"", PEERS[item.agency]
    have = stores.tray.have(peer, item.sha256)
    parcel = Parcel(item.agency, item.partner, "message", item.sha256, item.size)
    came = take_part(stores, peer, parcel, (have, io.BytesIO(content[have:])), lambda: moment)
    stores.post.end(item.id, PostState(came.state), "", moment)
    return came.state


def carry_all(stores: Stores, at: At, moment: datetime = NOW) -> list[str]:
    """Bring whatever waits on either side, until nothing does; returns the kinds in their order."""
    kinds = []
    while len(items := [i for a in STATES for i in reversed(stores.post.items(a)) if i.open]) > 0:
        assert carry(stores, at, items[0], moment) == "arrived", reasons(stores, items[0].partner)
        kinds.append(items[0].kind.value)
    return kinds


def posted(stores: Stores, at: At, agency: str, typed: TypedPlan, moment: datetime = NOW) -> str:
    plan, met = post_plan(stores, replace(at(agency), at=moment), typed)
    assert met == []
    return plan.id


def message(stores: Stores, item: Posted, folder: Path) -> bytes:
    """Open what is on its way, as whoever it is for."""
    path = folder / item.id
    path.write_bytes(stores.post.content(item.id) or b"")
    return open_message_file(path, stores.agency_keys.opener(item.partner), 32 * 1024 * 1024)


def held(stores: Stores, at: At, agency: str, typed: TypedPlan, moment: datetime = NOW) -> str:
    """Post a plan while nobody elsewhere can be asked."""
    cards = stores.post.partners()
    for card in cards:
        stores.post.forget(card.key)
    plan, met = post_plan(stores, replace(at(agency), at=moment), typed)
    for card in cards:
        stores.post.pin(card)
    assert met == []
    return plan.id


def states(stores: Stores, at: At, agency: str) -> list[AskedState]:
    board = read_board(stores, at(agency))
    return [one.state for plan in board.plans for one in board.elsewhere[plan.id].partners]


def test_plans_that_meet_between_installations_are_told_to_both_desks_and_to_nobody_else(
    stores: Stores, at: At
) -> None:
    theirs = posted(stores, at, "ucg", THEIRS)
    first = carry_all(stores, at)
    mine = posted(stores, at, "tip", RAID)
    [question] = waiting(stores, "tip", PostKind.PLAN)

    second = carry_all(stores, at)
    tip, ucg = read_board(stores, at("tip")), read_board(stores, at("ucg"))
    third = officer(stores, "desk.xyz", "xyz", "XC", Role.LIAISON)

    assert first == second == ["planned action", "plan answer", "plan report"]
    assert [(m.desk, m.plan and m.plan.id, m.collision.elsewhere) for m in tip.met] == [
        ("Utara Coast Guard", mine, True)
    ]
    assert [(m.desk, m.plan and m.plan.id) for m in ucg.met] == [("Tenggara Immigration Police", theirs)]
    assert (tip.met[0].reference, tip.met[0].own) == (ucg.met[0].own, ucg.met[0].reference)
    assert read_board(stores, third).met == []
    standing = tip.elsewhere[mine]
    assert (standing.asked, standing.answered, standing.unasked) == (1, 1, [])
    assert [(a.agency.id, a.answered, a.reported, a.met) for a in ucg.asked_by or ()] == [("tip", 1, 1, 1)]
    assert [(a.agency.id, a.answered, a.reported, a.met) for a in tip.asked_by or ()] == [("ucg", 1, 1, 0)]
    events = stores.audit.events(tag=AuditTag.PLAN_COLLIDED.value, limit=2)
    assert [e.details["agencies"] for e in events] == [["ucg", "tip"], ["tip", "ucg"]]
    assert stores.questions.find("tip", question.subject) is None


def test_neither_side_keeps_a_word_of_the_other_s_plan(stores: Stores, at: At) -> None:
    theirs = held(stores, at, "ucg", THEIRS)
    mine = posted(stores, at, "tip", RAID)
    carry_all(stores, at)

    kept = stores.graph.upkeep(lambda tx: [dict(r["n"]) for r in tx.run(upkeep("MATCH (n) WHERE n:Collision OR n:PlanQuestion RETURN properties(n) AS n"))])  # fmt: skip
    of = {a: str([n for n in kept if n["audience"] == [f"agency:{a}"]]) for a in STATES}

    assert all(len(n["audience"]) == 1 for n in kept)
    assert (mine in of["tip"], mine in of["ucg"]) == (True, False)
    assert (theirs in of["ucg"], theirs in of["tip"]) == (True, False)
    assert not any(
        word in of[a].casefold() for a in STATES for word in ("rahim", "arrest", "surveillance", "op north", "op south")
    )


def test_two_plans_posted_at_the_same_moment_are_told_once_to_each_side(stores: Stores, at: At) -> None:
    posted(stores, at, "ucg", THEIRS)
    posted(stores, at, "tip", RAID)

    kinds = carry_all(stores, at)
    tip, ucg = read_board(stores, at("tip")), read_board(stores, at("ucg"))

    assert sorted(kinds) == sorted(["planned action", "plan answer", "plan report"] * 2)
    assert (len(tip.met), len(ucg.met)) == (1, 1)
    assert (tip.met[0].reference, tip.met[0].own) == (ucg.met[0].own, ucg.met[0].reference)


def test_of_two_plans_for_one_man_on_one_day_both_are_met(stores: Stores, at: At) -> None:
    both = {
        held(stores, at, "ucg", THEIRS),
        held(stores, at, "ucg", replace(THEIRS, kind="search", start="2026-12-01")),
    }
    posted(stores, at, "tip", RAID)

    carry_all(stores, at)
    tip, ucg = read_board(stores, at("tip")), read_board(stores, at("ucg"))

    assert {m.plan.id for m in ucg.met if m.plan is not None} == both
    assert len({m.reference for m in tip.met}) == 2, "one for the day of the first alone, one for those of both"
    assert {m.reference for m in tip.met} == {m.own for m in ucg.met}


def test_no_answer_shows_what_is_withdrawn_over_for_another_purpose_or_met(
    stores: Stores, at: At, tmp_path: Path
) -> None:
    agreed(stores, ["planned actions"], title="Money memorandum", purposes=[MONEY])
    before = NOW - timedelta(days=1)

    def asked(typed: TypedPlan) -> tuple[tuple[int, ...], int]:
        post_plan(stores, at("tip"), typed)
        met = len(read_board(stores, at("tip")).met)
        sizes = []
        for agency, kind in (("tip", PostKind.PLAN), ("ucg", PostKind.PLAN_ANSWER), ("tip", PostKind.PLAN_REPORT)):
            [item] = waiting(stores, agency, kind)
            sizes.append(len(message(stores, item, tmp_path)))
            assert carry(stores, at, item) == "arrived"
        return tuple(sizes), len(read_board(stores, at("tip")).met) - met

    nothing = asked(RAID)
    held(stores, at, "ucg", replace(THEIRS, purpose=MONEY))
    held(stores, at, "ucg", replace(THEIRS, name="Somchai Wong"))
    held(stores, at, "ucg", replace(THEIRS, start="2026-11-23", end="2026-11-23"), before)
    withdraw_plan(stores, at("ucg"), held(stores, at, "ucg", THEIRS))
    hidden = asked(RAID)
    held(stores, at, "ucg", THEIRS)
    met = asked(RAID)

    assert (nothing[1], hidden[1], met[1]) == (0, 0, 1)
    assert nothing[0] == hidden[0] == met[0]


def test_the_longest_plan_fits_into_every_question_and_looks_like_the_shortest(
    stores: Stores, at: At, tmp_path: Path
) -> None:
    longest = TypedPlan(
        "surveillance", PURPOSE, "Op Long", "2026-11-26", "2026-12-26", name="Rahim Karim Somchai Siti Budi Tranvan", born="1987-03-04",
        place="Jetty 4, Selat", latitude="6.4521", longitude="100.2010",
    )  # fmt: skip
    plans = [posted(stores, at, "tip", p) for p in (longest, replace(RAID, end=""))]

    digests = stores.plans.find("tip", plans)
    items = waiting(stores, "tip", PostKind.PLAN)
    with stores.post._store.reading() as connection:
        sealed = connection.exec_driver_sql("SELECT length(sealed) FROM closed_plans").scalars().all()

    assert (len(digests[plans[0]].asks), len(digests[plans[0]].holds)) == (1275, 310)
    assert (MOST_ASKED, MOST_HELD) == (1280, 320)
    assert (len(digests[plans[1]].asks), len(digests[plans[1]].holds)) == (45, 2)
    assert len({len(message(stores, i, tmp_path)) for i in items}) == len(set(sealed)) == 1
    assert stores.plans.find("ucg", plans) == {}


def test_a_withdrawn_plan_takes_its_question_back_or_hears_nothing(stores: Stores, at: At) -> None:
    held(stores, at, "ucg", THEIRS)
    early, late = posted(stores, at, "tip", RAID), posted(stores, at, "tip", RAID)
    kept, gone = waiting(stores, "tip", PostKind.PLAN)

    carry(stores, at, kept)
    withdraw_plan(stores, at("tip"), early)
    withdraw_plan(stores, at("tip"), late)
    left = carry_all(stores, at)

    assert kept.subject != gone.subject
    assert left == ["plan answer", "plan report"]
    assert stores.questions.find("tip", kept.subject) is None
    assert stores.plans.find("tip", [early, late]) == {}
    assert read_board(stores, at("tip")).met == []
    assert read_board(stores, at("ucg")).met == []
    with pytest.raises(ConflictError, match="withdrawn or over"):
        ask_again(stores, at("tip"), early)


def test_a_plan_that_is_over_when_the_answer_comes_hears_nothing(stores: Stores, at: At) -> None:
    held(stores, at, "ucg", THEIRS)
    posted(stores, at, "tip", RAID)
    carry(stores, at, waiting(stores, "tip", PostKind.PLAN)[0])

    rest = carry_all(stores, at, NOW + timedelta(days=4))

    assert rest == ["plan answer", "plan report"]
    assert read_board(stores, at("tip")).met == read_board(stores, at("ucg")).met == []


def test_a_plan_withdrawn_after_it_was_answered_is_told_to_both_all_the_same(stores: Stores, at: At) -> None:
    theirs = held(stores, at, "ucg", THEIRS)
    posted(stores, at, "tip", RAID)
    carry(stores, at, waiting(stores, "tip", PostKind.PLAN)[0])
    withdraw_plan(stores, at("ucg"), theirs)

    carry_all(stores, at)

    assert len(read_board(stores, at("tip")).met) == 1
    assert [m.plan and m.plan.id for m in read_board(stores, at("ucg")).met] == [theirs]


def test_the_same_again_changes_nothing_wherever_a_side_was_killed(
    stores: Stores, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(stores, at, "ucg", THEIRS)
    posted(stores, at, "tip", RAID)
    [question] = waiting(stores, "tip", PostKind.PLAN)

    killed_before_it_leaves(monkeypatch)
    with pytest.raises(UnavailableError):
        carry(stores, at, question)
    monkeypatch.undo()
    contents = [stores.post.content(question.id) or b""]
    carry(stores, at, question)
    [answer] = waiting(stores, "ucg", PostKind.PLAN_ANSWER)
    contents.append(stores.post.content(answer.id) or b"")
    killed_before_it_leaves(monkeypatch)
    with pytest.raises(UnavailableError):
        carry(stores, at, answer)
    monkeypatch.undo()
    before = read_board(stores, at("tip")).met
    carry(stores, at, answer)
    [report] = waiting(stores, "tip", PostKind.PLAN_REPORT)
    contents.append(stores.post.content(report.id) or b"")
    carry(stores, at, report)
    forgotten(stores)
    again = []
    for content, (sender, agency) in zip(contents, (("tip", "ucg"), ("ucg", "tip"), ("tip", "ucg")), strict=True):
        at(agency)
        again.append(brought(stores, content, sender, agency).state)

    assert (len(before), again) == (1, ["arrived"] * 3)
    assert carry_all(stores, at) == []
    assert (len(read_board(stores, at("tip")).met), len(read_board(stores, at("ucg")).met)) == (1, 1)


def killed_before_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """End the process after it was noted, before it was put on its way."""

    def killed(*_: object) -> None:
        raise UnavailableError("killed")

    monkeypatch.setattr(plan_answers, "put_tx", killed)


def resigned(stores: Stores, agency: str, kind: str, content: bytes) -> bytes:
    body = content.partition(b"\n")[2]
    return sign_message(stores.agency_keys.signer(agency), kind, body).encode() + b"\n" + body


def test_what_is_forged_made_up_or_for_somebody_else_is_refused_without_a_word(
    stores: Stores, at: At, tmp_path: Path
) -> None:
    theirs = held(stores, at, "ucg", THEIRS)
    mine = posted(stores, at, "tip", RAID)
    [question] = waiting(stores, "tip", PostKind.PLAN)
    asked = message(stores, question, tmp_path)
    moment = NOW.isoformat(timespec="microseconds")

    def refused(sender: str, agency: str, content: bytes) -> bool:
        at(agency)
        came = brought(stores, closed(stores, agency, content), sender, agency)
        return (came.state, came.have, came.answer) == ("refused", "0", "")

    def reported(own: str, *met: str, by: str = "tip", said: str = moment) -> bytes:
        body = write_report(report_of(question.subject, said, own, met))
        return sign_message(stores.agency_keys.signer(by), KIND, body).encode() + b"\n" + body

    early = refused("tip", "ucg", reported("a" * 10))
    swapped = refused("ucg", "tip", resigned(stores, "ucg", PLAN_QUESTION, asked))
    claimed = refused("tip", "ucg", resigned(stores, "ucg", PLAN_QUESTION, asked))
    as_thing = refused("tip", "ucg", resigned(stores, "tip", QUESTION, asked))
    carry(stores, at, question)
    [item] = waiting(stores, "ucg", PostKind.PLAN_ANSWER)
    answer = message(stores, item, tmp_path)
    by_asker = refused("tip", "tip", resigned(stores, "tip", PLAN_ANSWER, answer))
    invented = [
        refused("tip", "ucg", reported("a" * 10, "b" * 10)),
        refused("ucg", "tip", reported("a" * 10, by="ucg")),
        refused("tip", "ucg", reported("a" * 10, by="ucg")),
        refused("tip", "ucg", reported("a" * 10, said="2026-11-25T09:00:00.000000+00:00")),
    ]
    carry(stores, at, item)
    twice = refused(
        "ucg", "tip", resigned(stores, "ucg", PLAN_ANSWER, answer.replace(b'"desk":"Utara', b'"desk":"Vtara'))
    )
    [last] = waiting(stores, "tip", PostKind.PLAN_REPORT)
    true = read_report(message(stores, last, tmp_path).partition(b"\n")[2])
    nameless = refused(
        "tip", "ucg", resigned(stores, "tip", KIND, b"\n" + write_report(true.model_copy(update={"own": NOTHING})))
    )
    carry(stores, at, last)
    other = refused("tip", "ucg", reported("c" * 10, *true.references))

    assert all((early, swapped, claimed, as_thing, by_asker, *invented, twice, nameless, other))
    assert [m.plan and m.plan.id for m in read_board(stores, at("ucg")).met] == [theirs]
    assert [m.plan and m.plan.id for m in read_board(stores, at("tip")).met] == [mine]
    told = " ".join((*reasons(stores, "ucg"), *reasons(stores, "tip")))
    for why in (
        "not answered to Tenggara", "another agency than yours", "1280 elements, and a question has 64", "did not hold",
        "still to come", "was heard before", "not by which reference", "was told before", "no question that your agency put",
    ):  # fmt: skip
        assert why in told, why


def test_no_more_questions_are_answered_in_a_day_than_the_limit_and_the_night_asks_the_rest(
    stores: Stores, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    held(stores, at, "ucg", THEIRS)
    posted(stores, at, "tip", replace(RAID, name="Somchai Wong"))
    posted(stores, at, "tip", RAID, NOW + timedelta(seconds=1))
    first, second = waiting(stores, "tip", PostKind.PLAN)
    monkeypatch.setattr(plan_answers, "MOST_PLAN_QUESTIONS", 1)

    ended = [carry(stores, at, item) for item in (first, second)]
    carry_all(stores, at)
    refused = states(stores, at, "tip")
    monkeypatch.undo()
    nights = [check_plans(stores, NOW + timedelta(minutes=n)) for n in (1, 2)]
    carry_all(stores, at)

    assert ended == ["arrived", "refused"]
    assert "which is the most" in reasons(stores, "ucg")[0]
    assert refused == [AskedState.REFUSED, AskedState.ANSWERED]
    assert nights == [1, 0]
    assert states(stores, at, "tip") == [AskedState.ANSWERED] * 2
    assert len(read_board(stores, at("tip")).met) == len(read_board(stores, at("ucg")).met) == 1


def test_who_could_not_be_asked_is_shown_and_asked_by_the_night_after_the_card_is_pinned(
    stores: Stores, at: At
) -> None:
    theirs = held(stores, at, "ucg", THEIRS)
    [card] = stores.post.partners(agency="ucg")
    stores.post.forget("ucg")
    mine = posted(stores, at, "tip", RAID)

    before, night = states(stores, at, "tip"), check_plans(stores, NOW)
    with pytest.raises(ConflictError, match="that can be reached was asked"):
        post.send_by_post(stores, at("tip"), PostKind.PLAN, mine)
    stores.post.pin(replace(card, made="2"))
    shown = states(stores, at, "tip")
    sent = post.send_by_post(stores, at("tip"), PostKind.PLAN, mine)
    again = check_plans(stores, NOW)
    carry_all(stores, at)

    assert (before, night, shown, again) == ([AskedState.UNREACHED], 0, [AskedState.DUE], 0)
    assert (sent.kind, sent.partner) == (PostKind.PLAN, "ucg")
    assert [m.plan and m.plan.id for m in read_board(stores, at("ucg")).met] == [theirs]
    with pytest.raises(NotFoundError):
        post.send_by_post(stores, at("ucg"), PostKind.PLAN, mine)


def test_a_partner_that_does_not_answer_is_asked_anew_and_a_question_lost_on_the_way_too(
    stores: Stores, at: At
) -> None:
    posted(stores, at, "tip", RAID)
    [lost] = waiting(stores, "tip", PostKind.PLAN)
    with stores.post._store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM post_items")
    at("tip")

    soon = NOW + timedelta(minutes=1)
    first = check_plans(stores, soon)
    [item] = waiting(stores, "tip", PostKind.PLAN)
    carry(stores, at, item)
    with stores.post._store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM post_items WHERE kind = 'plan answer'")
    at("tip")
    waits, anew = (check_plans(stores, soon + after) for after in (ASK_AGAIN - timedelta(hours=1), ASK_AGAIN))

    assert lost.subject != item.subject
    assert (first, waits, anew) == (1, 0, 1)


def test_what_is_over_asks_nobody_and_leaves_nothing_behind(stores: Stores, at: At) -> None:
    stores.post.forget("ucg")
    mine = posted(stores, at, "tip", RAID)

    kept = stores.plans.find("tip", [mine])
    asked = check_plans(stores, NOW + timedelta(days=4))

    assert (len(kept), asked, stores.plans.find("tip", [mine])) == (1, 0, {})
    assert states(stores, at, "tip") == [AskedState.UNREACHED]


def test_the_post_shows_questions_to_those_who_may_read_the_plan_and_what_is_owed_is_not_taken_back(
    stores: Stores, at: At
) -> None:
    held(stores, at, "ucg", THEIRS)
    at("tip")
    lead, other = (officer(stores, f"{name}.tip", "tip", "XA", Role.LEAD) for name in ("lead", "signs"))
    plan, _ = post_plan(stores, lead, RAID)
    [question] = waiting(stores, "tip", PostKind.PLAN)

    seen = [[i.id for i in post.read_post(stores, who).sent if i.kind is PostKind.PLAN] for who in (lead, other)]
    subject = post.read_post(stores, lead).subjects[question.subject]
    carry(stores, at, question)
    [answer] = waiting(stores, "ucg", PostKind.PLAN_ANSWER)
    with pytest.raises(ConflictError, match="waits for it"):
        post.take_back(stores, at("ucg"), answer.id)
    with pytest.raises(InvalidInputError, match="Nothing was sent"):
        post.send_by_post(stores, at("ucg"), PostKind.PLAN_ANSWER, question.subject)

    assert seen == [[question.id], []]
    assert (subject.about.value, subject.id) == ("planned action", plan.id)
