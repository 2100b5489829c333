"""Candidate networks: run detection, list, open, adopt or dismiss with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jpa.errors import InvalidInputError
from jpa.graph import candidates, entities, projection
from jpa.graph.rows import Reach, stamp
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.candidate import Candidate, CandidateState
from jpa.model.case import CaseRole
from jpa.model.entity import Glance
from jpa.model.grading import Grade
from jpa.model.job import Progress, no_progress
from jpa.networks.detect import Parameters, detect, snapshot_hash
from jpa.networks.project import (
    MOST_RELATIONS,
    MOST_SHARING,
    Node,
    Projection,
    Relation,
    project,
    shipped_weights,
)
from jpa.services.stores import Ask, Event, Stores, found, read, write

_SLICE: Final = 5000
"""Records looked up together: what is known of them fits a message, and a job can be ended after each."""


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """A candidate as its page shows it."""

    candidate: Candidate
    state: CandidateState
    run: dict[str, Any]
    captions: dict[str, str]
    left: int = 0
    """Members of the run of whom nothing in force speaks any more."""
    decisions: Sequence[dict[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands above the list of candidates."""

    run: dict[str, Any] | None
    """The newest run, with all that its result depends on and what it left out."""
    candidates: int


def run_detection(
    stores: Stores,
    ask: Ask,
    run: str,
    parameters: Parameters,
    progress: Progress = no_progress,
) -> int:
    """Detect among everything that the analyst may read; returns how many candidates. Victims are no records at all."""
    weights = shipped_weights()

    def load(tx: Tx, reader: Readership) -> tuple[Projection, Reach]:
        return _project(tx, reader, ask.at.date(), parameters, progress), projection.reach_tx(tx, reader)

    graph, reach = read(stores, ask, Action.RUN_DETECTION, Event(AuditTag.DETECTION_RUN, run), load)
    found_candidates = detect(graph, weights, parameters, progress=progress)

    def save(tx: Tx, _: Readership, __: object) -> int:
        properties = {
            "id": run,
            "kind": "detection",
            "scope": ask.officer.id,
            "compartments": list(reach.compartments),
            "audience": list(reach.audience),
            "snapshot": snapshot_hash(graph, parameters, weights),
            "seed": parameters.seed,
            "resolutions": list(parameters.resolutions),
            "seeds": parameters.seeds,
            "grade_floor": parameters.grade_floor,
            "weights": weights.version,
            "people": len(graph.people),
            "ties": len(graph.ties),
            "hubs": len(graph.hubs),
            "hub_from": MOST_SHARING + 1,
            "candidates": len(found_candidates),
            "by": ask.officer.id,
            "at": stamp(ask.at),
        }
        candidates.save_run_tx(tx, properties)
        candidates.save_candidates_tx(tx, run, found_candidates)
        return len(found_candidates)

    return write(stores, ask, Action.RUN_DETECTION, Event(AuditTag.DETECTION_RUN, run), save)


def list_candidates(stores: Stores, ask: Ask, *, skip: int = 0, limit: int = 50) -> list[CandidateFile]:
    """List the newest runs' candidates that the officer may open, best first."""

    def work(tx: Tx, reader: Readership) -> list[CandidateFile]:
        return [CandidateFile(*row) for row in candidates.candidates_tx(tx, reader, skip=skip, limit=limit)]

    return read(stores, ask, Action.READ, Event(AuditTag.CANDIDATE_READ), work)


def read_list(stores: Stores, ask: Ask, *, skip: int = 0, limit: int = 50) -> tuple[Overview, list[CandidateFile]]:
    """Read a page of candidates with what stands above it, in one read."""

    def work(tx: Tx, reader: Readership) -> tuple[Overview, list[CandidateFile]]:
        listed = [CandidateFile(*row) for row in candidates.candidates_tx(tx, reader, skip=skip, limit=limit)]
        return _overview(tx, reader), listed

    return read(stores, ask, Action.READ, Event(AuditTag.CANDIDATE_READ), work)


