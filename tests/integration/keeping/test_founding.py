"""`jpa run --no-demo` at a terminal: the first administrator is asked for, bad answers are asked again, nothing is left running."""

import http.client
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from jpa.config import PROJECT
from jpa.graph.cypher import upkeep
from jpa.graph.server import read_run_file, wait_gone
from jpa.model.officer import Role
from jpa.services.installation import opened
from tests.integration.keeping.conftest import NOW, PASSPHRASE, jpa_at, of_home

PROGRAM = "from jpa.cli import main; main()"
FOUNDED = upkeep(
    "MATCH (a:Agency) MATCH (o:Officer {agency: a.id}) RETURN a.id AS agency, a.state AS state, o.id AS id"
)
ANSWERS = (
    ("State", "Atlantis", "Enter the two letters"),
    ("State", "id", "Agency, short name"),
    ("Agency, short name", "Head Quarters!", "Use 2 to 32 small letters"),
    ("Agency, short name", "hq", "Agency, full name"),
    ("Agency, full name", "Directorate of Joint Operations", "Log-in name"),
    ("Log-in name", "a dmin", "without spaces"),
    ("Log-in name", "Admin", "Name of the officer"),
    ("Name of the officer", "Ayu Lestari", "Password"),
    ("Password", "short", "Use at least 15 characters"),
    ("Password", PASSPHRASE, "Repeat for confirmation"),
    ("Repeat for confirmation", "something else entirely", "do not match"),
    ("Password", PASSPHRASE, "Repeat for confirmation"),
    ("Repeat for confirmation", PASSPHRASE, "jpa is at http://"),
)


class Terminal:
    """A command at a terminal of its own."""

    def __init__(self, home: Path, port: int, *arguments: str) -> None:
        variables = {
            "JPA_HOME": str(home),
            "JPA_PORT": str(port),
            "JPA_NEO4J_HEAP": "256m",
            "JPA_NEO4J_PAGECACHE": "64m",
        }
        self.own, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), "COLUMNS": "200", **variables},  # noqa: TID251 -- a program's whole environment
        )  # fmt: skip
        os.close(theirs)
        self.seen = ""

    def until(self, text: str, seconds: float = 300) -> str:
        """Read until `text` is shown; returns what came before it."""
        deadline = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < deadline, f"waited for {text!r}, saw {self.seen!r}"
            if len(select.select([self.own], [], [], 1)[0]) > 0:
                with suppress(OSError):  # the other side is closed
                    self.seen += os.read(self.own, 4096).decode("utf-8", "replace")
            assert self.process.poll() is None or text in self.seen, f"ended: {self.seen}"
        before, self.seen = self.seen.split(text, 1)
        return before

    def type(self, text: str) -> None:
        os.write(self.own, f"{text}\n".encode())


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Terminal(tmp_path / "home", port, "run", "--no-demo")
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()
    os.close(made.own)


def test_the_first_administrator_is_asked_for_until_every_answer_is_good(terminal: Terminal, tmp_path: Path) -> None:
    settings = of_home(tmp_path / "home")
    told = ""

    for question, answer, then in ANSWERS:
        if question not in told:
            terminal.until(f"{question}")
        terminal.until(": ")
        terminal.type(answer)
        told = terminal.until(then) + then
    port = int(terminal.until("/", 30).rsplit(":", 1)[1])
    page = fetched(port, "/login")
    with opened(settings) as installation:
        account = installation.accounts.authenticate("admin", PASSPHRASE, "", NOW)
        rows = installation.stores.graph.upkeep(lambda tx: [row.data() for row in tx.run(FOUNDED)])
        again = jpa_at(settings.home, "officer", "first")
    server = read_run_file(settings)
    terminal.process.send_signal(signal.SIGINT)
    terminal.process.wait(60)

    assert page.count("csrf_token") > 0
    assert server is not None
    assert wait_gone(settings, server["pid"], 60)
    assert account.roles == {Role.ADMINISTRATOR}
    assert account.must_change
    assert rows == [{"agency": "hq", "state": "ID", "id": account.id}]
    assert again.exit_code == 1
    assert "There are log-ins already" in again.output


def fetched(port: int, path: str) -> str:
    deadline = time.monotonic() + 120
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        finally:
            connection.close()
