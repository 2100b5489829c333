"""Blind questions: what each side can learn from the transcript, and what it cannot."""

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from voprf import ristretto

from jpa.errors import InvalidInputError
from jpa.sharing import blind
from jpa.sharing.blind import (
    ENTRY,
    LEAST,
    SIZE,
    Answer,
    answer_blind,
    ask_blind,
    asked_again,
    padded,
    reference_of,
    shared,
)
from jpa.sharing.blind_client import finalized
from jpa.sharing.pacing import Pace, rest_of

pytestmark = pytest.mark.fast

KEYS = st.text(min_size=1, max_size=40)
HELD = st.dictionaries(KEYS, st.text("abcdefgh23456789", min_size=10, max_size=10), max_size=12)


def answered(asked: blind.Asked, held: dict[str, str]) -> Answer:
    return answer_blind(asked.elements, held, secrets.token_bytes(32), b"question")


def test_the_library_gives_the_vectors_of_rfc_9497() -> None:
    evaluator = ristretto.Evaluator.from_seed(b"\xa3" * 32, b"test key")

    assert evaluator.public_key.serialize().hex() == "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"
    assert evaluator.evaluate_known_input(b"\0").hex() == (
        "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c"
    )


@settings(max_examples=30)
@given(held=HELD, asked=st.lists(KEYS, min_size=1, max_size=6))
def test_the_asker_is_told_exactly_what_both_sides_hold(held: dict[str, str], asked: list[str]) -> None:
    question = ask_blind(asked)
    later = asked_again(question.kept())

    told = later.told(answered(question, held))

    assert told == shared(asked, held) == tuple(sorted({held[key] for key in asked if key in held}))


@settings(max_examples=20)
@given(asked=st.lists(KEYS, min_size=1, max_size=80), other=st.lists(KEYS, min_size=1, max_size=80))
def test_a_question_shows_neither_how_many_keys_it_has_nor_that_it_was_asked_before(
    asked: list[str], other: list[str]
) -> None:
    first, again, different = (ask_blind(keys).elements for keys in (asked, asked, other))

    assert {len(q) for q in (first, again, different)} == {SIZE}
    assert {len(element) for q in (first, again, different) for element in q} == {blind.ELEMENT}
    assert len({*first, *again, *different}) == 3 * SIZE


@settings(max_examples=10)
@given(asked=KEYS)
def test_the_holder_cannot_test_a_guess_against_a_question(asked: str) -> None:
    secret = secrets.token_bytes(32)
    question = ask_blind([asked])

    answer = answer_blind(question.elements, {asked: "abcdefgh23"}, secret, b"q")
    evaluator = ristretto.Evaluator.from_seed(secret, b"q")
    guess = evaluator.evaluate_known_input(blind.THINGS.label + blind.digest_of(asked))

    # Everything the holder has: elements, outputs and its own PRF of the right guess. Nothing of it meets.
    assert all(guess[:32] != output[:32] and guess[:32] not in output for output in answer.outputs)
    assert all(guess[:32] != element for element in question.elements)


@settings(max_examples=20)
@given(held=HELD, asked=st.lists(KEYS, min_size=1, max_size=6))
def test_a_hit_looks_like_none_to_everybody_but_the_asker(held: dict[str, str], asked: list[str]) -> None:
    question = ask_blind(asked)
    hit = answered(question, {**held, asked[0]: "abcdefgh23"})
    none = answered(question, {key: r for key, r in held.items() if key not in asked})

    assert len(hit.entries) == len(none.entries) == LEAST
    assert {len(e) for e in (*hit.entries, *none.entries)} == {ENTRY}
    assert list(hit.entries) == sorted(hit.entries)


def test_the_asker_opens_no_box_of_a_key_that_was_not_asked() -> None:
    held = {f"key {n}": f"reference{n % 10}" for n in range(100)}
    question = ask_blind(["key 7", "key 200"])

    answer = answered(question, held)
    outputs = [
        finalized(text, mine, output, answer.public)
        for text, mine, output in zip(question.inputs, question.blinds, answer.outputs, strict=True)
    ]
    tags = {blind._tag(output) for output in outputs}

    assert question.told(answer) == ("reference7",)
    assert sum(entry[: blind.TAG] in tags for entry in answer.entries) == 1


