"""Agencies and officers in the graph: who may be on a team. Their log-ins are kept by `jpa.operations`."""

from datetime import datetime

from jpa.graph import agencies
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.officer import Officer
from jpa.services.stores import Ask, Event, Stores, read


def save_agency(stores: Stores, agency: Agency, at: datetime) -> None:
    """Create or change an agency, as the owner of the installation."""
    with stores.audit.act(AuditTag.AGENCY_CREATED, None, object=agency.id, at=at) as act:
        stores.graph.write(act.intent, lambda tx: agencies.save_agency_tx(tx, agency))


def save_officer(stores: Stores, officer: Officer, at: datetime, *, active: bool) -> None:
    """Create or change an officer in the graph; an inactive one reads nothing from the next request on."""
    with stores.audit.act(AuditTag.OFFICER_CHANGED, None, object=officer.id, at=at) as act:
        stores.graph.write(act.intent, lambda tx: agencies.save_officer_tx(tx, officer, active=active))


def list_agencies(stores: Stores, ask: Ask) -> list[Agency]:
    """List the agencies of all states."""
    event = Event(AuditTag.ADMINISTRATION_READ)
    return read(stores, ask, Action.READ, event, lambda tx, _: agencies.agencies_tx(tx))


def list_colleagues(stores: Stores, ask: Ask) -> list[tuple[str, str]]:
    """List id and name of the active officers of the own agency."""
    event = Event(AuditTag.ADMINISTRATION_READ)
    return read(stores, ask, Action.READ, event, lambda tx, reader: agencies.officers_tx(tx, reader.officer.agency))
