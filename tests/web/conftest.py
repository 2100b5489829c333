"""A client per role over the real stores."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jpa.jobs.worker import Worker
from jpa.model.account import Account
from jpa.model.job import Job, JobKind
from jpa.model.officer import Role
from jpa.operations.tables import accounts, failures, jobs, sessions, tokens
from jpa.services import agencies
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.services.tokens import make_token
from jpa.web import create_app
from tests.conftest import NOW

PASSWORD = "correct horse battery staple"
Login = Callable[..., FlaskClient]
Bearer = Callable[..., tuple[FlaskClient, Ask]]


def asking(installation: Installation, login: str) -> Ask:
    """Ask as the officer of a log-in."""
    account = installation.accounts.find(login)
    assert account is not None
    return Ask(account.officer, NOW)


def id_of(installation: Installation, login: str) -> str:
    """Return the id of the officer of a log-in."""
    return asking(installation, login).officer.id


def post(client: FlaskClient, path: str, page: str = "/account", **typed: str | list[str]) -> TestResponse:
    """Send a form with the token of a page that the client may open."""
    return client.post(path, data={**typed, "csrf_token": token_of(client, page)})


@pytest.fixture(scope="session")
def app(installation: Installation) -> Flask:
    made = create_app(installation)
    made.testing = False  # errors are answered as in production
    return made


@pytest.fixture
def login(app: Flask, installation: Installation, stores: Stores) -> Login:
    return logins(app, installation, stores)


def logins(app: Flask, installation: Installation, stores: Stores) -> Login:
    """Forget all log-ins; what is returned makes an account of a role and logs it in."""
    empty_accounts(installation)

    def as_role(role: Role, agency: str = "tip", state: str = "XA", *more: Role) -> FlaskClient:
        account = account_of(installation, stores, role, agency, state, *more)
        client = app.test_client()
        answer = client.post(
            "/login", data={"login": account.login, "password": PASSWORD, "csrf_token": token_of(client)}
        )
        assert answer.status_code == 302, answer.text
        return client

    return as_role


@pytest.fixture
def bearer(app: Flask, installation: Installation, stores: Stores) -> Bearer:
    empty_accounts(installation)

    def as_role(role: Role, agency: str = "tip", state: str = "XA", *more: Role) -> tuple[FlaskClient, Ask]:
        account = account_of(installation, stores, role, agency, state, *more)
        asked = Ask(account.officer, datetime.now(UTC), "api: figures")
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(installation, asked, 'figures', '30').secret}"
        return client, asked

    return as_role


def empty_accounts(installation: Installation) -> None:
    """Forget all log-ins, and what they asked of the worker."""
    with installation.operations.writing() as connection:
        for table in (jobs, sessions, failures, tokens, accounts):
            connection.execute(table.delete())


def account_of(installation: Installation, stores: Stores, role: Role, agency: str, state: str, *more: Role) -> Account:
    """Make an account that may act."""
    account = installation.accounts.create(
        login=f"{role.value}.{agency}", name=role.value.title(), agency=agency, state=state,
        roles=frozenset({role, *more}), password=PASSWORD, at=NOW + timedelta(seconds=len(role.value)),
    )  # fmt: skip
    agencies.save_officer(stores, account.officer, NOW, active=True)
    return account


def worked(installation: Installation, kind: JobKind) -> Job:
    """Let the worker do the one job of a kind that waits, here and now, and return how it ended."""
    (job,) = (j for j in installation.stores.jobs.waiting() if j.kind is kind)
    Worker(installation)._try(job.id, last=True)
    done = installation.stores.jobs.get(job.id)
    assert done is not None
    return done


def token_of(client: FlaskClient, path: str = "/login") -> str:
    """Read the CSRF token out of a page."""
    page = client.get(path).text
    return page.split('name="csrf_token" value="')[1].split('"')[0]
