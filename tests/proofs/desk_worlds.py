"""What else lies on the desks of a random world: files, victims, incidents, retractions."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from jpa.model.catalogue.incidents import INCIDENT, Reason
from jpa.model.evidence import EvidenceFile
from jpa.model.incident import Incident
from jpa.model.officer import Officer
from jpa.model.outcome import Outcome
from jpa.model.record import Link, Record, Report
from jpa.model.retraction import Retraction, RetractionKind, Undoing
from jpa.model.value_types import Context
from tests.proofs.worlds import AGENCIES, JPA, NOW, OFFICERS, Marked, World, ids_of, reach_of

_KINDS = {
    Report: RetractionKind.REPORT,
    Record: RetractionKind.RECORD,
    Link: RetractionKind.LINK,
    Outcome: RetractionKind.OUTCOME,
    Incident: RetractionKind.INCIDENT,
}


def add_desks(world: World) -> World:
    """Lay files, victims, incidents and retractions into a world; returns it."""
    draw = Random(f"desks {world.seed}")
    ids = ids_of(draw)
    for marked in world.reports:
        if isinstance(marked.thing, Report):
            _lie_behind(draw, ids, world, marked.thing)
    for officer in OFFICERS:
        for _ in range(draw.randint(0, 3)):
            _happen(draw, ids, world, officer)
    withdrawable = (*world.reports, *world.records, *world.links, *world.outcomes, *world.incidents)
    for marked in draw.sample(withdrawable, min(len(withdrawable), draw.randint(0, 4))):
        if not isinstance(marked.thing, tuple) and type(marked.thing) in _KINDS:
            world.retractions.append(_retraction(draw, next(ids), marked))
    return world


def _lie_behind(draw: Random, ids: Iterator[str], world: World, report: Report) -> None:
    case = next(c for c in world.cases if c.id == report.case)
    for number in range(draw.randint(0, 2)):
        file = EvidenceFile(
            next(ids), report.id, case.id, case.agency, f"photo {number}.png", draw.randint(1, 999), f"{draw.getrandbits(256):064x}",
            report.officer, NOW, "found on board", restricted=draw.choice(((), (), ("V1",))),
        )  # fmt: skip
        world.files.append(Marked(file, *reach_of(draw, world, case)))
    if draw.random() < 0.4:
        coded = draw.choice(("forced labour", "sexual exploitation"))
        victim = (next(ids), f"V{len(world.victims) + 1}", case.id, report.id, coded)
        world.victims.append(Marked(victim, (case.id,), reach_of(draw, world, case)[1]))


def _happen(draw: Random, ids: Iterator[str], world: World, officer: Officer) -> None:
    context = Context(state=officer.state, today=NOW.date())
    said = {
        "date": draw.choice(("2026-03", "2026-04-02", "2026-10-30", "2026-10")),
        "place": draw.choice(("Tanjung Harapan", "Pulau Kecil")),
        "migrants": str(draw.randint(1, 90)),
        "fee": str(draw.randint(100, 900)),
        "currency": "USD",
    }
    stated = {p.name: (p.type.clean(said[p.name], context),) for p in INCIDENT.properties if p.name in said}
    earlier = [m.id for m in world.incidents if isinstance(m.thing, Incident) and m.thing.agency == officer.agency]
    corrects = draw.choice(earlier) if len(earlier) > 0 and draw.random() < 0.3 else ""
    reason = Reason.MORE_KNOWN.value if corrects else ""
    incident = Incident(next(ids), officer.agency, stated, officer.id, NOW, corrects, reason=reason)
    own = f"agency:{officer.agency}"
    audience = draw.choice(((own,), (own,), (own, f"jpa:{JPA.id}"), (f"agency:{draw.choice(AGENCIES).id}",)))
    world.incidents.append(Marked(incident, (own,), audience))


def _retraction(draw: Random, act: str, marked: Marked) -> Retraction:
    thing, moment = marked.thing, NOW - timedelta(minutes=draw.randint(1, 99))
    undone = Undoing("budi", "Budi", NOW, "right after all") if draw.random() < 0.2 else None
    if isinstance(thing, Report):
        report, case = thing.id, thing.case
    elif isinstance(thing, Record | Link):
        report, case = thing.report, marked.compartments[0]
    elif isinstance(thing, Outcome | Incident):
        report, case = thing.report, thing.case
    else:
        raise TypeError(thing)
    return Retraction(
        act, _KINDS[type(thing)], thing.id, report, case, "wulan", moment, Reason.SLIP.value, undone=undone
    )
