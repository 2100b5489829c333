"""Commands about what left: draft a recall or correction, release it as the second officer."""

from pathlib import Path

import click

from jpa.cli.opening import Opened, ask_as, console, log_in_again, officer_option
from jpa.model.notice import NoticeKind, RecallReason
from jpa.services import answers, recalls
from jpa.services.notice_drafts import TIME_TO_ANSWER, TypedNotice
from jpa.services.stores import Ask


@click.command()
@officer_option
@click.argument("package")
@click.option("--reason", type=click.Choice([r.value for r in RecallReason]), required=True, help="Why it comes back.")
@click.option("--item", "items", multiple=True, help="Only this report, record or tie of the package, by id.")
@click.option("--until", default="", help="Last day for the recipient's answer; in two weeks when left out.")
def recall(login: str, package: str, reason: str, items: tuple[str, ...], until: str) -> None:
    """Draft a recall of a released package, or of items in it; `jpa package notice` releases it.

    Example: jpa package recall --officer liaison.tip 0193a1b2c3d4... --reason "agreement ended"
    """
    _draft(login, package, NoticeKind.RECALL, (reason, items, until))


@click.command()
@officer_option
@click.argument("package")
@click.option(
    "--item", "items", multiple=True, required=True, help="Report, record or tie that is no longer so, by id."
)
@click.option("--until", default="", help="Last day for the recipient's answer; in two weeks when left out.")
def correct(login: str, package: str, items: tuple[str, ...], until: str) -> None:
    """Draft a correction: what of a released package is no longer so; `jpa package notice` releases it.

    Example: jpa package correct --officer liaison.tip 0193a1b2c3d4... --item 0193b7...
    """
    _draft(login, package, NoticeKind.CORRECTION, ("", items, until))


@click.command()
@officer_option
@click.argument("notice")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where the signed file is written."
)
def notice(login: str, notice: str, out: Path) -> None:
    """Release a recall or correction as the second officer, and write the signed file. Password and a new code are asked for once more.

    Example: jpa package notice --officer supervisor.tip 0193c2... --out recall.jsonl
    """
    with Opened() as installation:
        ask, password, code = log_in_again(ask_as(installation, login))
        done = recalls.release_notice(installation, ask, notice, password, code)
        _name, content = recalls.write_notice_file(installation.stores, ask, done.id)
        with out.open("xb") as stream:
            stream.write(content)
    console.print(
        f"{done.kind.value.capitalize()} {done.number} for {done.partner}, answer until {done.deadline}, written to {out}.",
        highlight=False,
    )


@click.command(name="sign-proposals")
@officer_option
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where the signed file is written."
)
def sign_proposals(login: str, path: Path, out: Path) -> None:
    """Sign proposals that the viewer saved, for the sender of a package that was received here.

    Example: jpa package sign-proposals --officer liaison.ucg proposals.json --out proposals.jsonl
    """
    with Opened() as installation:
        ask = ask_as(installation, login)
        signed = answers.sign_proposals(installation.stores, ask, path.read_bytes())
        with out.open("xb") as stream:
            stream.write(signed)
    console.print(f"Signed and written to {out}.", highlight=False)


def _draft(login: str, package: str, kind: NoticeKind, said: tuple[str, tuple[str, ...], str]) -> None:
    reason, items, until = said
    with Opened() as installation:
        ask: Ask = ask_as(installation, login)
        deadline = until or (ask.at + TIME_TO_ANSWER).date().isoformat()
        made = recalls.draft_notice(installation.stores, ask, package, TypedNotice(kind, deadline, reason, items))
    words = "all of it" if made.whole else f"{len(made.items)} items"
    console.print(f"Draft {made.id}: {kind.value} of {words}. Another officer releases it.", highlight=False)
