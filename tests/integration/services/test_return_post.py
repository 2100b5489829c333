"""Returns by post: sent to the coordinator's installation, decided there, the decision heard here; and what must not count.

Both desks work in one installation; what one of them has of a return is set aside while the other acts.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, InvalidInputError, NotFoundError
from jpa.graph.cypher import upkeep
from jpa.model.officer import Role
from jpa.model.post import Posted, PostKind, PostState
from jpa.model.returns import WHOLE, Return, ReturnState
from jpa.operations.messages import sign_message
from jpa.services import agencies, post, return_inbox, return_post, return_telling, returns
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.sharing.return_decision import KIND, ReturnDecision, read_decision, write_decision
from tests.conftest import NOW, officer
from tests.integration.services.test_blind_post import brought, carried, closed, emptied, forgotten, introduced, reasons
from tests.integration.services.test_returns import case_of, entered, figure, jpa, later, malee, somchai, tran

__all__ = ["jpa", "malee", "somchai", "tran"]

Away = Callable[[], AbstractContextManager[None]]
SWAP = (
    upkeep("MATCH (n:Return) REMOVE n:Return SET n:Other"),
    upkeep("MATCH (n:ReturnAct) REMOVE n:ReturnAct SET n:OtherAct"),
    upkeep("MATCH (n:Away) REMOVE n:Away SET n:Return"),
    upkeep("MATCH (n:AwayAct) REMOVE n:AwayAct SET n:ReturnAct"),
    upkeep("MATCH (n:Other) REMOVE n:Other SET n:Away"),
    upkeep("MATCH (n:OtherAct) REMOVE n:OtherAct SET n:AwayAct"),
)


@pytest.fixture
def there(installation: Installation, stores: Stores) -> Iterator[Away]:
    """Be on the coordinator's side for a while."""
    introduced(installation, stores)

    @contextmanager
    def away() -> Iterator[None]:
        stores.graph.upkeep(lambda tx: [tx.run(step).consume() for step in SWAP])
        yield
        stores.graph.upkeep(lambda tx: [tx.run(step).consume() for step in SWAP])

    yield away
    emptied(installation)


@pytest.fixture
def released(stores: Stores, somchai: Ask, malee: Ask, prasert: Ask, jpa: str) -> Return:
    entered(stores, prasert, case_of(stores, prasert, "U-1"), ("arrested", "2024-02-03", "1"))
    return returns.release_return(stores, malee, returns.draft_return(stores, somchai, jpa, WHOLE).id)


def came(stores: Stores, somchai: Ask, released: Return, there: Away) -> None:
    item = return_post.send_return_by_post(stores, somchai, released.id)
    with there():
        assert carried(stores, item).state == "arrived"


def decided(stores: Stores) -> Posted:
    [item] = [i for i in stores.post.items("tip") if i.kind is PostKind.DECISION and i.open]
    return item


def test_a_return_goes_by_post_and_what_is_decided_comes_back_by_itself(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, jpa: str, released: Return, there: Away
) -> None:
    came(stores, somchai, released, there)
    sent = returns.read_return_of(stores, somchai, released.id).state
    with there():
        return_inbox.query_return(stores, tran, released.id, "fewer than before", "Where are the others?")
    carried(stores, decided(stores))
    questioned = returns.read_return_of(stores, malee, released.id)
    with there():
        return_inbox.accept_return(stores, later(tran, 1), released.id)
        counted = figure(stores, tran, jpa)[0]
    carried(stores, decided(stores))
    accepted = returns.read_return_of(stores, malee, released.id)
    returns.withdraw_return(stores, later(malee, 2), released.id, "counted twice")
    [withdrawal] = [i for i in stores.post.items("ucg") if i.kind is PostKind.DECISION]
    with there():
        carried(stores, withdrawal)
        after = figure(stores, tran, jpa)[0]
        seen = returns.read_return_of(stores, tran, released.id)

    assert (sent, questioned.state, accepted.state) == (
        ReturnState.RECEIVED,
        ReturnState.QUERIED,
        ReturnState.ACCEPTED,
    )
    asked = questioned.this.acts[-1]
    assert (asked.by, asked.name, asked.code) == ("tip", "Tenggara Immigration Police", "fewer than before")
    assert asked.text == "Where are the others?"
    assert (counted, after, seen.state) == (1, 0, ReturnState.WITHDRAWN)
    assert seen.this.acts[-1].text == "counted twice"
    assert [i.state for i in stores.post.items("tip")] == [PostState.ARRIVED] * 2
    box = post.read_post(stores, somchai, released.id)
    assert [i.kind for i in box.sent] == [PostKind.DECISION, PostKind.RETURN]
    assert box.subjects[released.id].about.value == "return"


