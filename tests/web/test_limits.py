"""Too many requests get 429 in the usual form, counted in each process; the setting switches it off."""

from dataclasses import replace

import pytest
from flask import Flask

from jpa.model.officer import Role
from jpa.services.installation import Installation
from jpa.web import create_app, limits
from tests.web.conftest import Bearer, Login, token_of


@pytest.fixture
def limited(installation: Installation) -> Flask:
    made = create_app(replace(installation, settings=installation.settings.model_copy(update={"ratelimit": True})))
    made.testing = False
    return made


def most(limit: str) -> int:
    return int(limit.split(maxsplit=1)[0])


def test_guessing_names_and_passwords_ends_after_the_limit(limited: Flask, login: Login) -> None:  # noqa: ARG001 -- empties the accounts
    client = limited.test_client()
    data = {"login": "", "password": "", "csrf_token": token_of(client)}
    forms = [client.get("/login").status_code for _ in range(most(limits.LOG_IN) + 1)]

    answers = [client.post("/login", data={**data, "login": f"nobody{i}"}) for i in range(most(limits.LOG_IN) + 1)]

    assert set(forms) == {200}
    assert [a.status_code for a in answers] == [401] * most(limits.LOG_IN) + [429]
    assert "Too many requests" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_token_that_asks_too_often_waits_while_another_reads_on(limited: Flask, bearer: Bearer) -> None:
    one, other = [bearer(role)[0].environ_base["HTTP_AUTHORIZATION"] for role in (Role.READ, Role.LEAD)]
    client = limited.test_client()

    answers = [client.get("/api/v1/whoami", headers={"Authorization": one}) for _ in range(most(limits.API))]
    refused = client.get("/api/v1/catalogue", headers={"Authorization": one})
    unbothered = client.get("/api/v1/catalogue", headers={"Authorization": other})

    assert {a.status_code for a in answers} == {200}
    assert refused.status_code == 429
    assert refused.json == {"message": "Too many requests. Wait a minute and try again.", "fields": {}}
    assert int(refused.headers["Retry-After"]) > 0
    assert unbothered.status_code == 200


def test_searching_has_a_limit_of_its_own(limited: Flask, bearer: Bearer) -> None:
    sent = {"Authorization": bearer(Role.READ)[0].environ_base["HTTP_AUTHORIZATION"]}
    client = limited.test_client()

    answers = [client.post("/api/v1/search", json={"words": ""}, headers=sent) for _ in range(most(limits.SEARCH))]
    answers.append(client.post("/api/v1/search", json={"words": "rahim"}, headers=sent))

    assert answers[-1].status_code == 429
    assert client.get("/api/v1/whoami", headers=sent).status_code == 200


def test_every_limited_endpoint_stands_on_the_app(limited: Flask) -> None:
    assert set(limits.SEARCHES) <= set(limited.view_functions)


def test_without_the_setting_nothing_is_counted(app: Flask) -> None:
    client = app.test_client()

    answers = {client.post("/login", data={}).headers.get("X-RateLimit-Limit") for _ in range(3)}

    assert answers == {None}
