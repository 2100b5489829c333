"""States, agencies and officers in the graph: who may be on a team. Log-ins are looked after by `officers`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import agencies
from jpa.graph.session import Tx
from jpa.model import states
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.officer import Officer
from jpa.services.stores import Ask, Event, Stores, found, read, write

_SLUG: Final = re.compile(r"[a-z][a-z0-9-]{1,31}")


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state with its agencies."""

    code: str
    name: str
    agencies: Sequence[Agency]


def save_agency(stores: Stores, agency: Agency, at: datetime) -> None:
    """Create or change an agency, as the owner of the installation."""
    with stores.audit.act(AuditTag.AGENCY_CREATED, None, object=agency.id, at=at) as act:
        stores.graph.write(act.intent, lambda tx: agencies.save_agency_tx(tx, agency))


def save_officer(stores: Stores, officer: Officer, at: datetime, *, active: bool) -> None:
    """Create or change an officer in the graph; an inactive one reads nothing from the next request on."""
    with stores.audit.act(AuditTag.OFFICER_CHANGED, None, object=officer.id, at=at) as act:
        stores.graph.write(act.intent, lambda tx: agencies.save_officer_tx(tx, officer, active=active))


def list_agencies(stores: Stores, ask: Ask) -> list[Agency]:
    """List the agencies of all states with their desks."""
    event = Event(AuditTag.ADMINISTRATION_READ)
    return read(stores, ask, Action.READ_DIRECTORY, event, lambda tx, _: agencies.agencies_tx(tx))


def list_states(stores: Stores, ask: Ask) -> list[StateRow]:
    """List the members of the Bali Process, and any other state with an agency; those with agencies first, then by name."""
    listed = list_agencies(stores, ask)
    members = dict(states.MEMBERS)
    other = {a.state: states.name_of(a.state) for a in listed if a.state not in members}
    rows = [StateRow(code, name, [a for a in listed if a.state == code]) for code, name in (other | members).items()]
    return sorted(rows, key=lambda row: (len(row.agencies) == 0, row.name))


def read_agency(stores: Stores, ask: Ask, agency: str) -> Agency:
    """Read one agency, for the administrator to change."""
    event = Event(AuditTag.ADMINISTRATION_READ, agency)
    return read(stores, ask, Action.ADMINISTER, event, lambda tx, _: found(agencies.agency_tx(tx, agency)))


def create_agency(stores: Stores, ask: Ask, new: Agency) -> Agency:
    """Create an agency; its id stands in records for ever, so it is chosen once."""
    agency = Agency(new.id.strip().casefold(), new.name.strip(), new.state, new.desk.strip())
    problems = _problems(agency)
    if _SLUG.fullmatch(agency.id) is None:
        problems["id"] = "Enter a short id of 2 to 32 small letters, digits and dashes, for example tip."
    if agency.state not in dict(states.choices(demo=stores.settings.demo)):
        problems["state"] = "Choose the state that the agency belongs to."
    if len(problems) > 0:
        raise InvalidInputError("The agency was not created.", problems)

    def work(tx: Tx, _: Readership, __: object) -> Agency:
        if agencies.agency_tx(tx, agency.id) is not None:
            raise InvalidInputError(
                "The agency was not created.", {"id": f"There is an agency {agency.id} already; choose another id."}
            )
        agencies.create_agency_tx(tx, agency)
        return agency

    return write(stores, ask, Action.ADMINISTER, Event(AuditTag.AGENCY_CREATED, agency.id), work)


def change_agency(stores: Stores, ask: Ask, agency: str, *, name: str, desk: str) -> Agency:
    """Change an agency's name or the desk that other agencies are pointed to."""

    def work(tx: Tx, _: Readership, __: object) -> Agency:
        changed = replace(found(agencies.agency_tx(tx, agency)), name=name.strip(), desk=desk.strip())
        problems = _problems(changed)
        if len(problems) > 0:
            raise InvalidInputError("The agency was not changed.", problems)
        agencies.save_agency_tx(tx, changed)
        return changed

    return write(stores, ask, Action.ADMINISTER, Event(AuditTag.AGENCY_CHANGED, agency), work)


def list_colleagues(stores: Stores, ask: Ask) -> list[tuple[str, str]]:
    """List id and name of the active officers of the own agency."""
    event = Event(AuditTag.ADMINISTRATION_READ)
    return read(stores, ask, Action.READ, event, lambda tx, reader: agencies.officers_tx(tx, reader.officer.agency))


def _problems(agency: Agency) -> dict[str, str]:
    problems = {}
    if agency.name == "" or len(agency.name) > 200:
        problems["name"] = "Enter the agency's name, of at most 200 characters."
    if len(agency.desk) > 200:
        problems["desk"] = "Use at most 200 characters for the contact desk."
    return problems
