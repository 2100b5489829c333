"""Closed by default: the URL map is walked without log-in, as each role, and as an officer of another agency."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import cases, reports
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores
from jpa.web.gate import API, PUBLIC
from tests.web.conftest import PASSWORD, Login, token_of

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def address_of(rule: Rule, value: str) -> str:
    address: str = rule.build(dict.fromkeys(rule.arguments, value), append_unknown=False)[1]  # type: ignore[index]
    return address


def addresses(app: Flask, value: str) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in PUBLIC:
            yield rule, address_of(rule, value)


def test_no_route_answers_without_a_log_in(app: Flask) -> None:
    client = app.test_client()

    answers = {(r.endpoint, m): client.open(path, method=m) for r, path in addresses(app, "0" * 32) for m in METHODS}

    for which, answer in answers.items():
        assert answer.status_code in {302, 400, 401, 405}, which
        assert answer.status_code != 302 or answer.location.endswith("/login"), which


@pytest.mark.parametrize("role", list(Role))
def test_an_unknown_id_and_a_foreign_one_look_the_same_to_every_role(
    app: Flask, login: Login, stores: Stores, wulan: Ask, role: Role
) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Hidden"))
    secret = TypedRecord("1", "Person", {"name": ["Hidden Secretname"]})
    report = TypedReport(case.id, "Boarding report", "R", "2024", Grade("4x4", "A", "1"), Marking(), records=(secret,))
    record = reports.add_report(stores, wulan, report).records[0]
    client = login(role, "ucg", "XB")

    for rule, path in addresses(app, "0" * 32):
        if "GET" not in (rule.methods or ()):
            continue
        blank = client.get(path)
        assert "Secretname" not in blank.text, path
        for which in (case.id, record.id, record.report) if len(rule.arguments) > 0 else ():
            known = address_of(rule, which)
            seen = client.get(known)
            assert seen.status_code == blank.status_code, known
            assert "Secretname" not in seen.text, known


def test_a_request_without_its_token_changes_nothing(app: Flask, login: Login) -> None:
    client = login(Role.LEAD)

    for rule, path in addresses(app, "0" * 32):
        if "POST" in (rule.methods or ()):
            expected = 401 if path.startswith(API) else 400  # a program sends no cookie, so nothing can be forged
            assert client.post(path, data={}).status_code == expected, path
            assert client.post(path, data={"csrf_token": "forged"}).status_code == expected, path


def test_asking_for_the_head_of_a_form_sends_nothing(app: Flask, login: Login) -> None:
    officer = login(Role.READ)

    heads = app.test_client().head("/login"), officer.head("/account")

    assert [answer.status_code for answer in heads] == [200, 200]


def test_log_in_gives_a_new_session_and_log_out_kills_it(app: Flask, login: Login) -> None:
    planted = app.test_client()
    planted.get("/login")
    before = planted.get_cookie("jpa")
    client = login(Role.READ)
    cookie = client.get_cookie("jpa")
    assert cookie is not None
    assert before is not None
    assert cookie.value != before.value

    ended = client.post("/logout", data={"csrf_token": token_of(client, "/account")})
    client.set_cookie("jpa", cookie.value)
    assert ended.status_code == 302, ended.text

    assert client.get("/").location.endswith("/login")


def test_five_failures_lock_the_account_with_one_message_for_all(app: Flask, login: Login) -> None:
    login(Role.READ)
    client = app.test_client()
    texts = set()

    for name in ("read.tip", "nobody"):
        for _ in range(5):
            data = {"login": name, "password": "wrong", "csrf_token": token_of(client)}
            texts.add(client.post("/login", data=data).text.split('role="alert">')[1].split("<")[0])
    locked = client.post("/login", data={"login": "read.tip", "password": PASSWORD, "csrf_token": token_of(client)})

    assert len(texts) == 1
    assert locked.status_code == 401


def test_a_bad_field_gets_its_name_and_cure_and_keeps_what_was_typed(login: Login) -> None:
    client: FlaskClient = login(Role.LEAD)

    answer = client.post(
        "/cases/new", data={"number": "", "title": "Kept", "csrf_token": token_of(client, "/cases/new")}
    )

    assert answer.status_code == 422
    assert "Enter the case number" in answer.text
    assert 'value="Kept"' in answer.text
