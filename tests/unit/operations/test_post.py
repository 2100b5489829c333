"""The post's books: what is due, in which order, by whom; tried ever more seldom; ended once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jpa.model.post import (
    LEASE,
    LONGEST_WAIT,
    Arrival,
    Parcel,
    Posted,
    PostKind,
    PostPartner,
    PostState,
    clerk,
    moment_of,
    wait_after,
)
from jpa.operations.post import Post
from jpa.operations.store import OperationsStore

pytestmark = pytest.mark.fast
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperationsStore]:
    made = OperationsStore(f"sqlite:///{tmp_path_factory.mktemp('books') / 'a.sqlite'}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def post(store: OperationsStore) -> Post:
    with store.writing() as connection:
        for table in ("post_items", "post_arrivals", "post_partners"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 -- a constant
    return Post(store)


def item(number: int, partner: str = "sfi", package: str = "", kind: PostKind = PostKind.PACKAGE) -> Posted:
    return Posted(
        f"{number:032x}",
        "tip",
        partner,
        kind,
        f"{number:032x}",
        package or f"{number:032x}",
        "5" * 64,
        1000,
        "Wulan",
        NOW,
    )


def partner(made: str = "1", key: str = "k") -> PostPartner:
    return PostPartner("sfi", key, "https://sfi.example:8443", b"der", "f" * 64, made, NOW, "chief")


def test_the_same_thing_is_under_way_once_and_may_go_again_when_it_has_ended(post: Post) -> None:
    first = post.add(item(1), None)

    twice = post.add(replace(item(1), id="2" * 32), None)
    post.end(first.id, PostState.ARRIVED, "", NOW)
    anew = post.add(replace(item(1), id="3" * 32), None)

    assert (twice.id, anew.id) == (first.id, "3" * 32)
    assert [i.state for i in post.items("tip")] == [PostState.WAITING, PostState.ARRIVED]
    assert post.items("ucg") == []


def test_one_partner_gets_one_item_at_a_time_and_what_is_about_a_package_in_its_order(post: Post) -> None:
    package, notice = item(1), item(2, package=item(1).subject, kind=PostKind.NOTICE)
    other, elsewhere = item(3), item(4, partner="ucg")
    for one in (notice, package, other, elsewhere):
        post.add(one, b"closed")

    first, second, third = post.take("w", NOW), post.take("w", NOW), post.take("w", NOW)
    assert first is not None
    post.end(first.id, PostState.ARRIVED, "", NOW)
    rest = [post.take("w", NOW)]
    for taken in rest:
        assert taken is not None
        post.end(taken.id, PostState.ARRIVED, "", NOW)
        rest += [after] if (after := post.take("w", NOW)) is not None else []

    assert {i.id for i in (first, second) if i is not None} <= {package.id, other.id, elsewhere.id}
    assert third is None
    taken_in_order = [first.id, *(i.id for i in rest if i is not None)]
    assert taken_in_order.index(package.id) < taken_in_order.index(notice.id)


def test_what_fails_is_tried_ever_more_seldom_and_from_the_start_when_it_gets_on(post: Post) -> None:
    post.add(item(1), None)
    at, waits = NOW, []

    for _ in range(14):
        taken = post.take("w", at)
        assert taken is not None
        post.fail(taken.id, "away", at)
        found = post.item(taken.id)
        assert found is not None
        assert found.due is not None
        assert post.take("w", found.due - timedelta(seconds=1)) is None
        waits.append((found.due - at).total_seconds())
        at = found.due
    post.take("w", at)
    post.advance(item(1).id, 10, at, last=False)
    post.fail(item(1).id, "away", at)
    after = post.item(item(1).id)

    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == LONGEST_WAIT.total_seconds()
    assert after is not None
    assert (after.due, after.sent, after.tries) == (at + wait_after(1), 10, 1)
    assert after.overdue(NOW + timedelta(hours=25))
    assert not after.overdue(NOW + timedelta(hours=23))


def test_what_a_killed_worker_had_is_due_at_its_next_start_or_when_its_time_is_over(post: Post) -> None:
    post.add(item(1), None)
    post.take("one", NOW)

    taken = [post.take("two", NOW + LEASE / 2)]
    post.release("two", NOW + LEASE / 2)
    taken += [post.take("two", NOW + LEASE / 2)]
    post.release("one", NOW + LEASE / 2)
    taken += [post.take("one", NOW + LEASE / 2)]
    taken += [post.take("two", NOW + LEASE * 2)]

    assert [t is None for t in taken] == [True, True, False, False]


def test_it_is_taken_back_until_all_of_it_has_left_and_never_after(post: Post) -> None:
    for number in (1, 2):
        post.add(item(number), b"closed")

    post.advance(item(1).id, 999, NOW, last=False)
    assert post.take_back(item(1).id, NOW)
    assert not post.advance(item(1).id, 1000, NOW, last=True)
    assert post.content(item(1).id) is None
    post.advance(item(2).id, 999, NOW, last=True)
    assert not post.take_back(item(2).id, NOW)
    assert post.content(item(2).id) == b"closed"
    assert post.end(item(2).id, PostState.ARRIVED, "", NOW)
    assert not post.end(item(2).id, PostState.REFUSED, "", NOW)

    assert [(i.state, i.sent) for i in post.items("tip")] == [(PostState.ARRIVED, 1000), (PostState.TAKEN_BACK, 999)]
    assert not post.hurry(item(2).id, NOW)


def test_what_waits_is_hurried_but_not_out_of_a_workers_hands(post: Post) -> None:
    post.add(item(1), None)
    post.take("w", NOW)

    assert post.hurry(item(1).id, NOW)
    assert post.take("v", NOW) is None
    post.fail(item(1).id, "away", NOW)
    assert post.hurry(item(1).id, NOW)
    assert post.take("v", NOW) is not None


def test_a_newer_card_takes_the_place_of_an_older_one_and_goes_with_its_key(post: Post) -> None:
    assert [post.pin(partner("2")), post.pin(partner("1")), post.pin(partner("2")), post.pin(partner("3"))] == [
        True, False, False, True,
    ]  # fmt: skip
    assert post.pin(partner("0", key="another key"))

    assert [p.made for p in post.partners(fingerprint="f" * 64)] == ["0"]
    assert (post.forget("k"), post.forget("another key")) == (0, 1)
    assert post.partners() == []


def test_what_became_of_a_parcel_is_kept_in_place_of_what_became_of_it_before(post: Post) -> None:
    parcel = Parcel("tip", "sfi", "package", "5" * 64, 1000)

    for state, reason in ((PostState.REFUSED, "No key."), (PostState.ARRIVED, "")):
        post.note(Arrival(parcel, "1" * 32, state, reason, b"receipt", NOW))

    (found,) = post.arrivals("sfi")
    assert found == post.arrival(parcel)
    assert (found.state, found.reason, found.answer, found.at) == (PostState.ARRIVED, "", b"receipt", NOW)
    assert post.arrival(replace(parcel, sender="ucg")) is None


def test_the_clerk_has_no_id_that_an_account_could_have() -> None:
    assert len(clerk("tip", "XA").id) != 32
    assert moment_of(None) is None
