"""A client per role over the real stores."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jpa.model.officer import Role
from jpa.operations.tables import accounts, failures, sessions
from jpa.services import agencies
from jpa.services.installation import Installation
from jpa.services.stores import Stores
from jpa.web import create_app
from tests.conftest import NOW

PASSWORD = "correct horse battery staple"
Login = Callable[..., FlaskClient]


@pytest.fixture(scope="session")
def app(installation: Installation) -> Flask:
    made = create_app(installation)
    made.testing = False  # errors are answered as in production
    return made


@pytest.fixture
def login(app: Flask, installation: Installation, stores: Stores) -> Login:
    with installation.operations.writing() as connection:
        for table in (sessions, failures, accounts):
            connection.execute(table.delete())

    def as_role(role: Role, agency: str = "tip", state: str = "XA", *more: Role) -> FlaskClient:
        account = installation.accounts.create(
            login=f"{role.value}.{agency}", name=role.value.title(), agency=agency, state=state,
            roles=frozenset({role, *more}), password=PASSWORD, at=NOW + timedelta(seconds=len(role.value)),
        )  # fmt: skip
        agencies.save_officer(stores, account.officer, NOW, active=True)
        client = app.test_client()
        answer = client.post(
            "/login", data={"login": account.login, "password": PASSWORD, "csrf_token": token_of(client)}
        )
        assert answer.status_code == 302, answer.text
        return client

    return as_role


def token_of(client: FlaskClient, path: str = "/login") -> str:
    """Read the CSRF token out of a page."""
    page = client.get(path).text
    return page.split('name="csrf_token" value="')[1].split('"')[0]
