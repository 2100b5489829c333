"""Commands that compare and detect, as an officer."""

from datetime import UTC, datetime

import click
from rich.progress import Progress

from jpa.cli.opening import Opened, ask_as, console, officer_option, shown
from jpa.model.ids import new_id
from jpa.networks.detect import Parameters
from jpa.services import networks, resolution


@click.command()
@officer_option
def resolve(login: str) -> None:
    """Compare everything that an officer may read; proposals wait on the page.

    Example: jpa resolve --officer analyst.tip
    """
    with Opened() as installation:
        ask = ask_as(installation, login)
        with Progress(console=console, transient=True) as bar:
            run = new_id(datetime.now(UTC))
            count = resolution.run_resolution(installation.stores, ask, run, shown(bar, "Comparing"))
    console.print(f"{count} pairs might be the same.")


@click.command()
@officer_option
def detect(login: str) -> None:
    """Detect candidate networks among everything that an analyst may read.

    Example: jpa detect --officer analyst.tip
    """
    with Opened() as installation:
        ask = ask_as(installation, login)
        with Progress(console=console, transient=True) as bar:
            run, progress = new_id(datetime.now(UTC)), shown(bar, "Detecting")
            count = networks.run_detection(installation.stores, ask, run, Parameters(), progress)
    console.print(f"{count} candidates, for review.")
