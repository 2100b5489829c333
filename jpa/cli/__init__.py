"""The command line; upkeep belongs to the owner of the folder and is audited as such."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

from jpa.errors import JpaError

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "run": ("starting:run", "Set up what is missing, start everything, print the address."),
    "serve": ("serving:serve", "Serve the pages of a home that is set up already."),
    "work": ("serving:work", "Do queued jobs of a home that is set up already, until stopped."),
    "migrate": ("running:migrate", "Bring both stores to the newest schema."),
    "world": ("running:world", "Load a fictional region into an empty store."),
    "import": ("files:import_file", "Take a file into a draft, say what it would do, and commit it."),
    "export": ("files:export_file", "Write what an officer may read of a case to a file."),
    "resolve": ("analysis:resolve", "Compare everything that an officer may read."),
    "detect": ("analysis:detect", "Detect candidate networks among what an analyst may read."),
    "figures": ("figures:figures", "Fill a reporting form, and write it as a workbook."),
    "return": ("returns:returns", "Returns of other agencies as signed files."),
    "blind": ("blind:blind", "Blind questions to agencies on other installations."),
    "package": ("package:package", "Packages of records between agencies."),
    "post": ("post:post", "What is brought to a partner's installation over HTTPS."),
    "backup": ("keeping:backup", "Write one encrypted archive of everything that is kept here."),
    "restore": ("keeping:restore", "Make an installation from a backup."),
    "compact": ("keeping:compact", "Write the graph anew, so that nothing deleted is left in its files."),
    "health": ("keeping:health", "Say whether both stores answer, for a health check."),
    "audit": ("upkeep:audit", "Look after the audit log."),
    "officer": ("officers:officer", "Look after officers and their log-ins."),
    "schema": ("schema:schema", "Write docs/schema.md from the catalogue."),
}
"""Module and function of each command, and its line in the list of all."""


def refusal(error: JpaError) -> click.ClickException:
    """Tell a refusal on one line, and each field with its cure on a line of its own."""
    return click.ClickException("\n  ".join(error.sentences()))


class Commands(click.Group):
    """A group that imports a command when it is asked for: all of them at once take seconds."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Return the names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's signature
        """Import a command; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(import_module(f"jpa.cli.{module}"), name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what is refused before its installation is open is told on one line too."""
        try:
            return super().invoke(ctx)
        except JpaError as error:
            raise refusal(error) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 -- click's signature
        """Write the list of all commands without importing one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=Commands)
@click.version_option(package_name="jpa")
def main() -> None:
    """Run, feed and look after one installation of jpa.

    JPA_HOME chooses the folder that keeps everything (default: ./home), JPA_PORT where the page listens.
    """
