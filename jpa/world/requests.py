"""Requests between the region's desks over the last two months: answered in time and late, in part, refused, waiting, overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jpa.model.request import Kind, MoveKind, Refusal, Urgency
from jpa.services import request_moves, requests
from jpa.services.request_moves import TypedAnswer
from jpa.services.requests import TypedRequest
from jpa.services.stores import Stores
from jpa.world.agreements import PURPOSE
from jpa.world.plan import STATE_OF
from jpa.world.staff import Staff


@dataclass(frozen=True, slots=True)
class AskedCase:
    """A case that a desk of the region asks about."""

    id: str
    agency: str
    jpa: str
    """Id of its joint period; empty: none."""
    states: tuple[str, ...]
    """Who takes part in that."""


@dataclass(frozen=True, slots=True)
class Played:
    """One request and what became of it; days count from its sending."""

    asker: str
    asked: str
    kind: Kind
    text: str
    ago: int
    """Days before the region is loaded on which it was sent."""
    term: int
    """Days until it is due."""
    ends: MoveKind | None
    after: float = 0.0
    """Days until that end."""
    answer: str = ""
    acknowledged: bool = True
    reminded: bool = False
    urgency: Urgency = Urgency.ROUTINE


PLAYED: Final = (
    Played("tip", "ucg", Kind.VESSEL, "Who has owned the fishing boat with hull mark U-2207 since 2023, and who insured it?", 60, 21,
           MoveKind.IN_FULL, 9, "Two owners since 2023, one insurer; the extract of the register goes with the next package."),
    Played("tip", "sfi", Kind.OTHER, "Which transfers reached the account of the boat's agent in March 2024?", 45, 14,
           MoveKind.IN_FULL, 19, "Four transfers, all in cash; the list is granted with the case."),
    Played("ucg", "tip", Kind.IDENTITY, "Was the passport that the helmsman showed on 9 March 2024 issued by your authority?", 40, 14,
           MoveKind.IN_FULL, 4, "It was not; the number belongs to a series that was never issued."),
    Played("sfi", "tip", Kind.RECORD, "Has the holder of the agent's account been convicted in your state?", 35, 14, MoveKind.REFUSED, 6),
    Played("tip", "pmp", Kind.TRAVEL, "Crossings of the boat with hull mark U-2207 from January to March 2024.", 30, 14,
           MoveKind.IN_PART, 10, "January and February are attached to the reference; March is still on paper."),
    Played("tip", "ucg", Kind.STATEMENT, "Please hear the port clerk about the night of 11 March 2024.", 20, 10, None),
    Played("ucg", "tip", Kind.EVIDENCE, "The radio log of the landing of 12 March 2024.", 18, 10, None,
           acknowledged=False, reminded=True, urgency=Urgency.URGENT),
    Played("pmp", "tip", Kind.IDENTITY, "Who is registered under the crew list of the boat with hull mark P-118?", 3, 10, None),
    Played("tip", "tib", Kind.VESSEL, "Is the boat with hull mark B-40 registered with you?", 2, 14, None, acknowledged=False),
    Played("sfi", "ucg", Kind.SUBSCRIBER, "Subscriber of the radio licence used on 12 March 2024.", 25, 14, MoveKind.IN_FULL, 12,
           "A company that was struck off in 2022."),
)  # fmt: skip


def enter_requests(stores: Stores, staff: Staff, cases: Sequence[AskedCase], agreement: str, at: datetime) -> None:
    """Ask and answer as liaison officers would, each on its day."""
    for played in PLAYED:
        case = _case_of(cases, played)
        if case is not None:
            _play(stores, staff, played, case, agreement, at - timedelta(days=played.ago))


def _case_of(cases: Sequence[AskedCase], played: Played) -> AskedCase | None:
    """Choose a case of the asking agency: under a joint period of both states before any other."""
    own = [c for c in cases if c.agency == played.asker]
    joint = [c for c in own if STATE_OF[played.asked] in c.states and STATE_OF[played.asker] in c.states]
    return next(iter((*joint, *own)), None)


def _play(stores: Stores, staff: Staff, played: Played, case: AskedCase, agreement: str, sent: datetime) -> None:
    asking = staff.ask(played.asker, "liaison", sent)
    joint = {STATE_OF[played.asked], STATE_OF[played.asker]} <= set(case.states)
    typed = TypedRequest(
        case.id, played.asked, agreement, PURPOSE.value, played.kind.value, played.text, "Joint Period Arrangement, paragraph 12",
        (sent + timedelta(days=played.term)).date().isoformat(), played.urgency.value, case.jpa if joint else "",
    )  # fmt: skip
    this = requests.draft_request(stores, asking, typed).id
    request_moves.send_request(stores, asking, this)
    if played.acknowledged:
        asked = staff.ask(played.asked, "liaison", sent + timedelta(hours=5))
        request_moves.acknowledge_request(stores, asked, this)
    if played.reminded:
        late = sent + timedelta(days=played.term + 1)
        request_moves.remind_request(stores, staff.ask(played.asker, "liaison", late), this)
    answering = staff.ask(played.asked, "liaison", sent + timedelta(days=played.after))
    answer = TypedAnswer(played.answer, code=Refusal.BASIS.value)
    if played.ends is MoveKind.REFUSED:
        request_moves.refuse_request(stores, answering, this, answer)
    elif played.ends is not None:
        in_full = played.ends is MoveKind.IN_FULL
        request_moves.answer_request(stores, answering, this, answer, in_full=in_full)
