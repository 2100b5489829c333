"""Commands about the offline viewer: make the page of a package, and read the proposals that it saved."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from jpa.cli import refusal
from jpa.cli.opening import console
from jpa.cli.packages import identity_in, plain_of, trusting
from jpa.errors import ConflictError, JpaError
from jpa.operations.messages import fingerprint_of
from jpa.sharing.admission import require_admissible
from jpa.sharing.card import KeyCard, is_card, read_card
from jpa.sharing.closing import public_of
from jpa.sharing.manifest import Manifest, Party
from jpa.sharing.package import Opened, open_package
from jpa.sharing.proposals import MOST_BYTES, Item, Proposals, read_proposals
from jpa.sharing.refusal import refused
from jpa.sharing.viewed import Checked
from jpa.web.offline import write_viewer

_FEW = 20


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--identity",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    help="File with the age private key of the recipient.",
)
@click.option(
    "--key", required=True, help="The sender's card of keys, or its public key, once the words were compared."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The page to write: one HTML file."
)
def view(path: Path, identity: Path, key: str, out: Path) -> None:
    """Check a package as its recipient would, and write one page that shows it in any browser, without a server or network.

    The page is not encrypted: keep it where the case may be kept.

    Example: jpa package view package.age --identity keys.txt --key "jpa-keys-1 tip XA …" --out viewer.html
    """
    try:
        if out.exists():
            raise ConflictError(f"{out} is there already; nothing was written. Choose another name, or take it away.")
        with tempfile.TemporaryDirectory() as work:
            folders = [Path(work) / name for name in ("unpacked", "page")]
            for folder in folders:
                folder.mkdir()
            opened = open_package(plain_of(path, identity, Path(work)), folders[0], trusting(key))
            checked = _checked(opened.manifest, key, public_of(identity_in(identity)), datetime.now(UTC))
            _write(opened, checked, folders[1], out)
        words = f"Whole, signed and sound. {out} shows it in any browser; it is not encrypted, so keep it where the case may be kept."
        console.print(words, highlight=False)
    except JpaError as error:
        raise refusal(error) from error


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def proposals(path: Path) -> None:
    """Read the proposals that a recipient saved in the viewer. It proves nothing: the file is not signed.

    Example: jpa package proposals proposals-0193a1b2c3d4.json
    """
    try:
        with path.open("rb") as stream:
            this = read_proposals(stream.read(MOST_BYTES + 1))
        console.print(_words(this), highlight=False, markup=False)
        for item in this.items[:_FEW]:
            console.print(f"  {_said(item)}", highlight=False, markup=False)
        if len(this.items) > _FEW:
            console.print(f"  and {len(this.items) - _FEW} more", highlight=False)
    except JpaError as error:
        raise refusal(error) from error


def _checked(this: Manifest, key: str, closing: str, at: datetime) -> Checked:
    """Find the recipient that the identity belongs to, and hold sender, moment and agreement against it as a receiver does."""
    own = next((r for r in this.recipients if r.key == closing), None)
    if own is None:
        raise refused("recipient", "It is addressed to nobody whose key this is.")
    card = read_card(key) if is_card(key) else None
    signer = this.sender if card is None else _party(card)
    require_admissible(this, signer, own, closing, at)
    fingerprint = fingerprint_of(key) if card is None else card.fingerprint
    return Checked(at, fingerprint, card is not None, Party(agency=own.agency, name=own.name, state=own.state))


def _party(card: KeyCard) -> Party:
    return Party(agency=card.agency, name=card.agency, state=card.state)


def _write(opened: Opened, checked: Checked, work: Path, out: Path) -> None:
    """Write the whole page or none, for its owner alone to read."""
    part = out.with_name(f"{out.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as page:
                write_viewer(opened, checked, work, page)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ConflictError(f"{out} could not be written: {error.strerror}. Choose another folder.") from error


def _words(this: Proposals) -> str:
    contact = f", ask {this.contact}" if this.contact else ""
    return (
        f"It says that {this.by.name} ({this.by.state}) proposes {len(this.items)} items about package {this.package}, "
        f"{this.made[:19]} UTC{contact}. Nothing proves it: the file is not signed."
    )


def _said(item: Item) -> str:
    parts = [f"{item.what} {item.about}: {item.kind}"]
    if item.other is not None:
        parts.append(f"as {item.other}")
    if item.property is not None:
        parts.append(f"{item.property} = {item.value}" + (f" instead of {item.stated}" if item.stated else ""))
    parts += [text for text in (item.text, f"reference {item.reference}" if item.reference else "") if text]
    return "; ".join(parts)
