"""Commands that set up, start and serve."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import Progress

from jpa.cli.opening import Opened, console, made_password, write_private
from jpa.config import Settings, load_settings
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.ids import new_id
from jpa.model.officer import Role
from jpa.networks.detect import Parameters
from jpa.services import agencies, networks, officers, resolution
from jpa.services.installation import Installation, migrate_all, reconcile
from jpa.services.stores import Ask
from jpa.web.server import serve_forever
from jpa.world.generate import truth_json
from jpa.world.load import load_world


@click.command()
@click.option("--demo/--no-demo", default=True, help="Load the fictional region into an empty store.")
def run(*, demo: bool) -> None:
    """Set up what is missing, start everything, print the address.

    Example: JPA_PORT=8100 jpa run --no-demo
    """
    settings = load_settings(demo=demo or None)
    with Opened(settings) as installation:
        now = datetime.now(UTC)
        migrate_all(installation, now)
        reconcile(installation, now)
        officers.bring_in_step(installation, now)
        if len(installation.accounts.listed()) == 0:
            if demo:
                _load_demo(installation, "small", 3, now)
            else:
                _first_administrator(installation, now)
        if demo:
            _print_logins(settings)
        _serve(settings)


@click.command()
def serve() -> None:
    """Serve the pages of a home that is set up already.

    Example: JPA_HOME=/srv/jpa jpa serve
    """
    with Opened() as installation:
        serve_forever(installation)


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
        truth.write_text(_load_demo(installation, size, seed, now), encoding="utf-8")
    console.print(f"The truth is in {truth}.")


def _load_demo(installation: Installation, size: str, seed: int, at: datetime) -> str:
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
    write_private(installation.settings.secrets_dir / "demo-logins", "".join(f"{a}\t{b}\t{c}\n" for a, b, c in logins))
    truth = truth_json(made)
    write_private(installation.settings.home / "truth.json", truth)
    analyst = installation.accounts.find("analyst.tip")
    if analyst is not None:
        ask = Ask(analyst.officer, at, "first run over the fictional region")
        resolution.run_resolution(installation.stores, ask, new_id(at))
        networks.run_detection(installation.stores, ask, new_id(at), Parameters())
    return truth


def _first_administrator(installation: Installation, at: datetime) -> None:
    console.print("The store is empty. Make the first administrator.")
    login = click.prompt("Log-in name")
    name = click.prompt("Name")
    agency = click.prompt("Agency id", default="hq")
    agency_name = click.prompt("Agency's name")
    state = click.prompt("State (ISO code)").upper()
    password = click.prompt("Password (15 characters or more)", hide_input=True, confirmation_prompt=True)
    account = installation.accounts.create(
        login=login,
        name=name,
        agency=agency,
        state=state,
        roles=frozenset({Role.ADMINISTRATOR}),
        password=password,
        at=at,
    )
    installation.stores.audit.note(AuditTag.OFFICER_CREATED, None, at=at, object=account.id)
    agencies.save_agency(installation.stores, Agency(agency, agency_name, state), at)
    agencies.save_officer(installation.stores, account.officer, at, active=True)


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
