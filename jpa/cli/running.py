"""Commands that set up, start and serve."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from rich.progress import Progress

from jpa.cli.first import ask_first_administrator
from jpa.cli.opening import Opened, console, made_password, write_private
from jpa.cli.parts import Part, forked
from jpa.config import Settings, load_settings
from jpa.graph import java
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.officer import Role
from jpa.networks.detect import Parameters
from jpa.services import networks, officers, resolution
from jpa.services.installation import Installation, migrate_all, reconcile
from jpa.services.stores import Ask
from jpa.world.load import load_world
from jpa.world.truth import truth_json

_DEMO_LOGINS: Final = "demo-logins"


def run_all(settings: Settings, called: ExitStack, *, demo: bool) -> None:
    """Do what `jpa run` says; `called` holds the graph's server up until the installation does."""
    with forked(settings, called) as parts, Opened(settings) as installation:
        called.close()
        now = datetime.now(UTC)
        migrate_all(installation, now)
        reconcile(installation, now)
        officers.bring_in_step(installation, now)
        if len(installation.accounts.listed()) == 0:
            if demo:
                _load_demo(installation, "small", 3, now)
            else:
                ask_first_administrator(installation, now)
        # A home that was founded without the demo stays strict, whatever `jpa run` is told later.
        fictional = demo and (settings.secrets_dir / _DEMO_LOGINS).exists()
        if fictional:
            _print_logins(settings)
        _serve(settings.model_copy(update={"demo": fictional}), parts)


@click.command()
def migrate() -> None:
    """Bring both stores to the newest schema.

    Example: jpa migrate
    """
    with Opened() as installation:
        applied = migrate_all(installation, datetime.now(UTC))
    console.print("\n".join(applied) if len(applied) > 0 else "Nothing to apply.")


@click.command()
@click.option("--size", type=click.Choice(["small", "medium"]), default="small")
@click.option("--seed", type=int, default=3)
@click.option(
    "--truth", type=click.Path(path_type=Path), default=Path("truth.json"), help="Where the truth is written."
)
def world(size: str, seed: int, truth: Path) -> None:
    """Load a fictional region into an empty store.

    Example: jpa world --size medium --seed 7 --truth truth.json
    """
    with Opened(load_settings(demo=True)) as installation:
        now = datetime.now(UTC)
        migrate_all(installation, now)
        if len(installation.accounts.listed()) > 0:
            raise click.ClickException("The store is not empty. Choose a new folder: JPA_HOME=./world jpa world")
        truth.write_text(_load_demo(installation, size, seed, now), encoding="utf-8")
    console.print(f"The truth is in {truth}.")


def _load_demo(installation: Installation, size: str, seed: int, at: datetime) -> str:
    started = time.monotonic()
    with (
        Progress(console=console, transient=True) as bar,
        installation.stores.audit.act(AuditTag.WORLD_LOADED, None, at=at),
    ):
        task = bar.add_task("The fictional region", total=None)
        made, logins = load_world(
            installation,
            size,
            seed,
            at,
            made_password,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    counted = ", ".join(f"{number} {name}" for name, number in made.counts.items())
    console.print(f"The fictional region: {counted}, in {time.monotonic() - started:.0f} s.", highlight=False)
    write_private(installation.settings.secrets_dir / _DEMO_LOGINS, "".join(f"{a}\t{b}\t{c}\n" for a, b, c in logins))
    truth = truth_json(made)
    write_private(installation.settings.home / "truth.json", truth)
    _run_first(installation, at)
    return truth


def _run_first(installation: Installation, at: datetime) -> None:
    """Compare for each lead and analyst, and detect for each analyst: a result opens to those who read what it was made from."""
    for account in installation.accounts.listed():
        ask = Ask(account.officer, at, "first run over the fictional region")
        if account.officer.holds(Role.LEAD, Role.ANALYST):
            resolution.run_resolution(installation.stores, ask, new_id(at))
        if account.officer.holds(Role.ANALYST):
            networks.run_detection(installation.stores, ask, new_id(at), Parameters())


def _print_logins(settings: Settings) -> None:
    path = settings.secrets_dir / _DEMO_LOGINS
    if path.exists():
        console.print("Demo log-ins (made for this installation):")
        for line in path.read_text(encoding="utf-8").splitlines():
            login, password, what = line.split("\t")
            console.print(f"  {login:<20} {password:<34} {what}", highlight=False)


def _serve(settings: Settings, parts: Sequence[Part]) -> None:
    """Let the parts begin, and watch them until one dies or we are told to stop."""
    for part in parts:
        part.begin(settings)
    # A shell that starts us in the background ignores the second; the third comes when the terminal is closed.
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, signal.default_int_handler)
    helpers: list[subprocess.Popen[bytes]] = []
    try:
        told = False
        while len(died := [part for part in parts if not part.process.is_alive()]) == 0:
            if not told and (told := _listens(settings)):
                _print_addresses(settings)
                helpers = _quicken(settings)
            time.sleep(0.2)
        raise click.ClickException(
            f"{died[0].name} ended by itself (code {died[0].process.exitcode}). "
            "Nothing that was saved is lost; start jpa again and it goes on."
        )
    except KeyboardInterrupt:
        console.print("Stopped.")
    finally:
        for helper in helpers:
            helper.terminate()
            helper.wait()


def _listens(settings: Settings) -> bool:
    """Say whether the web server takes calls: nobody should be sent to an address that refuses them."""
    try:
        socket.create_connection((settings.host, settings.port), timeout=1).close()
    except OSError:
        return False
    return True


def _print_addresses(settings: Settings) -> None:
    console.print(
        f"jpa is at http://{settings.host}:{settings.port}/  (Ctrl-C stops it, the data stays)", highlight=False
    )
    if settings.post_port is not None:
        console.print(f"Partners bring post to {settings.post_place}", highlight=False)


def _quicken(settings: Settings) -> list[subprocess.Popen[bytes]]:
    """Have the archive made that lets later starts be quick, beside the work, if there is none yet."""
    if settings.neo4j_uri is not None or java.class_archive(settings.neo4j_home).exists():
        return []
    environment = {**os.environ, "JPA_HOME": str(settings.home)}  # noqa: TID251 -- handed on whole to our own child
    return [subprocess.Popen([sys.executable, "-m", "jpa.graph.class_archive"], env=environment, process_group=0)]
