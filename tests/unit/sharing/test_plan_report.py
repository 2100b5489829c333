"""Questions about planned actions and reports of what was heard: of one size whatever they say, and refused where they are not as documented."""

import re
import secrets
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voprf import ristretto

from jpa.entity_resolution.blind_keys import held_keys
from jpa.errors import InvalidInputError
from jpa.sharing import blind
from jpa.sharing.blind import PLANS, THINGS, Shape, answer_digests, ask_digests, asked_again, digest_of
from jpa.sharing.plan_report import NOTHING, STEP, read_report, report_of, write_report
from tests.unit.entity_resolution.test_blind_keys import thing

pytestmark = pytest.mark.fast
PAGE = (Path(__file__).parents[3] / "docs" / "blind-format.md").read_text(encoding="utf-8")
KEY = "Person|whole|adn+rm|1987|2026-11-26"
AT = "2026-11-24T09:00:00.000000+00:00"


def test_the_documented_vector_of_a_planned_action_is_what_the_code_makes() -> None:
    vector = dict(re.findall(r"^plan-(input|entry) +([0-9a-f]+)$", PAGE, re.MULTILINE))
    evaluator = ristretto.Evaluator.from_seed(bytes(range(32)), b"0192f0c1a2b3c4d5e6f708192a3b4c5d")

    text = PLANS.label + digest_of(KEY)
    entry = blind._closed(evaluator.evaluate_known_input(text), "abcdefgh23")
    report = write_report(report_of("0192f0c1a2b3c4d5e6f708192a3b4c5d", AT, "abcdefgh23", ["mnpqrstu45"])).decode()

    assert KEY in PAGE
    assert KEY.removesuffix("|2026-11-26") in held_keys(thing("Person", name="Rahim Uddin", birthDate="1987"))
    assert (text.hex(), entry.hex()) == (vector["input"], vector["entry"])
    assert report in PAGE


def test_a_plan_is_met_by_the_same_key_and_day_and_by_no_key_of_a_thing() -> None:
    asked = ask_digests([digest_of(f"{KEY}{n}") for n in range(3)], PLANS)
    secret = secrets.token_bytes(32)

    met = answer_digests(
        asked.elements, {digest_of(f"{KEY}1"): "abcdefgh23", digest_of("x"): "x" * 10}, secret, b"q", PLANS
    )
    as_thing = [ristretto.Evaluator.from_seed(secret, b"q").evaluate_known_input(THINGS.label + digest_of(f"{KEY}1"))]

    assert asked.told(met) == ("abcdefgh23",)
    assert blind._tag(as_thing[0]) not in {entry[: blind.TAG] for entry in met.entries}
    assert (len(asked.elements), len(met.outputs), len(met.entries)) == (1280, 1280, 4096)


@pytest.mark.parametrize("shape", [THINGS, PLANS])
def test_what_opens_an_answer_is_as_long_for_one_key_as_for_all(shape: Shape) -> None:
    asked = [ask_digests([digest_of(str(n)) for n in range(many)], shape) for many in (1, shape.size)]

    assert len({len(one.kept()) for one in asked}) == 1
    assert [asked_again(one.kept()) for one in asked] == asked


def test_more_keys_than_a_question_has_are_never_left_out_in_silence() -> None:
    with pytest.raises(ValueError, match="1280 elements"):
        ask_digests([digest_of(str(n)) for n in range(1281)], PLANS)


def test_a_box_with_anything_but_a_reference_is_refused() -> None:
    asked = ask_digests([digest_of(KEY)], THINGS)
    answer = answer_digests(asked.elements, {digest_of(KEY): "ask\x1b[31m m"}, secrets.token_bytes(32), b"q", THINGS)

    with pytest.raises(InvalidInputError, match="refused"):
        asked.told(answer)


@settings(max_examples=30)
@given(met=st.lists(st.text("abcdefgh23", min_size=10, max_size=10), max_size=STEP))
def test_a_report_shows_in_its_size_neither_a_hit_nor_a_miss(met: list[str]) -> None:
    report = report_of("1" * 32, AT, "a" * 10, met)
    body = write_report(report)

    assert read_report(body) == report
    assert report.references == tuple(met)
    assert (report.own == NOTHING) == (met == [])
    assert len(body) == len(write_report(report_of("2" * 32, AT, "b" * 10, [])))


def test_more_than_one_step_of_references_is_said_in_whole_steps() -> None:
    report = report_of("1" * 32, AT, "a" * 10, ["b" * 10] * (STEP + 1))

    assert len(report.met) == 2 * STEP
    assert len(report.references) == STEP + 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"format":"1"', b'"format":"2"'),
        (b'"own":"abcdefgh23"', b'"own":"abc"'),
        (b'"own":"abcdefgh23"', b'"own":"abcdefgh23","desk":"x"'),
        (b'"met":["mnpqrstu45",', b'"met":["<script>!!",'),
        (b'"met":["mnpqrstu45",', b'"met":['),
        (b'"question":"1', b'"question":"x'),
        (b"\n", b""),
        (b"{", b""),
    ],
)
def test_a_report_that_is_not_as_documented_is_refused(old: bytes, new: bytes) -> None:
    body = write_report(report_of("1" * 32, AT, "abcdefgh23", ["mnpqrstu45"]))
    assert old in body

    with pytest.raises(InvalidInputError, match="refused"):
        read_report(body.replace(old, new, 1))
