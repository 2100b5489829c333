"""Deconfliction: planned actions as tokens of person, place and days; where two agencies' plans meet, both desks get a pointer."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Final

from jpa.entity_resolution.blind_keys import asked_keys, held_keys
from jpa.entity_resolution.normalise import skeleton, tokens
from jpa.errors import ConflictError, InvalidInputError, UnavailableError
from jpa.graph import agencies, plan_questions, planned
from jpa.graph.planned import Tokens
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import Purpose, Way
from jpa.model.audit import AuditTag
from jpa.model.blind import (
    LONGEST_WINDOW,
    MOST_PLANS,
    Collision,
    PlanDigests,
    PlannedAction,
    PlannedKind,
    PlanQuestion,
    days_between,
)
from jpa.model.case import Agency
from jpa.model.ids import new_id
from jpa.model.officer import Role
from jpa.model.post import Posted
from jpa.model.value_types import COORDINATES, COUNTRY, Context
from jpa.services.blind import LONGEST_ABOUT, partners_tx, thing_of
from jpa.services.plan_answers import LOOK_BACK
from jpa.services.plan_post import Standing, ask_elsewhere, forget_questions, standings_tx
from jpa.services.stores import Ask, Event, Stores, found, read, write
from jpa.sharing.blind import digest_of, reference_of

NOT_POSTED: Final = "Nothing was posted."
AROUND_PERSON: Final = 7
"""Days on either side in which another plan for the same person meets: two raids in one week spoil each other."""
AROUND_PLACE: Final = 1
"""The same for a place: windows that touch, in whatever time zone they were written."""
CELL: Final = Decimal("0.02")
"""Degrees of a cell of the map, about two kilometres; the cells around are asked for too."""
LEAST_TOKENS: Final = 256
"""Tokens of the smallest plan as it is kept; larger ones double, so that they tell neither names nor days."""


@dataclass(frozen=True, slots=True)
class TypedPlan:
    """What the form of a planned action says; whom and where may be left out, not both."""

    kind: str
    purpose: str
    about: str
    start: str
    end: str
    name: str = ""
    born: str = ""
    place: str = ""
    state: str = ""
    latitude: str = ""
    longitude: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """A collision as one desk sees it."""

    collision: Collision
    plan: PlannedAction | None
    other: Agency
    reference: str
    """Of the other plan."""
    own: str

    @property
    def desk(self) -> str:
        """Whom to ask."""
        return self.other.desk or self.other.name


@dataclass(frozen=True, slots=True)
class AskedBy:
    """How often a partner elsewhere asked in the last days, how often it told what it heard, and how often it met something."""

    agency: Agency
    answered: int
    reported: int
    met: int


@dataclass(frozen=True, slots=True)
class Board:
    """The own agency's planned actions, and what they met."""

    plans: Sequence[PlannedAction]
    met: Sequence[Met]
    today: date
    elsewhere: Mapping[str, Standing] = field(default_factory=dict)
    """How each plan stands with partners in other installations."""
    asked_by: Sequence[AskedBy] | None = None
    """None for who reads their own plans alone."""


def post_plan(stores: Stores, ask: Ask, typed: TypedPlan) -> tuple[PlannedAction, list[Met]]:
    """Post a planned action; returns it with what it meets here at once. Of person and place only tokens are kept.

    Partners elsewhere are asked by post; whom that does not reach keeps nobody from posting.
    """
    plan, said = _understood(ask, typed)
    secret = stores.agency_keys.plan_secret()
    sought = Tokens(_tokens(secret, said.asks), _tokens(secret, said.holds))

    def work(tx: Tx, reader: Readership, __: object) -> list[Met]:
        bound, away = (
            [a.id for a, purposes in partners_tx(tx, ask, Way.PLANNED_ACTION, here=here) if plan.purpose in purposes]
            for here in (True, False)
        )
        if len(bound) == len(away) == 0:
            problem = "No agreement in force allows planned actions for this purpose; have one signed, or choose another purpose."
            raise InvalidInputError(NOT_POSTED, {"purpose": problem}, cause="none")
        planned.lock_tx(tx)
        if planned.posted_tx(tx, plan.agency, ask.at.date()) >= MOST_PLANS:
            problem = f"Your agency posted {MOST_PLANS} planned actions today, which is the most. Telephone the desks instead."
            raise InvalidInputError(NOT_POSTED, {"": problem}, cause="limit")
        for other, agency in planned.meeting_tx(tx, sought, bound, plan.purpose, ask.at.date()):
            planned.collide_tx(tx, _collision(stores, ask, plan, other, agency))
        planned.add_tx(tx, plan, Tokens(_padded(secret, plan.id, sought.asks), _padded(secret, plan.id, sought.holds)))
        stores.plans.keep(plan.id, plan.agency, PlanDigests(_digests(said.asks), _digests(said.holds)), _over(plan))
        return [m for m in _met_tx(tx, reader) if plan.id in m.collision.plans]

    event = Event(AuditTag.PLAN_POSTED, plan.id, {"kind": plan.kind.value, "purpose": plan.purpose})
    met = write(stores, ask, Action.PLAN_ACTION, event, work)
    for one in met:
        details = {"plan": plan.id, "agencies": list(one.collision.agencies)}
        stores.audit.note(AuditTag.PLAN_COLLIDED, None, at=ask.at, object=one.collision.id, details=details)
    with suppress(UnavailableError):  # the plan stands; the night asks
        ask_elsewhere(stores, ask, plan)
    return plan, met


