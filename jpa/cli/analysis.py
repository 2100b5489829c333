"""Commands that compare and detect, as an officer."""

from datetime import UTC, datetime

import click

from jpa.cli.opening import Opened, ask_as, console, officer_option
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
        count = resolution.run_resolution(installation.stores, ask, new_id(datetime.now(UTC)))
    console.print(f"{count} pairs might be the same.")


@click.command()
@officer_option
def detect(login: str) -> None:
    """Detect candidate networks among everything that an analyst may read.

    Example: jpa detect --officer analyst.tip
    """
    with Opened() as installation:
        ask = ask_as(installation, login)
        count = networks.run_detection(installation.stores, ask, new_id(datetime.now(UTC)), Parameters())
    console.print(f"{count} candidates, for review.")
