"""Commands that hand out figures, as an officer."""

from pathlib import Path

import click

from jpa.cli.opening import Opened, ask_as, console, officer_option
from jpa.services import forms
from jpa.statistics.forms import FORMS


@click.command()
@officer_option
@click.option("--form", "name", type=click.Choice(tuple(FORMS)), required=True, help="The reporting form to fill.")
@click.option("--year", default="", help="For forms by year, for example 2024.")
@click.option("--jpa", "number", default="", help="Number of the joint period, for the communiqué.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; left out: a name that says form and period.",
)
def figures(login: str, name: str, year: str, number: str, out: Path | None) -> None:
    """Fill a reporting form from all that an officer may count, and write it as a workbook; what it shows is remembered.

    Example: jpa figures --officer supervisor.tip --form glotip --year 2024 --out glotip.xlsx
    """
    with Opened() as installation:
        ask = ask_as(installation, login)
        jpa = forms.jpa_of_number(installation.stores, ask, number) if number else ""
        made, file, content = forms.hand_out_form(installation.stores, ask, name, year=year, jpa=jpa)
        path = Path(file) if out is None else out
        path.write_bytes(content)
    held = f" {made.filled.held_back} figures of persons are held back." if made.filled.held_back else ""
    console.print(f"{made.filled.form.label} for {made.period} in {path}.{held}")
