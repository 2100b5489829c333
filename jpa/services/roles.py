"""Roles: what a thing is in a case, stated by a report; a role belongs to the case, never to the person [E7]."""

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import cases, entities, writes
from jpa.graph.session import Tx
from jpa.graph.writes import Batch, Role
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import CaseRole
from jpa.model.ids import derived_id
from jpa.services.cases import writing
from jpa.services.reports import reach_of
from jpa.services.stores import Ask, Event, Stores, found, write


def state_role(stores: Stores, ask: Ask, record: str, role: str) -> None:
    """Say which role a record has in the case of the report that states it; the same again changes nothing."""
    if role not in set(CaseRole):
        raise InvalidInputError("Nothing was added.", {"role": f"Choose one of: {', '.join(CaseRole)}."})

    def work(tx: Tx, reader: Readership, _: object) -> None:
        this = found(entities.record_tx(tx, reader, record))
        report = found(cases.report_tx(tx, reader, this.report))
        case = writing(tx, reader, report.case)
        if this.type not in {"Person", "Organization"}:
            raise InvalidInputError("Nothing was added.", {"role": "Only people and organisations have a role."})
        if not entities.in_force_tx(tx, reader, record):
            raise ConflictError("This record was corrected or retracted meanwhile. Open the page again.")
        stated = Role(derived_id(report.entered, record, role), record, case.id, role, report.id)
        writes.insert_tx(tx, Batch(reach_of(case, report), roles=[stated]))

    write(stores, ask, Action.ADD_REPORT, Event(AuditTag.ROLE_STATED, record, {"role": role}), work)
