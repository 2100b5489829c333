"""Blind questions and planned actions through the browser's requests: asking, both logs, references, collisions, refusals."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from jpa.model.officer import Role
from jpa.services import agencies
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer
from tests.integration.services.test_blind_post import emptied, introduced
from tests.integration.services.test_plan_post import At, at, carry_all, held, posted
from tests.integration.services.test_planned import RAID, THEIRS
from tests.partners import PURPOSE, agreed, person, said
from tests.web.conftest import Login, token_of
from tests.web.test_post import run

__all__ = ["at", "run"]

ASKED = {
    "type": "Person",
    "name": "Rohim Uddin",
    "birthDate": "1986",
    "partner": "ucg",
    "purpose": PURPOSE,
    "about": "T-17",
}


def post(client: FlaskClient, path: str, **data: object) -> tuple[int, str]:
    answer = client.post(path, data={**data, "csrf_token": token_of(client, "/account")}, follow_redirects=True)
    return answer.status_code, answer.text


@pytest.fixture
def record(stores: Stores, prasert: Ask) -> str:
    agreed(stores, end=f"{datetime.now(UTC).year + 1}-12-31")
    return said(stores, prasert, "U-1", person("Rahim Uddin")).records[0].id


def test_a_hit_points_to_a_desk_and_the_other_side_finds_its_record(login: Login, record: str) -> None:
    liaison, desk = login(Role.LIAISON), login(Role.LIAISON, "ucg", "XB")
    assert "Ask the first question" in liaison.get("/blind/").text
    form = liaison.get("/blind/new").text
    assert "Utara Coast Guard" in form
    assert 'name="imoNumber"' in liaison.get("/blind/new?type=Vessel").text

    status, told = post(liaison, "/blind/new", **ASKED)
    _, none = post(liaison, "/blind/new", **{**ASKED, "name": "Nobody Known"})
    [reference] = (
        re.findall(r"reference</?[^<]*<code>([a-z2-9]{10})</code>", told)
        or re.findall(r"<code>([a-z2-9]{10})</code>", told)[:1]
    )
    [page] = set(re.findall(r'href="(/blind/[0-9a-f]{32})"', desk.get("/blind/").text)[1:])
    other = desk.get(page).text

    assert status == 200
    assert "ask Utara Coast Guard" in told
    assert "Rahim" not in told
    assert "No hit." in none
    assert "T-17" in liaison.get("/blind/").text
    assert "T-17" not in desk.get("/blind/").text + other
    assert reference in other
    assert "In a case that you are not on" in other
    assert "Rahim" not in other
    assert "You may read no record" in desk.get(f"{page}?reference={reference}").text
    assert record not in other + told
    for start in (liaison.get("/").text, desk.get("/").text):
        assert "Hits between desks" in start
        assert page in start


def test_another_agency_s_questions_are_not_found_and_roles_are_kept(login: Login, record: str) -> None:
    liaison = login(Role.LIAISON)
    post(liaison, "/blind/new", **ASKED)
    [page] = set(re.findall(r'href="(/blind/[0-9a-f]{32})"', liaison.get("/blind/").text))
    third, analyst, supervisor = login(Role.LIAISON, "xyz", "XC"), login(Role.ANALYST), login(Role.SUPERVISOR)

    assert len(record) == 32
    assert third.get(page).status_code == third.get("/blind/" + "0" * 32).status_code == 404
    assert analyst.get(page).status_code == analyst.get("/blind/").status_code == 403
    assert (supervisor.get(page).status_code, supervisor.get("/blind/new").status_code) == (200, 403)
    assert post(supervisor, "/blind/new", **ASKED)[0] == 403


def test_a_wrong_question_keeps_what_was_typed_and_names_the_field(login: Login, record: str) -> None:
    liaison = login(Role.LIAISON)
    assert len(record) == 32

    status, page = post(liaison, "/blind/new", **{**ASKED, "birthDate": "", "about": ""})

    assert status == 422
    assert 'value="Rohim Uddin"' in page
    assert "year of birth" in page
    assert "Give your own reference" in page
    assert post(liaison, "/blind/new", **{**ASKED, "type": "Nothing"})[0] == 422
    assert post(liaison, "/blind/new", **{**ASKED, "partner": "nobody"})[0] == 422


def test_without_an_agreement_the_pages_say_what_to_do(login: Login) -> None:
    liaison = login(Role.LIAISON)

    assert "Have one signed" in liaison.get("/blind/new").text
    assert "Have one signed" in liaison.get("/planned/new").text
    assert "Post the first one" in liaison.get("/planned/").text
    status, page = post(liaison, "/blind/new", **ASKED)
    assert status == 422
    assert "There is no agreement with Utara Coast Guard" in page


def test_a_question_begins_at_the_page_of_a_thing(login: Login, record: str, stores: Stores, wulan: Ask) -> None:
    mine = said(stores, wulan, "T-1", person("Karim Wong")).records[0].id
    liaison = login(Role.LIAISON)

    assert liaison.get(f"/blind/new?record={mine}").status_code == 404
    assert liaison.get(f"/blind/new?record={record}").status_code == 404
    assert liaison.get("/blind/new?record=nothing").status_code == 404


def test_plans_that_meet_are_told_to_both_desks_and_withdrawn(login: Login, record: str) -> None:
    tip, ucg, analyst = login(Role.LIAISON), login(Role.LEAD, "ucg", "XB"), login(Role.ANALYST)
    day = date.today() + timedelta(days=3)  # noqa: DTZ011 -- any day ahead will do
    raid = {
        "kind": "arrest",
        "purpose": PURPOSE,
        "about": "Op North",
        "start": day.isoformat(),
        "name": "Rahim Uddin",
        "born": "1987",
    }
    assert len(record) == 32

    _, alone = post(tip, "/planned/new", **raid)
    _, met = post(ucg, "/planned/new", **{**raid, "about": "Op South", "kind": "search", "name": "Rohim Uddin"})
    seen = tip.get("/planned/").text
    [plan] = re.findall(r'action="(/planned/[0-9a-f]{32})/withdraw"', seen)

    assert "It meets no other plan here now" in alone
    assert "telephone before you act" in met
    assert "Tenggara Immigration Police" in met
    assert "Utara Coast Guard" in seen
    assert "Plans that meet yours" in tip.get("/").text
    assert "Op South" not in seen
    assert "search" not in seen.split("t-met")[1].split("</table>")[0]
    assert post(ucg, f"{plan}/withdraw")[0] == 404
    assert "withdrawn" in post(tip, f"{plan}/withdraw")[1]
    assert post(tip, f"{plan}/withdraw")[0] == 409
    assert analyst.get("/planned/").status_code == 403
    assert post(tip, "/planned/new", **{**raid, "start": "soon"})[0] == 422


def test_a_partner_of_another_installation_is_asked_by_post_from_the_same_page(
    login: Login, installation: Installation, stores: Stores
) -> None:
    agreed(stores, end=f"{datetime.now(UTC).year + 1}-12-31")
    introduced(installation, stores)
    agencies.save_officer(stores, officer(stores, "signs.ucg", "ucg", "XB").officer, NOW, active=False)
    liaison = login(Role.LIAISON)

    form = liaison.get("/blind/new").text
    status, told = post(liaison, "/blind/new", **ASKED)
    sent = liaison.get("/packages/post/").text

    assert "Utara Coast Guard" in form
    assert "by post" in form
    assert (status, "1 question is on its way" in told, "waits for the answer" in told) == (200, True, True)
    assert "you asked by post" in told
    [line] = set(re.findall(r'href="(/blind/[0-9a-f]{32})"', liaison.get("/blind/").text))
    emptied(installation)
    assert f'href="{line}">blind question</a>' in sent
    assert "Rohim" not in sent + told


def test_the_page_says_who_elsewhere_was_asked_and_what_to_do_about_the_rest(
    login: Login, installation: Installation, stores: Stores, run: Callable[..., tuple[int, str]]
) -> None:
    agreed(stores, end=f"{datetime.now(UTC).year + 1}-12-31")
    introduced(installation, stores)
    agencies.save_officer(stores, officer(stores, "signs.ucg", "ucg", "XB").officer, NOW, active=False)
    liaison, lead, other = login(Role.LIAISON), login(Role.LEAD), login(Role.LIAISON, "xyz", "XC")
    day = date.today() + timedelta(days=3)  # noqa: DTZ011 -- any day ahead will do
    raid = {"kind": "arrest", "purpose": PURPOSE, "start": day.isoformat(), "name": "Rahim Uddin", "born": "1987"}
    assert "No partner elsewhere asked" in liaison.get("/planned/").text
    assert "Asked by partners elsewhere" not in lead.get("/planned/").text
    assert "By post, with partners elsewhere: Utara Coast Guard" in liaison.get("/planned/new").text

    _, sent = post(liaison, "/planned/new", **raid, about="Op North")
    box = liaison.get("/packages/post/").text
    [item] = re.findall(r'action="(/packages/post/[0-9a-f]{32})/take-back"', box)
    post(liaison, f"{item}/take-back")
    taken = liaison.get("/planned/").text
    [again] = re.findall(r'action="(/planned/[0-9a-f]{32}/ask)"', taken)
    status, asked = post(liaison, again)
    terms = ("--officer", "liaison.tip", "planned action", again.split("/")[2])
    nobody = run("send", *terms)
    [item] = re.findall(r'action="(/packages/post/[0-9a-f]{32})/take-back"', liaison.get("/packages/post/").text)
    post(liaison, f"{item}/take-back")
    by_command = run("send", *terms)
    [card] = stores.post.partners(agency="ucg")
    stores.post.forget(card.key)
    _, unpinned = post(liaison, "/planned/new", **raid, about="Op South")
    emptied(installation)

    assert "asked of 1 partner elsewhere, 0 answered" in sent
    assert 'href="/planned/">planned action</a>' in box
    assert "Rahim" not in box + sent + unpinned
    assert "the question was taken back from the post" in taken
    assert (status, "1 question is on its way" in asked) == (200, True)
    assert (nobody[0], "that can be reached was asked" in nobody[1]) == (1, True)
    assert (by_command[0], "planned action for ucg" in by_command[1]) == (0, True)
    assert "asked of 1 partner elsewhere, 0 answered" in asked
    assert "not asked, because its post card or card of keys is not pinned" in unpinned
    assert post(other, again)[0] == 404
    assert post(lead, again)[0] == 404


def test_a_plan_met_on_another_installation_stands_beside_those_met_here(login: Login, stores: Stores, at: At) -> None:
    held(stores, at, "ucg", THEIRS)
    posted(stores, at, "tip", RAID)
    carry_all(stores, at)
    at("tip")
    liaison = login(Role.LIAISON)

    page, start = liaison.get("/planned/").text, liaison.get("/").text
    met = page.split("t-met")[1].split("</table>")[0]

    assert "Utara Coast Guard" in met
    assert ">elsewhere<" in met
    assert re.findall(r"<code>([a-z2-9]{10})</code>", met)[0] in start
    assert "asked of 1 partner elsewhere, 1 answered" in page
    assert "surveillance" not in page
