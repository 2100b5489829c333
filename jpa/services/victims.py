"""Victims: identity to the vault, a pseudonym and coarse facts to the graph; sealing after the fact.

Nothing here returns an identity. The tie between a sealed suspect and the victim exists only in the vault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jpa.errors import InvalidInputError
from jpa.graph import entities, sealing
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.catalogue import VICTIM
from jpa.model.draft import TypedReport, TypedVictim
from jpa.model.ids import derived_id, new_id
from jpa.model.record import Record, Report
from jpa.model.schema import Property
from jpa.model.value_types import Context
from jpa.services.cases import writing
from jpa.services.statements import Redact
from jpa.services.stores import Ask, Event, Stores, found, write


@dataclass(frozen=True, slots=True)
class SealedVictim:
    """What the graph may know of a victim."""

    id: str
    pseudonym: str
    coded: Mapping[str, tuple[str, ...]]


def check(typed: TypedVictim) -> None:
    """Refuse a victim with an unknown field; codes outside the lists are kept out of the graph."""
    known = {p.name for p in VICTIM.identity} | {p.name for p in VICTIM.coded}
    for name in (*typed.identity, *typed.coded):
        if name not in known:
            raise InvalidInputError("The report was not saved.", {name: "A victim has no such field."})


def seal_typed(stores: Stores, ask: Ask, case: Case, typed: TypedReport) -> list[SealedVictim]:
    """Put the identities of victims that a report names into the vault, before anything else is written."""
    context = Context(state=ask.officer.state, today=ask.at.date())
    sealed = []
    for number, victim in enumerate(typed.victims):
        check(victim)
        identity = {name: _texts(values) for name, values in victim.identity.items() if len(_texts(values)) > 0}
        # The same in a transaction that is tried again: a victim is numbered once.
        victim_id = derived_id(ask.at, "victim", case.id, ask.officer.id, typed.source_reference, str(number))
        pseudonym = stores.vault.put(case.id, victim_id, identity, by=ask.officer.id, at=ask.at)
        coded = {p.name: _coded(p, victim.coded.get(p.name, ()), context) for p in VICTIM.coded}
        sealed.append(SealedVictim(victim_id, pseudonym, {n: v for n, v in coded.items() if len(v) > 0}))
    return sealed


def redactor(stores: Stores, case: str) -> Redact:
    """Return what replaces every sealed identity of a case in a text by its pseudonym."""
    return stores.vault.redactor(case)


def insert_tx(tx: Tx, case: Case, report: Report, sealed: Sequence[SealedVictim]) -> None:
    """Write the pseudonyms and coded facts; the reach is that of the report."""
    audience = report.marking.audience(agency=case.agency, state=case.state, case=case.id)
    for victim in sealed:
        sealing.add_victim_tx(
            tx, victim.id, victim.pseudonym, case.id, report.id, dict(victim.coded), audience, report.entered
        )


def seal_entity(stores: Stores, ask: Ask, record: str, coded: Mapping[str, Sequence[str]]) -> str:
    """Seal a person who turned out to be a victim: identity to the vault, everything else gone from the graph.

    Leaves graph, indexes, proposals, candidates and texts of the entity's cases; returns the pseudonym.
    """
    context = Context(state=ask.officer.state, today=ask.at.date())
    victim_id = new_id(ask.at)

    def work(tx: Tx, reader: Readership, _: object) -> str:
        entity = found(entities.entity_tx(tx, reader, record))
        if entity.type != "Person":
            raise InvalidInputError("Nothing was sealed.", {"record": "Only a person can be a victim."})
        records = (*entity.history, *entity.records)
        foreign = [r for r in records if r.agency != ask.officer.agency]
        if len(foreign) > 0:
            raise InvalidInputError(
                "Nothing was sealed.",
                {
                    "record": "Another agency's report speaks of this person. Undo the merge, then seal your own records."
                },
            )
        report = entity.reports[records[0].report]
        case = writing(tx, reader, report.case)
        identity = _identity_of(records)
        kept = sealing.read_sealed_tx(tx, [r.id for r in records])
        pseudonym = stores.vault.put(
            case.id, victim_id, identity, by=ask.officer.id, at=ask.at, sealed_from=[r.id for r in records], kept=kept
        )
        facts = {p.name: _coded(p, coded.get(p.name, ()), context) for p in VICTIM.coded}
        audience = report.marking.audience(agency=case.agency, state=case.state, case=case.id)
        cases = sorted({entity.reports[r.report].case for r in records})
        sealing.remove_tx(tx, [r.id for r in records])
        for case_id in cases:
            sealing.redact_tx(tx, case_id, stores.vault.redactor(case_id))
        sealing.redact_tx(tx, case.id, stores.vault.redactor(case.id))
        sealing.add_victim_tx(tx, victim_id, pseudonym, case.id, report.id, facts, audience, ask.at)
        return pseudonym

    return write(stores, ask, Action.SEAL_VICTIM, Event(AuditTag.VICTIM_SEALED, victim_id), work)


def _identity_of(records: Sequence[Record]) -> dict[str, list[str]]:
    names = {
        "name": ("name", "firstName", "lastName", "middleName", "fatherName", "motherName"),
        "alias": ("alias", "weakAlias", "previousName"),
        "birthDate": ("birthDate",),
        "document": ("passportNumber", "idNumber", "socialSecurityNumber"),
        "phone": ("phone",),
        "address": ("address",),
    }
    return {
        field: values
        for field, sources in names.items()
        if len(values := [v.typed for r in records for s in sources for v in r.properties.get(s, ())]) > 0
    }


def _texts(values: Sequence[str]) -> list[str]:
    return [v.strip() for v in values if v.strip() != ""]


def _coded(declared: Property, typed: Sequence[str], context: Context) -> tuple[str, ...]:
    # Only codes reach the graph: free text typed into a coded field could name somebody.
    cleaned = [declared.type.clean(text, context).clean for text in _texts(typed)]
    return tuple(c for c in cleaned if c is not None)
