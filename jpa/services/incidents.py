"""Incidents: report irregular movement without names, correct by a later entry, list what a figure rests on [VRS-MSRC]."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import incidents
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.draft import TypedIncident
from jpa.model.incident import Incident
from jpa.model.marking import Marking
from jpa.model.value_types import Context
from jpa.services.entries import Fate, fates_tx
from jpa.services.incident_statements import KEPT_BACK, build, check
from jpa.services.stores import Ask, Event, Stores, found, read, write
from jpa.statistics.incident_facts import fact_of
from jpa.statistics.incidents import IncidentQuestion, tabulate, weight

PAGE: Final = 100
WHOSE: Final = "own agency's incidents"
"""What is counted, in words for beside each figure."""
_ALIKE: Final = 0.75
"""How alike a known place must be spelled to be proposed."""


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident as a page shows it."""

    incident: Incident
    fate: Fate[Incident]
    counts: float = 1.0
    """What it adds to the figure that was opened."""


@dataclass(frozen=True, slots=True)
class IncidentList:
    """What a figure rests on, newest first."""

    question: IncidentQuestion
    lines: Sequence[IncidentLine]
    """One page of those that count."""
    total: int
    """How many count."""
    figure: float
    folded: Sequence[IncidentLine]
    """Corrected and retracted ones, where nothing is asked but the whole list."""


def context_of(ask: Ask) -> Context:
    """Say what helps to understand what an officer types."""
    return Context(state=ask.officer.state, today=ask.at.date())


def record_incidents(stores: Stores, ask: Ask, typed: Sequence[TypedIncident]) -> list[Incident]:
    """Append incidents of the own agency; a problem in any of them saves none."""
    check(typed, context_of(ask))

    def work(tx: Tx, reader: Readership, _: object) -> list[Incident]:
        made = [build(ask, one, context_of(ask)) for one in typed]
        _require_known_places(tx, reader, typed, made)
        incidents.add_tx(tx, [(one, reach_of(ask)) for one in made])
        return made

    event = Event(AuditTag.INCIDENT_RECORDED, ask.officer.agency, {"incidents": len(typed)})
    return write(stores, ask, Action.REPORT_INCIDENT, event, work)


def correct_incident(stores: Stores, ask: Ask, incident: str, typed: TypedIncident) -> Incident:
    """Supersede an incident by what is true; the old one stays as history, and comes back if the correction is retracted."""
    if typed.reason == "":
        raise InvalidInputError("The correction was not saved.", {"reason": "Choose why; it stands here for good."})
    check([typed], context_of(ask))

    def work(tx: Tx, reader: Readership, _: object) -> Incident:
        old = found(incidents.incident_tx(tx, reader, incident))
        if old.agency != ask.officer.agency:
            raise ForbiddenError("Only the agency that reported it may correct it.")
        if not lines_tx(tx, reader, [old])[0].fate.in_force:
            raise ConflictError("This incident was corrected or retracted already. Open the page again to see it.")
        made = build(ask, typed, context_of(ask), old.id)
        _require_known_places(tx, reader, [typed], [made])
        incidents.add_tx(tx, [(made, reach_of(ask))])
        return made

    return write(stores, ask, Action.REPORT_INCIDENT, Event(AuditTag.INCIDENT_CORRECTED, incident), work)


def read_incident(stores: Stores, ask: Ask, incident: str) -> IncidentLine:
    """Read one incident with what became of it."""

    def work(tx: Tx, reader: Readership) -> IncidentLine:
        return lines_tx(tx, reader, [found(incidents.incident_tx(tx, reader, incident))])[0]

    return read(stores, ask, Action.READ, Event(AuditTag.INCIDENT_READ, incident), work)


def list_incidents(stores: Stores, ask: Ask, question: IncidentQuestion, skip: int = 0, limit: int = PAGE) -> IncidentList:  # fmt: skip
    """List what a figure rests on; the counts of all lines add up to it, but for a median."""

    def work(tx: Tx, reader: Readership) -> IncidentList:
        weighed = [(i, weight(fact_of(i), question)) for i in incidents.in_force_tx(tx, reader)]
        counted = sorted(((i, w) for i, w in weighed if w is not None), key=lambda c: _newest(c[0]), reverse=True)
        shown = {i.id: w for i, w in counted[skip : skip + limit]}
        lines = lines_tx(tx, reader, [i for i, _ in counted[skip : skip + limit]])
        folded: list[IncidentLine] = []
        if len(question.where) == 0 and question.since == question.until == "":
            every = lines_tx(tx, reader, incidents.all_tx(tx, reader))
            folded = [line for line in every if not line.fate.in_force][:PAGE]
        return IncidentList(
            question,
            [replace(line, counts=shown[line.incident.id]) for line in lines],
            len(counted),
            tabulate([fact_of(i) for i, _ in counted], question).total,
            folded,
        )

    return read(stores, ask, Action.READ, Event(AuditTag.INCIDENT_READ, ask.officer.agency), work)


def read_places(stores: Stores, ask: Ask) -> list[str]:
    """Read which places the own agency has named, for the form."""
    event = Event(AuditTag.INCIDENT_READ, ask.officer.agency)
    return read(stores, ask, Action.REPORT_INCIDENT, event, incidents.places_tx)


def lines_tx(tx: Tx, reader: Readership, listed: Sequence[Incident]) -> list[IncidentLine]:
    """Show incidents that were read for this reader, newest first, with what became of them."""
    ids = {i.id for i in listed}
    later = [i for i in incidents.superseding_tx(tx, reader, sorted(ids)) if i.id not in ids] if listed else []
    fates = fates_tx(tx, reader, listed, later)
    return [IncidentLine(i, fates[i.id]) for i in sorted(listed, key=_newest, reverse=True)]


def reach_of(ask: Ask) -> Reach:
    """Say who may read what an officer reports: the own agency, until it is shared by a decision."""
    audience = Marking().audience(agency=ask.officer.agency, state=ask.officer.state, case="")
    return Reach((compartment_of(ask),), tuple(audience))


def compartment_of(ask: Ask) -> str:
    """Return where the own agency keeps its incidents."""
    return f"agency:{ask.officer.agency}"


def new_places_tx(tx: Tx, reader: Readership, made: Sequence[Incident]) -> Mapping[str, str]:
    """Return the places that the agency never named before, each with the known one that is spelled alike."""
    named = {place for one in made if (place := one.clean("place")) != ""}
    known = incidents.places_tx(tx, reader) if len(named) > 0 else []
    return {p: next(iter(difflib.get_close_matches(p, known, 1, _ALIKE)), "") for p in sorted(named - set(known))}


def _require_known_places(tx: Tx, reader: Readership, typed: Sequence[TypedIncident], made: Sequence[Incident]) -> None:
    """Stop before a new place is named, until the officer says that it is a place: a slip would split its series, a name would stay."""
    unsure = [one for one, source in zip(made, typed, strict=True) if not source.confirmed]
    new = new_places_tx(tx, reader, unsure)
    if len(new) > 0:
        told = ", ".join(
            f"“{place}”" + (f" (or do you mean “{alike}”?)" if alike else "") for place, alike in new.items()
        )
        problem = f"Named for the first time: {told}. Confirm that it is the name of a place, and of no person."
        raise InvalidInputError(KEPT_BACK, {"confirm": problem})


def _newest(incident: Incident) -> tuple[str, str]:
    return incident.clean("date"), incident.id
