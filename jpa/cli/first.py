"""The questions that found an installation; a bad answer is asked for again."""

from collections.abc import Callable
from datetime import datetime

import click

from jpa.cli.opening import console
from jpa.model.credentials import password_problems
from jpa.services.founding import (
    Founder,
    found_installation,
    problem_of_agency,
    problem_of_login,
    problem_of_name,
    problem_of_state,
    require_unfounded,
)
from jpa.services.installation import Installation


def ask_first_administrator(installation: Installation, at: datetime) -> None:
    """Ask for the first administrator and their agency, and make both."""
    require_unfounded(installation)
    console.print("Nobody can log in yet. Make the first administrator and their agency.")
    state = _ask("State (two letters of ISO 3166)", problem_of_state)
    agency = _ask("Agency, short name", problem_of_agency)
    agency_name = _ask("Agency, full name", problem_of_name)
    login = _ask("Log-in name", problem_of_login)
    name = _ask("Name of the officer", problem_of_name)
    password = _ask(
        "Password (15 characters or more)",
        lambda text: password_problems(text, login.casefold()).get("password", ""),
        hidden=True,
    )
    account = found_installation(installation, Founder(state, agency, agency_name, login, name, password), at)
    console.print(
        f"{account.login} can log in; the page asks for a password of their own and for the second factor.",
        highlight=False,
    )


def _ask(question: str, problem_of: Callable[[str], str], *, hidden: bool = False) -> str:
    def checked(text: str) -> str:
        problem = problem_of(text)
        if problem != "":
            raise click.UsageError(problem)  # click shows it and asks again
        return text if hidden else text.strip()

    answer: str = click.prompt(question, value_proc=checked, hide_input=hidden, confirmation_prompt=hidden)
    return answer
