"""Commands of the owner of the folder over officers and their log-ins; audited as such."""

from datetime import UTC, datetime

import click
from rich.table import Table

from jpa.cli.first import ask_first_administrator
from jpa.cli.opening import Opened, console
from jpa.model.account import Account
from jpa.model.officer import Role
from jpa.services import officers
from jpa.services.installation import Installation
from jpa.services.officers import LoginState, NewOfficer, Owner


@click.group()
def officer() -> None:
    """Look after officers and their log-ins.

    Example: jpa officer list
    """


@officer.command("first")
def officer_first() -> None:
    """Ask for the first administrator and their agency, where nobody can log in yet.

    Example: jpa officer first
    """
    with Opened() as installation:
        ask_first_administrator(installation, datetime.now(UTC))


@officer.command("list")
@click.option("--agency", default="", help="Only officers of the agency with this id.")
@click.option("--state", type=click.Choice([s.value for s in LoginState]), help="Only log-ins in this state.")
def officer_list(agency: str, state: str | None) -> None:
    """List officers with their roles and the state of their log-ins.

    Example: jpa officer list --agency tip --state locked
    """
    with Opened() as installation:
        which = None if state is None else LoginState(state)
        rows = officers.list_officers(installation, _owner(), agency=agency, state=which)
    table = Table("Log-in", "Name", "Agency", "Roles", "Second factor", "State")
    for row in rows:
        step = "" if row.in_step else ", not in step"
        table.add_row(
            row.account.login,
            row.account.name,
            row.account.agency,
            ", ".join(sorted(row.account.roles)),
            "set up" if row.account.has_totp else "none",
            row.state.value + step,
        )
    console.print(table if len(rows) > 0 else "No officer fits.")


@officer.command("create")
@click.argument("login")
@click.option("--name", required=True, help="The officer's name, with rank.")
@click.option("--agency", required=True, help="Id of the agency, which must be there already.")
@click.option(
    "--role", "roles", type=click.Choice([r.value for r in Role]), multiple=True, required=True, help="May be repeated."
)
def officer_create(login: str, name: str, agency: str, roles: tuple[str, ...]) -> None:
    """Make an officer and print the first password, once.

    Example: jpa officer create wulan.tip --name "Insp. D. Wulan" --agency tip --role contribute --role read
    """
    with Opened() as installation:
        new = NewOfficer(login, name, agency, frozenset(Role(r) for r in roles))
        account, password = officers.create_officer(installation, _owner(), new)
    _tell(account.login, password)


@officer.command("disable")
@click.argument("login")
@click.confirmation_option(prompt="Sessions and tokens of this officer end at once. Go on?")
def officer_disable(login: str) -> None:
    """Disable an officer: sessions and tokens end at once.

    Example: jpa officer disable wulan.tip --yes
    """
    with Opened() as installation:
        officers.disable_officer(installation, _owner(), _known(installation, login).id)
    console.print(f"{login} is disabled.")


@officer.command("enable")
@click.argument("login")
def officer_enable(login: str) -> None:
    """Enable an officer again; password and second factor are as they were.

    Example: jpa officer enable wulan.tip
    """
    with Opened() as installation:
        officers.enable_officer(installation, _owner(), _known(installation, login).id)
    console.print(f"{login} can log in again.")


@officer.command("reset")
@click.argument("login")
@click.option("--factor", is_flag=True, help="Forget the second factor as well.")
def officer_reset(login: str, *, factor: bool) -> None:
    """Give a random password and print it, once; ends the officer's sessions.

    Example: jpa officer reset wulan.tip --factor
    """
    with Opened() as installation:
        account = _known(installation, login)
        if factor:
            officers.reset_factor(installation, _owner(), account.id)
        password = officers.reset_password(installation, _owner(), account.id)
    _tell(account.login, password)


@officer.command("release")
@click.argument("login")
def officer_release(login: str) -> None:
    """Unlock a log-in after failed attempts.

    Example: jpa officer release lead.tip
    """
    with Opened() as installation:
        officers.release_officer(installation, _owner(), _known(installation, login).id)
    console.print(f"{login} can log in again.")


def _owner() -> Owner:
    return Owner(datetime.now(UTC))


def _known(installation: Installation, login: str) -> Account:
    account = installation.accounts.find(login)
    if account is None:
        raise click.ClickException(f"There is no log-in {login}.")
    return account


def _tell(login: str, password: str) -> None:
    console.print(f"{login}  {password}", highlight=False)
    console.print("Shown now and never again; it must be changed at the first log-in.")
