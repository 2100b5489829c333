"""Two new homes that start at once fetch the server's jars into one cache."""

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from jgo.maven import MavenContext

from jpa.errors import IntegrityError
from jpa.graph import artifacts
from jpa.graph.artifacts import Jar

pytestmark = pytest.mark.fast
CONTENT = b"a jar of the server\n" * 5000
JAR = Jar("org.example", "server", "1.0", "", hashlib.sha256(CONTENT).hexdigest())


class Registry(BaseHTTPRequestHandler):
    """Gives every file in two halves, and counts how often the jar is asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = (
            hashlib.sha1(CONTENT, usedforsecurity=False).hexdigest().encode()
            if self.path.endswith(".sha1")
            else CONTENT
        )
        self.send_response(200 if self.path.endswith((".jar", ".jar.sha1")) else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        time.sleep(0.2)
        self.wfile.write(body[len(body) // 2 :])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    Thread(target=server.serve_forever).start()
    here = {"here": f"http://127.0.0.1:{server.server_port}"}
    monkeypatch.setattr(artifacts, "MavenContext", partial(MavenContext, remote_repos=here))
    monkeypatch.setattr(artifacts, "locked_jars", lambda: [JAR])
    Registry.asked.clear()
    yield Registry.asked
    server.shutdown()
    server.server_close()


def test_of_two_that_fetch_at_once_the_second_takes_what_the_first_one_brought(
    registry: list[str], tmp_path: Path
) -> None:
    homes = [tmp_path / name for name in ("near", "far")]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda home: artifacts.install(home, tmp_path / "cache"), homes))

    assert [(home / "lib" / JAR.filename).read_bytes() == CONTENT for home in homes] == [True, True]
    assert len([path for path in registry if path.endswith(".jar")]) == 1


@pytest.mark.usefixtures("registry")
def test_half_a_file_of_a_broken_download_is_fetched_anew(tmp_path: Path) -> None:
    half = tmp_path / "cache" / "org" / "example" / "server" / "1.0" / JAR.filename
    half.parent.mkdir(parents=True)
    half.write_bytes(CONTENT[:100])

    artifacts.install(tmp_path / "home", tmp_path / "cache")

    assert (tmp_path / "home" / "lib" / JAR.filename).read_bytes() == CONTENT


@pytest.mark.usefixtures("registry")
def test_a_jar_with_another_hash_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "locked_jars", lambda: [Jar("org.example", "server", "1.0", "", "0" * 64)])

    with pytest.raises(IntegrityError, match=r"server-1\.0\.jar does not have the locked hash"):
        artifacts.install(tmp_path / "home", tmp_path / "cache")

    assert not (tmp_path / "home" / "lib" / JAR.filename).exists()
