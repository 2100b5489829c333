"""The table of commands: every line of it leads to a command, and listing them imports none."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from jpa.cli import COMMANDS, main

pytestmark = pytest.mark.fast
LIST: str = """
import sys
from click.testing import CliRunner
from jpa.cli import main
said = CliRunner().invoke(main, ["--help"])
print(said.output, [name for name in sys.modules if name.startswith("jpa.") and name not in ("jpa.cli", "jpa.errors")])
"""


def every(command: click.Command, *words: str) -> list[tuple[str, click.Command]]:
    """List a command and those below it by their words."""
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [(" ".join(words), command), *(each for name, one in below for each in every(one, *words, name))]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_line_of_the_table_is_a_command_with_an_example(name: str) -> None:
    with click.Context(main) as context:
        found = main.get_command(context, name)

    assert found is not None
    assert found.name == name
    assert [words for words, command in every(found, name) if "Example: " not in (command.help or "")] == []


def test_what_is_no_command_is_refused() -> None:
    with click.Context(main) as context:
        assert main.get_command(context, "os") is None


def test_the_list_imports_no_command() -> None:
    said = subprocess.run([sys.executable, "-c", LIST], capture_output=True, text=True, check=True).stdout

    assert [name for name in COMMANDS if f"\n  {name} " not in said] == []
    assert said.rstrip().endswith("[]")


def test_a_variable_that_cannot_be_taken_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPA_PORT", "eighty")
    monkeypatch.setenv("JPA_NEO4J_PASSWORD", "secret")

    told = CliRunner().invoke(main, ["health"])

    assert told.exit_code == 1
    assert "Error: The environment cannot be taken." in told.output
    assert "JPA_PORT: Input should be a valid integer" in told.output
    assert "secret" not in told.output
