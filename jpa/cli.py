"""The command line; upkeep belongs to the owner of the folder and is audited as such."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from jpa.config import Settings, load_settings
from jpa.errors import JpaError
from jpa.model.audit import AuditTag
from jpa.model.officer import Officer, Role
from jpa.networks.detect import Parameters
from jpa.services import networks, resolution
from jpa.services.installation import Installation, migrate_all, opened, reconcile
from jpa.services.stores import Ask
from jpa.web.server import serve_forever
from jpa.world.generate import truth_json
from jpa.world.load import load_world

console = Console(soft_wrap=True)
_WORDS = [
    "anchor",
    "basket",
    "candle",
    "delta",
    "ember",
    "falcon",
    "garden",
    "harbour",
    "island",
    "jungle",
    "kettle",
    "lantern",
    "mango",
    "needle",
    "orchid",
    "paddle",
    "quartz",
    "river",
    "saffron",
    "timber",
    "umbrella",
    "velvet",
    "window",
    "yellow",
    "zephyr",
    "bamboo",
    "copper",
    "drum",
    "engine",
    "forest",
]


@click.group()
@click.version_option(package_name="jpa")
def main() -> None:
    """Run, feed and look after one installation of jpa.

    JPA_HOME chooses the folder that keeps everything (default: ./home), JPA_PORT where the page listens.
    """


@main.command()
@click.option("--demo/--no-demo", default=True, help="Load the fictional region into an empty store.")
def run(*, demo: bool) -> None:
    """Set up what is missing, start everything, print the address.

    Example: JPA_PORT=8100 jpa run --no-demo
    """
    settings = load_settings(demo=demo or None)
    with _opened(settings) as installation:
        now = datetime.now(UTC)
        migrate_all(installation, now)
        reconcile(installation, now)
        if len(installation.accounts.listed()) == 0:
            if demo:
                _load_demo(installation, "small", 3, now)
            else:
                _first_administrator(installation, now)
        if demo:
            _print_logins(settings)
        _serve(settings)


@main.command()
def serve() -> None:
    """Serve the pages of a home that is set up already.

    Example: JPA_HOME=/srv/jpa jpa serve
    """
    settings = load_settings()
    with _opened(settings) as installation:
        serve_forever(installation)


@main.command()
def migrate() -> None:
    """Bring both stores to the newest schema.

    Example: jpa migrate
    """
    with _opened(load_settings()) as installation:
        applied = migrate_all(installation, datetime.now(UTC))
    console.print("\n".join(applied) if len(applied) > 0 else "Nothing to apply.")


@main.command()
@click.option("--size", type=click.Choice(["small", "medium"]), default="small")
@click.option("--seed", type=int, default=3)
@click.option(
    "--truth", type=click.Path(path_type=Path), default=Path("truth.json"), help="Where the truth is written."
)
def world(size: str, seed: int, truth: Path) -> None:
    """Load a fictional region into an empty store.

    Example: jpa world --size medium --seed 7 --truth truth.json
    """
    settings = load_settings(demo=True)
    with _opened(settings) as installation:
        now = datetime.now(UTC)
        migrate_all(installation, now)
        truth.write_text(_load_demo(installation, size, seed, now), encoding="utf-8")
    console.print(f"The truth is in {truth}.")


@main.command()
@click.option(
    "--officer", "login", required=True, help="Log-in of the officer who asks; the password comes from the prompt."
)
def resolve(login: str) -> None:
    """Compare everything that an officer may read; proposals wait on the page.

    Example: jpa resolve --officer analyst.tip
    """
    with _opened(load_settings(demo=None)) as installation:
        ask = _ask(installation, login)
        count = resolution.run_resolution(installation.stores, ask, _run_id())
    console.print(f"{count} pairs might be the same.")


@main.command()
@click.option(
    "--officer", "login", required=True, help="Log-in of the analyst who asks; the password comes from the prompt."
)
def detect(login: str) -> None:
    """Detect candidate networks among everything that an analyst may read.

    Example: jpa detect --officer analyst.tip
    """
    with _opened(load_settings(demo=None)) as installation:
        ask = _ask(installation, login)
        count = networks.run_detection(installation.stores, ask, _run_id(), Parameters())
    console.print(f"{count} candidates, for review.")


@main.group()
def audit() -> None:
    """Look after the audit log."""


@audit.command("verify")
@click.option("--witness", type=click.Path(exists=True, path_type=Path), help="A checkpoint that somebody else kept.")
def audit_verify(witness: Path | None) -> None:
    """Walk the chain and name the first event that was edited, removed, swapped or cut.

    Example: jpa audit verify --witness checkpoint.txt
    """
    with _opened(load_settings()) as installation:
        log = installation.stores.audit
        result = log.verify(None if witness is None else witness.read_text(encoding="ascii"))
        log.note(AuditTag.AUDIT_VERIFIED, None, at=datetime.now(UTC), details={"whole": result.whole})
    if not result.whole:
        raise click.ClickException(f"The log does not hold: {result.fault}.")
    console.print(f"Whole: {result.events} events, {result.checkpoints} checkpoints.")


@audit.command("checkpoint")
def audit_checkpoint() -> None:
    """Sign the newest event now and print the checkpoint for a witness.

    Example: jpa audit checkpoint > checkpoint.txt
    """
    with _opened(load_settings()) as installation:
        sys.stdout.write(installation.stores.audit.checkpoint(datetime.now(UTC)))


@main.group()
def officer() -> None:
    """Look after log-ins."""


@officer.command("release")
@click.argument("login")
def officer_release(login: str) -> None:
    """Unlock a log-in after failed attempts.

    Example: jpa officer release lead.tip
    """
    with _opened(load_settings()) as installation:
        account = installation.accounts.find(login)
        if account is None:
            raise click.ClickException(f"There is no log-in {login}.")
        installation.accounts.release(account.id)
        installation.stores.audit.note(AuditTag.OFFICER_RELEASED, None, at=datetime.now(UTC), object=account.id)
    console.print(f"{login} can log in again.")


class _opened:  # noqa: N801 -- reads as the context manager it wraps
    """Opens an installation for a command: progress on the way, one line for each refusal."""

    def __init__(self, settings: Settings) -> None:
        self._context = opened(settings, _jar_progress())

    def __enter__(self) -> Installation:
        try:
            return self._context.__enter__()
        except JpaError as error:
            raise click.ClickException(str(error)) from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._context.__exit__(kind, error, None)
        if isinstance(error, JpaError):
            fields = getattr(error, "fields", {})
            told = "".join(f"\n  {name}: {text}" for name, text in fields.items())
            raise click.ClickException(f"{error}{told}") from error


def _jar_progress() -> Callable[[int, int], None]:
    started = time.monotonic()

    def show(done: int, total: int) -> None:
        if done % 12 == 0 or done == total:
            console.print(f"jpa: Neo4j {done} of {total} parts, {time.monotonic() - started:.0f} s", highlight=False)

    return show


def _load_demo(installation: Installation, size: str, seed: int, at: datetime) -> str:
    with (
        Progress(console=console, transient=True) as bar,
        installation.stores.audit.act(AuditTag.WORLD_LOADED, None, at=at),
    ):
        task = bar.add_task("The fictional region", total=None)
        made, logins = load_world(
            installation, size, seed, at, _password, lambda done, total: bar.update(task, completed=done, total=total)
        )
    _write_private(installation.settings.secrets_dir / "demo-logins", "".join(f"{a}\t{b}\t{c}\n" for a, b, c in logins))
    truth = truth_json(made)
    _write_private(installation.settings.home / "truth.json", truth)
    analyst = installation.accounts.find("analyst.tip")
    if analyst is not None:
        ask = Ask(analyst.officer, at, "first run over the fictional region")
        resolution.run_resolution(installation.stores, ask, _run_id())
        networks.run_detection(installation.stores, ask, _run_id(), Parameters())
    return truth


def _first_administrator(installation: Installation, at: datetime) -> None:
    console.print("The store is empty. Make the first administrator.")
    login = click.prompt("Log-in name")
    name = click.prompt("Name")
    agency = click.prompt("Agency id", default="hq")
    state = click.prompt("State (ISO code)")
    password = click.prompt("Password (15 characters or more)", hide_input=True, confirmation_prompt=True)
    account = installation.accounts.create(
        login=login,
        name=name,
        agency=agency,
        state=state.upper(),
        roles=frozenset({Role.ADMINISTRATOR}),
        password=password,
        at=at,
    )
    installation.stores.audit.note(AuditTag.OFFICER_CREATED, None, at=at, object=account.id)


def _print_logins(settings: Settings) -> None:
    path = settings.secrets_dir / "demo-logins"
    if path.exists():
        console.print("Demo log-ins (made for this installation):")
        for line in path.read_text(encoding="utf-8").splitlines():
            login, password, what = line.split("\t")
            console.print(f"  {login:<20} {password:<34} {what}", highlight=False)


def _serve(settings: Settings) -> None:
    """Run the web server as a child and end it, whatever ends us."""
    environment = {**os.environ, "JPA_HOME": str(settings.home), "JPA_DEMO": "1" if settings.demo else "0"}  # noqa: TID251 -- handed on whole to our own child
    child = subprocess.Popen([sys.executable, "-m", "jpa.web.server"], env=environment)
    console.print(
        f"jpa is at http://{settings.host}:{settings.port}/  (Ctrl-C stops it, the data stays)", highlight=False
    )
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        child.wait()
    except KeyboardInterrupt:
        child.terminate()
        child.wait(5)
        console.print("Stopped.")


def _ask(installation: Installation, login: str) -> Ask:
    password = click.prompt(f"Password of {login}", hide_input=True)
    code = click.prompt("Code of the second factor", default="", show_default=False)
    now = datetime.now(UTC)
    account = installation.accounts.authenticate(login, password, code, now)
    officer_: Officer = account.officer
    installation.stores.audit.note(AuditTag.LOGIN_SUCCEEDED, officer_, at=now, object=account.id)
    return Ask(officer_, now, "command line")


def _password() -> str:
    return "-".join(secrets.choice(_WORDS) for _ in range(3)) + "-" + secrets.token_hex(4)


def _run_id() -> str:
    return secrets.token_hex(16)


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