def ask_again(stores: Stores, ask: Ask, this: str) -> list[Posted]:
    """Ask the partners elsewhere that were not asked about a plan, or refused; returns what is on its way. The night does the same."""

    def work(tx: Tx, reader: Readership) -> PlannedAction:
        return found(next(iter(own_plans_tx(tx, reader, this)), None))

    plan = read(stores, ask, Action.PLAN_ACTION, Event(AuditTag.PLAN_READ, this), work)
    if not plan.is_live(ask.at.date()):
        raise ConflictError("This planned action is withdrawn or over; it asks nobody any more.")
    return ask_elsewhere(stores, ask, plan)


def withdraw_plan(stores: Stores, ask: Ask, this: str) -> None:
    """Take a planned action back: from now on it meets nothing; what it met stays told."""

    def work(tx: Tx, reader: Readership, _: object) -> list[PlanQuestion]:
        found(next(iter(own_plans_tx(tx, reader, this)), None))
        if not planned.withdraw_tx(tx, this, by=ask.officer.id, at=ask.at):
            raise ConflictError("This planned action was withdrawn already.")
        return plan_questions.of_plans_tx(tx, reader, [this])

    questions = write(stores, ask, Action.PLAN_ACTION, Event(AuditTag.PLAN_WITHDRAWN, this), work)
    stores.plans.drop(this)
    forget_questions(stores, ask, questions)


def read_board(stores: Stores, ask: Ask) -> Board:
    """List planned actions and the desks to ask: a desk's and a supervisor's are the agency's, a lead's are their own."""

    def work(tx: Tx, reader: Readership) -> Board:
        plans = own_plans_tx(tx, reader)
        met = [m for m in _met_tx(tx, reader) if m.plan in plans]
        standings = standings_tx(tx, stores, ask, reader, plans)
        return Board(plans, met, ask.at.date(), standings, _asked_by_tx(tx, ask, reader))

    return read(stores, ask, Action.READ_PLANS, Event(AuditTag.PLAN_READ), work)


@dataclass(frozen=True, slots=True)
class _Said:
    asks: frozenset[str]
    holds: frozenset[str]


def _asked_by_tx(tx: Tx, ask: Ask, reader: Readership) -> list[AskedBy] | None:
    """Count what each partner elsewhere asked, for who reads all of the agency's plans."""
    if not reads_all(reader):
        return None
    known = {a.id: a for a in agencies.agencies_tx(tx)}
    answered = plan_questions.answered_tx(tx, reader, (ask.at - LOOK_BACK).date())
    askers = sorted({q.asker for q in answered})
    return [
        AskedBy(
            known.get(asker, Agency(asker, asker, "")),
            sum(q.asker == asker for q in answered),
            sum(q.asker == asker and q.ended is not None for q in answered),
            sum(q.asker == asker and q.met > 0 for q in answered),
        )
        for asker in askers
    ]


def reads_all(reader: Readership) -> bool:
    """Say whether an officer reads all plans of the agency; a lead reads their own."""
    return reader.officer.holds(Role.LIAISON, Role.SUPERVISOR)


def own_plans_tx(tx: Tx, reader: Readership, this: str = "") -> list[PlannedAction]:
    """List the plans that an officer may read, newest first; with an id, that one alone."""
    return [p for p in planned.plans_tx(tx, reader, this) if reads_all(reader) or p.officer == reader.officer.id]


def _met_tx(tx: Tx, reader: Readership) -> list[Met]:
    plans = {p.id: p for p in planned.plans_tx(tx, reader)}
    known = {a.id: a for a in agencies.agencies_tx(tx)}
    met = []
    for collision in planned.collisions_tx(tx, reader):
        own, reference, other, theirs = collision.seen_by(reader.officer.agency)
        met.append(Met(collision, plans.get(own), known.get(other, Agency(other, other, "")), theirs, reference))
    return met


def _collision(stores: Stores, ask: Ask, plan: PlannedAction, other: str, agency: str) -> Collision:
    this = new_id(ask.at)
    own, theirs = (stores.agency_keys.reference_secret(a) for a in (plan.agency, agency))
    references = reference_of(own, this, plan.id), reference_of(theirs, this, other)
    return Collision(this, ask.at, (plan.id, other), (plan.agency, agency), references)