def test_two_answers_from_the_same_holdings_share_nothing() -> None:
    held = {f"key {n}": "abcdefgh23" for n in range(50)}
    question = ask_blind(["key 1"])

    first, second = answered(question, held), answered(question, held)

    assert {e[: blind.TAG] for e in first.entries}.isdisjoint(e[: blind.TAG] for e in second.entries)
    assert set(first.outputs).isdisjoint(second.outputs)
    assert first.public != second.public


def test_an_answer_grows_in_powers_of_two() -> None:
    assert [padded(n) for n in (0, 1, 256, 257, 512, 513, 100_000)] == [256, 256, 256, 512, 512, 1024, 131_072]


def test_another_answer_than_that_to_the_question_is_refused() -> None:
    question, other = ask_blind(["a"]), ask_blind(["a"])
    right, wrong = answered(question, {"a": "abcdefgh23"}), answered(other, {"a": "abcdefgh23"})

    for answer in (
        wrong,
        Answer(wrong.public, right.outputs, right.entries),
        Answer(right.public, right.outputs[1:] + right.outputs[:1], right.entries),
        Answer(right.public, right.outputs[1:], right.entries),
        Answer(bytes(32), right.outputs, right.entries),
        Answer(right.public, (bytes(96), *right.outputs[1:]), right.entries),
        Answer(right.public, (b"short", *right.outputs[1:]), right.entries),
    ):
        with pytest.raises(InvalidInputError, match="refused"):
            question.told(answer)
    assert question.told(right) == ("abcdefgh23",)


def test_a_box_that_was_altered_is_refused() -> None:
    question = ask_blind(["a"])
    right = answered(question, {"a": "abcdefgh23"})
    altered = tuple(entry[:-1] + bytes([entry[-1] ^ 1]) for entry in right.entries)

    with pytest.raises(InvalidInputError, match="refused"):
        question.told(Answer(right.public, right.outputs, altered))


@pytest.mark.parametrize(
    "elements", [[], [bytes(32)] * SIZE, [b"\xff" * 32] * SIZE, [b"short"] * SIZE, [bytes(32)] * (SIZE + 1)]
)
def test_elements_that_are_none_are_refused(elements: list[bytes]) -> None:
    with pytest.raises(InvalidInputError, match="refused"):
        answer_blind(elements, {}, secrets.token_bytes(32), b"q")


def test_nothing_to_ask_about_is_said() -> None:
    with pytest.raises(InvalidInputError, match="Nothing was asked"):
        ask_blind([])


def test_a_reference_depends_on_question_record_and_secret() -> None:
    secret = bytes(32)
    references = {
        reference_of(secret, "q1", "r1"),
        reference_of(secret, "q2", "r1"),
        reference_of(secret, "q1", "r2"),
        reference_of(b"\1" * 32, "q1", "r1"),
    }

    assert len(references) == 4
    assert all(len(r) == blind.REFERENCE for r in references)
    assert reference_of(secret, "q1", "r1") in references


@given(elapsed=st.floats(0, 1000), step=st.floats(0.01, 10))
def test_an_answer_comes_on_a_whole_step(elapsed: float, step: float) -> None:
    rest = rest_of(elapsed, step)

    assert rest >= -1e-9
    assert abs((elapsed + rest) / step - round((elapsed + rest) / step)) < 1e-6
    assert round((elapsed + rest) / step) >= 1


@pytest.mark.parametrize("work", [0.0, 0.3, 1.9])
def test_a_pace_ends_answers_and_refusals_at_the_same_moment(work: float) -> None:
    now = 5.0
    slept: list[float] = []

    def clock() -> float:
        return now

    with Pace(2.0, clock, slept.append):
        now += work
    now += 2.0 - work

    def refused() -> None:
        with Pace(2.0, clock, slept.append):
            raise InvalidInputError("refused")

    with pytest.raises(InvalidInputError):
        refused()

    assert slept == pytest.approx([2.0 - work, 2.0])
