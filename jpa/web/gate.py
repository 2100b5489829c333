"""Closed by default: whatever is not listed here needs a log-in, and the API a token. A test walks the URL map."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from jpa.errors import AuthenticationError
from jpa.model.account import Account, Token
from jpa.services.installation import Installation
from jpa.services.stores import Ask

PUBLIC: Final = frozenset({"static", "auth.login", "auth.health"})
"""Endpoints that answer without a log-in."""

UNFINISHED: Final = frozenset({"auth.logout", "auth.password", "auth.factor"})
"""What an officer may reach who still has to change a first password or set up the second factor."""

API: Final = "/api/"
"""Under this path a bearer token opens, and nothing else; a token opens nothing outside it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request this is, and by which token if by any."""

    account: Account
    token: Token | None = None


_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


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

    app.before_request(_refuse_foreign_pages)
    app.before_request(_require_log_in)


def _refuse_foreign_pages() -> None:
    # The token is the lock; this is the chain: a browser says where a form stood, and no page but ours sends one.
    if request.method not in _SAFE and _is_foreign(
        request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    ):
        raise BadRequest


def _require_log_in() -> Response | None:
    if is_api():
        g.caller = _bearer()
        return None
    if request.endpoint in PUBLIC:
        return None
    if not current_user.is_authenticated:
        if request.method == "GET" and request.accept_mimetypes.best != "application/json":
            return redirect(url_for("auth.login"))
        raise AuthenticationError("Your session is over. Log in again; what you typed is still on the page.")
    account = current_user.account
    g.caller = Caller(account)
    if request.endpoint not in UNFINISHED:
        if account.must_change:
            return redirect(url_for("auth.password"))
        if not account.has_totp and not installation().settings.demo:
            return redirect(url_for("auth.factor"))
    return None


def _is_foreign(origin: str | None, site: str | None) -> bool:
    elsewhere = origin is not None and urlsplit(origin).netloc != request.host
    return elsewhere or site in {"cross-site", "same-site"}


def installation() -> Installation:
    """Return the installation that the running app serves."""
    found: Installation = current_app.extensions["jpa"]
    return found


def is_api() -> bool:
    """Say whether the request is a program's: tokens only, JSON only."""
    return request.path.startswith(API)


def caller() -> Caller:
    """Say whom the gate let in."""
    found: Caller = g.caller
    return found


def ask() -> Ask:
    """Say who asks, now, and for which purpose."""
    by = caller()
    purpose = "" if by.token is None else f"api: {by.token.name}"
    return Ask(by.account.officer, datetime.now(UTC), purpose)


def _bearer() -> Caller:
    # One answer for every reason: a token that was revoked looks like one that never was.
    here = installation()
    sent = request.authorization
    secret = sent.token if sent is not None and sent.type == "bearer" else None
    token = None if secret is None else here.tokens.find(secret, datetime.now(UTC))
    account = None if token is None else here.accounts.get(token.account)
    if account is None or account.disabled or account.locked or _unfinished(account):
        raise AuthenticationError("Send a token that is in force: Authorization: Bearer jpa_…")
    return Caller(account, token)


def _unfinished(account: Account) -> bool:
    return not installation().settings.demo and (account.must_change or not account.has_totp)
