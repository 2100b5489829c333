"""The listener for the post: gunicorn with TLS, where both ends show a certificate that the other has pinned."""

import ssl
from typing import Any

from gunicorn.app.base import BaseApplication

from jpa.config import load_settings
from jpa.errors import SetupError
from jpa.services.installation import Installation, opened
from jpa.services.post_cards import key_file, listening_context
from jpa.web.post_office import create_post_office


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        super().__init__()

    def load_config(self) -> None:
        settings, stores = self._installation.settings, self._installation.stores

        def greeted(_config: object, _default: object) -> ssl.SSLContext:
            return listening_context(
                stores
            )  # for each connection: a card pinned or withdrawn counts from the next one on

        for name, value in {
            "bind": f"{settings.post_host or settings.host}:{settings.post_port}",
            "keyfile": str(key_file(stores)),
            "certfile": str(key_file(stores)),
            "ssl_context": greeted,
            "workers": 1,
            "threads": 8,
            "worker_class": "gthread",
            "keepalive": 0,
            "timeout": 120,
            "graceful_timeout": 3,
            "loglevel": "warning",
            "control_socket_disable": True,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        return create_post_office(self._installation)


def listen_forever(installation: Installation) -> None:
    """Take post until stopped."""
    if installation.settings.post_port is None:
        raise SetupError("Say where partners bring post: JPA_POST_PORT=8443 jpa post listen")
    _Server(installation).run()


if __name__ == "__main__":
    with opened(load_settings()) as here:
        listen_forever(here)
