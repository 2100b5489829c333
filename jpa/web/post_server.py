"""The listener for the post: gunicorn with TLS, where both ends show a certificate that the other has pinned."""

import ssl

from jpa.config import load_settings
from jpa.errors import SetupError
from jpa.services.installation import Installation, opened
from jpa.services.post_cards import key_file, listening_context
from jpa.web.post_office import create_post_office
from jpa.web.server import Server


def listen_forever(installation: Installation) -> None:
    """Take post until stopped."""
    settings, stores = installation.settings, installation.stores
    if settings.post_port is None:
        raise SetupError("Say where partners bring post: JPA_POST_PORT=8443 jpa post listen")

    def greeted(_config: object, _default: object) -> ssl.SSLContext:
        return listening_context(stores)  # for each connection: a card pinned or withdrawn counts from the next one on

    Server(
        lambda: create_post_office(installation),
        bind=f"{settings.post_host or settings.host}:{settings.post_port}",
        keyfile=str(key_file(stores)),
        certfile=str(key_file(stores)),
        ssl_context=greeted,
        keepalive=0,
    ).run()


if __name__ == "__main__":
    with opened(load_settings()) as here:
        listen_forever(here)
