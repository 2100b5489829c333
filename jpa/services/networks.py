"""Candidate networks: run detection, list, open, adopt or dismiss with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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
from jpa.networks.project import Node, Projection, Relation, Weights, project, shipped_weights
from jpa.services.stores import Ask, Event, Stores, found, read, write


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """A candidate as its page shows it."""

    candidate: Candidate
    state: CandidateState
    run: dict[str, Any]
    captions: dict[str, str]
    decisions: Sequence[dict[str, str]] = ()


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
        return _project(tx, reader, ask.at.date(), weights, parameters), projection.reach_tx(tx, reader)

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


def count_candidates(stores: Stores, ask: Ask) -> int:
    """Count the candidates that `list_candidates` lists to this officer."""
    return read(stores, ask, Action.READ, Event(AuditTag.CANDIDATE_READ), candidates.count_tx)


def read_candidate(stores: Stores, ask: Ask, candidate: str) -> CandidateFile:
    """Open one candidate."""

    def work(tx: Tx, reader: Readership) -> CandidateFile:
        rows = candidates.candidates_tx(tx, reader, candidate=candidate)
        row = found(rows[0] if len(rows) > 0 else None)
        return CandidateFile(*row, decisions=candidates.decisions_tx(tx, reader, candidate))

    return read(stores, ask, Action.READ, Event(AuditTag.CANDIDATE_READ, candidate), work)


def decide(stores: Stores, ask: Ask, candidate: str, state: CandidateState, reason: str) -> None:
    """Adopt, dismiss or take under review, with a reason [N6]."""
    if reason.strip() == "":
        raise InvalidInputError("Nothing was decided.", {"reason": "Say why; the next analyst will ask."})

    def work(tx: Tx, reader: Readership, _: object) -> None:
        _, _, run, _ = found(next(iter(candidates.candidates_tx(tx, reader, candidate=candidate)), None))
        told = stores.vault.redactor(*run["compartments"])(reason.strip())
        candidates.decide_tx(tx, candidate, state, told, ask.officer.id, stamp(ask.at))

    event = Event(AuditTag.CANDIDATE_DECIDED, candidate, {"state": state.value})
    write(stores, ask, Action.DECIDE_CANDIDATE, event, work)


def _project(tx: Tx, reader: Readership, today: date, weights: Weights, parameters: Parameters) -> Projection:
    relations = projection.relations_tx(tx, reader)
    ends = sorted({end for r in relations for end in (r["source"], r["target"])})
    glances: dict[str, Glance] = {}
    for start in range(0, len(ends), 5000):
        glances |= entities.glances_tx(tx, reader, ends[start : start + 5000])
    migrants = projection.guarded_tx(tx, reader, CaseRole.SMUGGLED_MIGRANT.value)
    guarded = {glances[i].id for i in migrants if i in glances}
    nodes = {g.id: Node(g.id, g.type, g.caption, guarded=g.id in guarded) for g in glances.values()}
    made = [
        Relation(
            source=glances[r["source"]].id,
            target=glances[r["target"]].id,
            type=r["type"],
            grade=Grade(r["scheme"], r["grade_source"], r["information"]).score,
            report=r["report"],
            count=_number(r["count"]),
            day=_day(r["date"]),
        )
        for r in relations
        if r["source"] in glances and r["target"] in glances
    ]
    return project(nodes.values(), made, weights=weights, today=today.toordinal(), grade_floor=parameters.grade_floor)


def _number(text: str | None) -> float:
    return float(text) if text is not None and text.replace(".", "", 1).isdigit() else 1.0


def _day(text: str | None) -> int | None:
    padded = {4: f"{text}-07-01", 7: f"{text}-15", 10: text}.get(len(text or ""))
    try:
        return date.fromisoformat(padded).toordinal() if padded is not None else None
    except ValueError:
        return None
