"""Releases of the agency that coordinates the joint periods: one signed by two, one that waits for its second signature."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from jpa.model.release import Definition
from jpa.services import releases
from jpa.services.stores import Stores
from jpa.statistics.tables import Credit
from jpa.world.register import COORDINATOR
from jpa.world.staff import Staff

PERIOD: Final = 1
"""Number of the joint period that the draft is about: the one whose verdicts came years later."""
K: Final = 5
WIDTH: Final = K
YEARS: Final = Definition(
    "Persons arrested, by year", "persons_arrested", ("year",), {}, Credit.ALL.value, "", K, WIDTH, 1
)


def enter_releases(stores: Stores, staff: Staff, jpas: Mapping[int, str], at: datetime) -> None:
    """Draft and sign them as the two supervisors would."""
    verdicts = Definition(
        f"Persons convicted because of joint period {PERIOD}, by state", "persons_convicted", ("state",), {},
        Credit.BECAUSE.value, jpas[PERIOD], K, WIDTH, 1,
    )  # fmt: skip
    for definition, signers in ((YEARS, ("supervisor", "deputy")), (verdicts, ("supervisor",))):
        made = releases.draft_release(stores, staff.ask(COORDINATOR, "supervisor", at), definition)
        for minutes, role in enumerate(signers, 1):
            releases.sign_release(stores, staff.ask(COORDINATOR, role, at + timedelta(minutes=minutes)), made.id)