def _understood(ask: Ask, typed: TypedPlan) -> tuple[PlannedAction, _Said]:
    problems: dict[str, str] = {}
    if typed.kind not in set(PlannedKind):
        problems["kind"] = f"Choose one of: {', '.join(PlannedKind)}."
    if typed.purpose not in set(Purpose):
        problems["purpose"] = "Choose a purpose that an agreement names."
    if not 0 < len(typed.about.strip()) <= LONGEST_ABOUT:
        problems["about"] = f"Give your own reference in at most {LONGEST_ABOUT} characters; nobody else sees it."
    start, end = _window(ask, typed, problems)
    asks, holds = _person(ask, typed, start, end, problems)
    where_asks, where_holds = _place(ask, typed, start, end, problems)
    if len(problems) == 0 and len(holds) == len(where_holds) == 0:
        problems["name"] = "Say whom it is about, or where it is, or both."
    if len(problems) > 0:
        raise InvalidInputError(NOT_POSTED, problems)
    expires = (end + timedelta(days=1)).isoformat()
    plan = PlannedAction(
        new_id(ask.at), ask.officer.agency, ask.officer.id, PlannedKind(typed.kind), typed.purpose, typed.about.strip(), ask.at, expires,
    )  # fmt: skip
    return plan, _Said(frozenset(asks | where_asks), frozenset(holds | where_holds))


def _window(ask: Ask, typed: TypedPlan, problems: dict[str, str]) -> tuple[date, date]:
    today = ask.at.date()
    days = []
    for name, text in (("start", typed.start), ("end", typed.end or typed.start)):
        try:
            days.append(date.fromisoformat(text.strip()))
        except ValueError:
            problems[name] = "Write the day as 2026-03-09."
    if len(days) < 2:
        return today, today
    start, end = days
    if end < start:
        problems["end"] = "The last day comes before the first."
    elif end < today:
        problems["end"] = "This window is past; only what is still ahead can collide."
    elif (end - start).days >= LONGEST_WINDOW:
        problems["end"] = f"A window has at most {LONGEST_WINDOW} days; post a longer plan again when it comes near."
    return (start, end) if end >= start and "end" not in problems else (today, today)


def _person(ask: Ask, typed: TypedPlan, start: date, end: date, problems: dict[str, str]) -> tuple[set[str], set[str]]:
    if typed.name.strip() == "":
        return set(), set()
    person = thing_of(ask, "Person", {"name": [typed.name], "birthDate": [typed.born]})
    asks, holds = asked_keys(person), held_keys(person)
    if len(asks) == 0:
        problems["born"] = "A name meets another only with a year of birth; a single name needs the day."
    wide, exact = days_between(start, end, AROUND_PERSON), days_between(start, end)
    return _on(asks, wide), _on(holds, exact)


def _place(ask: Ask, typed: TypedPlan, start: date, end: date, problems: dict[str, str]) -> tuple[set[str], set[str]]:
    asks: set[str] = set()
    holds: set[str] = set()
    context = Context(state=ask.officer.state)
    if typed.place.strip() != "":
        state = COUNTRY.clean(typed.state.strip() or ask.officer.state, context).clean
        bones = "+".join(sorted({skeleton(t) for t in tokens(typed.place)}))
        if state is None:
            problems["state"] = "Choose the state that the place lies in."
        if bones == "":
            problems["place"] = "This name of a place has no letters that could be compared."
        asks.add(f"place|{state}|{bones}")
        holds.add(f"place|{state}|{bones}")
    if typed.latitude.strip() != "" or typed.longitude.strip() != "":
        read_off = [COORDINATES.clean(text, context).clean for text in (typed.latitude, typed.longitude)]
        if None in read_off:
            problems["latitude"] = "Write both as degrees: 6.4521 and 100.2010."
        else:
            row, column = (int(Decimal(str(text)) // CELL) for text in read_off)
            holds.add(f"cell|{row}|{column}")
            asks |= {f"cell|{row + r}|{column + c}" for r, c in product((-1, 0, 1), repeat=2)}
    return _on(asks, days_between(start, end, AROUND_PLACE)), _on(holds, days_between(start, end))


def _on(keys: Collection[str], days: Sequence[str]) -> set[str]:
    return {f"{key}|{day}" for key in keys for day in days}


def _tokens(secret: bytes, said: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32] for text in said))


def _digests(said: Collection[str]) -> tuple[bytes, ...]:
    return tuple(sorted(digest_of(text) for text in said))


def _over(plan: PlannedAction) -> datetime:
    return datetime.combine(date.fromisoformat(plan.expires), datetime.min.time(), UTC)


def _padded(secret: bytes, plan: str, tokens_: tuple[str, ...]) -> tuple[str, ...]:
    """Fill up with tokens of nothing, so that their number does not tell."""
    size = max(LEAST_TOKENS, 1 << (len(tokens_) - 1).bit_length()) if len(tokens_) > 0 else LEAST_TOKENS
    nothing = _tokens(secret, [f"nothing|{plan}|{n}" for n in range(size - len(tokens_))])
    return tuple(sorted((*tokens_, *nothing)))
