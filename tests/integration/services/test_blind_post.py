"""Blind questions by post: asked here, answered by the clerk over there, heard here; and everything that must not pass.

Both agencies have their desks in one installation, and what would go over the line is carried by the test.
"""

import hashlib
import io
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jpa.errors import ForbiddenError, InvalidInputError
from jpa.interchange.blind_file import ANSWER, QUESTION
from jpa.model.case import Agency
from jpa.model.officer import Role
from jpa.model.post import Parcel, Posted, PostKind, PostPartner, PostState
from jpa.operations.messages import sign_message
from jpa.operations.post_keys import own_certificate
from jpa.services import agencies, agency_keys, blind_files, blind_log, post
from jpa.services.blind_files import ask_by_file
from jpa.services.blind_post import ask_by_post, ask_everywhere, list_away
from jpa.services.installation import Installation
from jpa.services.post_arrivals import take_part
from jpa.services.stores import Ask, Stores
from jpa.sharing.closing import close_message
from jpa.sharing.post_wire import Standing
from tests.conftest import NOW, officer
from tests.partners import agreed, person, question, said

PEERS = {"tip": "a" * 64, "ucg": "b" * 64}


def clock() -> datetime:
    return NOW


def emptied(installation: Installation) -> None:
    """Leave nothing in the books of the post."""
    with installation.operations.writing() as connection:
        for table in ("post_items", "post_arrivals", "post_partners", "blind_open"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 -- a constant
    installation.stores.tray.sweep(float("inf"))


def introduced(installation: Installation, stores: Stores) -> None:
    """Let both agencies know each other's keys and addresses."""
    emptied(installation)
    chief = officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)
    der = own_certificate(stores.settings.secrets_dir)
    for agency, state in (("tip", "XA"), ("ucg", "XB")):
        agency_keys.pin_key(stores, chief, agency, agency_keys.own_key(stores, agency, state).card.text)
        stores.post.pin(PostPartner(agency, agency, "https://127.0.0.1:9", der, PEERS[agency], "1", NOW, "chief"))


@pytest.fixture
def liaison(installation: Installation, stores: Stores) -> Iterator[Ask]:
    agreed(stores)
    introduced(installation, stores)
    yield officer(stores, "perera", "tip", "XA", Role.LIAISON)
    emptied(installation)


@pytest.fixture
def desk(stores: Stores, liaison: Ask) -> Ask:
    assert liaison.officer.agency == "tip"
    return officer(stores, "desk", "ucg", "XB", Role.LIAISON)


def brought(stores: Stores, content: bytes, sender: str, agency: str) -> Standing:
    """Bring closed bytes as a partner's installation would."""
    parcel = Parcel(sender, agency, "message", hashlib.sha256(content).hexdigest(), len(content))
    return take_part(stores, PEERS[sender], parcel, (0, io.BytesIO(content)), clock)


def carried(stores: Stores, item: Posted) -> Standing:
    """Bring what waits in the spool, and note how it ended."""
    content = stores.post.content(item.id)
    assert content is not None
    came = brought(stores, content, item.agency, item.partner)
    stores.post.end(item.id, PostState(came.state), "", NOW)
    return came


def closed(stores: Stores, agency: str, content: bytes) -> bytes:
    return close_message(content, stores.agency_keys.closing(agency))


def reasons(stores: Stores, agency: str) -> list[str]:
    return [a.reason for a in stores.post.arrivals(agency) if a.state is PostState.REFUSED]


def test_a_question_goes_out_and_its_answer_comes_back_by_itself(
    stores: Stores, liaison: Ask, desk: Ask, prasert: Ask
) -> None:
    record = said(stores, prasert, "U-1", person("Rahim Uddin")).records[0]

    item = ask_by_post(stores, liaison, question())
    asked = carried(stores, item)
    [answer] = [i for i in stores.post.items("ucg") if i.kind is PostKind.ANSWER]
    heard = carried(stores, answer)

    assert [(s.state, s.answer) for s in (asked, heard)] == [("arrived", "")] * 2
    [mine], [theirs] = blind_log.read_log(stores, liaison).lines, blind_log.read_log(stores, desk).lines
    assert (mine.this.hit, mine.this.way.value, mine.desk) == (True, "asked by post", "Utara Coast Guard")
    assert (theirs.this.hit, theirs.about, theirs.this.officer) == (None, "", "post")
    found = blind_log.find_reference(stores, prasert, theirs.this.id, mine.this.references[0])
    assert found.glance is not None
    assert found.glance.id == record.id
    assert stores.questions.find("tip", item.object) is None
    boxes = [post.read_post(stores, ask) for ask in (liaison, desk)]
    assert [[i.kind for i in box.sent] for box in boxes] == [[PostKind.QUESTION], [PostKind.ANSWER]]
    assert [box.subjects[item.object].id for box in boxes] == [mine.this.id, theirs.this.id]
    third = officer(stores, "x", "xyz", "XC", Role.LIAISON)
    assert post.read_post(stores, third).sent == []


def test_the_same_again_changes_nothing_wherever_a_side_was_killed(stores: Stores, liaison: Ask, desk: Ask) -> None:
    item = ask_by_post(stores, liaison, question())
    content = stores.post.content(item.id)
    assert content is not None
    carried(stores, item)
    [first] = stores.post.items("ucg")
    forgotten(stores)

    again = brought(stores, content, "tip", "ucg")
    answers = stores.post.items("ucg")
    answer = stores.post.content(first.id)
    assert answer is not None
    carried(stores, first)
    forgotten(stores)
    repeat = brought(stores, answer, "ucg", "tip")

    assert (again.state, repeat.state) == ("arrived", "arrived")
    assert [i.id for i in answers] == [first.id]
    assert len(blind_log.read_log(stores, desk).lines) == len(blind_log.read_log(stores, liaison).lines) == 1


