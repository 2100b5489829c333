"""Commands about packages: look at one and verify it without an installation; make, release and receive one in an installation."""

import tempfile
from pathlib import Path
from typing import Any

import click

from jpa.cli import refusal
from jpa.cli.opening import Opened, ask_as, console, log_in_again, officer_option
from jpa.errors import InvalidInputError, JpaError
from jpa.model.access import Action
from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.fingerprint import spaced
from jpa.model.package import Selection
from jpa.model.post import PostKind
from jpa.model.summary import SummaryAsk
from jpa.operations.messages import fingerprint_of, look_at, open_message
from jpa.services import (
    agency_keys,
    messages_in,
    package_inbox,
    package_options,
    package_signing,
    packages,
    post,
    recall_inbox,
)
from jpa.services.package_setting import Order
from jpa.services.post_spool import require_place
from jpa.services.stores import Ask, Stores
from jpa.sharing.admission import require_coherent
from jpa.sharing.card import is_card, read_card
from jpa.sharing.closing import MARK, open_closed
from jpa.sharing.manifest import KIND, Manifest, read_manifest
from jpa.sharing.notice import MOST_BYTES
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


@package.command()
@officer_option
def keys(login: str) -> None:
    """Show the card of keys of the officer's agency, and the words to compare by telephone.

    Example: jpa package keys --officer liaison.tip
    """
    with Opened() as installation:
        card = agency_keys.read_keys(installation.stores, ask_as(installation, login)).own.card
    console.print(
        f"card         {card.text}\nwords        {card.words}\nfingerprint  {spaced(card.fingerprint)}", highlight=False
    )


@package.command()
@officer_option
@click.option("--case", "number", required=True, help="Number of the case.")
@click.option("--to", "partner", required=True, help="Id of the agency that receives it.")
@click.option("--agreement", required=True, help="Title or id of the agreement.")
@click.option("--purpose", required=True, help="One of the agreement's purposes.")
@click.option(
    "--type", "types", multiple=True, type=click.Choice(list(ENTITY_TYPES)), help="Only these kinds of records."
)
@click.option("--hops", type=click.IntRange(0, 6), help="At most so many ties from suspects and facilitators.")
@click.option("--texts", is_flag=True, help="The free text of reports too.")
@click.option("--no-compare", is_flag=True, help="The recipient may not compare it with its own records.")
@click.option(
    "--summary-basis", default="", help="Legal basis of a coded summary of victims and migrants, if one is asked for."
)
@click.option("--summary-purpose", default="", help="What the summary is for.")
def build(login: str, number: str, partner: str, agreement: str, purpose: str, **ticked: Any) -> None:
    """Keep a draft of what may go of a case; another officer releases it.

    Example: jpa package build --officer liaison.tip --case T-17 --to ucg --agreement "Memorandum of 2024" --purpose "migrant smuggling"
    """
    with Opened() as installation:
        stores, ask = installation.stores, ask_as(installation, login)
        order = _ordered(stores, ask, number, (partner, agreement, purpose), ticked)
        made = packages.draft_package(stores, ask, order)
    stays = "; ".join(f"{n} {reason}" for reason, n in made.withheld) or "nothing"
    console.print(
        f"Draft {made.id}: {made.records} records, {made.links} links, {made.tlp}. Withheld: {stays}.", highlight=False
    )


@package.command("sign-summary")
@officer_option
@click.argument("this")
def sign_summary(login: str, this: str) -> None:
    """Sign the coded summary of a draft as the second officer. Password and a new code are asked for once more.

    Example: jpa package sign-summary --officer supervisor.tip 0193a1b2c3d4...
    """
    with Opened() as installation:
        ask = ask_as(installation, login)
        for row in packages.read_package(installation.stores, ask, this).shown.summary:
            console.print(f"  {row.of}, {row.by}: {row.code}  {row.count}", highlight=False, markup=False)
        click.confirm("May exactly these counts go?", abort=True)
        ask, password, code = log_in_again(ask)
        package_signing.sign_summary(installation, ask, this, password, code)
    console.print("Signed. The package can be released now.", highlight=False)


