"""The command that writes the page about the catalogue."""

from pathlib import Path

import click

from jpa.config import PROJECT
from jpa.interchange.schema_page import schema_page


@click.command()
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default=PROJECT / "docs" / "schema.md", show_default=True
)
def schema(out: Path) -> None:
    """Write docs/schema.md from the catalogue.

    Example: jpa schema
    """
    out.write_text(schema_page(), encoding="utf-8")
