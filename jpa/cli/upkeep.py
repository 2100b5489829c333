"""Commands of the owner of the folder over the audit log; audited as such."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from jpa.cli.opening import Opened, console
from jpa.model.audit import AuditTag


@click.group()
def audit() -> None:
    """Look after the audit log.

    Example: jpa audit verify
    """


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
