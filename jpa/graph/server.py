"""The embedded Neo4j of one home: fetch, configure, start or join, stop."""

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Self

import neo4j
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from jpa.config import Settings
from jpa.errors import ConflictError, SetupError, UnavailableError
from jpa.graph import artifacts, java
from jpa.graph.artifacts import Progress
from jpa.graph.keeper import IDLE_SECONDS, is_our_server, run_folder

START_SECONDS: Final = 120.0
"""A cold start takes 5 s; recovery after a crash under load on a busy machine was seen to take longer."""
LEAST_FREE_BYTES: Final = 2 * 1024**3
"""Neo4j corrupts nothing on a full disk but stops; below this we refuse to start (security.md C2)."""

_OWN: Final = "neo4j"
"""Name of the file among the secrets that holds the password of our own server."""

STOP_SECONDS: Final = 20.0
"""A clean stop takes 0.3 s; after this the keeper kills the server."""
ALONE_SECONDS: Final = 2.0
"""How long a user who must be alone waits for others: the keeper tries the lease, for a moment, five times a second."""


@dataclass(slots=True)
class ServerHandle:
    """A lease on a running Neo4j; the server stays up at least until it is released."""

    uri: str
    user: str
    password: str = field(repr=False)
    lease: IO[str] | None = field(default=None, repr=False)
    """None where the server is not ours."""

    def release(self) -> None:
        """Give the lease back; the keeper stops the server when nobody else holds one."""
        if self.lease is not None:
            self.lease.close()
            self.lease = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def ensure_server(
    settings: Settings, progress: Progress | None = None, *, idle: float = IDLE_SECONDS, alone: bool = False
) -> ServerHandle:
    """Return a lease on this home's Neo4j, fetched and started if need be, or the configured one elsewhere.

    With `alone` nobody else may hold a lease, and whoever comes later waits until this one is released.
    """
    if settings.neo4j_uri is not None:
        password = settings.neo4j_password.get_secret_value() if settings.neo4j_password is not None else ""
        return ServerHandle(settings.neo4j_uri, settings.neo4j_user, password)
    install(settings, progress)
    lease = (run_folder(settings) / "lease").open("a")
    if alone:
        _lock_alone(settings, lease)
    else:
        fcntl.flock(lease, fcntl.LOCK_SH)
    password = _password_file(settings).read_text(encoding="utf-8")
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        running = read_run_file(settings)
        if running is None:
            _spawn_keeper(settings, idle)
        elif _answers(f"bolt://127.0.0.1:{running['port']}", password):
            return ServerHandle(f"bolt://127.0.0.1:{running['port']}", "neo4j", password, lease)
        time.sleep(0.2)
    lease.close()
    raise UnavailableError(f"Neo4j did not start in {START_SECONDS:.0f} s; see {run_folder(settings) / 'neo4j.log'}.")


