"""Commands that serve one part of a home that is set up already."""

import click

from jpa.cli.opening import Opened
from jpa.jobs.worker import work_forever
from jpa.web.server import serve_forever


@click.command()
def serve() -> None:
    """Serve the pages of a home that is set up already.

    Example: JPA_HOME=/srv/jpa jpa serve
    """
    with Opened() as installation:
        serve_forever(installation)


@click.command()
def work() -> None:
    """Do queued jobs (imports, comparisons, detections) of a home that is set up already, until stopped.

    Example: JPA_HOME=/srv/jpa jpa work
    """
    with Opened() as installation:
        work_forever(installation)
