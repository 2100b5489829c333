"""What is tried in the proof of views on things that may be hidden: each act ends alike, word for word, whether they are there or not.

Nothing that changes more than the graph: sealing writes into the vault, which the proof does not put back.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, Final

from jpa.model.case import ActionState, CaseRole, TeamRole
from jpa.model.draft import TypedLink, TypedOutcome, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking
from jpa.model.outcome import Basis
from jpa.services import (
    case_entries,
    claims,
    links,
    outcomes,
    reports,
    resolution,
    retractions,
    roles,
    teams,
)
from jpa.services.claims import TypedClaim
from jpa.services.stores import Ask, Stores
from tests.proofs.worlds import JPA, NOW, OFFICERS, World

_LATER: Final = timedelta(minutes=5)
_SUMMONS: Final = {"date": ["2026-05-05"], "state": ["XA"]}


Tries = Mapping[str, Callable[[Stores, Ask], Any]]
"""Acts by a name that says what is tried."""


def tries_of(world: World, draw: Random, unknown: str) -> Tries:
    """Draw some acts, each on something of the world or on nothing."""
    record, other = draw.choice([*(m.id for m in world.records), unknown]), draw.choice([m.id for m in world.records])
    report = draw.choice([*(m.id for m in world.reports), unknown])
    link = draw.choice([*(m.id for m in world.links), unknown])
    outcome = draw.choice([*(m.id for m in world.outcomes), unknown])
    case = draw.choice([*(c.id for c in world.cases), unknown])
    officer = draw.choice(OFFICERS).id
    typed = _report(case)
    first = TypedRecord("1", "Person", {"name": ["Rahim Uddin"]})
    tied = _report(case, (first,), (TypedLink("ASSOCIATE_OF", "1", record),))
    said = TypedOutcome("arrested", _SUMMONS, case, person=record, report=draw.choice(("", report)))
    claim = TypedClaim(draw.choice(("", outcome)), JPA.id, Basis.COINCIDENT.value, "1/2", "proof", "proof")
    every: dict[str, Callable[..., Any]] = {
        f"state the role of {record}": partial(roles.state_role, record=record, role=CaseRole.SUSPECT.value),
        f"tie {record} in {case}": partial(reports.add_report, typed=tied),
        f"correct {record} in {case}": partial(reports.correct_record, record=record, properties={"name": ["R"]}, typed=typed),
        f"correct {link} of {report}": partial(links.correct_link, report=report, link=link, properties={}, typed=typed),
        f"correct {outcome}": partial(outcomes.correct_outcome, outcome=outcome, typed=said),
        f"record an outcome in {case}": partial(outcomes.record_outcomes, typed=[said]),
        f"claim {claim.target} of {case}": partial(claims.make_claim, case=case, typed=claim),
        f"retract {report}": partial(retractions.retract_report, report=report, reason="proof"),
        f"retract {record}": partial(retractions.retract_record, record=record, reason="proof"),
        f"retract {link} of {report}": partial(retractions.retract_link, report=report, link=link, reason="proof"),
        f"retract {outcome}": partial(retractions.retract_outcome, outcome=outcome, reason="proof"),
        f"judge {record} and {other}": partial(
            resolution.judge, left=record, right=other, verdict=Verdict.SAME, reason="proof"
        ),
        f"{officer} into {case}": partial(teams.join_team, case=case, officer=officer, role=TeamRole.MEMBER),
        f"{officer} out of {case}": partial(teams.leave_team, case=case, officer=officer),
        f"an action in {case}": partial(
            case_entries.record_action, case=case, title="Ask", due="", state=ActionState.FOR_ALLOCATION, officer=officer
        ),
        f"a decision in {case}": partial(
            case_entries.record_decision, case=case, decision="Go on", reason="why", alternative=""
        ),
    }  # fmt: skip
    for act in world.retractions:
        every[f"undo {act.id}"] = partial(retractions.undo, retraction=act.id, reason="proof")
    chosen = draw.sample(sorted(every), 2)
    return {name: _at(every[name], number) for number, name in enumerate(chosen)}


def _at(act: Callable[..., Any], number: int) -> Callable[[Stores, Ask], Any]:
    """Act after everything else was asked, one after the other; what is made has an id of its own and is not compared."""

    def done(stores: Stores, ask: Ask) -> str:
        act(stores, Ask(ask.officer, NOW + _LATER * (number + 1)))
        return "done"

    return done


def _report(case: str, records: tuple[TypedRecord, ...] = (), ties: tuple[TypedLink, ...] = ()) -> TypedReport:
    return TypedReport(
        case, "Correction", "C-1", "2026-05-05", Grade("4x4", "A", "1"), Marking(), "He said so.", records, ties
    )
