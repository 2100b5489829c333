"""Victims: identity to the vault, a pseudonym and coarse facts to the graph; sealing after the fact.

Nothing here returns an identity. The tie between a sealed suspect and the victim exists only in the vault.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import cases, entities, outcomes, redaction, sealing
from jpa.graph.redaction import Redaction
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.catalogue import VICTIM
from jpa.model.draft import TypedVictim
from jpa.model.entity import Entity
from jpa.model.ids import derived_id, new_id
from jpa.model.record import Record, Report
from jpa.model.redaction import Redact
from jpa.model.schema import Property
from jpa.model.value_types import Context
from jpa.services import recall_drafts, statements
from jpa.services.cases import writing
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


def seal_typed(
    stores: Stores, ask: Ask, case: Case, typed: Sequence[TypedVictim], ids: Sequence[str]
) -> list[SealedVictim]:
    """Put the identities of victims that a report names into the vault, before anything else is written.

    The ids are made before the transaction: when it is tried again, the vault keeps one identity, not two.
    """
    sealed = []
    for victim, victim_id in zip(typed, ids, strict=True):
        check(victim)
        identity = {name: _texts(values) for name, values in victim.identity.items() if len(_texts(values)) > 0}
        pseudonym = stores.vault.put(case.id, victim_id, identity, by=ask.officer.id, at=ask.at)
        sealed.append(SealedVictim(victim_id, pseudonym, _codes(victim.coded, ask)))
    return sealed


def recall_typed_tx(tx: Tx, ask: Ask, case: Case, typed: Sequence[TypedVictim]) -> None:
    """Propose to take back what earlier packages of the agency say of victims that a report names; before they are redacted."""
    said = [(kind, v) for victim in typed for kind in NAMING for v in _texts(victim.identity.get(kind, ()))]
    documents = {v for kind, v in said if kind == "document"}
    if len(said) > 0:
        recall_drafts.recall_typed_tx(tx, ask, case, {v for _, v in said} - documents, documents)


def redactor(stores: Stores, case: str) -> Redact:
    """Return what replaces every sealed identity of a case in a text by its pseudonym."""
    return stores.vault.redactor(case)


def insert_tx(tx: Tx, case: Case, report: Report, sealed: Sequence[SealedVictim], ask: Ask) -> None:
    """Write the pseudonyms and coded facts; the reach is that of the report."""
    for victim in sealed:
        _add_tx(tx, case, report, victim, ask)


def redact_case_tx(tx: Tx, stores: Stores, case: Case, ask: Ask) -> None:
    """Take the victims of a case out of all that was typed into it before they were known to be victims."""
    context = Context(state=case.state, today=ask.at.date())
    how = Redaction(stores.vault.redactor(case.id), statements.search_words, statements.report_hash, context)
    redaction.redact_case_tx(tx, case.id, how)


def seal_entity(stores: Stores, ask: Ask, record: str, coded: Mapping[str, Sequence[str]]) -> str:
    """Seal a person who turned out to be a victim: identity to the vault, everything else gone from the graph.

    With the person go phones, documents, accounts and addresses that nobody else is tied to (decision 0011). Leaves graph,
    indexes, proposals, candidates and texts of every case that speaks of them; returns the pseudonym in the first.
    """
    victim_id, token = new_id(ask.at), secrets.token_hex(16)

    def work(tx: Tx, reader: Readership, _: object) -> str:
        entity = found(entities.entity_tx(tx, reader, record))
        records = _sealable(ask, entity)
        person = [r.id for r in records]
        things = [
            (thing, found(cases.report_tx(tx, reader, thing.report)))
            for i in sealing.identifying_tx(tx, reader, person, list(IDENTIFYING))
            if (thing := entities.record_tx(tx, reader, i)) is not None and thing.agency == ask.officer.agency
        ]
        things = [(thing, report) for thing, report in things if report.case in reader.team]
        whole = [*records, *(thing for thing, _ in things)]
        reports = {**entity.reports, **{report.id: report for _, report in things}}
        first = reports[records[0].report].case
        spoken = list(dict.fromkeys([first, *(reports[r.report].case for r in whole)]))
        kept = sealing.read_sealed_tx(tx, [r.id for r in whole])
        recall_drafts.recall_victim_tx(tx, ask, spoken, [r.id for r in whole], naming_of(whole))
        outcomes.forget_person_tx(tx, person, token)
        pseudonyms = {}
        for case_id in spoken:
            case = writing(tx, reader, case_id)
            victim = victim_id if case_id == first else derived_id(ask.at, victim_id, case_id)
            pseudonyms[case_id] = stores.vault.put(
                case_id, victim, identity_of(whole), by=ask.officer.id, at=ask.at, sealed_from=person, kept=kept
            )
            about = next(reports[r.report] for r in whole if reports[r.report].case == case_id)
            redact_case_tx(tx, stores, case, ask)
            _add_tx(tx, case, about, SealedVictim(victim, pseudonyms[case_id], _codes(coded, ask)), ask)
        sealing.remove_tx(tx, [r.id for r in whole])
        return pseudonyms[first]

    return write(stores, ask, Action.SEAL_VICTIM, Event(AuditTag.VICTIM_SEALED, victim_id), work)


def _sealable(ask: Ask, entity: Entity) -> list[Record]:
    if entity.type != "Person":
        raise InvalidInputError("Nothing was sealed.", {"record": "Only a person can be a victim."})
    records = sorted((*entity.history, *entity.records), key=lambda r: r.id)
    if any(r.agency != ask.officer.agency for r in records):
        problem = "Another agency's report speaks of this person. Undo the merge, then seal your own records."
        raise InvalidInputError("Nothing was sealed.", {"record": problem})
    return records


def _add_tx(tx: Tx, case: Case, report: Report, sealed: SealedVictim, ask: Ask) -> None:
    audience = report.marking.audience(agency=case.agency, state=case.state, case=case.id)
    sealing.add_victim_tx(tx, sealed.id, sealed.pseudonym, case.id, report.id, dict(sealed.coded), audience, ask.at)


def _codes(typed: Mapping[str, Sequence[str]], ask: Ask) -> dict[str, tuple[str, ...]]:
    context = Context(state=ask.officer.state, today=ask.at.date())
    coded = {p.name: _coded(p, typed.get(p.name, ()), context) for p in VICTIM.coded}
    return {name: codes for name, codes in coded.items() if len(codes) > 0}


IDENTIFYING: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "Person": {
        "name": ("name", "fatherName", "motherName"),
        "alias": ("alias", "weakAlias", "previousName"),
        "birthDate": ("birthDate",),
        "document": ("passportNumber", "idNumber", "socialSecurityNumber", "taxNumber"),
        "phone": ("phone",),
        "address": ("address",),
        "contact": ("email", "website"),
    },
    "Phone": {"phone": ("number",), "document": ("imei", "imsi")},
    "IdentityDocument": {"document": ("number", "passportNumber", "personalNumber")},
    "BankAccount": {"document": ("accountNumber", "iban")},
    "CryptoWallet": {"contact": ("cryptoAddress", "publicKey")},
    "UserAccount": {"contact": ("username", "email"), "phone": ("phone",)},
    "Address": {"address": ("full",)},
}
"""For each kind of thing which of its properties name whoever holds it, and as what."""


NAMING: Final = ("name", "alias", "document", "phone", "contact")
"""Kinds of identifying values that a text is searched for; a day of birth or a town is many people's."""


