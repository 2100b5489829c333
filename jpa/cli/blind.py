"""Commands about blind questions between installations: ask by a signed file and wait, answer a file, list what was told."""

import time
from pathlib import Path
from typing import Final

import click

from jpa.cli.opening import Opened, ask_as, console, officer_option
from jpa.interchange.blind_file import MOST_BYTES
from jpa.model.agreement import Purpose
from jpa.services import blind_files, blind_log, blind_post
from jpa.services.blind import TypedQuestion
from jpa.services.blind_files import Heard
from jpa.services.blind_log import Logged

LOOK: Final = 0.5
"""Seconds between two looks for the answer."""


@click.group("blind")
def blind() -> None:
    """Blind questions to agencies on other installations, by post or as signed files (docs/blind-format.md).

    Example: jpa blind answer --officer liaison.tip question.jsonl --to answer.jsonl
    """


@blind.command("ask")
@officer_option
@click.option("--partner", required=True, help="Id of the agency that is asked.")
@click.option(
    "--purpose", required=True, type=click.Choice([p.value for p in Purpose]), help="As the agreement names it."
)
@click.option("--about", required=True, help="Your own reference; it stays in your log.")
@click.option(
    "--type",
    "kind",
    default="Person",
    help="Person, Phone, IdentityDocument, Vessel, BankAccount, CryptoWallet, UserAccount.",
)
@click.option(
    "--with",
    "said",
    multiple=True,
    required=True,
    help="property=value, for example name=…, birthDate=…; may be repeated.",
)
@click.option(
    "--question", type=click.Path(path_type=Path, dir_okay=False), default=Path("question.jsonl"), help="File to write."
)
@click.option(
    "--answer", type=click.Path(path_type=Path, dir_okay=False), default=Path("answer.jsonl"), help="File to wait for."
)
@click.option("--wait", type=click.FloatRange(min=0), default=24.0, help="Hours to wait.")
@click.option(
    "--post", "posted", is_flag=True, help="Send it by post instead; the answer comes into the log by itself."
)
def ask_blind(  # noqa: PLR0913 -- one argument an option
    *,
    login: str,
    partner: str,
    purpose: str,
    about: str,
    kind: str,
    said: tuple[str, ...],
    question: Path,
    answer: Path,
    wait: float,
    posted: bool,
) -> None:
    """Write a question, wait until its answer is put beside it, say what it says.

    An answer that comes when this has ended is taken in by: jpa blind hear

    Example: jpa blind ask --officer liaison.tip --partner ucg --purpose "migrant smuggling" --about T-17 --with name="Rahim Uddin"
    --with birthDate=1987
    """
    properties: dict[str, list[str]] = {}
    for text in said:
        name, found, value = text.partition("=")
        if found == "":
            raise click.UsageError(f"--with wants property=value, not {text!r}.")
        properties.setdefault(name.strip(), []).append(value)
    if answer.exists() and not posted:
        raise click.UsageError(
            f"{answer} is there already: name a file that the answer will be put into, or move it away."
        )
    with Opened() as installation:
        typed = TypedQuestion(kind, properties, (partner,), purpose, about)
        asked = ask_as(installation, login)
        if posted:
            item = blind_post.ask_by_post(installation.stores, asked, typed)
            console.print(f"{item.id}: question {item.object} for {partner} is on its way.", highlight=False)
            return
        _number, content = blind_files.ask_by_file(installation.stores, asked, typed)
        question.write_bytes(content)
        console.print(f"Give {question} to {partner}. Waiting for {answer}.", highlight=False, markup=False)
        received = _awaited(answer, wait)
        _say(blind_files.hear_answer(installation.stores, ask_as(installation, login), received))


@blind.command("hear")
@officer_option
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def hear_blind(login: str, path: Path) -> None:
    """Take in the answer to a question of your agency, whichever process asked it.

    Example: jpa blind hear --officer liaison.tip answer.jsonl
    """
    with Opened() as installation:
        _say(blind_files.hear_answer(installation.stores, ask_as(installation, login), _read(path)))


def _say(heard: Heard) -> None:
    if len(heard.references) == 0:
        console.print(f"No hit at {heard.partner.name}.", highlight=False, markup=False)
    else:
        listed = " or ".join(heard.references)
        console.print(
            f"Hit: ask {heard.desk}, reference {listed} to question {heard.question}.", highlight=False, markup=False
        )


@blind.command("answer")
@officer_option
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("answer.jsonl"),
    help="File to write.",
)
def answer_blind(login: str, path: Path, target: Path) -> None:
    """Answer a question that came as a file. You do not learn what was asked, nor whether it was a hit.

    Example: jpa blind answer --officer liaison.ucg question.jsonl --to answer.jsonl
    """
    with Opened() as installation:
        content = blind_files.answer_file(installation.stores, ask_as(installation, login), _read(path))
    part = target.with_name(target.name + ".part")
    part.write_bytes(content)
    part.replace(target)  # whoever waits for the file finds it whole
    console.print(f"The answer is in {target}; give it back.", highlight=False, markup=False)


@blind.command("told")
@officer_option
@click.option("--reference", help="A reference that another desk reads out; with --question.")
@click.option("--question", help="Number of the question that it was made for.")
def told_blind(login: str, reference: str | None, question: str | None) -> None:
    """List what your agency asked and was asked, newest first; or find the record behind a reference.

    Example: jpa blind told --officer liaison.tip
    """
    if (reference is None) != (question is None):
        raise click.UsageError("Give --reference and --question together.")
    with Opened() as installation:
        asked = ask_as(installation, login)
        log = blind_log.read_log(installation.stores, asked)
        if reference is None or question is None:
            for line in log.lines:
                console.print(_words(line), highlight=False, markup=False)
            if len(log.lines) == 0:
                console.print("Nothing was asked yet.")
            return
        this = next((line.this.id for line in log.lines if question in {line.this.question, line.this.id}), question)
        found = blind_log.find_reference(installation.stores, asked, this, reference)
    if found.glance is None:
        raise click.ClickException(f"You may read no record with the reference {found.reference} to this question.")
    console.print(f"{found.glance.caption} (record {found.glance.id})", highlight=False, markup=False)


def _awaited(path: Path, hours: float) -> bytes:
    until = time.monotonic() + hours * 3600
    while not path.exists():
        if time.monotonic() >= until:
            raise click.ClickException("No answer came yet. When it does, take it in: jpa blind hear")
        time.sleep(LOOK)
    return _read(path)


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def _words(line: Logged) -> str:
    way = "asked" if line.asked else "was asked by"
    answer = {None: "answer not known here", True: "hit", False: "no hit"}[line.this.hit]
    pointer = f", ask {line.desk}, reference {' or '.join(line.reference)}" if len(line.reference) > 0 else ""
    return f"{line.this.at:%Y-%m-%d %H:%M} {way} {line.other.name} ({line.this.way.value}, {line.this.purpose}): {answer}{pointer}"
