"""What an officer asks in the proof of views: each question by a name that says what was asked."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import Any, Final

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
from tests.proofs.desk_questions import desk_questions
from tests.proofs.worlds import JPA, NAMES, NUMBERS, VESSELS, WORDS, World

UNKNOWN: Final = "0" * 32
Asked = Mapping[str, Callable[[], Any]]
"""Questions by name."""


SOME_PAGES: Final = 24
SOME_DESKS: Final = 8
"""Questions that one world is asked; which ones is drawn."""


def questions_of(stores: Stores, world: World, ask: Ask, draw: Random) -> Asked:
    """Draw what is asked: some of what everybody's pages show, and some of what is done at the desks of liaison officers."""
    pages, desks = _pages(stores, world, ask, draw), desk_questions(stores, world, ask, draw, UNKNOWN)
    chosen = [
        *draw.sample(sorted(pages), min(len(pages), SOME_PAGES)), *draw.sample(sorted(desks), min(len(desks), SOME_DESKS))
    ]  # fmt: skip
    return {name: (pages | desks)[name] for name in chosen}


def _pages(stores: Stores, world: World, ask: Ask, draw: Random) -> dict[str, Callable[[], Any]]:
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


def _counted(stores: Stores, ask: Ask, question: Question) -> Any:
    """Count a table; when it was counted is not compared."""
    answer = figures.read_table(stores, ask, question)
    return answer.cells, answer.total, answer.undecided, answer.whose


def _granted(stores: Stores, ask: Ask, grant: str) -> Any:
    """Read a grant without how it was used, which the questions themselves change."""
    opened = grants.read_grant(stores, ask, grant)
    return opened.listed, opened.officers, opened.held