def naming_of(records: Sequence[Record]) -> set[str]:
    """Return the values of some records that a text is searched for."""
    return {v for kind, values in identity_of(records).items() if kind in NAMING for v in values}


def identity_of(records: Sequence[Record]) -> dict[str, list[str]]:
    """Return what of some records names whoever holds them, by kind."""
    identity: dict[str, dict[str, None]] = {}
    for record in records:
        for field, names in IDENTIFYING[record.type].items():
            for value in (v for n in names for v in record.properties.get(n, ())):
                identity.setdefault(field, {}).update({value.typed: None, value.best: None})
        if record.type == "Person":
            halves = [v[0].typed for n in ("firstName", "lastName") if len(v := record.properties.get(n, ())) > 0]
            if len(halves) == 2:
                identity.setdefault("name", {})[" ".join(halves)] = None
    return {field: list(values) for field, values in identity.items()}


def summary_codes(victim: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the codes that a summary may count a victim by; of several forms of exploitation the first, in the order of the list."""
    forms = [code for code, _ in next(p.type.choices for p in VICTIM.coded if p.name == "exploitation")]
    stated = sorted((c for c in victim.get("exploitation", ()) if c in forms), key=forms.index)
    found = {"ageBand": victim.get("ageBand"), "sex": victim.get("gender"), "exploitation": stated, "citizenship": victim.get("citizenship")}  # fmt: skip
    return {axis: codes[0] for axis, codes in found.items() if codes is not None and len(codes) > 0}


def _texts(values: Sequence[str]) -> list[str]:
    return [v.strip() for v in values if v.strip() != ""]


def _coded(declared: Property, typed: Sequence[str], context: Context) -> tuple[str, ...]:
    # Only codes reach the graph: free text typed into a coded field could name somebody.
    cleaned = [declared.type.clean(text, context).clean for text in _texts(typed)]
    return tuple(c for c in cleaned if c is not None)
