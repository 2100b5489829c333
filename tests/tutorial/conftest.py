"""A new user's means: the command line and the pages, over the real stores."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from jpa.cli import main
from jpa.config import Settings
from jpa.model.case import Case
from jpa.model.officer import Role
from jpa.operations.tables import drafts
from jpa.services import agencies, cases
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW
from tests.web.conftest import PASSWORD, app, empty_accounts, token_of

__all__ = ["app"]

Run = Callable[..., Result]


@pytest.fixture
def lead(installation: Installation, stores: Stores) -> Ask:
    """The officer of the tutorial: leads a case, imports, judges and detects."""
    empty_accounts(installation)
    with installation.operations.writing() as connection:
        connection.execute(drafts.delete())
    account = installation.accounts.create(
        login="lead.tip", name="Supt. A. Rahman", agency="tip", state="XA", password=PASSWORD, at=NOW,
        roles=frozenset({Role.LEAD, Role.CONTRIBUTE, Role.ANALYST}),
    )  # fmt: skip
    agencies.save_officer(stores, account.officer, NOW, active=True)
    return Ask(account.officer, NOW)


@pytest.fixture
def case(stores: Stores, lead: Ask) -> Case:
    return cases.open_case(stores, lead, NewCase("T-2024-0117", "Selat crossing"))


@pytest.fixture
def jpa(settings: Settings) -> Run:
    """Run a command as at the prompt; what is typed at prompts comes after the password."""

    def run(*arguments: str, typed: str = "") -> Result:
        environment = {"JPA_HOME": str(settings.home), "JPA_DEMO": "1"}
        return CliRunner(env=environment).invoke(main, list(arguments), input=f"{PASSWORD}\n{typed}")

    return run


@pytest.fixture
def client(app: Flask, lead: Ask) -> FlaskClient:
    """A browser in which the officer is logged in."""
    made = app.test_client()
    answer = made.post("/login", data={"login": lead.officer.login, "password": PASSWORD, "csrf_token": token_of(made)})
    assert answer.status_code == 302, answer.text
    return made
