"""Blind questions between agencies of one installation: “hit, ask desk X, reference N” or “no hit”, and never the record.

Every answer comes on a fixed time step. What a partner answers with keeps below the ceiling of an agreement that binds both, and
leaves out smuggled migrants and what identifies them; victims are no records. Both sides keep the question in their log.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jpa.entity_resolution.blind_keys import ASKABLE, asked_keys, held_keys
from jpa.errors import InvalidInputError
from jpa.graph import agencies, agreements, blind, entities
from jpa.graph.holdings import Held, guarded_tx, held_tx
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import Agreement, AgreementState, Partner, Purpose, Way, excess
from jpa.model.audit import AuditTag
from jpa.model.blind import BlindQuestion, BlindWay
from jpa.model.case import Agency
from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.draft import TypedRecord
from jpa.model.ids import is_id, new_id
from jpa.model.limits import limits_of
from jpa.model.record import Record
from jpa.model.schema import Property
from jpa.model.value_types import Context
from jpa.services.agreements import Bound, binding_tx
from jpa.services.statements import build_record
from jpa.services.stores import Ask, Event, Stores, found, read, write
from jpa.sharing.blind import SIZE, reference_of, shared
from jpa.sharing.pacing import Pace

NOT_ASKED: Final = "Nothing was asked."
MOST_PARTNERS: Final = 20
LONGEST_ABOUT: Final = 120
ASKED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "Person": ("name", "alias", "birthDate"),
    "Phone": ("number",),
    "IdentityDocument": ("number", "country"),
    "Vessel": ("imoNumber", "mmsi", "callSign", "registrationNumber", "flag", "engineSerial"),
    "BankAccount": ("iban", "bic", "bankName", "country", "accountNumber"),
    "CryptoWallet": ("cryptoAddress",),
    "UserAccount": ("service", "username"),
}
"""Properties by which a question asks for each kind of thing; only they make keys."""
NEEDED: Final[Mapping[str, str]] = {
    "Person": "Give a name of two words with a year of birth, or a single name with the day of birth.",
    "Phone": "Give the number with its country code.",
    "IdentityDocument": "Give the number and the issuing state.",
    "Vessel": "Give an IMO number, MMSI, call sign, engine number, or registration with flag.",
    "BankAccount": "Give the IBAN, or the account number with BIC, or with bank and country.",
    "CryptoWallet": "Give the address.",
    "UserAccount": "Give service and handle.",
}


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """What the form of a question says."""

    type: str
    properties: Mapping[str, Sequence[str]]
    partners: tuple[str, ...]
    purpose: str
    about: str
    """The asker's own reference, by which its log is understood: the question itself is not kept."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one partner answered."""

    question: BlindQuestion
    agency: Agency


def paced(stores: Stores) -> Pace:
    """Return the clock that lets answers come on fixed steps."""
    return Pace(stores.settings.blind_step, time.monotonic, time.sleep)


def ask_partners(stores: Stores, ask: Ask, typed: TypedQuestion, pace: Pace | None = None) -> list[Told]:
    """Ask partners whether they hold one thing; all answers come together, on a time step, and stand in the logs of both sides."""
    keys = keys_of(ask, typed)

    def work(tx: Tx, _: Readership, __: object) -> list[Told]:
        bound = [binding_tx(tx, ask, partner, typed.purpose, Way.QUERY) for partner in typed.partners]
        require_here_tx(tx, [b.partner.agency for b in bound])
        require_unspent_tx(tx, ask, [a.id for b in bound for a in b.agreements], len(bound))
        guarded = guarded_tx(tx)
        asker = asking_partner_tx(tx, ask)
        told = []
        for one in bound:
            held = held_tx(tx, one.partner.agency, [typed.type], guarded)
            told.append(
                Told(
                    _answered(stores, ask, typed, one, keys, releasable(held, one.agreements, asker)),
                    one.partner.agency,
                )
            )
        for one_told in told:
            blind.add_tx(tx, one_told.question)
        return told

    event = Event(
        AuditTag.BLIND_ASKED, "", {"partners": list(typed.partners), "kind": typed.type, "purpose": typed.purpose}
    )
    with paced(stores) if pace is None else pace:
        told = write(stores, ask, Action.ASK_BLIND, event, work)
        for one in told:
            details = {"asker": ask.officer.agency, "holder": one.agency.id, "hit": one.question.hit}
            stores.audit.note(AuditTag.BLIND_ANSWERED, None, at=ask.at, object=one.question.id, details=details)
        return told


