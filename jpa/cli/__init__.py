"""The command line; upkeep belongs to the owner of the folder and is audited as such."""

import click

from jpa.cli import analysis, officers, running, upkeep


@click.group()
@click.version_option(package_name="jpa")
def main() -> None:
    """Run, feed and look after one installation of jpa.

    JPA_HOME chooses the folder that keeps everything (default: ./home), JPA_PORT where the page listens.
    """


for _command in (
    running.run,
    running.serve,
    running.migrate,
    running.world,
    analysis.resolve,
    analysis.detect,
    upkeep.audit,
    officers.officer,
):
    main.add_command(_command)