def call_up(settings: Settings) -> IO[str] | None:
    """Let the server of a home that is set up begin to start, and do not wait for it; returns the lease under which it does.

    None where there is nothing to call up, or somebody uses it alone.
    """
    if settings.neo4j_uri is not None or not (settings.secrets_dir / _OWN).exists():
        return None
    install(settings)
    lease = (run_folder(settings) / "lease").open("a")
    try:
        fcntl.flock(lease, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        lease.close()
        return None
    if read_run_file(settings) is None:
        _spawn_keeper(settings, IDLE_SECONDS)
    return lease


def install(settings: Settings, progress: Progress | None = None, *, password: str | None = None) -> None:
    """Fetch the server into the home and give it a password of its own, or this one; nothing is done twice."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(settings.home).free < LEAST_FREE_BYTES:
        raise SetupError(f"Less than 2 GB are free at {settings.home}; free some space and start again.")
    with (run_folder(settings) / "setup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _settle_store(settings)
        artifacts.install(settings.neo4j_home, settings.jar_folder, progress)
        secret = _password_file(settings)
        if not secret.exists():
            java.configure(settings, 0)
            _write_secret(secret.with_suffix(".part"), password or secrets.token_hex(24))
            java.admin(
                settings, "dbms", "set-initial-password", secret.with_suffix(".part").read_text(encoding="utf-8")
            )
            secret.with_suffix(".part").replace(secret)


def stop_server(settings: Settings, wait: float = 2 * STOP_SECONDS) -> None:
    """Stop this home's server now, whoever uses it, and wait until its process and its keeper are gone."""
    running = read_run_file(settings)
    if running is None:
        return
    with suppress(ProcessLookupError):
        os.kill(int(running["keeper"]), signal.SIGTERM)
    deadline = time.monotonic() + wait
    gone = wait_gone(settings, int(running["pid"]), wait)
    while gone and _keeper_lives(run_folder(settings)):
        gone = time.monotonic() < deadline
        time.sleep(0.05)
    if not gone:
        raise UnavailableError(f"Neo4j did not stop in {wait:.0f} s; see {run_folder(settings) / 'neo4j.log'}.")


def wait_gone(settings: Settings, pid: int, wait: float = 20.0) -> bool:
    """Wait until the server process is gone: only then is the store's lock free. False when it is not."""
    deadline = time.monotonic() + wait
    while is_our_server(pid, run_folder(settings)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def read_run_file(settings: Settings) -> dict[str, Any] | None:
    """Read where the running server is; None when there is none."""
    run = run_folder(settings)
    try:
        running: dict[str, Any] = json.loads((run / "server.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return running if _keeper_lives(run) else None


def dump(settings: Settings, folder: Path) -> Path:
    """Dump the stopped store into `folder`; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    java.admin(settings, "database", "dump", "neo4j", f"--to-path={folder}", "--overwrite-destination=true")
    return folder / "neo4j.dump"


def load(settings: Settings, folder: Path) -> None:
    """Replace the stopped store by the dump in `folder`."""
    java.admin(settings, "database", "load", "neo4j", f"--from-path={folder}", "--overwrite-destination=true")


def check(settings: Settings) -> str:
    """Check the stopped store's consistency; UnavailableError names what is wrong."""
    return java.admin(settings, "database", "check", "neo4j", f"--report-path={settings.home / 'run'}")


def password_of(settings: Settings) -> str:
    """Return the password of this home's own server."""
    return _password_file(settings).read_text(encoding="utf-8")


def replace_store(settings: Settings, staged: Settings) -> None:
    """Put the stopped store of another home, made with the same password, in the place of this one's."""
    data, old = _stores(settings)
    data.rename(old)
    _stores(staged)[0].rename(data)
    _settle_store(settings)


def _settle_store(settings: Settings) -> None:
    """End a replacement, also one that was cut short: the old store goes when the new one stands, and comes back else."""
    data, old = _stores(settings)
    if old.exists() and data.exists():
        shutil.rmtree(old)
    elif old.exists():
        old.rename(data)


def _stores(settings: Settings) -> tuple[Path, Path]:
    return settings.neo4j_home / "data", settings.neo4j_home / "data.old"


def _lock_alone(settings: Settings, lease: IO[str]) -> None:
    began = time.monotonic()
    while True:
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            waited = time.monotonic() - began
            stopping = read_run_file(settings) is None  # by its keeper, which holds the lease as long
            if waited > (STOP_SECONDS if stopping else ALONE_SECONDS):
                lease.close()
                raise ConflictError(
                    "This installation is in use: a web server, worker or other command runs. Stop it and try again."
                ) from error
            time.sleep(0.05)
        else:
            return


def _spawn_keeper(settings: Settings, idle: float) -> None:
    run = run_folder(settings)
    with (run / "keeper.log").open("ab") as log:
        subprocess.run(
            [
                sys.executable,
                "-m",
                "jpa.graph.keeper",
                str(settings.home),
                f"--heap={settings.neo4j_heap}",
                f"--pagecache={settings.neo4j_pagecache}",
                f"--idle={idle}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            check=False,
        )
    deadline = time.monotonic() + 30
    while read_run_file(settings) is None and time.monotonic() < deadline:
        time.sleep(0.05)


def _keeper_lives(run: Path) -> bool:
    with (run / "keeper.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _answers(uri: str, password: str) -> bool:
    try:
        with neo4j.GraphDatabase.driver(uri, auth=("neo4j", password), connection_timeout=2) as driver:
            driver.verify_connectivity()
    except AuthError as error:
        raise UnavailableError("The embedded Neo4j does not take its own password; restore from backup.") from error
    except (DriverError, Neo4jError, OSError):
        return False
    return True


def _password_file(settings: Settings) -> Path:
    settings.secrets_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return settings.secrets_dir / _OWN


def _write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
