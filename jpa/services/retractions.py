"""Retract, never erase: a lead takes a report, a record or a link out of force, and a later act brings it back exactly [C6]."""

from collections.abc import Callable, Iterable
from typing import Final

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import cases, entities, incidents, links, outcomes, retractions
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.catalogue.incidents import Reason
from jpa.model.ids import new_id
from jpa.model.incident import Incident
from jpa.model.outcome import Outcome
from jpa.model.record import Report
from jpa.model.retraction import Retraction, RetractionKind, Undoing
from jpa.services import recall_drafts
from jpa.services.cases import leading
from jpa.services.stores import Ask, Event, Stores, found, write

_TAGS = {
    RetractionKind.REPORT: AuditTag.REPORT_RETRACTED,
    RetractionKind.RECORD: AuditTag.RECORD_RETRACTED,
    RetractionKind.LINK: AuditTag.LINK_RETRACTED,
    RetractionKind.OUTCOME: AuditTag.OUTCOME_RETRACTED,
    RetractionKind.INCIDENT: AuditTag.INCIDENT_RETRACTED,
}
_RETRACTED: Final = "This was retracted already. Open the page again to see by whom and why."


def standing(acts: Iterable[Retraction], *targets: str) -> Retraction | None:
    """Return the retraction among `acts` that takes any of `targets` out of force now."""
    return next((act for act in acts if act.stands and act.target in targets), None)


def retract_report(stores: Stores, ask: Ask, report: str, reason: str) -> Retraction:
    """Retract a report with everything that it states."""

    def load(tx: Tx, reader: Readership) -> Report:
        return found(cases.report_tx(tx, reader, report))

    return _retract(stores, ask, RetractionKind.REPORT, report, reason, load)


def retract_record(stores: Stores, ask: Ask, record: str, reason: str) -> Retraction:
    """Retract what a report says about one thing, and with it every tie that ends there."""

    def load(tx: Tx, reader: Readership) -> Report:
        this = found(entities.record_tx(tx, reader, record))
        if not entities.in_force_tx(tx, reader, record):
            raise ConflictError("This record was corrected or retracted already. Open the page again to see it.")
        return found(cases.report_tx(tx, reader, this.report))

    return _retract(stores, ask, RetractionKind.RECORD, record, reason, load)


def retract_link(stores: Stores, ask: Ask, report: str, link: str, reason: str) -> Retraction:
    """Retract one tie that a report states; both of its ends stay."""

    def load(tx: Tx, reader: Readership) -> Report:
        _, in_force = found(links.link_tx(tx, reader, report, link))
        if not in_force:
            raise ConflictError("This tie was corrected or retracted already. Open the page again to see it.")
        return found(cases.report_tx(tx, reader, report))

    return _retract(stores, ask, RetractionKind.LINK, link, reason, load)


def retract_outcome(stores: Stores, ask: Ask, outcome: str, reason: str) -> Retraction:
    """Retract one outcome of a ledger; it counts no more until the retraction is undone."""

    def load(tx: Tx, reader: Readership) -> Outcome:
        return found(outcomes.outcome_tx(tx, reader, outcome))

    return _retract_entry(stores, ask, RetractionKind.OUTCOME, outcome, reason, load)


def retract_incident(stores: Stores, ask: Ask, incident: str, reason: str) -> Retraction:
    """Retract one incident; it counts no more until the retraction is undone. The reason is one of `Reason`."""

    def load(tx: Tx, reader: Readership) -> Incident:
        return found(incidents.incident_tx(tx, reader, incident))

    return _retract_entry(stores, ask, RetractionKind.INCIDENT, incident, reason, load)


def _retract_entry(
    stores: Stores,
    ask: Ask,
    kind: RetractionKind,
    target: str,
    reason: str,
    load: Callable[[Tx, Readership], Outcome | Incident],
) -> Retraction:
    _require_reason(reason, kind)

    def work(tx: Tx, reader: Readership, _: object) -> Retraction:
        this = load(tx, reader)
        if this.case:
            leading(tx, reader, this.case)
        elif this.agency != ask.officer.agency:
            raise ForbiddenError("Only the agency that reported it may retract it.")
        if standing(retractions.about_tx(tx, [this.id]), this.id) is not None:
            raise ConflictError(_RETRACTED)
        return _append_tx(tx, stores, ask, kind, this.id, this.report, this.case, reason)

    return write(stores, ask, Action.RETRACT, Event(_TAGS[kind], target), work)


def undo(stores: Stores, ask: Ask, retraction: str, reason: str) -> Retraction:
    """Supersede a retraction by a later act: nothing was rewritten, so all is as before, exactly."""
    _require_reason(reason)

    def work(tx: Tx, reader: Readership, _: object) -> Retraction:
        this = found(retractions.retraction_tx(tx, retraction))
        _require_readable(tx, reader, this)
        _require_reason(reason, this.kind)
        if this.case:
            leading(tx, reader, this.case)
        if not this.stands:
            raise ConflictError("This retraction was undone already. Open the page again to see it.")
        said = (stores.vault.redactor(this.case) if this.case else str)(reason.strip())
        retractions.undo_tx(tx, this.id, Undoing(ask.officer.id, ask.officer.name, ask.at, said))
        return found(retractions.retraction_tx(tx, this.id))

    return write(stores, ask, Action.RETRACT, Event(AuditTag.RETRACTION_UNDONE, retraction), work)


def _retract(
    stores: Stores,
    ask: Ask,
    kind: RetractionKind,
    target: str,
    reason: str,
    load: Callable[[Tx, Readership], Report],
) -> Retraction:
    _require_reason(reason)

    def work(tx: Tx, reader: Readership, _: object) -> Retraction:
        report = load(tx, reader)
        leading(tx, reader, report.case)
        if standing(retractions.about_tx(tx, [target, report.id]), target, report.id) is not None:
            raise ConflictError(_RETRACTED)
        recall_drafts.correct_tx(tx, ask, [report.case], [target])
        return _append_tx(tx, stores, ask, kind, target, report.id, report.case, reason)

    return write(stores, ask, Action.RETRACT, Event(_TAGS[kind], target), work)


def _append_tx(
    tx: Tx, stores: Stores, ask: Ask, kind: RetractionKind, target: str, report: str, case: str, reason: str
) -> Retraction:
    said = (stores.vault.redactor(case) if case else str)(reason.strip())
    act = Retraction(new_id(ask.at), kind, target, report, case, ask.officer.id, ask.at, said, ask.officer.name)
    retractions.add_tx(tx, act)
    return act


def _require_reason(reason: str, kind: RetractionKind | None = None) -> None:
    if reason.strip() == "":
        raise InvalidInputError("Nothing was changed.", {"reason": "Say why; it stands in the history for good."})
    if kind is RetractionKind.INCIDENT and reason not in set(Reason):
        raise InvalidInputError("Nothing was changed.", {"reason": f"Choose one of: {', '.join(Reason)}."})


def _require_readable(tx: Tx, reader: Readership, this: Retraction) -> None:
    match this.kind:
        case RetractionKind.REPORT:
            found(cases.report_tx(tx, reader, this.target))
        case RetractionKind.RECORD:
            found(entities.record_tx(tx, reader, this.target))
        case RetractionKind.OUTCOME:
            found(outcomes.outcome_tx(tx, reader, this.target))
        case RetractionKind.INCIDENT:
            found(incidents.incident_tx(tx, reader, this.target))
        case RetractionKind.LINK:
            found(links.link_tx(tx, reader, this.report, this.target))
