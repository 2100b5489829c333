"""Commands about packages: look at one and verify it, without an installation or with the keys that are pinned in one."""

import tempfile
from pathlib import Path

import click

from jpa.cli.opening import console, refusal
from jpa.errors import InvalidInputError, JpaError
from jpa.model.fingerprint import spaced
from jpa.operations.messages import fingerprint_of, look_at, open_message
from jpa.sharing.admission import require_coherent
from jpa.sharing.card import is_card, read_card
from jpa.sharing.closing import MARK, open_closed
from jpa.sharing.manifest import KIND, Manifest, read_manifest
from jpa.sharing.package import Check, looked_at, open_package

_file = click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
_identity = click.option(
    "--identity",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File with the age private key that opens it.",
)


@click.group()
def package() -> None:
    """Packages of records between agencies (docs/package-format.md).

    Example: jpa package verify package.age --identity keys.txt --key "jpa-keys-1 tip XA …"
    """


@package.command()
@_file
@_identity
def inspect(path: Path, identity: Path | None) -> None:
    """Say what a package claims to be. It proves nothing: nobody's key is asked, and no line is read.

    Example: jpa package inspect package.age --identity keys.txt
    """
    try:
        with (
            tempfile.TemporaryDirectory() as work,
            looked_at(plain_of(path, identity, Path(work))) as (_, line, manifest),
        ):
            console.print(_words(read_manifest(manifest)), highlight=False)
            if line == "":
                console.print("It is a draft: nobody has signed it.", highlight=False)
            else:
                by = spaced(look_at(line.encode() + b"\n", KIND).key)
                console.print(f"It says that {by} signed it; verify it before you believe it.", highlight=False)
    except JpaError as error:
        raise refusal(error) from error


@package.command()
@_file
@_identity
@click.option(
    "--key", required=True, help="The sender's card of keys, or its public key, once the words were compared."
)
def verify(path: Path, identity: Path | None, key: str) -> None:
    """Check signature, every file and every line of a package; nothing is kept.

    Example: jpa package verify package.age --identity keys.txt --key "jpa-keys-1 tip XA …"
    """
    try:
        with tempfile.TemporaryDirectory() as work:
            plain = plain_of(path, identity, Path(work))
            unpacked = Path(work) / "unpacked"
            unpacked.mkdir()
            opened = open_package(plain, unpacked, trusting(key))
            require_coherent(opened)
            console.print(f"Whole, signed and sound. {_words(opened.manifest)}", highlight=False)
    except JpaError as error:
        raise refusal(error) from error


def plain_of(path: Path, identity: Path | None, work: Path) -> Path:
    """Return the opened file of a package; refused where it is closed and the key does not open it."""
    with path.open("rb") as stream:
        is_closed = stream.read(len(MARK)) == MARK
    if not is_closed:
        return path
    if identity is None:
        problem = (
            "It is closed. Give the file with your age private key, or receive it in the installation of its recipient."
        )
        raise InvalidInputError("Nothing was opened.", {"identity": problem})
    open_closed(path, work / "plain", identity_in(identity))
    return work / "plain"


def identity_in(path: Path) -> str:
    """Return the age private key that a file holds; empty where there is none."""
    lines = path.read_text(encoding="utf-8").split()
    return next((word for word in lines if word.startswith("AGE-SECRET-KEY-1")), "")


def trusting(key: str) -> Check:
    """Trust one key alone: a card, or a public key."""
    public = read_card(key).public if is_card(key) else "".join(key.split()).lower()
    trusted = {fingerprint_of(public): public}

    def check(line: str, manifest: bytes) -> None:
        open_message(line.encode() + b"\n" + manifest, KIND, trusted)

    return check


def _words(this: Manifest) -> str:
    counts, sender = this.counts, this.sender
    to = ", ".join(f"{r.name} ({r.state})" for r in this.recipients)
    stays = "; ".join(f"{w.count} {w.reason}" for w in this.withheld) or "nothing"
    return (
        f"Package {this.id} of {sender.name} ({sender.state}), case {this.reference}, made {this.made[:19]} UTC for {to}, under "
        f"{this.agreement.title} ({this.agreement.basis}), which ends on {this.agreement.ends}; purpose: {this.purpose}. "
        f"{this.marking.tlp}, {this.marking.pap}. {counts.reports} reports, {counts.records} records, {counts.links} links, "
        f"{counts.judgements} verdicts, {counts.evidence} files. Withheld: {stays}."
    )
