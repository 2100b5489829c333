"""Returns of the region's agencies for the two newest joint periods: one accepted, one waiting, the others still missing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from jpa.model.returns import WHOLE
from jpa.services import return_inbox, returns
from jpa.services.stores import Stores
from jpa.world.register import COORDINATOR
from jpa.world.staff import Staff

ACCEPTED: Final = "ucg"
WAITING: Final = "sfi"
PERIODS: Final = (3, 4)
"""Numbers of the joint periods; what came of the first is told by the own ledger alone."""


def enter_returns(stores: Stores, staff: Staff, jpas: Mapping[int, str], at: datetime) -> None:
    """Make, release and send them as officers would; two of an agency, never one."""
    for number in PERIODS:
        for agency in (ACCEPTED, WAITING):
            made = returns.draft_return(stores, staff.ask(agency, "liaison", at), jpas[number], WHOLE)
            returns.release_return(stores, staff.ask(agency, "supervisor", at + timedelta(minutes=1)), made.id)
            returns.send_return(stores, staff.ask(agency, "liaison", at + timedelta(minutes=2)), made.id)
            if agency == ACCEPTED:
                return_inbox.accept_return(
                    stores, staff.ask(COORDINATOR, "supervisor", at + timedelta(minutes=3)), made.id
                )
