"""Who asks in the benchmarks of pages: officers of a throw-away installation, and a client that is logged in as one of them."""

from datetime import UTC, datetime
from typing import Final

from flask.testing import FlaskClient

from jpa.model.officer import Role
from jpa.services import agencies
from jpa.services.installation import Installation
from jpa.services.stores import Ask
from jpa.web import create_app

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD: Final = "correct horse battery staple"  # noqa: S105 -- of a throw-away home


def officer(here: Installation, login: str, agency: str, state: str, *roles: Role) -> Ask:
    """Make a log-in of an agency that stands in the graph already; returns it as one who asks."""
    account = here.accounts.create(
        login=login, name=login.title(), agency=agency, state=state, password=PASSWORD, at=NOW, roles=frozenset(roles)
    )
    agencies.save_officer(here.stores, account.officer, NOW, active=True)
    return Ask(account.officer, NOW)


def logged_in(here: Installation, login: str) -> FlaskClient:
    """Log an officer in, as a browser does."""
    client = create_app(here).test_client()
    client.post("/login", data={"login": login, "password": PASSWORD, "csrf_token": token_of(client, "/login")})
    return client


def token_of(client: FlaskClient, page: str) -> str:
    """Read the token that a page's forms carry."""
    return client.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]