def test_the_same_decision_again_changes_nothing_and_an_older_one_is_refused(
    stores: Stores, tran: Ask, somchai: Ask, released: Return, there: Away
) -> None:
    came(stores, somchai, released, there)
    with there():
        return_inbox.accept_return(stores, tran, released.id)
    first = stores.post.content(decided(stores).id)
    carried(stores, decided(stores))
    with there():
        return_inbox.reopen_return(stores, later(tran, 1), released.id, "too early")
    carried(stores, decided(stores))
    forgotten(stores)
    assert first is not None

    acts = returns.read_return_of(stores, somchai, released.id).this.acts
    again = brought(stores, first, "tip", "ucg")
    with there():
        name, last = return_telling.write_decision_file(stores, tran, released.id)
    heard = return_post.receive_decision(stores, somchai, last)
    between = read_decision(last.partition(b"\n")[2]).model_copy(
        update={"decision": "accepted", "at": (NOW + timedelta(seconds=9)).isoformat(timespec="microseconds")}
    )
    body = write_decision(between)
    with pytest.raises(InvalidInputError) as older:
        return_post.receive_decision(
            stores, somchai, sign_message(stores.agency_keys.signer("tip"), KIND, body).encode() + b"\n" + body
        )

    assert again.state == "arrived"
    assert heard.acts == acts == returns.read_return_of(stores, somchai, released.id).this.acts
    assert heard.alone is ReturnState.RECEIVED
    assert "Something later is known here" in older.value.fields["file"]
    assert name.startswith("decision-XB-v1-")


def test_what_is_forged_or_of_another_agency_or_about_another_return_does_not_count(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, released: Return, there: Away
) -> None:
    came(stores, somchai, released, there)
    at = NOW.isoformat(timespec="microseconds")
    right = ReturnDecision(
        format="1", return_id=released.id, digest=released.digest, decision="accepted", code="", text="", at=at
    )

    def signed(by: str, **changed: str) -> bytes:
        body = write_decision(right.model_copy(update=changed))
        return sign_message(stores.agency_keys.signer(by), KIND, body).encode() + b"\n" + body

    late = (NOW + timedelta(hours=2)).isoformat(timespec="microseconds")
    for content, why in (
        (signed("ucg"), "is not here"),
        (signed("tip", decision="withdrawn"), "is not here"),
        (signed("tip", return_id="0" * 32), "is not here"),
        (signed("tip", digest="0" * 64), "is not here"),
        (signed("tip", at=late), "Compare the clocks"),
        (signed("tip", at="2026-11-39T00:00:00.000000+00:00"), "none"),
        (signed("tip", code="never heard of"), "none of the list"),
        (signed("tip", decision="queried"), "none of the list"),
        (signed("tip", decision="released"), "decision"),
        (signed("tip")[:-4], "cut off"),
        (signed("tip").replace(b"accepted", b"queried_"), "altered"),
    ):
        with pytest.raises(InvalidInputError) as error:
            return_post.receive_decision(stores, somchai, content)
        assert why in error.value.fields["file"], content
    refused = brought(stores, closed(stores, "ucg", signed("ucg")), "tip", "ucg")
    third = officer(stores, "x", "xyz", "XC", Role.SUPERVISOR)
    with pytest.raises(InvalidInputError):
        return_post.receive_decision(stores, third, signed("tip"))
    with pytest.raises(ConflictError):
        return_telling.tell(stores, malee, released.id)
    with pytest.raises(NotFoundError):
        return_telling.tell(stores, tran, released.id)

    assert returns.read_return_of(stores, malee, released.id).state is ReturnState.RECEIVED
    assert refused.state == "refused"
    assert "is not here" in " ".join(reasons(stores, "ucg"))


def test_only_a_released_return_leaves_and_only_where_an_address_is_pinned(
    installation: Installation, stores: Stores, somchai: Ask, malee: Ask, prasert: Ask, jpa: str, tran: Ask
) -> None:
    entered(stores, prasert, case_of(stores, prasert, "U-1"), ("arrested", "2024-02-03", "1"))
    draft = returns.draft_return(stores, somchai, jpa, WHOLE)
    introduced(installation, stores)

    with pytest.raises(ConflictError, match="second officer releases it first"):
        return_post.send_return_by_post(stores, somchai, draft.id)
    returns.release_return(stores, malee, draft.id)
    stores.post.forget("tip")
    with pytest.raises(InvalidInputError) as unpinned:
        return_post.send_return_by_post(stores, somchai, draft.id)
    with pytest.raises(NotFoundError):
        return_post.send_return_by_post(stores, tran, draft.id)
    here = return_post.send_return_to_coordinator(stores, somchai, draft.id)
    assert stores.post.items("ucg") == []

    emptied(installation)
    assert "No address of tip is pinned" in unpinned.value.fields["partner"]
    assert here is None, "the coordinator works here: into its inbox"


def test_the_page_s_button_sends_by_post_where_the_coordinator_works_elsewhere(
    installation: Installation, stores: Stores, somchai: Ask, released: Return, tran: Ask, wulan: Ask
) -> None:
    introduced(installation, stores)
    for login in ("tran", "chief", "wulan"):
        agencies.save_officer(stores, officer(stores, login, "tip", "XA").officer, NOW, active=False)

    item = return_post.send_return_to_coordinator(stores, somchai, released.id)

    assert item is not None
    assert (item.kind, item.partner, item.object) == (PostKind.RETURN, "tip", released.id)
    assert returns.read_return_of(stores, somchai, released.id).state is ReturnState.RECEIVED
    emptied(installation)
    assert (tran.officer.agency, wulan.officer.agency) == ("tip", "tip")
