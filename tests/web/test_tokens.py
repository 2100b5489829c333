"""The officer's own tokens: made once, shown once, listed without the secret, revoked, all in the log."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jpa.model.audit import AuditTag
from jpa.model.officer import Role
from jpa.services.installation import Installation
from tests.web.conftest import Login, token_of

PAGE = "/account/tokens/"


def make(client: FlaskClient, name: str = "border statistics", days: str = "90") -> str:
    made = client.post(PAGE, data={"name": name, "days": days, "csrf_token": token_of(client, PAGE)})
    assert made.status_code == 200, made.text
    found = re.search(r'value="(jpa_[\w-]+)"', made.text)
    assert found is not None
    return found[1]


def read(app: Flask, secret: str) -> int:
    return app.test_client().get("/api/v1/whoami", headers={"Authorization": f"Bearer {secret}"}).status_code


def test_a_token_is_shown_once_reads_and_stops_when_revoked(
    app: Flask, installation: Installation, login: Login
) -> None:
    client = login(Role.READ)

    secret = make(client)
    before = read(app, secret)
    listed = client.get(PAGE).text
    address = re.search(r'action="(/account/tokens/[0-9a-f]{32}/revoke)"', listed)
    assert address is not None
    client.post(address[1], data={"csrf_token": token_of(client, PAGE)})

    assert (before, read(app, secret)) == (200, 401)
    assert "border statistics" in listed
    assert secret not in listed
    assert "border statistics" not in client.get(PAGE).text
    account = installation.accounts.find("read.tip")
    assert account is not None
    events = installation.stores.audit.events(actor=account.id)
    about = {e.tag for e in events if e.object == address[1].split("/")[3] and e.outcome is not None}
    assert about == {AuditTag.TOKEN_CREATED, AuditTag.TOKEN_REVOKED}


def test_nobody_revokes_the_token_of_another(app: Flask, login: Login) -> None:
    owner, other = login(Role.READ), login(Role.LEAD)
    secret = make(owner)
    address = re.search(r'action="(/account/tokens/[0-9a-f]{32}/revoke)"', owner.get(PAGE).text)
    assert address is not None

    answer = other.post(address[1], data={"csrf_token": token_of(other, PAGE)})

    assert answer.status_code == 404
    assert read(app, secret) == 200


@pytest.mark.parametrize(
    ("name", "days", "field"),
    [
        ("", "90", "Name the program"),
        ("x" * 81, "90", "Name the program"),
        ("a\nb", "90", "Name the program"),
        ("a", "0", "number of days"),
        ("a", "366", "number of days"),
        ("a", "²", "number of days"),
        ("a", "", "number of days"),
    ],
)
def test_a_bad_token_form_names_the_field_and_makes_nothing(
    installation: Installation, login: Login, name: str, days: str, field: str
) -> None:
    client = login(Role.READ)

    answer = client.post(PAGE, data={"name": name, "days": days, "csrf_token": token_of(client, PAGE)})

    account = installation.accounts.find("read.tip")
    assert account is not None
    assert answer.status_code == 422
    assert field in answer.text
    assert installation.tokens.listed(account.id) == []
