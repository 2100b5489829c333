"""Agreements of the region's agencies: one joint arrangement of all, one memorandum that ends soon, one draft that waits."""

from datetime import datetime, timedelta
from typing import Final

from jpa.model.agreement import Purpose, Way
from jpa.services import agreement_drafts
from jpa.services.agreement_drafts import TypedAgreement, TypedCeiling
from jpa.services.stores import Stores
from jpa.world.plan import AGENCIES
from jpa.world.register import COORDINATOR
from jpa.world.staff import Staff

ARRANGEMENT: Final = "Joint Period Arrangement"
MEMORANDUM: Final = "MoU Tenggara–Utara 2023/4"  # noqa: RUF001 -- a range between two states
DRAFT: Final = "MoU Tenggara–Selat 2026/1"  # noqa: RUF001 -- the same
PURPOSE: Final = Purpose.SMUGGLING
"""What the cases of joint periods are granted for."""
_CRIME: Final = (Purpose.SMUGGLING, Purpose.TRAFFICKING, Purpose.MONEY, Purpose.IDENTITY)
_YEARS: Final = timedelta(days=365 * 3)
_BEFORE: Final = timedelta(days=120)
"""For so long they are in force already: requests of the last months rest on them."""


def enter_agreements(stores: Stores, staff: Staff, at: datetime) -> str:
    """Draft and sign as officers would; returns the id of the arrangement that all agencies share under."""
    others = tuple(agency for agency, *_ in AGENCIES if agency != COORDINATOR)
    arrangement = draft_for(
        stores, staff, at, ARRANGEMENT, others, end=at + _YEARS, basis="Bali Process ministers' statement, paragraph 12"
    )
    for agency in others:
        agreement_drafts.sign_agreement(stores, staff.ask(agency, "liaison", at), arrangement)
    memorandum = draft_for(
        stores,
        staff,
        at,
        MEMORANDUM,
        ("ucg",),
        end=at + timedelta(days=31),
        basis="Memorandum 2023/4, articles 3 and 5",
    )
    agreement_drafts.sign_agreement(stores, staff.ask("ucg", "supervisor", at), memorandum)
    draft_for(stores, staff, at, DRAFT, ("sfi",), end=at + _YEARS, basis="Memorandum 2026/1, article 2")
    return arrangement


def draft_for(
    stores: Stores, staff: Staff, at: datetime, title: str, partners: tuple[str, ...], *, end: datetime, basis: str
) -> str:
    """Draft an agreement of the coordinating agency with `partners` about every purpose and way; returns its id."""
    typed = TypedAgreement(
        title,
        basis,
        partners,
        tuple(p.value for p in _CRIME),
        tuple(w.value for w in Way),
        (at - _BEFORE).date().isoformat(),
        end.date().isoformat(),
        ceilings={party: TypedCeiling() for party in (COORDINATOR, *partners)},
    )
    return agreement_drafts.draft_agreement(stores, staff.ask(COORDINATOR, "liaison", at), typed).id