def count_candidates(stores: Stores, ask: Ask) -> int:
    """Count the candidates that `list_candidates` lists to this officer."""
    return read(stores, ask, Action.READ, Event(AuditTag.CANDIDATE_READ), candidates.count_tx)


def read_candidate(stores: Stores, ask: Ask, candidate: str) -> CandidateFile:
    """Open one candidate."""

    def work(tx: Tx, reader: Readership) -> CandidateFile:
        row = found(candidates.candidate_tx(tx, reader, candidate))
        return CandidateFile(*row, decisions=candidates.decisions_tx(tx, reader, candidate))

    return read(stores, ask, Action.READ, Event(AuditTag.CANDIDATE_READ, candidate), work)


def decide(stores: Stores, ask: Ask, candidate: str, state: CandidateState, reason: str) -> None:
    """Adopt, dismiss or take under review, with a reason [N6]."""
    if reason.strip() == "":
        raise InvalidInputError("Nothing was decided.", {"reason": "Say why; the next analyst will ask."})

    def work(tx: Tx, reader: Readership, _: object) -> None:
        _, _, run, *_ = found(candidates.candidate_tx(tx, reader, candidate))
        told = stores.vault.redactor(*run["compartments"])(reason.strip())
        candidates.decide_tx(tx, candidate, state, told, ask.officer.id, stamp(ask.at))

    event = Event(AuditTag.CANDIDATE_DECIDED, candidate, {"state": state.value})
    write(stores, ask, Action.DECIDE_CANDIDATE, event, work)


def read_overview(stores: Stores, ask: Ask) -> Overview:
    """Read what the newest run that the officer may know of went over, and how many candidates there are to list."""
    return read(stores, ask, Action.READ, Event(AuditTag.CANDIDATE_READ), _overview)


def _overview(tx: Tx, reader: Readership) -> Overview:
    return Overview(candidates.newest_run_tx(tx, reader, "detection"), candidates.count_tx(tx, reader))


def _project(tx: Tx, reader: Readership, today: date, parameters: Parameters, progress: Progress) -> Projection:
    relations = projection.relations_tx(tx, reader, most=MOST_RELATIONS, progress=progress)
    ends = sorted({end for r in relations for end in (r["source"], r["target"])})
    glances: dict[str, Glance] = {}
    for start in range(0, len(ends), _SLICE):
        progress(0, 0)
        glances |= entities.glances_tx(tx, reader, ends[start : start + _SLICE])
    migrants = projection.guarded_tx(tx, reader, CaseRole.SMUGGLED_MIGRANT.value)
    guarded = {glances[i].id for i in migrants if i in glances}
    nodes = {g.id: Node(g.id, g.type, g.caption, guarded=g.id in guarded) for g in glances.values()}
    made = [
        _relation(r, glances[r["source"]].id, glances[r["target"]].id)
        for r in relations
        if r["source"] in glances and r["target"] in glances
    ]
    weights = shipped_weights()
    return project(nodes.values(), made, weights=weights, today=today.toordinal(), grade_floor=parameters.grade_floor)


def _relation(stated: dict[str, Any], source: str, target: str) -> Relation:
    return Relation(
        source=source,
        target=target,
        type=stated["type"],
        grade=Grade(stated["scheme"], stated["grade_source"], stated["information"]).score,
        report=stated["report"],
        count=_number(stated["count"]),
        day=_day(stated["date"]),
    )


def _number(text: str | None) -> float:
    return float(text) if text is not None and text.replace(".", "", 1).isdigit() else 1.0


def _day(text: str | None) -> int | None:
    padded = {4: f"{text}-07-01", 7: f"{text}-15", 10: text}.get(len(text or ""))
    try:
        return date.fromisoformat(padded).toordinal() if padded is not None else None
    except ValueError:
        return None
