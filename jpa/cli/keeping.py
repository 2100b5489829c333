"""Commands that keep an installation: backup, restore, compact, health."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table

from jpa.cli import refusal
from jpa.cli.opening import Opened, console, jar_progress
from jpa.config import load_settings
from jpa.errors import JpaError
from jpa.operations.archive import Manifest
from jpa.operations.envelope import Key, Lock, wants_passphrase
from jpa.services.compaction import compact_graph, sealed_since
from jpa.services.keeping import make_backup, restore_backup

_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--passphrase-file", type=_EXISTING, help="File whose first line is the passphrase; else it is asked for."
)
@click.option("--recipient", help="Public key (age1…) that alone can open it, in place of a passphrase.")
def backup(file: Path, passphrase_file: Path | None, recipient: str | None) -> None:
    """Write one encrypted, verified archive of everything that this installation keeps.

    Nobody else may use the installation meanwhile: stop `jpa run`, `jpa serve` and `jpa work` first.

    Example: jpa backup /media/safe/jpa-2026-11-24.backup
    """
    if recipient is not None and passphrase_file is not None:
        raise click.UsageError("Choose one of --recipient and --passphrase-file.")
    if recipient is not None:
        lock = Lock(recipient=recipient)
    elif passphrase_file is not None:
        lock = Lock(passphrase=_first_line(passphrase_file))
    else:
        lock = Lock(passphrase=click.prompt("Passphrase", hide_input=True, confirmation_prompt=True))
    with _telling(file):
        made = make_backup(load_settings(), file, lock, datetime.now(UTC), _step, jar_progress())
    _print_listing(made)
    console.print(f"{file} is written and verified: {file.stat().st_size:,} bytes.", highlight=False)


@click.command()
@click.argument("file", type=_EXISTING)
@click.option(
    "--passphrase-file", type=_EXISTING, help="File whose first line is the passphrase; else it is asked for."
)
@click.option("--identity-file", type=_EXISTING, help="Private key (AGE-SECRET-KEY-1…) of the recipient.")
def restore(file: Path, passphrase_file: Path | None, identity_file: Path | None) -> None:
    """Make an installation from a backup; JPA_HOME must be empty or not exist yet.

    Example: JPA_HOME=/srv/jpa jpa restore /media/safe/jpa-2026-11-24.backup
    """
    if identity_file is not None and passphrase_file is not None:
        raise click.UsageError("Choose one of --identity-file and --passphrase-file.")
    settings = load_settings()
    with _telling(file):
        closed = wants_passphrase(file)
        if identity_file is not None:
            key = Key(identity=identity_file.read_text(encoding="utf-8", errors="replace"))
        elif passphrase_file is not None:
            key = Key(passphrase=_first_line(passphrase_file))
        else:
            key = Key(passphrase=click.prompt("Passphrase", hide_input=True)) if closed else Key()
        restored = restore_backup(settings, file, key, datetime.now(UTC), _step, jar_progress())
    _print_listing(restored.manifest)
    if not restored.audit.whole:
        console.print(f"The audit log in this backup does not hold: {restored.audit.fault}.", style="bold red")
    console.print(f"Restored to {settings.home}: the graph's content is the one that was backed up.", highlight=False)


@click.command()
def compact() -> None:
    """Write the graph anew, so that nothing sealed, redacted or deleted is left in its files and transaction logs.

    Run it after a person was sealed. Nobody else may use the installation meanwhile: stop `jpa run`, `jpa serve` and
    `jpa work` first. Backups made before still hold what was sealed: make a new one and destroy them.

    Example: jpa compact
    """
    try:
        done = compact_graph(load_settings(), datetime.now(UTC), _step, jar_progress())
    except JpaError as error:
        raise refusal(error) from error
    except OSError as error:
        raise click.ClickException(
            f"{error.filename}: {error.strerror}. Start jpa again: the graph is as it was."
        ) from error
    console.print(
        f"Written anew: {done.content.nodes:,} nodes, {done.content.links:,} links, content {done.content.hash}; "
        f"{done.before:,} bytes before, {done.after:,} now.",
        highlight=False,
    )


@click.command()
def health() -> None:
    """Say whether both stores answer, for a health check; the exit status is 0 when they do.

    Example: jpa health
    """
    with Opened() as installation:
        installation.stores.graph.ping()
        revision = installation.operations.revision()
        sealed = sealed_since(installation.stores.audit) if revision != "" else 0
    if revision == "":
        raise click.ClickException("The operations store was never migrated; run `jpa migrate`.")
    console.print("Both stores answer.")
    if sealed > 0:
        console.print(f"Persons sealed since the graph was last written anew: {sealed}. Run `jpa compact`.")


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    """Tell what went wrong with an archive on one line."""
    try:
        yield
    except JpaError as error:
        raise refusal(error) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or file}: {error.strerror}. Nothing was kept.") from error


def _print_listing(manifest: Manifest) -> None:
    """Print classes and sizes only: names of files could tell of cases."""
    table = Table("what", "files", "bytes", box=None)
    for kind, (count, size) in manifest.sizes().items():
        table.add_row(kind.value, f"{count:,}", f"{size:,}")
    console.print(table)
    console.print(
        f"Graph: {manifest.nodes:,} nodes, {manifest.links:,} links, content {manifest.content_hash}. "
        f"Made {manifest.made} by jpa {manifest.version}.",
        highlight=False,
    )


def _first_line(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[0] if len(lines) > 0 else ""


def _step(text: str) -> None:
    console.print(f"jpa: {text}", highlight=False)
