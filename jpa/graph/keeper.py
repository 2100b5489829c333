"""The keeper: a small process that owns the embedded Neo4j of one home and stops it when nobody uses it.

Users hold a shared lock on the lease file; the kernel frees it however they die. The keeper stops the server some seconds
after the last lease is gone. Should the keeper itself be killed, the kernel sends the server SIGTERM (PR_SET_PDEATHSIG: safe
here, because the keeper starts it from its only thread).
"""

import argparse
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from jpa.config import Settings, load_settings
from jpa.graph import java

IDLE_SECONDS: Final = 2.0
"""Long enough that one command after another finds the server still up, short enough that Ctrl-C ends in five seconds."""

_POLL: Final = 0.2
_DEATHS: Final = 5
_DEATHS_SECONDS: Final = 300.0
"""A server that dies five times in five minutes is given up: its log says why. Rarer deaths are met for ever."""


class _Stop(Exception):  # noqa: N818 -- a signal, not an error
    """Somebody asked the keeper to stop."""


def main() -> int:
    """Keep the server of one home until nobody holds its lease."""
    parser = argparse.ArgumentParser(prog="jpa.graph.keeper")
    parser.add_argument("home", type=Path)
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--pagecache", default="512m")
    parser.add_argument("--idle", type=float, default=IDLE_SECONDS)
    arguments = parser.parse_args()
    if os.fork() != 0:
        return 0  # the caller waits only for this: the keeper belongs to nobody
    settings = load_settings(home=arguments.home, neo4j_heap=arguments.heap, neo4j_pagecache=arguments.pagecache)
    run = run_folder(settings)
    with (run / "keeper.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0  # another keeper has this home
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _reap_left_over(run)
        _keep(settings, run, arguments.idle)
    return 0


def run_folder(settings: Settings) -> Path:
    """Return the folder of locks and the run file."""
    folder = settings.home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keep(settings: Settings, run: Path, idle: float) -> None:
    port = _free_port()
    java.configure(settings, port)
    deaths: deque[float] = deque(maxlen=_DEATHS)
    while len(deaths) < _DEATHS or deaths[-1] - deaths[0] > _DEATHS_SECONDS:
        server = _start(settings, run, port)
        try:
            ended = _watch(server, run, idle)
        except _Stop:
            ended = False
        if not ended:
            with _closed(run):
                (run / "server.json").unlink(missing_ok=True)
                _end(server)
            return
        # The server died under a live lease: start it again on the same port, so that drivers find it.
        deaths.append(time.monotonic())


def _start(settings: Settings, run: Path, port: int) -> subprocess.Popen[bytes]:
    home = settings.neo4j_home
    with (run / "neo4j.log").open("ab") as log:
        server = subprocess.Popen(
            java.server_command(settings),
            env=java.environment(home),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_keeper,  # noqa: PLW1509 -- the keeper has one thread
        )
    content = {"pid": server.pid, "port": port, "keeper": os.getpid()}
    part = run / "server.json.part"
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(run / "server.json")
    return server


def _watch(server: subprocess.Popen[bytes], run: Path, idle: float) -> bool:
    """Return True when the server died by itself, False when nobody has held the lease for `idle` seconds."""
    unused_since: float | None = None
    while True:
        if server.poll() is not None:
            return True
        now = time.monotonic()
        if _leased(run):
            unused_since = None
        elif unused_since is None:
            unused_since = now
        elif now - unused_since >= idle:
            return False
        time.sleep(_POLL)


def _leased(run: Path) -> bool:
    with (run / "lease").open("a") as lease:
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def _closed(run: Path) -> Iterator[IO[str]]:
    """Hold the lease exclusively while stopping, so that a new user waits and then starts afresh."""
    with (run / "lease").open("a") as lease:
        with suppress(BlockingIOError):  # stopped on demand although somebody uses it
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield lease


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _reap_left_over(run: Path) -> None:
    """Wait for a server whose keeper was killed: the store's lock is free only when its process is gone."""
    try:
        pid = int(json.loads((run / "server.json").read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError):
        return
    (run / "server.json").unlink(missing_ok=True)
    deadline = time.monotonic() + 20
    while is_our_server(pid, run):
        os.kill(pid, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(_POLL)


def is_our_server(pid: int, run: Path) -> bool:
    """Say whether that process is the Neo4j of this home, not a stranger with a recycled pid."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z" and f"--home-dir={run.parent / 'neo4j'}".encode() in command


def _die_with_keeper() -> None:
    java.die_with_parent()
    os.setsid()


def _stop(_signal: int, _frame: object) -> None:
    raise _Stop


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
