"""Administration: agencies, officers, the log; right and wrong roles, messages, forged requests."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from jpa.model.audit import AuditTag, Outcome
from jpa.model.officer import Role
from jpa.services.installation import Installation
from tests.web.conftest import Login, id_of, post

OFFICER: dict[str, Any] = {"login": "dewi.tip", "name": "Insp. Dewi", "agency": "tip", "roles": ["contribute", "lead"]}


def password_on(page: TestResponse) -> str:
    return html.unescape(re.findall(r'id="password">([^<]+)<', page.text)[0])


ADMINISTRATION = (
    "/administration/officers",
    "/administration/officers/new",
    "/administration/agencies/new",
    "/jpas/new",
)
DIRECTORY = ("/administration/agencies", "/administration/states", "/jpas/")


def test_an_administrator_opens_every_page_of_administration(login: Login, installation: Installation) -> None:
    client = login(Role.ADMINISTRATOR)
    own = f"/administration/officers/{id_of(installation, 'administrator.tip')}"

    for path in (*ADMINISTRATION, *DIRECTORY, own, "/administration/agencies/tip"):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMINISTRATOR])
def test_other_roles_open_none_of_it_but_the_directory(login: Login, installation: Installation, role: Role) -> None:
    client = login(role)
    own = f"/administration/officers/{id_of(installation, f'{role.value}.tip')}"

    for path in (*ADMINISTRATION, own, f"/administration/officers/{'0' * 32}", "/administration/agencies/tip"):
        assert client.get(path).status_code == 403, path
    for act in ("disable", "enable", "release", "password", "factor"):
        assert post(client, f"{own}/{act}", page="/account").status_code == 403, act
    for path in DIRECTORY:
        answer = client.get(path)
        assert answer.status_code == (403 if role is Role.AUDITOR else 200), path
        assert "Add a" not in answer.text


def test_a_denied_page_is_told_to_the_auditor(login: Login) -> None:
    login(Role.LEAD).get("/administration/officers")

    page = login(Role.AUDITOR).get("/").text

    assert "access:denied" in page
    assert "admin.officers" in page


def test_an_administrator_makes_an_agency_and_is_told_what_is_wrong_with_one(login: Login) -> None:
    client = login(Role.ADMINISTRATOR)
    path = "/administration/agencies/new"

    wrong = post(client, path, id="?", name="Kept name", state="DE", desk="")
    made = post(client, path, id="rtp", name="Royal Police", state="TH", desk="desk 4")
    changed = post(client, "/administration/agencies/rtp", name="Royal Police Bureau", desk="desk 5")
    nameless = post(client, "/administration/agencies/rtp", name="", desk="")

    assert (wrong.status_code, made.status_code, changed.status_code, nameless.status_code) == (422, 302, 302, 422)
    assert "Enter a short id of 2 to 32 small letters" in wrong.text
    assert "Choose the state that the agency belongs to" in wrong.text
    assert 'value="Kept name"' in wrong.text
    assert "Enter the agency&#39;s name" in nameless.text
    listed = client.get("/administration/states").text
    assert "Royal Police Bureau" in listed
    assert "desk 5" in listed


def test_a_new_officer_gets_a_password_shown_once_and_must_choose_another(
    app: Flask, login: Login, installation: Installation
) -> None:
    client = login(Role.ADMINISTRATOR)

    shown = post(client, "/administration/officers/new", **OFFICER)
    password = password_on(shown)
    later = client.get(f"/administration/officers/{id_of(installation, 'dewi.tip')}").text
    fresh = app.test_client()
    entered = post(fresh, "/login", "/login", login="dewi.tip", password=password)
    held = fresh.get("/cases/")
    changed = post(fresh, "/account", old=password, password="four quite unrelated words")

    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.text.count(password) == 1
    assert password not in later
    assert entered.status_code == 302
    assert held.location.endswith("/account")
    assert changed.status_code == 302
    assert fresh.get("/cases/").status_code == 200


def test_a_new_officer_is_refused_by_field_with_what_was_typed_kept(login: Login, installation: Installation) -> None:
    client = login(Role.ADMINISTRATOR)

    wrong = post(client, "/administration/officers/new", login="x", name="Kept name", agency="none", roles=["emperor"])
    taken = post(client, "/administration/officers/new", **{**OFFICER, "login": "administrator.tip"})

    assert (wrong.status_code, taken.status_code) == (422, 422)
    for text in ("Enter a log-in name of 3 to 80", "Choose one of the agencies", "Choose at least one role"):
        assert text in wrong.text, text
    assert 'value="Kept name"' in wrong.text
    assert "is taken by another officer" in taken.text
    assert len(installation.accounts.listed()) == 1


def test_disabling_ends_the_session_on_the_next_request_and_enabling_lets_in_again(
    login: Login, installation: Installation
) -> None:
    victim, client = login(Role.LEAD), login(Role.ADMINISTRATOR)
    path = f"/administration/officers/{id_of(installation, 'lead.tip')}"
    assert victim.get("/cases/").status_code == 200
    assert "end at once" in client.get(path).text

    disabled = post(client, f"{path}/disable", page=path)
    seen = victim.get("/cases/")
    enabled = post(client, f"{path}/enable", page=path)

    assert disabled.status_code == enabled.status_code == 302
    assert seen.location.endswith("/login")
    assert victim.get("/cases/").location.endswith("/login")
    assert not installation.accounts.known(id_of(installation, "lead.tip")).disabled


def test_a_changed_role_holds_from_the_next_request_on(login: Login, installation: Installation) -> None:
    other, client = login(Role.READ), login(Role.ADMINISTRATOR)
    path = f"/administration/officers/{id_of(installation, 'read.tip')}"
    assert other.get("/cases/new").status_code == 200
    before = post(other, "/cases/new", number="T-1", title="Selat").status_code

    saved = post(client, path, name="Supt. Read", roles=["lead"])
    roleless = post(client, path, name="", roles=[])

    assert (before, saved.status_code, roleless.status_code) == (403, 302, 422)
    assert post(other, "/cases/new", number="T-1", title="Selat").status_code == 302
    assert "Choose at least one role" in roleless.text
    assert installation.accounts.known(id_of(installation, "read.tip")).name == "Supt. Read"


def test_a_reset_shows_one_password_and_ends_the_session(app: Flask, login: Login, installation: Installation) -> None:
    other, client = login(Role.LEAD), login(Role.ADMINISTRATOR)
    path = f"/administration/officers/{id_of(installation, 'lead.tip')}"

    shown = post(client, f"{path}/password", page=path)
    password = password_on(shown)

    assert shown.text.count(password) == 1
    assert password not in client.get(path).text
    assert other.get("/cases/").location.endswith("/login")
    assert post(app.test_client(), "/login", "/login", login="lead.tip", password=password).status_code == 302
    assert post(client, f"{path}/factor", page=path).status_code == 302


def test_a_locked_officer_is_shown_at_the_start_and_released(
    app: Flask, login: Login, installation: Installation
) -> None:
    login(Role.LEAD)
    client = login(Role.ADMINISTRATOR)
    for _ in range(5):
        post(app.test_client(), "/login", "/login", login="lead.tip", password="wrong")
    before = client.get("/").text

    released = post(client, f"/administration/officers/{id_of(installation, 'lead.tip')}/release", page="/")

    assert "Release" in before
    assert released.status_code == 302
    assert "Nobody is locked out" in client.get("/").text


def test_an_administrator_neither_demotes_nor_disables_nor_resets_themself(
    login: Login, installation: Installation
) -> None:
    client = login(Role.ADMINISTRATOR)
    path = f"/administration/officers/{id_of(installation, 'administrator.tip')}"

    demoted = post(client, path, name="Me", roles=["read"])
    answers = [post(client, f"{path}/{act}", page=path) for act in ("disable", "password", "factor")]

    assert demoted.status_code == 422
    assert "cannot take the administrator&#39;s role from yourself" in demoted.text
    assert [a.status_code for a in answers] == [409, 409, 409]
    assert "You cannot disable yourself" in answers[0].text
    assert client.get("/administration/officers").status_code == 200


def test_a_forged_request_changes_nothing(login: Login, installation: Installation) -> None:
    login(Role.LEAD)
    client = login(Role.ADMINISTRATOR)
    path = f"/administration/officers/{id_of(installation, 'lead.tip')}"
    before = installation.accounts.listed()

    for target in (path, *(f"{path}/{a}" for a in ("disable", "password", "factor")), "/jpas/new"):
        assert client.post(target, data={"number": "7", "name": "JPA 7", "csrf_token": "forged"}).status_code == 400, (
            target
        )

    assert installation.accounts.listed() == before
    assert "No joint period yet" in client.get("/jpas/").text


def test_officers_are_found_by_words_that_stand_in_no_address(login: Login) -> None:
    login(Role.LEAD)
    login(Role.READ, "ucg", "XB")
    client = login(Role.ADMINISTRATOR)
    path = "/administration/officers"

    by_word = post(client, path, words="LEAD").text
    nobody = post(client, path, words="nobody").text
    by_agency = client.get(f"{path}?agency=ucg").text

    assert ("lead.tip" in by_word, "read.ucg" in by_word) == (True, False)
    assert ("lead.tip" in by_agency, "read.ucg" in by_agency) == (False, True)
    assert "No officer found" in nobody


def test_the_log_shows_a_row_for_each_act_and_keeps_its_filters_on_older_pages(
    login: Login, installation: Installation
) -> None:
    auditor = login(Role.AUDITOR)
    log, at = installation.stores.audit, datetime(2026, 11, 24, 10, tzinfo=UTC)
    left = log.intend(AuditTag.CASE_READ, None, at=at, object="f" * 32)
    for _ in range(120):
        with log.act(AuditTag.CASE_READ, None, at=at, object="f" * 32):
            pass

    page = auditor.get("/audit", query_string={"object": "f" * 32}).text
    older = page.split('<a href="/audit?before=')[1].split('"')[0]
    rest = auditor.get(f"/audit?before={older}".replace("&amp;", "&")).text

    assert page.count("<tr>") - 1 == 100
    assert page.count('<span class="tag good">done</span>') == 100
    assert " ms</td>" in page
    assert "object=" + "f" * 32 in older
    assert rest.count("<tr>") - 1 == 21
    assert rest.count("no outcome: under way or cut short") == 1
    log.conclude(left, None, Outcome.UNKNOWN, {}, at)
