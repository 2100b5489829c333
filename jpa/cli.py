"""The command line; each command acts as an officer through the same gate, or as the owner of the folder."""

import click


@click.group()
@click.version_option(package_name="jpa")
def main() -> None:
    """Run, feed and look after one installation of jpa."""
