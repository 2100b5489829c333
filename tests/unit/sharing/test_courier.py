"""The courier against real connections: what it brings, and what it says when the other side is away, another, or strange."""

import io
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from jpa.errors import UnavailableError
from jpa.model.post import Parcel
from jpa.operations.post_keys import calling, listening, own_certificate
from jpa.sharing.courier import AWAY, STRANGER, UNKNOWN, Courier
from jpa.sharing.post_card import fingerprint_of
from jpa.sharing.post_wire import standing
from jpa.sharing.strict import written

pytestmark = pytest.mark.fast
PARCEL = Parcel("tip", "sfi", "package", "5" * 64, 6)
GOOD = written(standing("coming", 3))


@pytest.fixture
def ends(tmp_path: Path) -> tuple[Path, Path]:
    both = tmp_path / "near", tmp_path / "far"
    for folder in both:
        folder.mkdir(mode=0o700)
    return both


def answer(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


@contextmanager
def served(context: ssl.SSLContext, said: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Answer one call with these bytes; what was asked is collected."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            accepted, _ = listener.accept()
            with suppress(OSError), context.wrap_socket(accepted, server_side=True) as inside:
                got = inside.recv(65536)
                while b"\r\n\r\n" not in got or (got.startswith(b"PUT") and not got.endswith(b"def")):
                    got += inside.recv(65536)
                asked.append(got)
                inside.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], asked
        thread.join(5)


def courier(ends: tuple[Path, Path], port: int, pinned: bytes | None = None) -> Courier:
    near, far = ends
    known = own_certificate(far) if pinned is None else pinned
    return Courier(f"https://127.0.0.1:{port}", calling(near, known), fingerprint_of(known))


def test_it_asks_and_brings_what_stands_behind_the_offset(ends: tuple[Path, Path]) -> None:
    near, far = ends
    context = listening(far, [own_certificate(near)])

    with served(context, answer(GOOD)) as (port, first):
        asked = courier(ends, port).ask(PARCEL)
    with served(context, answer(written(standing("arrived", 6, b"receipt")))) as (port, second):
        brought = courier(ends, port).bring(PARCEL, io.BytesIO(b"abcdef"), 3)

    assert (asked.state, asked.have) == ("coming", "3")
    assert (brought.state, brought.message) == ("arrived", b"receipt")
    assert first[0].startswith(b"GET /post/1/tip/sfi/" + b"5" * 64 + b" HTTP/1.1\r\n")
    assert second[0].startswith(b"PUT /post/1/tip/sfi/" + b"5" * 64 + b"?form=package&size=6&offset=3 HTTP/1.1\r\n")
    assert second[0].endswith(b"\r\n\r\ndef")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (answer(b"", "404 NOT FOUND"), UNKNOWN),
        (answer(b"", "409 CONFLICT"), "taking it in at this moment"),
        (answer(b"", "422 UNPROCESSABLE ENTITY"), "sent anew"),
        (answer(b"", "503 SERVICE UNAVAILABLE"), "busy, full or starting"),
        (answer(b"", "500 INTERNAL SERVER ERROR"), "has a fault"),
        (answer(b"", "302 FOUND"), "has a fault"),
        (answer(b'{"state": "arrived", "have": "6", "answer": ""}\n'), "in another way than ours"),
        (answer(b'{"answer":"","have":"6","state":"lost"}\n'), "in another way than ours"),
        (answer(b"<html>"), "in another way than ours"),
        (b"no http\r\n\r\n", AWAY),
        (b"", UNKNOWN),
        (answer(GOOD)[:-9], AWAY),
    ],
)
def test_it_says_in_words_what_is_wrong_over_there(ends: tuple[Path, Path], said: bytes, words: str) -> None:
    near, far = ends

    with (
        served(listening(far, [own_certificate(near)]), said) as (port, _),
        pytest.raises(UnavailableError) as refused,
    ):
        courier(ends, port).ask(PARCEL)

    assert words in str(refused.value)


def _nobody(ends: tuple[Path, Path]) -> Courier:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return courier(ends, port)


def test_nobody_there_is_told_from_somebody_else_there_and_from_being_unknown(
    ends: tuple[Path, Path], tmp_path: Path
) -> None:
    near, far = ends
    (tmp_path / "third").mkdir(mode=0o700)
    third = own_certificate(tmp_path / "third")

    def said(context: ssl.SSLContext, made: Callable[[int], Courier]) -> str:
        with served(context, answer(GOOD)) as (port, _), pytest.raises(UnavailableError) as refused:
            made(port).ask(PARCEL)
        return str(refused.value)

    known, unknown = listening(far, [own_certificate(near)]), listening(far, [third])
    with pytest.raises(UnavailableError, match="does not answer"):
        _nobody(ends).ask(PARCEL)
    assert said(known, lambda port: courier(ends, port, third)) == STRANGER
    assert said(unknown, lambda port: courier(ends, port)) == UNKNOWN
