"""The post on the real store: what officers send, what partners bring, and what neither learns.

One installation is first the sender's and then, with its graph emptied, the recipient's, as in the tests of packages.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.model.audit import AuditTag, Outcome
from jpa.model.case import Agency
from jpa.model.notice import NoticeKind, RecallReason
from jpa.model.officer import Role
from jpa.model.package import PackageState
from jpa.model.post import Parcel, Posted, PostKind, PostPartner, PostState
from jpa.operations.post_keys import own_certificate
from jpa.services import agencies, agency_keys, package_inbox, packages, post, post_cards, recalls, reports
from jpa.services.installation import Installation
from jpa.services.notice_drafts import TypedNotice
from jpa.services.post_arrivals import ask_standing, sweep_tray, take_part
from jpa.services.post_delivery import RECALLED, deliver
from jpa.services.stores import Ask, Stores
from jpa.sharing.closing import close_message
from jpa.sharing.courier import AWAY
from jpa.sharing.post_card import fingerprint_of
from jpa.sharing.post_wire import MOST_PARCEL, PART, Standing
from jpa.web.post_office import create_post_office
from tests.conftest import NOW, officer
from tests.integration.services.test_packages import Desk, abroad, ordered, person, released, report, set_desk
from tests.web.conftest import PASSWORD

__all__ = ["abroad"]

PEER, OTHER = "f" * 64, "e" * 64
Leave = Callable[[], tuple[Ask, str]]


@pytest.fixture
def desk(installation: Installation, stores: Stores) -> Desk:
    """The sender's side, with nothing in the books of the post."""
    with installation.operations.writing() as connection:
        for table in ("post_items", "post_arrivals", "post_partners"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 -- a constant
    stores.tray.sweep(float("inf"))
    made = set_desk(installation, stores)
    reports.add_report(stores, made.lead, report(made.case, person("1", "Rahim Uddin")))
    return made


def clock() -> datetime:
    return NOW


def pinned(stores: Stores, agency: str, peer: str = PEER, address: str = "https://127.0.0.1:9") -> None:
    der = own_certificate(stores.settings.secrets_dir)
    assert stores.post.pin(PostPartner(agency, f"key of {agency}", address, der, peer, "1", NOW, "chief"))


@dataclass(frozen=True, slots=True)
class Brought:
    """A parcel on the recipient's side."""

    stores: Stores
    dao: Ask
    content: bytes
    parcel: Parcel

    def part(self, start: int, end: int | None = None, peer: str = PEER) -> Standing:
        part = (start, io.BytesIO(self.content[start:end]))
        return take_part(self.stores, peer, self.parcel, part, clock)


@pytest.fixture
def brought(installation: Installation, stores: Stores, desk: Desk, abroad: Leave) -> Brought:
    _package, content = released(installation, desk, ordered(desk))
    dao, _case = abroad()
    pinned(stores, "tip")
    return Brought(stores, dao, content, parcel_of(content))


def parcel_of(content: bytes, form: str = "package", sender: str = "tip", agency: str = "sfi") -> Parcel:
    return Parcel(sender, agency, form, hashlib.sha256(content).hexdigest(), len(content))


def test_parts_make_a_package_that_waits_in_the_inbox_and_a_repeat_changes_nothing(brought: Brought) -> None:
    stores, size = brought.stores, brought.parcel.size

    half = brought.part(0, size // 2)
    asked = ask_standing(stores, PEER, brought.parcel, NOW)
    with pytest.raises(ConflictError):
        brought.part(0)
    whole = brought.part(size // 2)
    repeats = [brought.part(0), brought.part(size), ask_standing(stores, PEER, brought.parcel, NOW)]

    assert (half.state, half.have, asked) == ("coming", str(size // 2), half)
    assert (whole.state, b'"state":"received"' in whole.message) == ("arrived", True)
    assert repeats == [whole] * 3
    (package,) = packages.list_packages(stores, brought.dao)
    assert (package.state, package.acts) == (PackageState.RECEIVED, ())
    (arrival,) = post.read_post(stores, brought.dao).came
    assert (arrival.subject, arrival.state) == (package.id, PostState.ARRIVED)
    assert stores.tray.have(PEER, brought.parcel.sha256) == 0
    received = [e for e in stores.audit.events(tag=AuditTag.POST_RECEIVED.value, limit=4) if e.outcome is not None]
    assert [(e.actor, e.details["subject"]) for e in received[:1]] == [("owner", package.id)]


def test_a_crash_between_the_inbox_and_the_books_ends_in_a_repeat_that_changes_nothing(brought: Brought) -> None:
    stores = brought.stores
    kept, _ = package_inbox.receive_package(stores, brought.dao, io.BytesIO(brought.content))
    stores.tray.add(PEER, brought.parcel.sha256, 0, io.BytesIO(brought.content), brought.parcel.size)

    after = brought.part(brought.parcel.size)

    assert after.state == "arrived"
    assert [p.id for p in packages.list_packages(stores, brought.dao)] == [kept.id]


def test_who_is_not_pinned_with_this_certificate_is_told_nothing_and_leaves_a_trace(brought: Brought) -> None:
    pinned(brought.stores, "ucg", OTHER)

    for peer in ("0" * 64, OTHER):
        with pytest.raises(NotFoundError):
            ask_standing(brought.stores, peer, brought.parcel, NOW)
        with pytest.raises(NotFoundError):
            brought.part(0, peer=peer)

    assert brought.stores.tray.have(OTHER, brought.parcel.sha256) == 0
    (event, *_) = brought.stores.audit.events(tag=AuditTag.POST_REFUSED.value, limit=1)
    assert (event.outcome, event.details["certificate"]) == (Outcome.REFUSED, OTHER)


def test_other_bytes_than_the_hash_says_are_thrown_away_and_asked_for_anew(brought: Brought) -> None:
    wrong = replace(brought, content=brought.content[:-1] + b"x")

    with pytest.raises(InvalidInputError):
        wrong.part(0)

    assert ask_standing(brought.stores, PEER, brought.parcel, NOW).have == "0"
    assert brought.part(0).state == "arrived"


@pytest.mark.parametrize(("form", "size"), [("package", 0), ("package", MOST_PARCEL + 1), ("letter", 10), ("", 10)])
def test_what_cannot_be_a_parcel_is_refused_before_a_byte_is_kept(brought: Brought, form: str, size: int) -> None:
    parcel = replace(brought.parcel, form=form, size=size)

    with pytest.raises(InvalidInputError):
        take_part(brought.stores, PEER, parcel, (0, io.BytesIO(b"x" * 10)), clock)

    assert brought.stores.tray.have(PEER, parcel.sha256) == 0


def test_why_something_was_refused_stays_here_and_a_cure_lets_the_same_in(brought: Brought, stores: Stores) -> None:
    chief = officer(stores, "chief-sfi", "sfi", "XC", Role.ADMINISTRATOR)
    card = agency_keys.own_key(stores, "tip", "XA").card
    whole = brought.content[:-40] + b"\0" * 40
    flawed = replace(brought, content=whole, parcel=parcel_of(whole))
    nowhere = replace(brought, parcel=replace(brought.parcel, agency="ucg"))
    message = close_message(b'{"jpa":"receipt"}\nnothing\n', stores.agency_keys.closing("sfi"))
    letter = replace(brought, content=message, parcel=parcel_of(message, "message"))

    answers = [flawed.part(0), nowhere.part(0), letter.part(0), replace(letter, parcel=parcel_of(message)).part(0)]
    agency_keys.withdraw_key(stores, chief, agency_keys.read_keys(stores, chief).pinned[0][0].fingerprint)
    withdrawn = brought.part(0)

    assert {(a.state, a.have, a.answer) for a in (*answers, withdrawn)} == {("refused", "0", "")}
    reasons = [a.reason for a in post.read_post(stores, brought.dao).came]
    assert len(reasons) == 3
    assert all(reasons)
    assert any("altered or cut off" in reason for reason in reasons)
    assert packages.list_packages(stores, brought.dao) == []
    assert card.agency == "tip"


def test_whoever_passes_on_what_another_sent_gets_no_answer_to_it(brought: Brought) -> None:
    pinned(brought.stores, "ucg", OTHER)
    ucg = replace(brought.parcel, sender="ucg")
    officer(brought.stores, "x", "ucg", "XB", Role.LIAISON)
    agencies.save_agency(brought.stores, Agency("ucg", "Utara Coast Guard", "XB"), NOW)

    passed = take_part(brought.stores, OTHER, ucg, (0, io.BytesIO(brought.content)), clock)

    assert (passed.state, passed.answer) == ("arrived", "")
    assert brought.part(0).answer != ""


def test_an_old_beginning_is_swept(brought: Brought) -> None:
    brought.part(0, 100)

    assert sweep_tray(brought.stores, NOW - timedelta(days=400), NOW) == 0
    assert sweep_tray(brought.stores, datetime.now(NOW.tzinfo) + timedelta(days=1), NOW) == 1
    assert ask_standing(brought.stores, PEER, brought.parcel, NOW).have == "0"


class Shown:
    """The end of a connection, as the server hands it to the app."""

    def getpeercert(self, binary_form: bool) -> bytes:
        assert binary_form
        return b"certificate"


@pytest.mark.usefixtures("brought")
def test_the_post_office_answers_with_a_number_and_nothing_else(installation: Installation, stores: Stores) -> None:
    pinned(stores, "ucg", fingerprint_of(b"certificate"))
    client: FlaskClient = create_post_office(installation).test_client()
    here = {"gunicorn.socket": Shown()}
    path = f"/post/1/ucg/sfi/{hashlib.sha256(b'letter').hexdigest()}"
    good = f"{path}?form=message&size=6&offset=0"

    statuses = {
        "begun": client.put(good, data=b"let", environ_overrides=here),
        "wrong place": client.put(good, data=b"let", environ_overrides=here),
        "no certificate": client.get(path),
        "another sender": client.get(path.replace("ucg", "tip"), environ_overrides=here),
        "no hash": client.get("/post/1/ucg/sfi/abc", environ_overrides=here),
        "no page": client.get("/", environ_overrides=here),
        "no method": client.post(path, data=b"x", environ_overrides=here),
        "no size": client.put(path, data=b"x", environ_overrides=here),
        "large": client.put(good, data=b"x" * (PART + 1), environ_overrides=here),
    }

    assert statuses["begun"].get_json() == {"answer": "", "have": "3", "state": "coming"}
    assert {name: a.status_code for name, a in statuses.items() if name != "begun"} == {
        "wrong place": 409, "no certificate": 404, "another sender": 404, "no hash": 404, "no page": 404,
        "no method": 405, "no size": 422, "large": 413,
    }  # fmt: skip
    assert {a.data for name, a in statuses.items() if name != "begun"} == {b""}


@pytest.mark.usefixtures("desk")
def test_a_partner_asks_so_often_and_no_oftener(installation: Installation) -> None:
    limited = replace(installation, settings=installation.settings.model_copy(update={"ratelimit": True}))

    client = create_post_office(limited).test_client()
    path = f"/post/1/tip/sfi/{'0' * 64}"

    codes = [client.get(path, environ_overrides={"gunicorn.socket": Shown()}).status_code for _ in range(601)]

    assert (set(codes[:600]), codes[600]) == ({404}, 429)


def sent(installation: Installation, stores: Stores, desk: Desk) -> Posted:
    pinned(stores, "sfi")
    package, _ = released(installation, desk, ordered(desk))
    return post.send_by_post(stores, desk.maker, PostKind.PACKAGE, package.id)


def found(stores: Stores, item: Posted) -> Posted:
    this = stores.post.item(item.id)
    assert this is not None
    return this


def test_only_what_may_be_handed_over_is_sent_and_only_where_an_address_is_pinned(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    draft = packages.draft_package(stores, desk.maker, ordered(desk))
    package, closed = released(installation, desk, ordered(desk))

    with pytest.raises(InvalidInputError, match="Nothing was sent") as unpinned:
        post.send_by_post(stores, desk.maker, PostKind.PACKAGE, package.id)
    pinned(stores, "sfi")
    with pytest.raises(ConflictError, match="A draft is not handed out"):
        post.send_by_post(stores, desk.maker, PostKind.PACKAGE, draft.id)
    with pytest.raises(ForbiddenError):
        post.send_by_post(stores, desk.lead, PostKind.PACKAGE, package.id)
    item = post.send_by_post(stores, desk.maker, PostKind.PACKAGE, package.id)

    assert "No address of sfi is pinned" in unpinned.value.fields["partner"]
    assert (item.sha256, item.size) == (hashlib.sha256(closed).hexdigest(), len(closed))
    stranger = officer(stores, "x", "ucg", "XB", Role.LIAISON)
    for act in (post.send_now, post.take_back):
        with pytest.raises(NotFoundError):
            act(stores, stranger, item.id)
        with pytest.raises(NotFoundError):
            act(stores, desk.maker, "0" * 32)
    assert post.read_post(stores, stranger).sent == []
    assert [i.id for i in post.read_post(stores, desk.maker, package.id).sent] == [item.id]
    post.take_back(stores, desk.maker, item.id)
    with pytest.raises(ConflictError):
        post.take_back(stores, desk.maker, item.id)
    with pytest.raises(ConflictError):
        post.send_now(stores, desk.maker, item.id)


def test_post_about_a_case_is_shown_to_nobody_who_may_not_know_of_it(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    item = sent(installation, stores, desk)
    closed = replace(item, id="1" * 32, subject="2" * 32, object="2" * 32)
    stores.post.add(closed, None)

    assert [i.id for i in post.read_post(stores, desk.maker).sent] == [item.id]
    with pytest.raises(NotFoundError):
        post.take_back(stores, desk.maker, closed.id)


def test_what_nobody_takes_waits_with_the_reason_and_what_was_recalled_does_not_leave(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    item = sent(installation, stores, desk)

    deliver(stores, item, clock)
    waiting = found(stores, item)
    day = (NOW + timedelta(days=9)).date().isoformat()
    draft = recalls.draft_notice(
        stores, desk.maker, item.subject, TypedNotice(NoticeKind.RECALL, day, RecallReason.ERROR.value)
    )
    recalls.release_notice(installation, desk.second, draft.id, PASSWORD, "")
    deliver(stores, item, clock)

    assert (waiting.state, waiting.error, waiting.tries) == (PostState.WAITING, AWAY, 1)
    assert waiting.due == NOW + timedelta(seconds=5)
    assert (found(stores, item).state, found(stores, item).error) == (PostState.TAKEN_BACK, RECALLED)
    outcomes = [e.outcome for e in stores.audit.events(object=item.id, tag=AuditTag.POST_DELIVERED.value)]
    assert outcomes == [Outcome.DONE, None, Outcome.REFUSED, None]


def test_a_post_card_counts_when_a_pinned_key_signed_it_and_goes_with_the_key(stores: Stores, desk: Desk) -> None:
    chief = officer(stores, "chief-tip", "tip", "XA", Role.ADMINISTRATOR)
    sfi = officer(stores, "chief-sfi", "sfi", "XC", Role.ADMINISTRATOR)
    ucg = officer(stores, "chief-ucg", "ucg", "XB", Role.ADMINISTRATOR)
    listening = replace(stores, settings=stores.settings.model_copy(update={"post_port": 8443}))
    _name, card = post_cards.write_post_card_file(listening, sfi)
    later = replace(sfi, at=NOW + timedelta(days=1))

    for flawed in (
        post_cards.write_post_card_file(listening, ucg)[1],
        card[:-9],
        card.replace(b"127.0.0.1", b"127.0.0.2"),
        b"",
    ):
        with pytest.raises(InvalidInputError) as refused:
            post_cards.pin_post_card(stores, chief, flawed)
        assert "card" in refused.value.fields
    with pytest.raises(ForbiddenError):
        post_cards.pin_post_card(stores, desk.maker, card)
    once = post_cards.pin_post_card(stores, chief, card)
    newer = post_cards.pin_post_card(stores, chief, post_cards.write_post_card_file(stores, later)[1])
    with pytest.raises(ConflictError, match="signed later"):
        post_cards.pin_post_card(stores, chief, card)

    assert (once.agency, once.address, newer.address) == ("sfi", "https://127.0.0.1:8443", "")
    assert [p.made for p in post_cards.read_places(stores, chief).partners] == [newer.made]
    agency_keys.withdraw_key(stores, chief, newer.key)
    assert post_cards.read_places(stores, chief).partners == []
