"""The web server: gunicorn with threads around one app."""

from typing import Any

from gunicorn.app.base import BaseApplication

from jpa.config import load_settings
from jpa.services.installation import Installation, opened
from jpa.web import create_app


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        super().__init__()

    def load_config(self) -> None:
        settings = self._installation.settings
        for name, value in {
            "bind": f"{settings.host}:{settings.port}",
            "workers": 1,
            "threads": 8,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 3,
            "loglevel": "warning",
            "control_socket_disable": True,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self._installation)


def serve_forever(installation: Installation) -> None:
    """Serve until stopped."""
    _Server(installation).run()


if __name__ == "__main__":
    with opened(load_settings()) as here:
        serve_forever(here)
