"""Blind questions from the command line: one process waits with a question, another answers, the log tells."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from jpa.cli import blind, main, refusal
from jpa.errors import JpaError
from jpa.model.officer import Role
from jpa.services.installation import Installation
from tests.conftest import officer
from tests.partners import PURPOSE, agreed, person, said
from tests.web.conftest import PASSWORD, account_of


@pytest.fixture
def ready(here: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    @contextmanager
    def opened() -> Iterator[Installation]:
        try:
            yield here
        except JpaError as error:
            raise refusal(error) from error

    monkeypatch.setattr(blind, "Opened", opened)
    agreed(here.stores, end=f"{datetime.now(UTC).year + 1}-12-31")
    for agency, state in (("tip", "XA"), ("ucg", "XB")):
        account_of(here, here.stores, Role.LIAISON, agency, state)
    prasert = officer(here.stores, "prasert", "ucg", "XB", Role.CONTRIBUTE, Role.LEAD)
    said(here.stores, prasert, "U-1", person("Rahim Uddin"))
    return here


def run(*arguments: object, words: int = 1) -> Result:
    return CliRunner().invoke(main, ["blind", *map(str, arguments)], input=f"{PASSWORD}\n" * words)


def test_a_question_waits_for_its_answer_and_both_sides_list_it(
    ready: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, answer = tmp_path / "question.jsonl", tmp_path / "answer.jsonl"
    answered: list[Result] = []

    def sleep(_: float) -> None:
        answered.append(run("answer", "--officer", "liaison.ucg", question, "--to", answer))

    monkeypatch.setattr(blind, "time", SimpleNamespace(monotonic=time.monotonic, sleep=sleep))
    asked = run(
        "ask", "--officer", "liaison.tip", "--partner", "ucg", "--purpose", PURPOSE, "--about", "T-17", "--with", "name=Rohim Uddin",
        "--with", "birthDate=1986", "--question", question, "--answer", answer, words=2,
    )  # fmt: skip
    told, was = run("told", "--officer", "liaison.tip"), run("told", "--officer", "liaison.ucg")

    assert [r.exit_code for r in answered] == [0], answered[0].output
    assert asked.exit_code == 0, asked.output
    assert "Hit: ask Utara Coast Guard, reference" in asked.output
    assert "asked Utara Coast Guard (asked by file, migrant smuggling): hit, ask Utara Coast Guard" in told.output
    assert (
        "was asked by Tenggara Immigration Police (asked by file, migrant smuggling): answer not known here"
        in was.output
    )
    assert "Rohim" not in question.read_text() + answer.read_text() + told.output + was.output
    [reference, number] = asked.output.split("reference ")[1].rstrip(".\n").split(" to question ")
    missing = run("told", "--officer", "liaison.ucg", "--reference", reference, "--question", number)
    assert missing.exit_code == 1
    assert "You may read no record" in missing.output
    assert ready.settings.demo


def test_an_answer_is_taken_in_by_another_process_than_the_one_that_asked(ready: Installation, tmp_path: Path) -> None:
    question, answer = tmp_path / "question.jsonl", tmp_path / "answer.jsonl"
    run("ask", "--officer", "liaison.tip", "--partner", "ucg", "--purpose", PURPOSE, "--about", "T-17", "--with", "name=Rohim Uddin",
        "--with", "birthDate=1986", "--question", question, "--answer", answer, "--wait", 0)  # fmt: skip
    run("answer", "--officer", "liaison.ucg", question, "--to", answer)

    heard = run("hear", "--officer", "liaison.tip", answer)

    assert heard.exit_code == 0, heard.output
    assert "Hit: ask Utara Coast Guard, reference" in heard.output
    assert "T-17" not in heard.output
    assert ready.settings.demo


def test_refusals_say_what_to_do(ready: Installation, tmp_path: Path) -> None:
    nothing, wrong = tmp_path / "nothing.jsonl", tmp_path / "wrong.jsonl"
    wrong.write_text("no question\n")
    common = (
        "ask",
        "--officer",
        "liaison.tip",
        "--partner",
        "ucg",
        "--purpose",
        PURPOSE,
        "--about",
        "T-17",
        "--question",
        tmp_path / "q",
    )

    late = run(*common, "--with", "name=Rahim Uddin", "--with", "birthDate=1987", "--answer", nothing, "--wait", 0)
    vague = run(*common, "--with", "name=Rahim Uddin", "--answer", nothing)
    mistyped = run(*common, "--with", "Rahim", "--answer", nothing)
    there = run(*common, "--with", "name=Rahim", "--answer", wrong)
    refused = run("answer", "--officer", "liaison.ucg", wrong, "--to", tmp_path / "a")
    half = run("told", "--officer", "liaison.tip", "--question", "1")

    assert "jpa blind hear" in late.output
    assert "year of birth" in vague.output
    assert "property=value" in mistyped.output
    assert "is there already" in there.output
    assert "first line cannot be read" in refused.output
    assert "--reference and --question together" in half.output
    assert {r.exit_code for r in (late, vague, refused)} == {1}
    assert not (tmp_path / "a").exists()
    assert "Example: jpa blind ask" in run("ask", "--help").output
    assert ready.settings.demo
