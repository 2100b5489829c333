"""Outside the demo: the first password is changed, a second factor is set up, and each of its codes is good once."""

import time
from dataclasses import replace

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from jpa.model.account import Account
from jpa.model.officer import Role
from jpa.operations.accounts import Accounts
from jpa.services import agencies
from jpa.services.installation import Installation
from jpa.services.stores import Stores
from jpa.web import create_app
from tests.conftest import NOW
from tests.web.conftest import PASSWORD, empty_accounts, token_of

OWN = "seven brown boats under the moon"


@pytest.fixture
def strict(installation: Installation, stores: Stores) -> Installation:
    """The same stores, served outside the demo."""
    empty_accounts(installation)
    settings = installation.settings.model_copy(update={"demo": False})
    return replace(
        installation,
        settings=settings,
        stores=replace(stores, settings=settings),
        accounts=Accounts(installation.operations, installation.keys, totp_required=True),
    )


@pytest.fixture
def app(strict: Installation) -> Flask:
    made = create_app(strict)
    made.testing = False  # errors are answered as in production
    return made


@pytest.fixture
def account(strict: Installation) -> Account:
    made = strict.accounts.create(
        login="lead.tip", name="Lead", agency="tip", state="XA", roles=frozenset({Role.LEAD}), password=PASSWORD, at=NOW
    )
    agencies.save_officer(strict.stores, made.officer, NOW, active=True)
    return made


def logged_in(app: Flask, password: str, code: str = "") -> tuple[FlaskClient, int]:
    client = app.test_client()
    data = {"login": "lead.tip", "password": password, "code": code, "csrf_token": token_of(client)}
    return client, client.post("/login", data=data).status_code


def changed(client: FlaskClient, old: str, new: str) -> int:
    data = {"old": old, "password": new, "csrf_token": token_of(client, "/account")}
    return client.post("/account", data=data).status_code


def enrolled(client: FlaskClient) -> tuple[pyotp.TOTP, str]:
    """Set up the second factor; returns it and the code that was used up."""
    totp = pyotp.TOTP(client.get("/account/factor").text.split("<code>")[1].split("<")[0])
    code = totp.now()
    data = {"code": code, "csrf_token": token_of(client, "/account/factor")}
    answer = client.post("/account/factor", data=data)
    assert answer.status_code == 302, answer.text
    return totp, code


def test_a_first_log_in_leads_through_password_and_second_factor_before_anything_else(
    app: Flask, strict: Installation, account: Account
) -> None:
    client, status = logged_in(app, PASSWORD)
    led_first = [client.get(path).location for path in ("/", "/cases", "/account/factor")]
    told = client.get("/account").text

    assert changed(client, PASSWORD, OWN) == 302
    led_next = client.get("/").location
    after_change = strict.accounts.get(account.id)
    enrolled(client)

    assert account.must_change
    assert status == 302
    assert led_first[:2] == ["/account", "/account"]
    assert "Choose one that only you know" in told
    assert led_next == "/account/factor"
    assert after_change is not None
    assert not after_change.must_change
    assert client.get("/").status_code == 200
    assert "Choose one that only you know" not in client.get("/account").text


def test_the_first_password_cannot_be_kept(app: Flask, strict: Installation, account: Account) -> None:
    client, _ = logged_in(app, PASSWORD)

    status = changed(client, PASSWORD, PASSWORD)

    kept = strict.accounts.get(account.id)
    assert status == 422
    assert kept is not None
    assert kept.must_change


@pytest.mark.usefixtures("account")
def test_a_log_in_asks_for_a_code_and_takes_each_one_once(app: Flask) -> None:
    client, _ = logged_in(app, PASSWORD)
    changed(client, PASSWORD, OWN)
    totp, used = enrolled(client)
    fresh = totp.at(int(time.time()) + 30)  # the next one, so that nobody has to wait for it

    tries = [logged_in(app, OWN, code) for code in ("", used, fresh, fresh)]

    assert [status for _, status in tries] == [401, 401, 302, 401]
    assert tries[2][0].get("/").status_code == 200


@pytest.mark.usefixtures("account")
def test_a_wrong_code_sets_nothing_up(app: Flask, strict: Installation) -> None:
    client, _ = logged_in(app, PASSWORD)
    changed(client, PASSWORD, OWN)
    secret = client.get("/account/factor").text.split("<code>")[1].split("<")[0]
    right = {pyotp.TOTP(secret).now(), "000000"}
    wrong = next(c for c in ("111111", "222222", "333333") if c not in right)

    answer = client.post("/account/factor", data={"code": wrong, "csrf_token": token_of(client, "/account/factor")})

    found = strict.accounts.find("lead.tip")
    assert answer.status_code == 422
    assert found is not None
    assert not found.has_totp
    assert client.get("/").location == "/account/factor"
