"""What two desks on two installations say to each other while the post runs on both sides: a return and its decision, a request and its answer."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from jpa.errors import NotFoundError
from jpa.model.agreement import Purpose, Way
from jpa.model.request import MoveKind, Request
from jpa.model.returns import WHOLE, ReturnState
from jpa.services import frames, request_moves, requests, return_inbox, return_post, returns
from jpa.services.agreement_drafts import TypedAgreement, draft_agreement, sign_agreement
from jpa.services.frames import TypedJpa
from jpa.services.request_moves import TypedAnswer
from jpa.services.requests import TypedRequest
from jpa.services.stores import Ask, Stores
from tests.integration.services.test_returns import entered

T = TypeVar("T")
PATIENCE = 60.0
MONEY = Purpose.MONEY.value


@dataclass(frozen=True, slots=True)
class Desk:
    """One side: its stores, a liaison officer, a supervisor, an administrator, a case of its own."""

    stores: Stores
    first: Ask
    second: Ask
    chief: Ask
    case: str


def now(ask: Ask) -> Ask:
    return replace(ask, at=datetime.now(UTC))


def until(look: Callable[[], T | None]) -> T:
    """Look again until there is something."""
    deadline = time.monotonic() + PATIENCE
    while (seen := look()) is None:
        assert time.monotonic() < deadline, look
        time.sleep(0.1)
    return seen


Stand = tuple[str, str, ReturnState]
"""What the coordinator asked back, in code and words, and how the return stood here in the end."""


def spoken(near: Desk, far: Desk) -> tuple[Stand, tuple[Request, Request]]:
    """Let both talks go on side by side, each a step further when the other waits too."""
    steps = list(zip(_returned(near, far), _asked(near, far), strict=True))
    decided, answered = steps[-1]
    assert decided is not None
    assert answered is not None
    return decided, answered


def _returned(near: Desk, far: Desk) -> Iterator[Stand | None]:
    """Return one arrest to the coordinator over there, who asks back and then accepts."""
    typed = TypedJpa("3", "JPA 3, 2024", "2024-01-15", "2024-06-30", ("XA", "XC"), coordinator="sfi")
    period, _ = (frames.create_jpa(side.stores, side.chief, typed).id for side in (near, far))
    entered(near.stores, now(near.first), near.case, ("arrested", "2024-02-03", "1"), state="XA")
    made = returns.draft_return(near.stores, now(near.first), period, WHOLE).id
    returns.release_return(near.stores, now(near.second), made)
    assert return_post.send_return_to_coordinator(near.stores, now(near.first), made) is not None
    yield None
    until(lambda: next((r for r in returns.list_returns(far.stores, now(far.second)) if r.this.id == made), None))

    def here(state: ReturnState) -> tuple[str, str] | None:
        one = returns.read_return_of(near.stores, now(near.second), made)
        return (one.this.acts[-1].code, one.this.acts[-1].text) if one.state is state else None

    return_inbox.query_return(far.stores, now(far.second), made, "fewer than before", "Where are the others?")
    yield None
    question = until(lambda: here(ReturnState.QUERIED))
    return_inbox.accept_return(far.stores, now(far.second), made)
    yield None
    until(lambda: here(ReturnState.ACCEPTED))
    yield *question, returns.read_return_of(near.stores, now(near.second), made).state


def _asked(near: Desk, far: Desk) -> Iterator[tuple[Request, Request] | None]:
    """Ask the desk over there, which acknowledges and answers: the request as both sides have it in the end."""
    this = requests.draft_request(near.stores, now(near.first), _request(near, _agreed(near, "sfi"))).id
    _agreed(far, "tip")
    request_moves.send_request(near.stores, now(near.first), this)
    yield None
    until(lambda: _with(far, this, MoveKind.SENT))
    request_moves.acknowledge_request(far.stores, now(far.first), this)
    yield None
    until(lambda: _with(near, this, MoveKind.ACKNOWLEDGED))
    request_moves.answer_request(far.stores, now(far.first), this, TypedAnswer("He is known."))
    yield None
    yield until(lambda: _with(near, this, MoveKind.IN_FULL)), until(lambda: _with(far, this, MoveKind.IN_FULL))


def _with(desk: Desk, this: str, kind: MoveKind) -> Request | None:
    try:
        found = requests.read_request(desk.stores, now(desk.first), this).this
    except NotFoundError:
        return None
    return found if found.last(kind) is not None else None


def _request(desk: Desk, agreement: str) -> TypedRequest:
    due = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    return TypedRequest(desk.case, "sfi", agreement, MONEY, "identity check", "Who is Rahim Uddin?", "MoU 4", due)


def _agreed(desk: Desk, other: str) -> str:
    today = datetime.now(UTC).date()
    days = (today - timedelta(days=3)).isoformat(), (today + timedelta(days=300)).isoformat()
    terms = TypedAgreement("Requests", "MoU 4", (other,), (MONEY,), (Way.REQUEST.value,), *days)
    drafted = draft_agreement(desk.stores, now(desk.first), terms)
    return sign_agreement(desk.stores, now(desk.second), drafted.id, other).id
