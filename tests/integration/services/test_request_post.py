"""Requests by post: both installations see and count the same, whatever crossed on the way; what is no word of the other desk is refused.

Both desks work in one installation; what one of them has of a request, and its officers, are set aside while the other acts.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, InvalidInputError, NotFoundError
from jpa.graph.cypher import upkeep
from jpa.model.officer import Role
from jpa.model.post import PostKind
from jpa.model.request import Request, RequestState
from jpa.operations.messages import sign_message
from jpa.services import agencies, post, request_figures, request_moves, request_post, requests
from jpa.services.installation import Installation
from jpa.services.request_moves import TypedAnswer
from jpa.services.stores import Ask, Stores
from jpa.sharing.request_move import KIND, RequestMove, read_move, write_move
from jpa.statistics.requests import REQUEST_MEASURES, RequestQuestion
from tests.conftest import NOW, officer
from tests.integration.services.test_blind_post import brought, carried, closed, emptied, forgotten, introduced, reasons
from tests.integration.services.test_requests import agreement, case, perera, somchai, typed

__all__ = ["agreement", "case", "perera", "somchai"]

There = Callable[[], AbstractContextManager[None]]
SWAP = tuple(
    upkeep(text)
    for text in (
        "MATCH (n:Request) REMOVE n:Request SET n:Other",
        "MATCH (n:RequestMove) REMOVE n:RequestMove SET n:OtherMove",
        "MATCH (n:Away) REMOVE n:Away SET n:Request",
        "MATCH (n:AwayMove) REMOVE n:AwayMove SET n:RequestMove",
        "MATCH (n:Other) REMOVE n:Other SET n:Away",
        "MATCH (n:OtherMove) REMOVE n:OtherMove SET n:AwayMove",
    )
)


@pytest.fixture
def there(
    installation: Installation, stores: Stores, perera: Ask, somchai: Ask, wulan: Ask, agreement: str
) -> Iterator[There]:
    """Be on the asked side for a while."""
    assert agreement
    introduced(installation, stores)
    asking, asked = ("perera", "wulan", "chief"), ("somchai",)
    known = {
        "perera": perera,
        "wulan": wulan,
        "somchai": somchai,
        "chief": officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR),
    }

    def here(those: tuple[str, ...], others: tuple[str, ...]) -> None:
        for login in (*those, *others):
            agencies.save_officer(stores, known[login].officer, NOW, active=login in those)

    @contextmanager
    def away() -> Iterator[None]:
        stores.graph.upkeep(lambda tx: [tx.run(step).consume() for step in SWAP])
        here(asked, asking)
        yield
        stores.graph.upkeep(lambda tx: [tx.run(step).consume() for step in SWAP])
        here(asking, asked)

    here(asking, asked)
    yield away
    emptied(installation)


def minutes(ask: Ask, number: float) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=number))


def delivered(stores: Stores, agency: str) -> list[str]:
    """Bring what an agency has under way, oldest first; returns how each ended."""
    return [carried(stores, item).state for item in reversed(stores.post.items(agency)) if item.open]


def asked_over_there(stores: Stores, perera: Ask, case: str, agreement: str, there: There) -> Request:
    drafted = requests.draft_request(stores, perera, typed(case, agreement))
    sent = request_moves.send_request(stores, perera, drafted.id)
    with there():
        assert delivered(stores, "tip") == ["arrived"]
    return sent


def figures(stores: Stores, ask: Ask) -> list[float | None]:
    counted = request_figures.read_figures(stores, ask, [RequestQuestion(m) for m in REQUEST_MEASURES])
    return [one.table.total.value for one in counted]


def test_a_request_is_acknowledged_and_answered_over_there_and_both_sides_count_the_same(
    stores: Stores, perera: Ask, somchai: Ask, case: str, agreement: str, there: There
) -> None:
    sent = asked_over_there(stores, perera, case, agreement, there)
    package = "a" * 32
    with there():
        waiting = request_figures.list_waiting(stores, minutes(somchai, 1))
        request_moves.acknowledge_request(stores, minutes(somchai, 5), sent.id)
        answer = TypedAnswer("It lies in the package.", reference=package)
        request_moves.answer_request(stores, minutes(somchai, 30), sent.id, answer)
        theirs = requests.read_request(stores, minutes(somchai, 40), sent.id)
        counted = figures(stores, minutes(somchai, 40))
        box = post.read_post(stores, somchai, sent.id)
    back = delivered(stores, "ucg")
    ours = requests.read_request(stores, minutes(perera, 40), sent.id)

    assert waiting.new == 1
    assert back == ["arrived", "arrived"]
    assert ours.this.state is theirs.this.state is RequestState.IN_FULL
    for part in ("id", "kind", "agency", "at", "text", "reference", "code", "marking"):
        assert [getattr(m, part) for m in ours.this.moves] == [getattr(m, part) for m in theirs.this.moves]
    assert (theirs.this.text, theirs.this.due, theirs.this.kind) == (ours.this.text, ours.this.due, ours.this.kind)
    assert (theirs.this.case, theirs.case, theirs.this.made_by) == ("", None, "")
    assert ours.this.moves[-1].reference == package
    assert counted == figures(stores, minutes(perera, 40))
    assert [i.kind for i in box.sent] == [PostKind.REQUEST] * 2
    assert box.subjects[sent.id].about.value == "request"


def test_what_crossed_on_the_way_stands_in_the_same_order_on_both_sides(
    stores: Stores, perera: Ask, somchai: Ask, case: str, agreement: str, there: There
) -> None:
    sent = asked_over_there(stores, perera, case, agreement, there)
    request_moves.withdraw_request(stores, minutes(perera, 10), sent.id)
    with there():
        request_moves.refuse_request(
            stores, minutes(somchai, 5), sent.id, TypedAnswer("", code="no means to do it in time")
        )
        crossed = delivered(stores, "tip")
        theirs = requests.read_request(stores, somchai, sent.id).this
    crossed += delivered(stores, "ucg")
    ours = requests.read_request(stores, perera, sent.id).this

    assert crossed == ["arrived", "arrived"]
    assert ours.state is theirs.state is RequestState.WITHDRAWN
    assert [m.id for m in ours.moves] == [m.id for m in theirs.moves]


def test_the_same_again_changes_nothing_and_what_was_lost_leaves_with_the_next(
    stores: Stores, perera: Ask, somchai: Ask, case: str, agreement: str, there: There
) -> None:
    drafted = requests.draft_request(stores, perera, typed(case, agreement))
    place = stores.post.partners(agency="ucg")[0]
    stores.post.forget("ucg")
    with pytest.raises(InvalidInputError) as unpinned:
        request_moves.send_request(stores, perera, drafted.id)
    stores.post.pin(replace(place, made="2"))
    request_moves.send_request(stores, perera, drafted.id)
    stores.post.forget("ucg")
    request_moves.remind_request(stores, minutes(perera, 1), drafted.id)
    alone = stores.post.items("tip")
    stores.post.pin(replace(place, made="3"))
    request_moves.message_request(stores, minutes(perera, 2), drafted.id, TypedAnswer("Any news?"))
    contents = [stores.post.content(i.id) for i in reversed(stores.post.items("tip"))]
    with there():
        first = delivered(stores, "tip")
        forgotten(stores)
        again = [brought(stores, c, "tip", "ucg").state for c in contents if c is not None]
        moves = requests.read_request(stores, somchai, drafted.id).this.moves
    with pytest.raises(ConflictError, match="left already"):
        post.send_by_post(stores, perera, PostKind.REQUEST, drafted.id)

    assert "no address of it is pinned" in unpinned.value.fields["asked"]
    assert len(alone) == 1
    assert first == again == ["arrived"] * 3
    assert [m.kind.value for m in moves] == ["sent", "reminded", "message"]


def test_what_is_no_word_of_the_other_desk_is_refused(
    stores: Stores, perera: Ask, somchai: Ask, case: str, agreement: str, there: There
) -> None:
    drafted = requests.draft_request(stores, perera, typed(case, agreement))
    request_moves.send_request(stores, perera, drafted.id)
    [item] = stores.post.items("tip")
    [said] = spoken(stores, perera, drafted)

    def signed(by: str, **changed: object) -> bytes:
        body = write_move(said.model_copy(update=changed))
        return sign_message(stores.agency_keys.signer(by), KIND, body).encode() + b"\n" + body

    def refusal(ask: Ask, content: bytes) -> str:
        with pytest.raises(InvalidInputError) as error:
            request_post.receive_move(stores, ask, content)
        return " ".join(error.value.fields.values())

    late = (NOW + timedelta(hours=2)).isoformat(timespec="microseconds")
    with there():
        for content, why in (
            (signed("ucg"), "is not here"),
            (signed("tip", asked="xyz"), "is not here"),
            (signed("tip", asker="xyz"), "is not here"),
            (signed("tip", at=late), "Compare the clocks"),
            (signed("tip", at="2026-11-39T00:00:00.000000+00:00"), "none"),
            (signed("tip", kind="acknowledged", asks=None), "cannot say"),
            (signed("tip", asks=None), "cannot say"),
            (signed("tip", kind="reminded", asks=None), "is not here"),
            (signed("tip", code="nonsense"), "cannot say"),
            (signed("tip", asks=asks(said, purpose="gossip")), "purpose"),
            (signed("tip", asks=asks(said, kind="gossip")), "is none"),
            (signed("tip", asks=asks(said, due="2026-02-31")), "is none"),
            (signed("tip", asks=asks(said, jpa="99")), "joint period 99"),
            (signed("tip")[:-4], "cut off"),
            (signed("tip").replace(b"passport", b"passporT"), "altered"),
        ):
            assert why in refusal(somchai, content), why
        forged = brought(stores, closed(stores, "ucg", signed("ucg")), "tip", "ucg")
        assert stores.graph.upkeep(lambda tx: tx.run(COUNT).single(strict=True)["n"]) == 0
        assert carried(stores, item).state == "arrived"
        with_the_same_number = signed("tip", move="1" * 32)
        assert "another request of this number" in refusal(somchai, with_the_same_number)
        expired = replace(somchai, at=NOW + timedelta(days=900))
        message = signed(
            "tip",
            move="2" * 32,
            kind="message",
            asks=None,
            text="Please.",
            at=(NOW + timedelta(minutes=1)).isoformat(timespec="microseconds"),
        )
        assert "expired" in refusal(expired, message)
        assert "does not follow" in refusal(somchai, signed("tip", move="3" * 32, kind="reminded", asks=None))
        [only] = requests.read_request(stores, somchai, drafted.id).this.moves

    assert (forged.state, only.kind.value) == ("refused", "sent")
    assert "is not here" in " ".join(reasons(stores, "ucg"))
    with pytest.raises(NotFoundError):
        post.send_by_post(stores, somchai, PostKind.REQUEST, "9" * 32)


COUNT = upkeep("MATCH (q:Request) RETURN count(q) AS n")


def spoken(stores: Stores, ask: Ask, this: Request) -> list[RequestMove]:
    """Read the messages that the own desk's moves are."""
    opened = requests.read_request(stores, ask, this.id).this
    return [request_post._message_of(opened, m, []) for m in opened.moves]


def asks(said: RequestMove, **changed: str) -> object:
    assert said.asks is not None
    return said.asks.model_copy(update=changed)


def test_a_moment_or_body_that_is_none_is_refused() -> None:
    for body in (b"", b"{}\n", b"[]\n", b"no\n"):
        with pytest.raises(InvalidInputError):
            read_move(body)
