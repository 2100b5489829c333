"""Connections between two ends that know each other by their certificates alone."""

import socket
import ssl
import threading
from pathlib import Path

import pytest

from jpa.errors import SetupError
from jpa.operations.post_keys import KEY, calling, listening, own_certificate

pytestmark = pytest.mark.fast


def end(folder: Path, name: str) -> Path:
    (folder / name).mkdir(mode=0o700)
    return folder / name


def greeted(context: ssl.SSLContext, caller: ssl.SSLContext) -> bytes:
    """Call once; returns what the listener says to whoever it lets in."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            accepted, _ = listener.accept()
            try:
                with context.wrap_socket(accepted, server_side=True) as inside:
                    inside.sendall(b"welcome")
            except (ssl.SSLError, OSError):
                accepted.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with (
                socket.create_connection(listener.getsockname(), 5) as plain,
                caller.wrap_socket(plain, server_hostname="anything") as called,
            ):
                assert called.version() == "TLSv1.3"
                return called.recv(16)
        finally:
            thread.join(5)


def test_two_that_pinned_each_other_speak_and_nobody_else_does(tmp_path: Path) -> None:
    left, right, third = (end(tmp_path, name) for name in ("left", "right", "third"))
    listener = listening(right, [own_certificate(left)])

    assert greeted(listener, calling(left, own_certificate(right))) == b"welcome"
    with pytest.raises(ssl.SSLError, match=r"(?i)unknown.ca"):
        greeted(listener, calling(third, own_certificate(right)))
    with pytest.raises(ssl.SSLCertVerificationError):
        greeted(listener, calling(left, own_certificate(third)))
    with pytest.raises(ssl.SSLError):
        greeted(listening(right, []), calling(left, own_certificate(right)))


def test_a_caller_without_a_certificate_is_not_let_in(tmp_path: Path) -> None:
    left, right = end(tmp_path, "left"), end(tmp_path, "right")
    bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    bare.check_hostname = False
    bare.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(own_certificate(right)))

    with pytest.raises(ssl.SSLError, match=r"(?i)certificate.required"):
        greeted(listening(right, [own_certificate(left)]), bare)


def test_the_certificate_stays_the_same_and_its_key_is_for_the_owner_alone(tmp_path: Path) -> None:
    left = end(tmp_path, "left")

    assert own_certificate(left) == own_certificate(left)
    assert (left / KEY).stat().st_mode & 0o077 == 0
    assert [p.name for p in left.iterdir()] == [KEY]
    (left / KEY).chmod(0o644)
    with pytest.raises(SetupError, match="can be read by others"):
        own_certificate(left)
