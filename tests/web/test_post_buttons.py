"""What two desks say to each other leaves by post from the pages of requests and returns: by itself, or by a button beside it."""

import io
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from jpa.model.officer import Role
from jpa.model.post import PostKind
from jpa.operations.messages import sign_message
from jpa.services import agencies
from jpa.services.installation import Installation
from jpa.services.stores import Stores
from tests.conftest import NOW, officer
from tests.integration.services.test_blind_post import emptied, introduced
from tests.web.conftest import Login
from tests.web.test_requests import agreed, asked, case
from tests.web.test_requests import post as said
from tests.web.test_returns import foreign, jpa, post

__all__ = ["case", "jpa"]


@pytest.fixture(autouse=True)
def _introduced(installation: Installation, stores: Stores) -> Iterator[None]:
    introduced(installation, stores)
    yield
    emptied(installation)


def press(client: FlaskClient, page: str, words: str) -> tuple[int, str]:
    """Send the form of the one button that says these words, with what stands in it."""
    (form,) = (f for f in re.findall(r"<form.*?</form>", client.get(page).text, re.DOTALL) if words in f)
    hidden = dict(re.findall(r'<input type="hidden" name="(kind)" value="([^"]*)"', form))
    return post(client, re.findall(r'action="([^"]+)"', form)[0], **hidden)


def away(stores: Stores, *logins: str, agency: str, state: str) -> None:
    """Let officers work in another installation than this one."""
    for login in logins:
        agencies.save_officer(stores, officer(stores, login, agency, state).officer, NOW, active=False)


def test_what_did_not_leave_about_a_request_says_why_and_is_sent_by_the_button_beside_it(
    login: Login, stores: Stores, case: str
) -> None:
    liaison = login(Role.LIAISON)
    agreement = agreed(stores)
    away(stores, "signs.ucg", agency="ucg", state="XB")
    page = asked(liaison, case, agreement)
    this, place = page.rpartition("/")[2], stores.post.partners(agency="ucg")[0]
    left = "did not leave by post"
    assert left not in liaison.get(page).text

    stores.post.forget("ucg")
    said(liaison, f"{page}/remind")
    said(liaison, f"{page}/message", text="Any news?")
    held = liaison.get(page).text
    assert (held.count(left), held.count("No address of ucg is pinned"), held.count("Send by post")) == (2, 2, 1)
    status, told = press(liaison, page, "Send by post")
    assert (status, "No address of ucg is pinned" in told, len(stores.post.items("tip"))) == (422, True, 1)
    stores.post.pin(place)
    assert "nothing stands in its way now" in liaison.get(page).text
    status, told = press(liaison, page, "Send by post")

    assert (status, "It is on its way" in told) == (200, True)
    assert [i.kind for i in stores.post.items("tip")] == [PostKind.REQUEST] * 3
    assert left not in liaison.get(page).text
    assert said(liaison, f"/packages/post/send/{this}", kind="request")[0] == 409


def test_a_return_and_its_withdrawal_leave_by_post_from_its_page(login: Login, stores: Stores, jpa: str) -> None:
    maker = login(Role.LIAISON, "ucg", "XB")
    supervisor = login(Role.SUPERVISOR, "ucg", "XB", Role.LIAISON)
    away(stores, "chief", agency="tip", state="XA")
    _, kept = post(maker, "/returns/new", jpa=jpa, period="all", do="draft")
    page = re.findall(r'action="(/returns/[0-9a-f]{32})/', kept)[0]
    post(supervisor, f"{page}/release")
    assert "Where the coordinator works in another installation, it goes by post" in maker.get(page).text

    _, sent = post(maker, f"{page}/send")
    _, withdrawn = post(supervisor, f"{page}/withdraw", reason="counted twice")
    kinds = [i.kind for i in stores.post.items("ucg")]
    take_back = re.findall(r'action="(/packages/post/[0-9a-f]{32})/take-back"', withdrawn)[0]
    post(supervisor, f"{take_back}/take-back")
    status, told = press(supervisor, page, "Send the withdrawal by post")

    assert "What the coordinator decides comes back by itself" in sent
    assert ("By post" in sent, "Send the withdrawal by post" in sent) == (True, False)
    assert "Send the withdrawal by post" in withdrawn
    assert kinds == [PostKind.DECISION, PostKind.RETURN]
    assert (status, "It is on its way" in told) == (200, True)
    assert [i.kind for i in stores.post.items("ucg")] == [PostKind.DECISION, *kinds]


@pytest.mark.usefixtures("jpa")
def test_a_decision_about_a_return_leaves_by_itself_and_again_by_its_button(login: Login, stores: Stores) -> None:
    coordinator = login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    body = foreign().partition(b"\n")[2]
    signed = sign_message(stores.agency_keys.signer("ucg"), "return", body).encode() + b"\n" + body
    away(stores, "prasert", agency="ucg", state="XB")
    _, received = post(coordinator, "/returns/receive", file=(io.BytesIO(signed), "return.jsonl"))
    this = re.findall(r"/returns/([0-9a-f]{32})", received)[0]
    page, button = f"/returns/{this}", "Send the decision by post"
    undecided = coordinator.get(page).text

    _, accepted = post(coordinator, f"{page}/accept")
    [item] = stores.post.items("tip")
    stores.post.forget("ucg")
    refused, why = press(coordinator, page, button)

    assert (button in undecided, button in accepted) == (False, True)
    assert (item.kind, item.partner, item.subject) == (PostKind.DECISION, "ucg", this)
    assert (refused, "No address of ucg is pinned" in why) == (422, True)
