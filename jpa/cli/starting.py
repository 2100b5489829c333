"""The command that starts everything; it calls the graph's server up before it imports what it takes seconds to import."""

from contextlib import ExitStack
from importlib import import_module

import click

from jpa.config import load_settings
from jpa.graph import server


@click.command()
@click.option("--demo/--no-demo", default=True, help="Load the fictional region into an empty store.")
def run(*, demo: bool) -> None:
    """Set up what is missing, start everything, print the address.

    Example: JPA_PORT=8100 jpa run --no-demo
    """
    settings = load_settings(demo=demo)
    with ExitStack() as called:
        lease = server.call_up(settings)
        if lease is not None:
            called.enter_context(lease)
        import_module("jpa.cli.running").run_all(settings, called, demo=demo)
