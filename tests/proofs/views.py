"""Promise 7: whatever an officer asks, the answer equals the answer on the graph without what they may not read."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from jpa.errors import InvalidInputError, JpaError
from jpa.model.judgement import Verdict
from jpa.networks.detect import Parameters
from jpa.services import charts, networks, resolution
from jpa.services.stores import Ask, Stores
from tests.proofs.desk_tries import Tries, tries_of
from tests.proofs.desk_worlds import add_desks
from tests.proofs.loading import hide_from, load_world, name_verdicts, put_back, take
from tests.proofs.view_questions import UNKNOWN, Asked, questions_of
from tests.proofs.worlds import NOW, OFFICERS, World, make_world

QUICK = Parameters(resolutions=(1.0,), seeds=2)
Answers = dict[str, Any]


def check_views(stores: Stores, seed: int) -> str:
    """Compare all answers to one officer in one world; returns the first difference in words, or nothing."""
    world = add_desks(make_world(seed))
    reader = Random(seed).choice(OFFICERS)
    asked = questions_of(stores, world, Ask(reader, NOW), Random(seed))
    tried = tries_of(world, Random(f"tries {seed}"), UNKNOWN)
    _load(stores, world)
    loaded = take(stores)
    full = _answers(stores, Ask(reader, NOW), asked, tried, runs=seed % 2 == 0)
    put_back(stores, loaded)
    hide_from(stores, world, reader)
    filtered = _answers(stores, Ask(reader, NOW), asked, tried, runs=seed % 2 == 0)
    for name, answer in full.items():
        if answer != filtered[name]:
            return f"seed {seed}, {reader.id}, {name}:\n  full     {answer}\n  filtered {filtered[name]}"
    return ""


def _load(stores: Stores, world: World) -> None:
    """Bring the world into the store and let officers judge and run, each with what they may read."""
    load_world(stores, world)
    draw = Random(world.seed)
    records = [m.id for m in world.records]
    for number in range(draw.randint(0, 4)):
        moment = NOW - timedelta(hours=2) + timedelta(minutes=number)
        officer, left, right = draw.choice(OFFICERS), draw.choice(records), draw.choice(records)
        verdict = draw.choice((Verdict.SAME, Verdict.SAME, Verdict.NOT_SAME))
        _answer(partial(resolution.judge, stores, Ask(officer, moment), left, right, verdict, "seen"))
    name_verdicts(stores)
    runner = Ask(draw.choice(OFFICERS), NOW - timedelta(hours=1))
    resolution.run_resolution(stores, runner, "a0" * 16)
    networks.run_detection(stores, runner, "b0" * 16, QUICK)


def _answers(stores: Stores, ask: Ask, asked: Asked, tried: Tries, *, runs: bool) -> Answers:
    answers = {name: _answer(question) for name, question in asked.items()}
    if runs:
        answers |= _run(stores, ask)
    for name, act in tried.items():
        answers[name] = _answer(partial(act, stores, ask))
    return answers


def _run(stores: Stores, ask: Ask) -> Answers:
    """Run both computations and ask what they found."""
    answers: Answers = {}
    answers["run resolution"] = _answer(partial(resolution.run_resolution, stores, ask, "c0" * 16))
    answers["run detection"] = _answer(partial(networks.run_detection, stores, ask, "c1" * 16, QUICK))
    answers["proposals after the run"] = _answer(partial(resolution.list_proposals, stores, ask))
    answers["candidates after the run"] = _answer(partial(networks.list_candidates, stores, ask))
    listed = answers["candidates after the run"]
    for candidate in [f.candidate.id for f in listed[1]] if listed[0] == "answered" else []:
        answers[f"candidate {candidate}"] = _answer(partial(networks.read_candidate, stores, ask, candidate))
        answers[f"chart of candidate {candidate}"] = _answer(partial(charts.candidate_chart, stores, ask, candidate))
    return answers


def _answer(question: Callable[[], Any]) -> tuple[str, Any]:
    """Ask; a refusal is an answer too, with its words and fields."""
    try:
        return "answered", question()
    except JpaError as error:
        return type(error).__name__, (str(error), error.fields if isinstance(error, InvalidInputError) else {})
