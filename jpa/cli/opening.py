"""What every command shares: an opened installation, the officer who asks, secrets made and written."""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import Progress

from jpa.cli import refusal
from jpa.config import Settings, load_settings
from jpa.errors import JpaError
from jpa.services import account
from jpa.services.installation import Installation, opened
from jpa.services.stores import Ask

console: Final = Console(soft_wrap=True)
_WORDS: Final = (
    "anchor", "basket", "candle", "delta", "ember", "falcon", "garden", "harbour", "island", "jungle", "kettle", "lantern", "mango",
    "needle", "orchid", "paddle", "quartz", "river", "saffron", "timber", "umbrella", "velvet", "window", "yellow", "zephyr", "bamboo",
    "copper", "drum", "engine", "forest",
)  # fmt: skip
_WORTH_TELLING: Final = 2
"""Seconds after which somebody who waits wants to know how far it is."""

officer_option: Final = click.option(
    "--officer", "login", required=True, help="Log-in of the officer who asks; the password comes from the prompt."
)


class Opened:
    """Opens an installation for a command: progress on the way, one line for each refusal."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._context = opened(load_settings() if settings is None else settings, jar_progress())

    def __enter__(self) -> Installation:
        try:
            return self._context.__enter__()
        except JpaError as error:
            raise refusal(error) from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._context.__exit__(kind, error, None)
        if isinstance(error, JpaError):
            raise refusal(error) from error


def ask_as(installation: Installation, login: str) -> Ask:
    """Log an officer in at the prompt: the command line passes the same gate and audit as the page."""
    password = click.prompt(f"Password of {login}", hide_input=True)
    now = datetime.now(UTC)
    known = installation.accounts.find(login)
    code = click.prompt("Code of the second factor") if known is not None and known.has_totp else ""
    entered = account.log_in(installation, login, password, code, now, "command line")
    return Ask(entered.officer, now, "command line")


def log_in_again(ask: Ask) -> tuple[Ask, str, str]:
    """Ask for password and code once more, as a release demands; returns the asking of this moment with both."""
    password = click.prompt("Your password, again", hide_input=True)
    code = click.prompt("A new code of the second factor", default="", show_default=False)
    return replace(ask, at=datetime.now(UTC)), password, code


def shown(bar: Progress, what: str) -> Callable[[int, int], None]:
    """Return what moves a bar on; it runs without an end until the work says how much there is."""
    task = bar.add_task(what, total=None)
    return lambda done, total: bar.update(task, completed=done, total=total or None)


def made_password() -> str:
    """Make a password of three words and 32 random bits, for this installation alone."""
    return "-".join(secrets.choice(_WORDS) for _ in range(3)) + "-" + secrets.token_hex(4)


def write_private(path: Path, text: str) -> None:
    """Write a file that only the owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)


def jar_progress() -> Callable[[int, int], None]:
    """Return what tells how the server's parts come in; nothing where they were there already."""
    started = time.monotonic()

    def show(done: int, total: int) -> None:
        took = time.monotonic() - started
        if took >= _WORTH_TELLING and (done % 12 == 0 or done == total):
            console.print(f"jpa: Neo4j {done} of {total} parts, {took:.0f} s", highlight=False)

    return show
