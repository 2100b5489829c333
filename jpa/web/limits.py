"""How many requests a minute: enough for every person and every honest program, too few to guess or to drain."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from jpa.config import Settings
from jpa.web.api import pages as api
from jpa.web.gate import caller

LOG_IN: Final = "30 per minute"
"""By address, beside the lock-out by name: an office behind one address still logs in, guessing many names does not."""
API: Final = "600 per minute"
SEARCH: Final = "120 per minute"
"""Two a second: nobody types faster, and walking a directory of names takes days and stands in the log."""

EXPORT: Final = "10 per minute"
"""A case at a time; more is a copy of the store."""

SEARCHES: Final[Mapping[str, str]] = {
    "search.find": SEARCH,
    "reports.known": SEARCH,
    "api.search_all": SEARCH,
    "imports.export": EXPORT,
}
"""Endpoints with a limit of their own, counted for each officer or token."""


def init(app: Flask, settings: Settings) -> None:
    """Count requests; to be called when all routes stand and the gate is in front."""
    if not settings.ratelimit:
        return
    limiter = Limiter(
        key_func=_who,
        storage_uri="memory://",  # each process counts its own; what must hold across them, the lock-out, is in the operations store
        strategy="moving-window",
        headers_enabled=True,
    )
    limiter.init_app(app)
    limited: dict[str, Callable[[Any], Any]] = {
        "auth.login": limiter.limit(LOG_IN, key_func=get_remote_address, methods=["POST"])
    }
    limited |= {endpoint: limiter.limit(limit) for endpoint, limit in SEARCHES.items()}
    for endpoint, limit in limited.items():
        app.view_functions[endpoint] = limit(app.view_functions[endpoint])
    limiter.shared_limit(API, scope="api")(api)


def _who() -> str:
    by = caller()
    return by.account.id if by.token is None else by.token.id
