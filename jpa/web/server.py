"""The web server: gunicorn with threads around one app."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Thread
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication

from jpa.config import load_settings
from jpa.errors import JpaError
from jpa.services.installation import Installation, opened
from jpa.services.ledger import read_ahead
from jpa.services.stores import Stores
from jpa.web import create_app

_ALIKE: Final = {
    "workers": 1,
    "threads": 8,
    "worker_class": "gthread",
    "timeout": 120,
    "graceful_timeout": 3,
    "loglevel": "warning",
    "control_socket_disable": True,
}


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Serves the app that `make` returns, with gunicorn's settings where they differ from those that all our servers share."""

    def __init__(self, make: Callable[[], Flask], **settings: object) -> None:
        self._make = make
        self._settings = _ALIKE | settings
        super().__init__()

    def load_config(self) -> None:
        """Hand the settings over that this gunicorn knows."""
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Make the app, in the process that serves it."""
        return self._make()


def serve_forever(installation: Installation) -> None:
    """Serve until stopped."""
    settings = installation.settings
    Server(lambda: _app(installation), bind=f"{settings.host}:{settings.port}").run()


def _app(installation: Installation) -> Flask:
    """Make the app; the ledger is read ahead beside it, so that the first figure after a start need not wait for all of it."""
    Thread(target=_read_ahead, args=(installation.stores,), name="jpa-ledger", daemon=True).start()
    return create_app(installation)


def _read_ahead(stores: Stores) -> None:
    with suppress(JpaError):  # then the first figure reads it, and says what is wrong
        read_ahead(stores, datetime.now(UTC))


if __name__ == "__main__":
    with opened(load_settings()) as here:
        serve_forever(here)
