"""Commands about returns: look at a file, verify it, take it in; keys to compare and pin."""

from pathlib import Path

import click

from jpa.cli import refusal
from jpa.cli.opening import Opened, ask_as, console, officer_option
from jpa.errors import JpaError
from jpa.interchange.return_file import MOST_BYTES, read_return
from jpa.model.fingerprint import spaced
from jpa.model.returns import Head
from jpa.operations.messages import fingerprint_of, look_at, open_message
from jpa.services import agency_keys, return_inbox, return_post, return_telling
from jpa.services.return_rows import require_sound
from jpa.services.returns import KIND

_file = click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))


@click.group("return")
def returns() -> None:
    """Returns between agencies as signed files (docs/return-format.md); by post: jpa post send return.

    Example: jpa return verify return-XB-2024-v1.jsonl --key 64-letters-and-digits
    """


@returns.command()
@_file
def inspect(path: Path) -> None:
    """Say what a file claims to be. It proves nothing: nobody's key is asked.

    Example: jpa return inspect return-XB-2024-v1.jsonl
    """
    try:
        content = _read(path)
        envelope = look_at(content, KIND)
        head, _rows = read_return(content.partition(b"\n")[2])
    except JpaError as error:
        raise refusal(error) from error
    console.print(_words(head), highlight=False)
    console.print(f"It says that {spaced(envelope.key)} signed it; verify it before you believe it.", highlight=False)


@returns.command()
@_file
@click.option("--key", help="Public key of the agency: works without an installation.")
@click.option("--officer", "login", help="Log-in of an officer: the keys pinned in this installation are used.")
def verify(path: Path, key: str | None, login: str | None) -> None:
    """Check hash, signature and every row of a file; nothing is kept.

    Example: jpa return verify return-XB-2024-v1.jsonl --officer liaison.tip
    """
    if (key is None) == (login is None):
        raise click.UsageError("Give the agency's public key with --key, or an officer with --officer.")
    if key is not None:
        try:
            head = _verified(_read(path), key)
        except JpaError as error:
            raise refusal(error) from error
    else:
        with Opened() as installation:
            head = return_inbox.verify_return(installation.stores, ask_as(installation, str(login)), _read(path)).head
    console.print(f"Whole, signed and sound. {_words(head)}", highlight=False)


@returns.command()
@officer_option
@_file
def receive(login: str, path: Path) -> None:
    """Take a file into the inbox of the agency that coordinates; it counts once a supervisor accepts it.

    Example: jpa return receive --officer liaison.tip return-XB-2024-v1.jsonl
    """
    with Opened() as installation:
        kept = return_inbox.receive_return(installation.stores, ask_as(installation, login), _read(path))
    console.print(f"Version {kept.version} of {kept.agency}, {kept.rows} rows, lies in the inbox.", highlight=False)


@returns.command()
@officer_option
@click.argument("this")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where it is written.")
def decision(login: str, this: str, out: Path) -> None:
    """Write what your agency decided about a return, or its withdrawal, as a signed file; by post it leaves by itself.

    Example: jpa return decision --officer supervisor.tip 0193a1b2c3d4... --out decision.jsonl
    """
    with Opened() as installation:
        _name, content = return_telling.write_decision_file(installation.stores, ask_as(installation, login), this)
        with out.open("xb") as stream:
            stream.write(content)
    console.print(f"Give {out} to the other side: jpa return heed", highlight=False, markup=False)


@returns.command()
@officer_option
@_file
def heed(login: str, path: Path) -> None:
    """Take in what the other side decided about a return, or that it withdrew one.

    Example: jpa return heed --officer liaison.ucg decision.jsonl
    """
    with Opened() as installation:
        kept = return_post.receive_decision(installation.stores, ask_as(installation, login), _read(path))
    console.print(f"Version {kept.version} of {kept.agency} is {kept.alone}.", highlight=False)


@returns.command()
@officer_option
def key(login: str) -> None:
    """Show the public key of the officer's agency and its fingerprint, to be compared by telephone.

    Example: jpa return key --officer liaison.tip
    """
    with Opened() as installation:
        own = agency_keys.read_keys(installation.stores, ask_as(installation, login)).own
    console.print(f"public key   {own.public}\nfingerprint  {spaced(own.fingerprint)}", highlight=False)


@returns.command()
@officer_option
@click.option("--agency", required=True, help="Id of the agency in this installation.")
@click.option("--key", "public", required=True, help="Its public key, once the fingerprint was compared.")
def pin(login: str, agency: str, public: str) -> None:
    """Pin an agency's public key, as an administrator.

    Example: jpa return pin --officer administrator.tip --agency ucg --key 64-letters-and-digits
    """
    with Opened() as installation:
        kept = agency_keys.pin_key(installation.stores, ask_as(installation, login), agency, public)
    console.print(f"{spaced(kept.fingerprint)} is pinned as the key of {kept.agency}.", highlight=False)


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _verified(content: bytes, public: str) -> Head:
    message = open_message(content, KIND, {fingerprint_of(public): "".join(public.split()).lower()})
    head, rows = read_return(message.body)
    require_sound(head, rows)
    return head


def _words(head: Head) -> str:
    stays = sum(count for _, count in head.withheld)
    return (
        f"Return of {head.agency} ({head.state}) for joint period {head.number}, {head.start} to {head.end}; period {head.period}, "
        f"version {head.version}, made {head.made}: {head.rows} rows, {stays} withheld."
    )
