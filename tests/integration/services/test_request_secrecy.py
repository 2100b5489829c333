"""What a request keeps from whom: its case, its victims, and that there is one at all."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from jpa.errors import JpaError, NotFoundError
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.model.request import MoveKind, Refusal
from jpa.services import (
    cases,
    reports,
    request_moves,
    requests,
    victims,
)
from jpa.services.cases import NewCase
from jpa.services.request_moves import TypedAnswer
from jpa.services.stores import Ask, Stores
from tests.conftest import officer
from tests.integration.services.test_requests import (
    ALL,
    agreement,
    case,
    later,
    other,
    perera,
    sent,
    somchai,
    typed,
)
from tests.proofs.asking import check_requests

__all__ = ["agreement", "case", "other", "perera", "somchai"]


def test_a_request_whose_case_a_colleague_may_not_read_shows_no_case(
    stores: Stores, somchai: Ask, agreement: str
) -> None:
    budi = officer(stores, "budi", "tip", "XA", Role.LIAISON)
    leader = officer(stores, "lia", "tip", "XA", Role.LIAISON, Role.LEAD)
    closed = cases.open_case(stores, leader, NewCase("T-9", "Closed")).id
    with pytest.raises(NotFoundError):
        requests.draft_request(stores, budi, typed(closed, agreement))
    drafted = requests.draft_request(stores, leader, typed(closed, agreement))
    with pytest.raises(NotFoundError):
        requests.read_request(stores, budi, drafted.id)
    request_moves.send_request(stores, leader, drafted.id)
    request_moves.message_request(stores, budi, drafted.id, TypedAnswer("Please."))

    seen = requests.read_request(stores, budi, drafted.id)
    assert (seen.case, seen.this.case, [m.case for m in seen.this.moves]) == (None, "", ["", ""])
    with pytest.raises(NotFoundError):
        requests.list_case_requests(stores, budi, closed)
    assert requests.read_request(stores, somchai, drafted.id).this.text == drafted.text


def test_a_sealed_victim_leaves_requests_and_answers_that_rest_on_the_case(
    stores: Stores, perera: Ask, somchai: Ask, wulan: Ask, prasert: Ask, case: str, agreement: str
) -> None:
    name = "Zarinah Canarywala"

    def person(ask: Ask, where: str) -> str:
        record = TypedRecord("1", "Person", {"name": [name]})
        report = TypedReport(where, "Interview", "R", "2024", Grade("4x4", "A", "1"), Marking(), records=(record,))
        return reports.add_report(stores, ask, report).records[0].id

    own = cases.open_case(stores, prasert, NewCase("U-1", "Own", open_in_agency=True)).id
    ours, theirs = person(wulan, case), person(prasert, own)
    this = sent(stores, perera, case, agreement, text=f"Is {name} known?", basis=f"Statement of {name}").id
    resting = TypedAnswer(f"{name} is known.", reference=f"file {name}", case="U-1")
    request_moves.answer_request(stores, somchai, this, resting, in_full=False)
    victims.seal_entity(stores, later(prasert, 1), theirs, {})
    after_theirs = requests.read_request(stores, later(perera, 1), this).this
    victims.seal_entity(stores, later(wulan, 2), ours, {})
    request_moves.message_request(stores, later(perera, 3), this, TypedAnswer(f"{name} was found."))
    request_moves.answer_request(stores, later(somchai, 3), this, replace(resting, text=f"{name} again"))

    assert name in after_theirs.text
    assert after_theirs.moves[1].text == "[victim V-1] is known."
    left = stores.graph.upkeep(lambda tx: [str(row["node"]) for row in tx.run(ALL)])
    assert not any("Canarywala" in text for text in left)
    assert requests.read_request(stores, later(perera, 4), this).this.text == "Is [victim V-1] known?"


@pytest.mark.parametrize("seed", range(3))
def test_what_an_officer_is_told_never_depends_on_requests_of_others(stores: Stores, seed: int) -> None:
    assert check_requests(stores, seed) == ""


def _said(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except JpaError as error:
        return type(error).__name__, str(error)


def test_hidden_and_unknown_requests_are_refused_alike_by_every_act(
    stores: Stores, perera: Ask, other: Ask, case: str, agreement: str
) -> None:
    this, answer = sent(stores, perera, case, agreement).id, TypedAnswer("x", code=Refusal.LAW.value)
    acts: dict[str, Callable[[str], Any]] = {
        "read": partial(requests.read_request, stores, other),
        "send": partial(request_moves.send_request, stores, other),
        "acknowledge": partial(request_moves.acknowledge_request, stores, other),
        "withdraw": partial(request_moves.withdraw_request, stores, other),
        "remind": partial(request_moves.remind_request, stores, other),
        "answer": lambda i: request_moves.answer_request(stores, other, i, answer),
        "empty answer": lambda i: request_moves.answer_request(stores, other, i, TypedAnswer("")),
        "refuse": lambda i: request_moves.refuse_request(stores, other, i, answer),
        "message": lambda i: request_moves.message_request(stores, other, i, answer),
    }

    for name, act in acts.items():
        hidden, unknown = _said(partial(act, this)), _said(partial(act, "0" * 32))
        assert hidden == unknown == ("NotFoundError", "There is nothing here that you may read."), name
    assert MoveKind.REMINDED not in {m.kind for m in requests.read_request(stores, perera, this).this.moves}
