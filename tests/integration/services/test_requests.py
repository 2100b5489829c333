"""Requests on the real store: drafted, sent, answered, refused, withdrawn; nothing outside an agreement; the third agency sees none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.graph.cypher import upkeep
from jpa.model.agreement import Purpose, Way
from jpa.model.audit import AuditTag, Outcome
from jpa.model.case import Agency
from jpa.model.officer import Role
from jpa.model.request import Kind, Refusal, Request, RequestState, Urgency
from jpa.services import (
    agencies,
    agreement_drafts,
    cases,
    frames,
    reciprocity,
    request_figures,
    request_moves,
    requests,
)
from jpa.services.agreement_drafts import TypedAgreement, TypedCeiling
from jpa.services.cases import NewCase
from jpa.services.figure_files import TableForm
from jpa.services.frames import TypedJpa
from jpa.services.grant_offers import NewGrant, offer_grant
from jpa.services.request_markings import TypedMarking
from jpa.services.request_moves import TypedAnswer
from jpa.services.requests import TypedRequest
from jpa.services.stores import Ask, Stores
from jpa.statistics.requests import RequestQuestion
from tests.conftest import NOW, officer
from tests.integration.services.test_agreements import in_force

SMUGGLING = Purpose.SMUGGLING.value
TYPED = TypedAgreement(
    "MoU 2024/7", "Memorandum 2024/7, article 4", ("ucg",), (SMUGGLING,), (Way.REQUEST.value, Way.GRANT.value),
    "2026-01-01", "2027-06-30",
)  # fmt: skip
ALL = upkeep("MATCH (n) WHERE n:Request OR n:RequestMove RETURN properties(n) AS node")


@pytest.fixture
def perera(stores: Stores) -> Ask:
    return officer(stores, "perera", "tip", "XA", Role.LIAISON)


@pytest.fixture
def somchai(stores: Stores) -> Ask:
    return officer(stores, "somchai", "ucg", "XB", Role.LIAISON)


@pytest.fixture
def other(stores: Stores) -> Ask:
    """Liaison officer of a third agency, in the state of the asked one."""
    agencies.save_agency(stores, Agency("usp", "Utara State Police", "XB"), NOW)
    return officer(stores, "malee", "usp", "XB", Role.LIAISON)


@pytest.fixture
def case(stores: Stores, wulan: Ask) -> str:
    return cases.open_case(stores, wulan, NewCase("T-2024-0117", "Selat crossing", open_in_agency=True)).id


@pytest.fixture
def agreement(stores: Stores, perera: Ask, somchai: Ask) -> str:
    return in_force(stores, perera, somchai, TYPED).id


def typed(case: str, agreement: str, **more: Any) -> TypedRequest:
    made = TypedRequest(
        case, "ucg", agreement, SMUGGLING, Kind.IDENTITY.value, "Who holds passport X123?", "MoU, article 4", "2026-12-04"
    )  # fmt: skip
    return replace(made, **more)


def later(ask: Ask, days: float) -> Ask:
    return replace(ask, at=ask.at + timedelta(days=days))


def sent(stores: Stores, ask: Ask, case: str, agreement: str, **more: Any) -> Request:
    drafted = requests.draft_request(stores, ask, typed(case, agreement, **more))
    return request_moves.send_request(stores, ask, drafted.id)


def figure(stores: Stores, ask: Ask, measure: str, **where: tuple[str, ...]) -> float | None:
    found = request_figures.read_figures(stores, ask, [RequestQuestion(measure, (), where)])
    return found[0].table.total.value


def cause(stores: Stores, tag: AuditTag) -> object:
    newest = next(e for e in stores.audit.events(tag=tag.value) if e.outcome is not None)
    assert newest.outcome is Outcome.REFUSED
    return newest.details.get("cause")


def test_a_request_is_drafted_sent_acknowledged_and_answered_and_both_sides_see_the_same_history(
    stores: Stores, perera: Ask, somchai: Ask, wulan: Ask, prasert: Ask, case: str, agreement: str
) -> None:
    drafted = requests.draft_request(stores, perera, typed(case, agreement))
    with pytest.raises(NotFoundError):
        requests.read_request(stores, somchai, drafted.id)
    assert request_figures.list_requests(stores, somchai, RequestQuestion()).total == 0
    request_moves.send_request(stores, later(perera, 1), drafted.id)
    waiting = request_figures.list_waiting(stores, later(somchai, 1))
    request_moves.acknowledge_request(stores, later(somchai, 2), drafted.id)
    request_moves.message_request(stores, later(perera, 2), drafted.id, TypedAnswer("Any news?"))
    part = TypedAnswer("He is known.", reference="a" * 32, case="U-1")
    cases.open_case(stores, later(prasert, 2), NewCase("U-1", "Own", open_in_agency=True))
    request_moves.answer_request(stores, later(somchai, 4), drafted.id, part, in_full=False)
    request_moves.answer_request(stores, later(somchai, 30), drafted.id, TypedAnswer("That was all."))

    ours, theirs = (requests.read_request(stores, later(a, 31), drafted.id) for a in (perera, somchai))
    assert (waiting.new, waiting.owed, waiting.overdue) == (1, 0, 0)
    assert ours.this.state is theirs.this.state is RequestState.IN_FULL
    for part_of in ("kind", "agency", "at", "text", "reference", "code", "marking"):
        assert [getattr(m, part_of) for m in ours.this.moves] == [getattr(m, part_of) for m in theirs.this.moves]
    assert (ours.case is None, theirs.case, theirs.this.case, theirs.this.made_by) == (False, None, "", "")
    assert [m.name for m in ours.this.moves] == ["Perera", "", "Perera", "", ""]
    assert [m.name for m in theirs.this.moves] == ["", "Somchai", "", "Somchai", "Somchai"]
    assert {m.case for m in ours.this.moves} == {""}
    assert theirs.this.moves[3].case != ""
    assert figure(stores, somchai, "days_to_answer") == 3.0
    assert [r.id for r in requests.list_case_requests(stores, wulan, case)] == [drafted.id]
    for ask in (wulan, prasert):  # neither works at a desk
        with pytest.raises(ForbiddenError):
            request_figures.read_figures(stores, ask, [RequestQuestion()])
    assert requests.read_request(stores, wulan, drafted.id).this.text == drafted.text
    with pytest.raises(NotFoundError):
        requests.read_request(stores, prasert, drafted.id)


def test_nothing_is_asked_outside_an_agreement_or_above_its_ceiling_and_each_refusal_has_its_own_cause(
    stores: Stores, perera: Ask, somchai: Ask, other: Ask, case: str
) -> None:
    ceiling = {"ucg": TypedCeiling(tlp="TLP:AMBER", pap="PAP:AMBER", conditions=())}
    agreed = in_force(stores, perera, somchai, replace(TYPED, ceilings=ceiling)).id
    grants_alone = in_force(stores, perera, other, replace(TYPED, partners=("usp",), ways=(Way.GRANT.value,))).id
    agencies.save_agency(stores, Agency("sfi", "Selat Financial Intelligence", "XC"), NOW)
    said = {}
    flaws: dict[str, dict[str, Any]] = {
        "partner": {"asked": "nobody"},
        "none": {"asked": "sfi"},
        "way": {"asked": "usp", "agreement": grants_alone},
        "purpose": {"purpose": Purpose.RESCUE.value},
        "agreement": {"agreement": "0" * 32},
        "ceiling": {"marking": TypedMarking(handling="H1")},
        "marking": {"marking": TypedMarking(tlp="TLP:AMBER+STRICT")},
        "jpa": {"jpa": "0" * 32},
        "form": {"text": " "},
    }
    for name, flawed in flaws.items():
        with pytest.raises(InvalidInputError) as refused:
            requests.draft_request(stores, perera, replace(typed(case, agreed), **flawed))
        assert cause(stores, AuditTag.REQUEST_DRAFTED) == name
        said[name] = refused.value.sentences()[1]
    with pytest.raises(InvalidInputError) as expired:
        requests.draft_request(stores, later(perera, 400), typed(case, agreed, due="2028-01-01"))
    assert (cause(stores, AuditTag.REQUEST_DRAFTED), "expired" in str(expired.value.fields)) == ("expired", True)
    drafted = requests.draft_request(stores, perera, typed(case, agreed))
    agreement_drafts.end_agreement(stores, perera, agreed, "new one")
    with pytest.raises(InvalidInputError, match="Nothing was shared"):
        request_moves.send_request(stores, perera, drafted.id)

    assert cause(stores, AuditTag.REQUEST_SENT) == "ended"
    assert len(set(said.values())) == len(said)
    assert len(stores.graph.upkeep(lambda tx: list(tx.run(ALL)))) == 1


@pytest.mark.parametrize(
    ("field", "flawed"),
    [
        ("kind", {"kind": "gossip"}),
        ("urgency", {"urgency": "now"}),
        ("purpose", {"purpose": ""}),
        ("text", {"text": "x" * 4001}),
        ("basis", {"basis": ""}),
        ("due", {"due": "next week"}),
        ("due", {"due": "2026-11-23"}),
        ("due", {"due": "2029-01-01"}),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_by_field(
    stores: Stores, perera: Ask, case: str, agreement: str, field: str, flawed: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        requests.draft_request(stores, perera, typed(case, agreement, **flawed))

    assert list(refused.value.fields) == [field]
    assert stores.graph.upkeep(lambda tx: list(tx.run(ALL))) == []


def test_answers_and_messages_keep_below_the_ceiling_and_end_with_the_agreement_but_a_refusal_always_goes(
    stores: Stores, perera: Ask, somchai: Ask, case: str
) -> None:
    agreed = in_force(stores, perera, somchai, replace(TYPED, ceilings={"tip": TypedCeiling(tlp="TLP:GREEN")})).id
    one, two = (sent(stores, perera, case, agreed).id for _ in range(2))
    for wrong, name in (
        (TypedAnswer("He is known."), "ceiling"),
        (TypedAnswer("Known.", case="U-404", marking=TypedMarking("TLP:GREEN")), "case"),
        (TypedAnswer(""), "form"),
        (TypedAnswer("Known.", marking=TypedMarking("TLP:BLUE")), "marking"),
    ):
        with pytest.raises(InvalidInputError):
            request_moves.answer_request(stores, somchai, one, wrong)
        assert cause(stores, AuditTag.REQUEST_ANSWERED) == name
    green = TypedAnswer("He is known.", marking=TypedMarking("TLP:GREEN"))
    request_moves.answer_request(stores, somchai, one, green)
    agreement_drafts.end_agreement(stores, perera, agreed, "over")
    for ask, act in ((somchai, request_moves.answer_request), (perera, request_moves.message_request)):
        with pytest.raises(InvalidInputError):
            act(stores, ask, two, green)
    with pytest.raises(InvalidInputError):
        request_moves.refuse_request(stores, somchai, two, TypedAnswer("", code="because"))
    refused = request_moves.refuse_request(stores, somchai, two, TypedAnswer("", code=Refusal.LAW.value))

    assert refused.state is RequestState.REFUSED
    assert requests.read_request(stores, perera, two).this.moves[-1].code == Refusal.LAW
    assert figure(stores, perera, "requests_refused", refusal=(Refusal.LAW.value,)) == 1


def test_each_side_does_its_own_acts_once_and_reminds_once_a_day(
    stores: Stores, perera: Ask, somchai: Ask, wulan: Ask, case: str, agreement: str
) -> None:
    this = sent(stores, perera, case, agreement).id
    with pytest.raises(ForbiddenError):
        request_moves.acknowledge_request(stores, perera, this)
    with pytest.raises(ForbiddenError):
        request_moves.withdraw_request(stores, somchai, this)
    with pytest.raises(ForbiddenError):
        requests.draft_request(stores, wulan, typed(case, agreement))
    with pytest.raises(ConflictError):
        request_moves.send_request(stores, perera, this)
    request_moves.remind_request(stores, perera, this)
    with pytest.raises(ConflictError, match="today"):
        request_moves.remind_request(stores, later(perera, 0.1), this)
    request_moves.remind_request(stores, later(perera, 20), this)
    overdue = request_figures.list_requests(stores, later(somchai, 20), RequestQuestion("requests_overdue"))
    request_moves.withdraw_request(stores, later(perera, 21), this)
    with pytest.raises(ConflictError, match="withdrawn"):
        request_moves.answer_request(stores, later(somchai, 21), this, TypedAnswer("Late."))

    assert [(line.overdue, line.left) for line in overdue.lines] == [(True, -10)]
    assert figure(stores, later(somchai, 22), "requests_overdue") == 0
    assert figure(stores, later(somchai, 22), "requests_sent") == 1


def test_of_two_who_answer_at_once_one_is_told_so(
    stores: Stores, perera: Ask, somchai: Ask, case: str, agreement: str
) -> None:
    this, barrier, ended = sent(stores, perera, case, agreement).id, Barrier(2), []

    def act(do: Callable[[], object]) -> None:
        barrier.wait()
        try:
            do()
            ended.append("done")
        except ConflictError:
            ended.append("told")

    answers = partial(request_moves.answer_request, stores, somchai, this, TypedAnswer("Known."))
    withdraws = partial(request_moves.withdraw_request, stores, perera, this)
    threads = [Thread(target=act, args=(do,)) for do in (answers, withdraws)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["done", "told"]
    assert len(requests.read_request(stores, perera, this).this.moves) == 2


def test_requests_count_for_their_joint_period_and_by_pair_of_states(
    stores: Stores, perera: Ask, somchai: Ask, case: str, agreement: str
) -> None:
    chief = officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)
    jpa = frames.create_jpa(stores, chief, TypedJpa("3", "JPA 3, 2024", "2024-01-15", "2024-06-30", ("XA", "XB"))).id
    alone = frames.create_jpa(stores, chief, TypedJpa("4", "JPA 4", "2025-01-15", "2025-06-30", ("XA", "XC"))).id
    with pytest.raises(InvalidInputError, match="Nothing was asked"):
        requests.draft_request(stores, perera, typed(case, agreement, jpa=alone))
    released = TypedMarking(release="JPA participants")
    with pytest.raises(InvalidInputError, match="Nothing was sent"):
        requests.draft_request(stores, perera, typed(case, agreement, marking=released))
    one = sent(stores, perera, case, agreement, jpa=jpa, marking=released).id
    sent(stores, perera, case, agreement, urgency=Urgency.URGENT.value)
    request_moves.answer_request(stores, later(somchai, 2.5), one, TypedAnswer("Known."))

    at = later(perera, 3)
    assert figure(stores, at, "requests_sent", jpa=(jpa,)) == 1
    assert figure(stores, at, "requests_answered", jpa=("",)) == 0
    assert figure(stores, at, "days_to_answer", jpa=("",)) is None
    question = RequestQuestion("days_to_answer", ("asking_state", "asked_state"), {"jpa": (jpa,)})
    found = request_figures.read_figures(stores, at, [question])[0]
    assert [(c.labels, c.value, c.number) for c in found.table.cells] == [(("XA", "XB"), 2.5, 1)]
    assert found.captions.caption("jpa", jpa) == "JPA 3, 2024"
    for form in TableForm:
        name, content = request_figures.write_figures(found, form)
        assert (name, len(content) > 50) == (f"days_to_answer_2026-11-27.{form}", True)
    behind = request_figures.list_requests(stores, at, question.within({"asking_state": "XA", "asked_state": "XB"}))
    assert [line.this.id for line in behind.lines] == [one]


def test_the_reciprocity_meter_shows_both_desks_the_same_figures_the_other_way_round(
    stores: Stores, perera: Ask, somchai: Ask, other: Ask, case: str, agreement: str, prasert: Ask
) -> None:
    own = cases.open_case(stores, prasert, NewCase("U-1", "Own", open_in_agency=True)).id
    first = sent(stores, perera, case, agreement).id
    sent(stores, perera, case, agreement)
    back = replace(typed(own, agreement), asked="tip")
    drafted = requests.draft_request(stores, somchai, back)
    request_moves.send_request(stores, somchai, drafted.id)
    request_moves.answer_request(stores, later(somchai, 1), first, TypedAnswer("Known."))
    end = NOW + timedelta(days=30)
    offer_grant(stores, perera, NewGrant(case, "ucg", agreement, SMUGGLING, end, (), why="Plan Selat"))

    ours, theirs = (reciprocity.read_meter(stores, later(a, 2)) for a in (perera, somchai))
    with pytest.raises(ForbiddenError):
        reciprocity.read_meter(stores, prasert)
    assert reciprocity.read_meter(stores, other) == reciprocity.Meter([], [])
    (here,), (there,) = ours.agencies, theirs.agencies
    assert (here.ours, here.theirs, here.given, here.received) == (
        there.theirs, there.ours, there.received, there.given,
    )  # fmt: skip
    assert (here.ours["requests_sent"], here.ours["days_to_answer"], here.theirs["requests_sent"]) == (2, 1.0, 1)
    assert (here.given, here.received) == ({"grants": 1}, {"grants": 0})
    assert [(p.state, p.ours) for p in ours.states] == [("XB", here.ours)]
