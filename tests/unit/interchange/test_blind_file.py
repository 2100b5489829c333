"""The files of a blind question: the documented vector, and everything that is not exactly as documented refused."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from voprf import ristretto

from jpa.entity_resolution.blind_keys import held_keys
from jpa.errors import InvalidInputError
from jpa.interchange.blind_file import (
    AnswerFile,
    QuestionFile,
    read_answer,
    read_question,
    schema,
    write_answer,
    write_question,
)
from jpa.sharing import blind
from tests.unit.entity_resolution.test_blind_keys import thing

pytestmark = pytest.mark.fast
DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "blind-format.md").read_text(encoding="utf-8")
QUESTION = QuestionFile("1" * 32, "2" * 64, "2026-11-24T09:00:00Z", "migrant smuggling", (b"a" * 32, b"b" * 32))
ANSWER = AnswerFile("1" * 32, "2" * 64, "2026-11-24T09:00:00Z", "Desk", b"p" * 32, (b"o" * 96,), (b"e" * 42,) * 2)


def test_the_documented_vector_is_what_the_code_makes() -> None:
    vector = dict(re.findall(r"^(input|public|prf|entry) +([0-9a-f]+)$", PAGE, re.MULTILINE))
    [key] = held_keys(thing("Phone", number="+66 89 825 9791"))

    evaluator = ristretto.Evaluator.from_seed(bytes(range(32)), b"0192f0c1a2b3c4d5e6f708192a3b4c5d")
    output = evaluator.evaluate_known_input(blind.THINGS.label + blind.digest_of(key))

    assert key == "Phone|0|+66898259791"
    assert (blind.THINGS.label + blind.digest_of(key)).hex() == vector["input"]
    assert evaluator.public_key.serialize().hex() == vector["public"]
    assert output.hex() == vector["prf"]
    assert blind._closed(output, "abcdefgh23").hex() == vector["entry"]


def test_the_schema_beside_the_page_is_that_of_the_code() -> None:
    assert json.loads((DOCS / "blind-format.schema.json").read_text(encoding="utf-8")) == schema()


def test_what_is_written_is_read_back_the_same() -> None:
    assert read_question(write_question(QUESTION), 32) == QUESTION
    assert read_answer(write_answer(ANSWER), 96, 42) == ANSWER


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'"format":"1"', b'"format":"2"', "format"),
        (b'"id":"1', b'"id":"x', "id"),
        (b"2026-11-24T", b"2026-11-24 ", "made"),
        (b'"purpose":"migrant smuggling"', b'"purpose":""', "purpose"),
        (b'"elements":"', b'"elements":"!', "elements"),
        (b'"elements":"Y', b'"elements":"', "elements: no base64"),
        (b'"elements":"YWFh', b'"elements":"', "no whole number of 32"),
        (b'"to":', b'"colour":"red","to":', "colour"),
        (b'"to":"2', b'"to": "2', "one way"),
        (b"\n", b"", "one way"),
        (b"{", b"", "no JSON"),
        (b"{", b"[" * 100_000, "no JSON"),
    ],
)
def test_a_question_that_is_not_as_documented_is_refused(old: bytes, new: bytes, problem: str) -> None:
    body = write_question(QUESTION)
    assert old in body

    with pytest.raises(InvalidInputError) as error:
        read_question(body.replace(old, new, 1), 32)

    assert problem in error.value.fields["file"]


def test_a_desk_carries_nothing_that_moves_a_terminal() -> None:
    with pytest.raises(InvalidInputError) as error:
        read_answer(write_answer(replace(ANSWER, desk="Desk\x1b[31m")), 96, 42)

    assert "desk" in error.value.fields["file"]


@pytest.mark.parametrize("body", [b"", b"\n", b"null\n", b"[]\n", b'"text"\n', b"\xff\xfe\n", b"{}\n"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInputError, match="refused"):
        read_answer(body, 96, 42)
