"""The action book and the decision log of the lead case, as its lead kept them at the time."""

from datetime import UTC, datetime
from typing import Final

from jpa.model.case import ActionState
from jpa.services import case_entries
from jpa.services.stores import Stores
from jpa.world.staff import Staff

AGENCY: Final = "tip"
_DECISIONS: Final = (
    (
        "2024-03-14", "Follow the prepaid number before anybody is arrested ashore",
        "The helmsman alone leads nowhere; whoever he called every evening runs the landing.",
        "Arrest Hla Myint on his own statement",
    ),
    (
        "2024-03-27", "Treat the people of 7 Canal Row as possible victims, not as migrants",
        "The gate is locked from outside and a passenger was kept there for five weeks: indicators of forced labour.",
        "Clear the house in the first operation",
    ),
    (
        "2024-04-03", "Ask Utara and Selatan before the second arrests",
        "Same paint, same engine mount, same number: the second boat belongs to their cases as well.",
        "",
    ),
)  # fmt: skip
_ACTIONS: Final = (
    ("2024-03-13", "Get the call records of the wheelhouse phone", "2024-03-20", ActionState.RESULTED, "38 calls to one number in Selatan."),
    ("2024-03-20", "Ask who holds the account at Selat Bank", "2024-04-05", ActionState.FILED, "Held by Yusuf Abdulloh; see STR-2024-311."),
    ("2024-05-22", "Compare the engine numbers of both boats", "2024-06-10", ActionState.COMPLETED, ""),
    ("2026-10-01", "Find Dewi Santoso, last seen at Canal Row", "2026-12-15", ActionState.ALLOCATED, ""),
)  # fmt: skip


def keep_book(stores: Stores, staff: Staff, case: str) -> None:
    """Enter what was decided and what was to be done, day by day."""
    for day, decision, reason, alternative in _DECISIONS:
        ask = staff.ask(AGENCY, "lead", _at(day))
        case_entries.record_decision(stores, ask, case, decision=decision, reason=reason, alternative=alternative)
    officer = staff.officers[AGENCY, "investigator"].id
    for day, title, due, state, result in _ACTIONS:
        ask = staff.ask(AGENCY, "lead", _at(day))
        case_entries.record_action(stores, ask, case, title=title, due=due, state=state, officer=officer, result=result)


def _at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T08:30").replace(tzinfo=UTC)