def forgotten(stores: Stores) -> None:
    """Lose the book of arrivals, as when a side is killed before it was written."""
    with stores.post._store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM post_arrivals")


def test_what_is_forged_replayed_or_for_somebody_else_is_refused_without_a_word(
    stores: Stores, liaison: Ask, desk: Ask
) -> None:
    this, file = ask_by_file(stores, liaison, question())
    body = file.partition(b"\n")[2]
    foreign = Ed25519PrivateKey.from_private_bytes(secrets.token_bytes(32))
    forged = sign_message(foreign, QUESTION, body).encode() + b"\n" + body
    claimed = sign_message(stores.agency_keys.signer("ucg"), QUESTION, body).encode() + b"\n" + body
    made_up = sign_message(stores.agency_keys.signer("ucg"), ANSWER, body).encode() + b"\n" + body

    answers = [
        brought(stores, closed(stores, "ucg", forged), "tip", "ucg"),
        brought(stores, closed(stores, "ucg", claimed), "tip", "ucg"),
        brought(stores, closed(stores, "tip", file), "ucg", "tip"),
        brought(stores, closed(stores, "tip", made_up), "ucg", "tip"),
        brought(stores, closed(stores, "tip", file), "tip", "ucg"),
    ]
    first = brought(stores, closed(stores, "ucg", file), "tip", "ucg")
    replayed = brought(stores, closed(stores, "ucg", file), "tip", "ucg")
    by_hand, second = ask_by_file(stores, liaison, question())
    blind_files.answer_file(stores, desk, second)
    again = brought(stores, closed(stores, "ucg", second), "tip", "ucg")

    assert {(a.state, a.have, a.answer) for a in (*answers, again)} == {("refused", "0", "")}
    assert (first.state, replayed.state) == ("arrived", "arrived")
    assert [i.object for i in stores.post.items("ucg")] == [this], "answered once, however often it comes"
    assert by_hand != this
    told = " ".join((*reasons(stores, "ucg"), *reasons(stores, "tip")))
    for why in (
        "is not pinned here",
        "another agency",
        "does not open with the key",
        "answered before",
        "not as the format says",
    ):
        assert why in told


def test_without_an_agreement_or_beyond_the_limit_nothing_is_answered(
    stores: Stores, liaison: Ask, desk: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = replace(liaison, at=datetime(2027, 1, 2, 9, tzinfo=NOW.tzinfo))
    item, other = ask_by_post(stores, liaison, question()), ask_by_post(stores, liaison, question())
    monkeypatch.setattr(blind_files, "MOST_UNDER_AGREEMENT", 1)

    states = [carried(stores, i).state for i in (item, other)]
    with pytest.raises(InvalidInputError) as expired:
        ask_by_post(stores, later, question())
    monkeypatch.undo()
    third = ask_by_post(stores, liaison, question(name="Late Question", birthDate="1980"))
    content = stores.post.content(third.id)
    assert content is not None
    parcel = Parcel("tip", "ucg", "message", third.sha256, third.size)
    late = take_part(stores, PEERS["tip"], parcel, (0, io.BytesIO(content)), lambda: NOW + timedelta(days=60))

    assert states == ["arrived", "refused"]
    assert "expired" in expired.value.fields["agreement"]
    assert late.state == "refused"
    assert "which is the most" in " ".join(reasons(stores, "ucg"))
    assert len(blind_log.read_log(stores, desk).lines) == 1


def test_a_question_leaves_only_where_an_address_is_pinned_and_by_who_may_ask(stores: Stores, liaison: Ask) -> None:
    supervisor = officer(stores, "boss", "tip", "XA", Role.SUPERVISOR)
    agencies.save_agency(stores, Agency("sfi", "Selat Financial Intelligence", "XC"), NOW)

    with pytest.raises(ForbiddenError):
        ask_by_post(stores, supervisor, question())
    with pytest.raises(InvalidInputError) as unpinned:
        ask_by_post(stores, liaison, question(partner="sfi"))
    with pytest.raises(InvalidInputError):
        ask_by_post(stores, liaison, question(name="Rahim"))
    with pytest.raises(InvalidInputError, match="Nothing was sent"):
        post.send_by_post(stores, liaison, PostKind.QUESTION, "1" * 32)

    assert "No address of sfi is pinned" in unpinned.value.fields["partners"]
    assert stores.post.items("tip") == []
    assert blind_log.read_log(stores, liaison).lines == []


def test_partners_here_answer_at_once_and_those_elsewhere_by_post(stores: Stores, liaison: Ask) -> None:
    for login in ("desk", "signs.ucg"):
        agencies.save_officer(stores, officer(stores, login, "ucg", "XB").officer, NOW, active=False)

    [(away, _purposes)] = list_away(stores, liaison)
    asked = ask_everywhere(stores, liaison, question())
    with pytest.raises(InvalidInputError):
        ask_everywhere(stores, liaison, question(purpose="money laundering and proceeds"))

    assert (away.id, len(asked.told), [i.partner for i in asked.posted]) == ("ucg", 0, ["ucg"])
    assert len(stores.post.items("tip")) == 1
