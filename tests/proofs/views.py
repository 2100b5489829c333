"""Promise 7: whatever an officer asks, the answer equals the answer on the graph without what they may not read."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from jpa.errors import InvalidInputError, JpaError
from jpa.model.judgement import Verdict
from jpa.networks.detect import Parameters
from jpa.services import (
    attribution,
    cases,
    charts,
    entities,
    exports,
    figure_records,
    figures,
    grants,
    networks,
    outcomes,
    quality,
    reports,
    resolution,
    search,
    starts,
    teams,
)
from jpa.services.exports import ExportForm
from jpa.services.stores import Ask, Stores
from jpa.statistics.tables import Credit, Question
from tests.proofs.loading import hide_from, load_world, name_verdicts, put_back, take
from tests.proofs.worlds import JPA, NAMES, NOW, NUMBERS, OFFICERS, VESSELS, WORDS, World, make_world

UNKNOWN = "0" * 32
QUICK = Parameters(resolutions=(1.0,), seeds=2)
Answers = dict[str, Any]


def check_views(stores: Stores, seed: int) -> str:
    """Compare all answers to one officer in one world; returns the first difference in words, or nothing."""
    world = make_world(seed)
    reader = Random(seed).choice(OFFICERS)
    asked = _questions(stores, world, Ask(reader, NOW), Random(seed))
    _load(stores, world)
    loaded = take(stores)
    full = _answers(stores, Ask(reader, NOW), asked)
    put_back(stores, loaded)
    hide_from(stores, world, reader)
    filtered = _answers(stores, Ask(reader, NOW), asked)
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


def _questions(stores: Stores, world: World, ask: Ask, draw: Random) -> dict[str, Callable[[], Any]]:
    records = [m.id for m in world.records]
    pairs = [tuple(draw.sample(records, 2)) for _ in range(3)] if len(records) > 1 else []
    shown = draw.sample(records, min(3, len(records)))
    found: dict[str, Callable[[], Any]] = {
        "cases": partial(cases.list_cases, stores, ask),
        "frames": partial(cases.list_frames, stores, ask),
        "proposals": partial(resolution.list_proposals, stores, ask),
        "candidates": partial(networks.list_candidates, stores, ask),
    }
    found["start"] = partial(starts.for_investigator, stores, ask)
    found["teams"] = partial(teams.list_teams, stores, ask)
    found["cases of the agency"] = partial(teams.list_agency_cases, stores, ask)
    found["networks"] = partial(networks.read_list, stores, ask)
    for measure, by, credit in (
        ("persons_arrested", (), Credit.ALL),
        ("persons_arrested", ("state", "case"), Credit.BECAUSE),
        ("search_warrants", ("year",), Credit.BECAUSE),
    ):
        question = figures.question_of(measure, by, credit=credit, jpa="" if credit is Credit.ALL else JPA.id)
        found[f"{measure} by {by}"] = partial(_counted, stores, ask, question)
        found[f"records of {measure} by {by}"] = partial(figure_records.read_records, stores, ask, question)
    found["open questions"] = partial(quality.read_questions, stores, ask)
    for outcome in (*(m.id for m in world.outcomes), UNKNOWN):
        found[f"outcome {outcome}"] = partial(outcomes.read_outcome, stores, ask, outcome)
    found["grants"] = partial(grants.list_received, stores, ask)
    for grant in (*(g.id for g in world.grants), UNKNOWN):
        found[f"grant {grant}"] = partial(_granted, stores, ask, grant)
    for record in (*records, UNKNOWN):
        found[f"entity {record}"] = partial(entities.read_entity, stores, ask, record)
    for record in shown:
        found[f"ties {record}"] = partial(entities.read_ties, stores, ask, record)
        found[f"expand {record}"] = partial(charts.expand, stores, ask, record, shown)
    for left, right in pairs:
        found[f"compare {left} {right}"] = partial(resolution.compare_records, stores, ask, left, right)
        found[f"why {left} {right}"] = partial(charts.why_tied, stores, ask, left, right)
    for marked in world.reports:
        found[f"report {marked.id}"] = partial(reports.read_report, stores, ask, marked.id)
    for case in (*(c.id for c in world.cases), *(g.compartment for g in world.grants), UNKNOWN):
        found[f"case {case}"] = partial(cases.read_case, stores, ask, case)
        found[f"chart {case}"] = partial(charts.case_chart, stores, ask, case)
        found[f"attribution of {case}"] = partial(attribution.read_attribution, stores, ask, case)
        found[f"outcomes of {case}"] = partial(outcomes.read_case_ledger, stores, ask, case)
        found[f"export {case}"] = partial(exports.export_case, stores, ask, case, ExportForm.FTM, "proof")
    for words in draw.sample((*NAMES, *NUMBERS, *VESSELS, *WORDS, "T-0", "rahmi"), 5):
        found[f"search {words}"] = partial(search.search_all, stores, ask, words)
    return found


def _answers(stores: Stores, ask: Ask, asked: dict[str, Callable[[], Any]]) -> Answers:
    answers = {name: _answer(question) for name, question in asked.items()}
    answers["run resolution"] = _answer(partial(resolution.run_resolution, stores, ask, "c0" * 16))
    answers["run detection"] = _answer(partial(networks.run_detection, stores, ask, "c1" * 16, QUICK))
    for name in ("proposals", "candidates"):
        answers[f"{name} after the run"] = _answer(asked[name])
    listed = answers["candidates after the run"]
    for candidate in [f.candidate.id for f in listed[1]] if listed[0] == "answered" else []:
        answers[f"candidate {candidate}"] = _answer(partial(networks.read_candidate, stores, ask, candidate))
        answers[f"chart of candidate {candidate}"] = _answer(partial(charts.candidate_chart, stores, ask, candidate))
    return answers


def _counted(stores: Stores, ask: Ask, question: Question) -> Any:
    """Count a table; when it was counted is not compared."""
    answer = figures.read_table(stores, ask, question)
    return answer.cells, answer.total, answer.undecided, answer.whose


def _granted(stores: Stores, ask: Ask, grant: str) -> Any:
    """Read a grant without how it was used, which the questions themselves change."""
    opened = grants.read_grant(stores, ask, grant)
    return opened.listed, opened.officers, opened.held


def _answer(question: Callable[[], Any]) -> tuple[str, Any]:
    """Ask; a refusal is an answer too, with its words and fields."""
    try:
        return "answered", question()
    except JpaError as error:
        return type(error).__name__, (str(error), error.fields if isinstance(error, InvalidInputError) else {})
