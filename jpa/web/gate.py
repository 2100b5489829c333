"""Closed by default: whatever is not listed here needs a log-in. A test walks the URL map."""

from datetime import UTC, datetime
from typing import Final

from flask import Flask, current_app, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from jpa.errors import AuthenticationError
from jpa.operations.accounts import Account
from jpa.services.installation import Installation
from jpa.services.stores import Ask

PUBLIC: Final = frozenset({"static", "auth.login", "auth.health"})
"""Endpoints that answer without a log-in."""

UNFINISHED: Final = frozenset({"auth.logout", "auth.password", "auth.factor"})
"""What an officer may reach who still has to change a first password or set up the second factor."""


class User(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """The logged-in account as Flask-Login wants it."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.id = account.id


def init(app: Flask) -> None:
    """Put the gate in front of every route."""
    manager = LoginManager(app)
    manager.session_protection = None  # sessions are ours: random, server-side, ended on disabling

    @manager.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
    def _load(account_id: str) -> User | None:
        account = installation().accounts.get(account_id)
        return None if account is None or account.disabled else User(account)

    @app.before_request
    def _gate() -> Response | None:
        if request.endpoint in PUBLIC:
            return None
        if not current_user.is_authenticated:
            if request.method == "GET" and request.accept_mimetypes.best != "application/json":
                return redirect(url_for("auth.login"))
            raise AuthenticationError("Your session is over. Log in again; what you typed is still on the page.")
        account = current_user.account
        if request.endpoint not in UNFINISHED:
            if account.must_change:
                return redirect(url_for("auth.password"))
            if not account.has_totp and not installation().settings.demo:
                return redirect(url_for("auth.factor"))
        return None


def installation() -> Installation:
    """Return the installation that the running app serves."""
    found: Installation = current_app.extensions["jpa"]
    return found


def ask() -> Ask:
    """Say who asks, now."""
    return Ask(current_user.account.officer, datetime.now(UTC))
