"""Commands of the owner of the folder: the audit log and log-ins; audited as such."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from jpa.cli.first import ask_first_administrator
from jpa.cli.opening import Opened, console
from jpa.model.audit import AuditTag


@click.group()
def audit() -> None:
    """Look after the audit log."""


@audit.command("verify")
@click.option("--witness", type=click.Path(exists=True, path_type=Path), help="A checkpoint that somebody else kept.")
def audit_verify(witness: Path | None) -> None:
    """Walk the chain and name the first event that was edited, removed, swapped or cut.

    Example: jpa audit verify --witness checkpoint.txt
    """
    with Opened() as installation:
        log = installation.stores.audit
        result = log.verify(None if witness is None else witness.read_text(encoding="ascii"))
        log.note(AuditTag.AUDIT_VERIFIED, None, at=datetime.now(UTC), details={"whole": result.whole})
    if not result.whole:
        raise click.ClickException(f"The log does not hold: {result.fault}.")
    console.print(f"Whole: {result.events} events, {result.checkpoints} checkpoints.")


@audit.command("checkpoint")
def audit_checkpoint() -> None:
    """Sign the newest event now and print the checkpoint for a witness.

    Example: jpa audit checkpoint > checkpoint.txt
    """
    with Opened() as installation:
        sys.stdout.write(installation.stores.audit.checkpoint(datetime.now(UTC)))


@click.group()
def officer() -> None:
    """Look after log-ins."""


@officer.command("first")
def officer_first() -> None:
    """Ask for the first administrator and their agency, where nobody can log in yet.

    Example: jpa officer first
    """
    with Opened() as installation:
        ask_first_administrator(installation, datetime.now(UTC))


@officer.command("release")
@click.argument("login")
def officer_release(login: str) -> None:
    """Unlock a log-in after failed attempts.

    Example: jpa officer release lead.tip
    """
    with Opened() as installation:
        account = installation.accounts.find(login)
        if account is None:
            raise click.ClickException(f"There is no log-in {login}.")
        installation.accounts.release(account.id)
        installation.stores.audit.note(AuditTag.OFFICER_RELEASED, None, at=datetime.now(UTC), object=account.id)
    console.print(f"{login} can log in again.")