def _answered(
    stores: Stores, ask: Ask, typed: TypedQuestion, bound: Bound, keys: Sequence[str], held: Iterable[Held]
) -> BlindQuestion:
    holder = bound.partner.agency
    question = new_id(ask.at)
    met = shared(keys, oldest_by_key(held))
    secret = stores.agency_keys.reference_secret(holder.id)
    return BlindQuestion(
        id=question,
        question=question,
        way=BlindWay.DIRECT,
        asker=ask.officer.agency,
        holder=holder.id,
        officer=ask.officer.id,
        agreements=tuple(a.id for a in bound.agreements),
        purpose=typed.purpose,
        about=typed.about.strip(),
        at=ask.at,
        hit=len(met) > 0,
        references=tuple(reference_of(secret, question, record) for record in met[:1]),
    )


def keys_of(ask: Ask, typed: TypedQuestion) -> tuple[str, ...]:
    """Check what was typed and return the keys that it asks for; InvalidInputError names each field with its cure."""
    problems: dict[str, str] = {}
    if typed.type not in ASKABLE:
        problems["type"] = f"Choose one of: {', '.join(ENTITY_TYPES[name].label for name in ASKABLE)}."
    if not 0 < len(typed.partners) <= MOST_PARTNERS or len(set(typed.partners)) != len(typed.partners):
        problems["partners"] = f"Choose one to {MOST_PARTNERS} partners, each once."
    if typed.purpose not in set(Purpose):
        problems["purpose"] = "Choose a purpose that an agreement names."
    if not 0 < len(typed.about.strip()) <= LONGEST_ABOUT:
        problems["about"] = (
            f"Give your own reference, such as the case number, in at most {LONGEST_ABOUT} characters; nobody else sees it."
        )
    keys: tuple[str, ...] = ()
    if typed.type in ASKABLE:
        keys = asked_keys(thing_of(ask, typed.type, typed.properties))[:SIZE]
        if len(keys) == 0:
            problems[ASKED_BY[typed.type][0]] = NEEDED[typed.type]
    if len(problems) > 0:
        raise InvalidInputError(NOT_ASKED, problems)
    return keys


def thing_of(ask: Ask, kind: str, properties: Mapping[str, Sequence[str]]) -> Record:
    """Understand what was typed about one thing as if it were entered; nothing is kept."""
    said = {n: [v[:200] for v in vs if v.strip() != ""] for n, vs in properties.items() if n in ASKED_BY[kind]}
    context = Context(state=ask.officer.state, today=ask.at.date())
    return build_record(ask, "", "", TypedRecord("1", kind, said), context, str)


def fields_of(kind: str) -> list[Property]:
    """Return the properties that a question about this kind of thing can name."""
    return [ENTITY_TYPES[kind].property(name) for name in ASKED_BY[kind]]


def require_here_tx(tx: Tx, asked: Sequence[Agency]) -> None:
    """Refuse to ask on the page an agency that works in another installation: “no hit” would be no answer of theirs."""
    away = [agency.name for agency in asked if len(agencies.officers_tx(tx, agency.id)) == 0]
    if len(away) > 0:
        problem = f"Nobody of {', '.join(away)} works in this installation. Ask by post once its post card is pinned, or by a signed file: jpa blind ask."
        raise InvalidInputError(NOT_ASKED, {"partners": problem}, cause="elsewhere")