@package.command()
@officer_option
@click.argument("this")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where the closed file is written.")
@click.option("--post", "posted", is_flag=True, help="Send it by post now.")
def release(login: str, this: str, out: Path | None, *, posted: bool) -> None:
    """Release a draft as the second officer, and write the closed file or send it. Password and a new code are asked for once more.

    Example: jpa package release --officer supervisor.tip 0193a1b2c3d4... --out package.age
    """
    if out is None and not posted:
        raise click.UsageError("Say where it goes: --out FILE, or --post.")
    with Opened() as installation:
        ask = ask_as(installation, login)
        if posted:
            require_place(installation.stores, packages.find_package(installation.stores, ask, this).partner)
        ask, password, code = log_in_again(ask)
        done = packages.release_package(installation, ask, this, password, code)
        console.print(f"Released to {done.partner}: {done.records} records.", highlight=False)
        if out is not None:
            _name, pieces = packages.write_package_file(installation.stores, ask, done.id)
            with out.open("xb") as stream:
                for piece in pieces:
                    stream.write(piece)
            console.print(f"Written to {out}.", highlight=False, markup=False)
        if posted:
            item = post.send_by_post(installation.stores, ask, PostKind.PACKAGE, done.id)
            console.print(f"{item.id}: on its way by post.", highlight=False)


@package.command()
@officer_option
@_file
@click.option("--receipt", type=click.Path(path_type=Path, dir_okay=False), help="Where the signed receipt is written.")
def receive(login: str, path: Path, receipt: Path | None) -> None:
    """Verify a package and keep it closed until an officer adopts it into a case; the same one again changes nothing.

    Takes signed messages too: a receipt, an acknowledgement, or a recall or correction, which is followed at once.

    Example: jpa package receive --officer liaison.ucg package.age --receipt receipt.jsonl
    """
    with Opened() as installation:
        ask = ask_as(installation, login)
        with path.open("rb") as stream:
            if messages_in.is_message(stream.read(1)):
                _take_message(installation.stores, ask, path, receipt)
                return
            stream.seek(0)
            kept, new = package_inbox.receive_package(installation.stores, ask, stream)
        if receipt is not None:
            receipt.write_bytes(package_inbox.write_receipt_file(installation.stores, ask, kept.id)[1])
    said = f"{kept.new} new, {kept.known} known, {kept.refused} refused" if new else "it was here already"
    console.print(f"Package {kept.id} of {kept.partner}: {said}.", highlight=False)
    for this, reason in kept.refusals[:20] if new else ():
        console.print(f"  {this}: {reason}", highlight=False)


def _take_message(stores: Stores, ask: Ask, path: Path, answer: Path | None) -> None:
    with path.open("rb") as stream:
        taken = messages_in.receive_message(stores, ask, stream.read(MOST_BYTES + 2048))
    if answer is not None and taken.kind in recall_inbox.KINDS:
        answer.write_bytes(recall_inbox.write_acknowledgement_file(stores, ask, taken.notice)[1])
    console.print(f"Package {taken.package}: {taken.words}", highlight=False)


def _ordered(stores: Stores, ask: Ask, number: str, terms: tuple[str, str, str], ticked: dict[str, Any]) -> Order:
    partner, agreement, purpose = terms
    case = next((c for c in package_options.list_cases(stores, ask, Action.MAKE_PACKAGE) if c.number == number), None)
    if case is None:
        raise InvalidInputError(
            "The package was not made.", {"case": f"There is no case {number} of your agency that you may read."}
        )
    known = package_options.read_options(stores, ask, case.id).terms
    named = next((t.agreement.id for t in known if agreement in {t.agreement.id, t.agreement.title}), agreement)
    asked = ticked["summary_basis"].strip(), ticked["summary_purpose"].strip()
    summary = SummaryAsk(*asked) if any(asked) else None
    selection = Selection(types=ticked["types"], hops=ticked["hops"], texts=ticked["texts"], summary=summary)
    return Order(case.id, partner, named, purpose, selection, compare=not ticked["no_compare"])


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
    summary = "" if counts.summary is None else ", and a coded summary of protected persons"
    return (
        f"Package {this.id} of {sender.name} ({sender.state}), case {this.reference}, made {this.made[:19]} UTC for {to}, under "
        f"{this.agreement.title} ({this.agreement.basis}), which ends on {this.agreement.ends}; purpose: {this.purpose}. "
        f"{this.marking.tlp}, {this.marking.pap}. {counts.reports} reports, {counts.records} records, {counts.links} links, "
        f"{counts.judgements} verdicts, {counts.evidence} files{summary}. Withheld: {stays}."
    )
