"""An agency that works on an installation of its own: packages, blind questions and post go to it."""

from datetime import datetime, timedelta
from typing import Final

from jpa.model.case import Agency
from jpa.services import agencies, agency_keys, agreement_drafts
from jpa.services.stores import Stores
from jpa.world.agreements import draft_for
from jpa.world.register import COORDINATOR
from jpa.world.staff import Staff

NEIGHBOUR: Final = Agency("pcs", "Pulau Customs Service", "XD", "joint operations desk")
_TITLE: Final = "MoU Tenggara–Pulau 2025/2"  # noqa: RUF001 -- a range between two states


def enter_neighbour(stores: Stores, staff: Staff, at: datetime) -> None:
    """Register it, its agreement with the coordinating agency, signed on paper, and the card of its keys.

    Its private keys are made here, because the region has no second installation; nobody of it works here to use them.
    """
    agencies.save_agency(stores, NEIGHBOUR, at)
    ends = at + timedelta(days=500)
    made = draft_for(stores, staff, at, _TITLE, (NEIGHBOUR.id,), end=ends, basis="Memorandum 2025/2, article 4")
    agreement_drafts.sign_agreement(stores, staff.ask(COORDINATOR, "supervisor", at), made, NEIGHBOUR.id)
    card = agency_keys.own_key(stores, NEIGHBOUR.id, NEIGHBOUR.state).card
    agency_keys.pin_key(stores, staff.ask(COORDINATOR, "administrator", at), NEIGHBOUR.id, card.text)
