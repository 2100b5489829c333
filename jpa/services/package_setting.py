"""What binds a package before anything is decided: the case, the partner, its keys, the agreement."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import agencies, cases
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.agreement import Agreement, Partner, Way
from jpa.model.case import Agency, Case
from jpa.model.package import Selection
from jpa.services import agency_keys
from jpa.services.agreements import binding_tx
from jpa.services.stores import Ask, found
from jpa.sharing.assembly import Head
from jpa.sharing.manifest import Terms

NOT_MADE: Final = "The package was not made."


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer wants to send: of which case, to whom, under which agreement, what for, which parts."""

    case: str
    partner: str
    agreement: str
    purpose: str
    selection: Selection = field(default_factory=Selection)
    compare: bool = True


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything that a package is decided in."""

    case: Case
    own: Agency
    partner: Partner
    closing: str
    agreement: Agreement


def setting_tx(tx: Tx, reader: Readership, ask: Ask, order: Order) -> Setting:
    """Return what binds a package, or say why none can be made: the case, the partner, its keys, the agreement."""
    case = found(cases.case_tx(tx, reader, order.case))
    own = agencies.agency_tx(tx, ask.officer.agency)
    if case.agency != ask.officer.agency or own is None:
        raise InvalidInputError(NOT_MADE, {"case": "Only a case of your own agency is sent; ask its owner to send it."})
    bound = binding_tx(tx, ask, order.partner, order.purpose, Way.PACKAGE)
    agreement = bound.named(order.agreement)
    name = bound.partner.agency.name
    if len(agencies.officers_tx(tx, order.partner)) > 0:
        problem = f"{name} works in this installation: grant the case instead, so that what you correct is corrected there too."
        raise InvalidInputError(NOT_MADE, {"partner": problem}, cause="here")
    closing = agency_keys.closing_tx(tx, order.partner)
    if closing == "":
        problem = f"No card of keys of {name} is pinned. Ask for it, compare the words by telephone, and let an administrator pin it."
        raise InvalidInputError(NOT_MADE, {"partner": problem}, cause="key")
    return Setting(case, own, bound.partner, closing, agreement)


def head_of(this: tuple[str, datetime], setting: Setting, order: Order) -> Head:
    """Say what the package is; `this` is its id and the moment it was made."""
    agreement = setting.agreement
    return Head(
        id=this[0],
        sender=setting.own,
        recipients=[(setting.partner.agency, setting.closing)],
        terms=Terms(id=agreement.id, title=agreement.title[:500], basis=agreement.basis[:500], ends=agreement.end),
        purpose=order.purpose,
        reference=setting.case.number[:200],
        made=this[1],
        compare=order.compare,
    )