def require_unspent_tx(tx: Tx, ask: Ask, agreements: Sequence[str], more: int) -> None:
    """Refuse what would pass a limit of the day, of the officer, the agency or an agreement; holds the agency's turn until the end."""
    blind.lock_tx(tx, ask.officer.agency)
    spent = blind.spent_tx(tx, ask.officer.agency, ask.officer.id, agreements, ask.at.date())
    refusal = spent.refusal(more)
    if refusal != "":
        raise InvalidInputError(NOT_ASKED, {"": f"{refusal} Ask tomorrow, or telephone the desk."}, cause="limit")


def asking_partner_tx(tx: Tx, ask: Ask) -> Partner:
    """Return the own agency as the markings of a partner see it."""
    reader = agencies.readership_tx(tx, ask.officer, ask.at)
    own = agencies.agency_tx(tx, ask.officer.agency) or Agency(
        ask.officer.agency, ask.officer.agency, ask.officer.state
    )
    return Partner(own, reader.jpas)


def releasable(held: Iterable[Held], under: Sequence[Agreement], towards: Partner) -> list[Held]:
    """Leave what keeps below the ceiling of one of these agreements for an agency; the owner's marking decides first."""
    kept, known = [], dict[tuple[object, str, str], bool]()
    for one in held:
        mark = (one.marking, one.case, one.record.agency)
        if mark not in known:
            limits = limits_of(one.marking, agency=one.record.agency, state=one.state, case=one.case)
            known[mark] = any(len(excess(a, towards, limits)) == 0 for a in under)
        if known[mark]:
            kept.append(one)
    return kept


def oldest_by_key(held: Iterable[Held]) -> dict[str, str]:
    """Map each key to the oldest record that answers to it."""
    oldest: dict[str, str] = {}
    for one in held:
        for key in held_keys(one.record):
            oldest.setdefault(key, one.record.id)
    return oldest


def list_partners(
    stores: Stores, ask: Ask, way: Way = Way.QUERY, action: Action = Action.ASK_BLIND, *, here: bool = True
) -> list[tuple[Agency, list[str]]]:
    """List the agencies here, or elsewhere, that are bound to the own one in a way of sharing now, each with its agreements' purposes."""
    event = Event(AuditTag.AGREEMENT_READ, "", {"way": way.value})
    return read(stores, ask, action, event, lambda tx, _: partners_tx(tx, ask, way, here=here))


def partners_tx(tx: Tx, ask: Ask, way: Way, *, here: bool = True) -> list[tuple[Agency, list[str]]]:
    """Find the agencies of this installation, or of others, that are bound in one way of sharing, each with its purposes."""
    own = ask.officer.agency
    live = [a for a in agreements.agreements_tx(tx, own) if a.state(ask.at) is AgreementState.IN_FORCE]
    fit = [a for a in live if way in a.ways and a.binds(own)]
    purposes = {
        other.id: sorted({p.value for a in fit if a.binds(other.id) for p in a.purposes})
        for other in agencies.agencies_tx(tx)
        if other.id != own
    }
    bound = [other for other in agencies.agencies_tx(tx) if len(purposes.get(other.id, ())) > 0]
    return [(other, purposes[other.id]) for other in bound if (len(agencies.officers_tx(tx, other.id)) > 0) == here]


def question_about(stores: Stores, ask: Ask, record: str) -> tuple[str, dict[str, str]]:
    """Return kind and values for a question about something that the officer may read; another kind of thing is not found."""

    def work(tx: Tx, reader: Readership) -> tuple[str, dict[str, str]]:
        entity = found(entities.entity_tx(tx, reader, record) if is_id(record) else None)
        found(entity if entity.type in ASKABLE else None)
        said = {s.declared.name: s.best for s in reversed(entity.stated()) if s.declared.name in ASKED_BY[entity.type]}
        return entity.type, said

    return read(stores, ask, Action.ASK_BLIND, Event(AuditTag.ENTITY_READ, record[:32]), work)
