"""Planned actions asked of partners in other installations, by post: when they are posted, and each night where that did not work.

A question is blind (docs/blind-format.md): the partner learns that it was asked, by whom and for which purpose. What cannot leave now
keeps nobody from posting; the page of planned actions says of each partner how it stands.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import agencies, plan_questions, planned
from jpa.graph.session import Tx
from jpa.interchange.blind_file import PLAN_QUESTION
from jpa.model.access import Action, Readership
from jpa.model.agreement import Way
from jpa.model.audit import AuditTag
from jpa.model.blind import ASK_AGAIN, LONGEST_OPEN, MOST_PLANS, PlanDigests, PlannedAction, PlanQuestion
from jpa.model.case import Agency
from jpa.model.ids import new_id
from jpa.model.post import Posted, PostKind, PostState, clerk
from jpa.operations.blind_open import OpenQuestion
from jpa.services.agency_keys import closing_tx
from jpa.services.agreements import binding_tx
from jpa.services.blind import partners_tx
from jpa.services.blind_letters import question_line_tx, question_of, signed
from jpa.services.post_spool import Sending, has_place, put_tx
from jpa.services.stores import Ask, Event, Stores, read, require
from jpa.sharing.blind import PLANS, ask_digests


class AskedState(StrEnum):
    """How a planned action stands with one partner elsewhere."""

    ANSWERED = "answered"
    WAITING = "on its way"
    ASKED = "arrived there"
    REFUSED = "refused there"
    STOPPED = "taken back"
    DUE = "not asked yet"
    UNREACHED = "cannot be asked"


DUE: Final = frozenset({AskedState.DUE, AskedState.REFUSED})
"""Asked by the next check."""
OUT: Final = frozenset({AskedState.ANSWERED, AskedState.WAITING, AskedState.ASKED})
"""Has the question, or gets it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One partner elsewhere, and how a planned action stands with it."""

    agency: Agency
    state: AskedState
    overdue: bool = False
    """Under way for so long that somebody should telephone."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a planned action stands with all partners elsewhere."""

    partners: Sequence[Asked] = ()

    @property
    def asked(self) -> int:
        """How many have the question, or get it."""
        return sum(one.state in OUT for one in self.partners)

    @property
    def answered(self) -> int:
        """How many answered."""
        return sum(one.state is AskedState.ANSWERED for one in self.partners)

    @property
    def unasked(self) -> Sequence[Asked]:
        """Those that somebody has to do something about."""
        return [one for one in self.partners if one.overdue or one.state not in OUT]

    @property
    def due(self) -> Sequence[Asked]:
        """Those that can be asked now, an officer who took the question back allowing."""
        return [one for one in self.partners if one.state in {*DUE, AskedState.STOPPED}]


def ask_elsewhere(stores: Stores, ask: Ask, plan: PlannedAction) -> list[Posted]:
    """Ask every partner elsewhere that is bound for a plan's purpose, can be reached and was not asked; returns what is on its way."""

    def work(tx: Tx, reader: Readership) -> Standing:
        return standings_tx(tx, stores, ask, reader, [plan])[plan.id]

    standing = read(stores, ask, Action.PLAN_ACTION, Event(AuditTag.PLAN_READ, plan.id), work)
    due = [one.agency for one in standing.due]
    digests = stores.plans.find(ask.officer.agency, [plan.id]).get(plan.id) if len(due) > 0 else None
    return [] if digests is None else _asked(stores, ask, plan, due, digests)


def check_plans(stores: Stores, at: datetime) -> int:
    """Do the night's check: live plans ask partners that were not asked, refused, or did not answer; returns how many questions leave."""
    asked = 0
    with stores.audit.act(AuditTag.PLAN_CHECKED, None, at=at) as act:
        for agency in stores.graph.read(act.intent, _here_tx):
            asked += _check(stores, Ask(clerk(agency.id, agency.state), at, "post"))
        act.details |= {"asked": asked, "swept": stores.plans.sweep(at)}
    return asked


def forget_questions(stores: Stores, ask: Ask, questions: Sequence[PlanQuestion]) -> None:
    """Take back what has not left of a withdrawn plan, and delete what opens the answers to the rest."""
    items = stores.post.newest(ask.officer.agency, PostKind.PLAN, {q.plan for q in questions})
    for item in items.values():
        stores.post.take_back(item.id, ask.at)
    for question in questions:
        stores.questions.drop(question.question)


def standings_tx(
    tx: Tx, stores: Stores, ask: Ask, reader: Readership, plans: Sequence[PlannedAction]
) -> Mapping[str, Standing]:
    """Say how plans stand with the partners elsewhere that an agreement binds for their purpose now, and with those that were asked."""
    last: dict[tuple[str, str], PlanQuestion] = {}
    for question in plan_questions.of_plans_tx(tx, reader, [p.id for p in plans]):
        known_one = last.get((question.plan, question.holder))
        if known_one is None or known_one.ended is None:
            last[question.plan, question.holder] = question
    known = _Known(
        bound=partners_tx(tx, ask, Way.PLANNED_ACTION, here=False),
        last=last,
        items=stores.post.newest(ask.officer.agency, PostKind.PLAN, [p.id for p in plans]),
        agencies={a.id: a for a in agencies.agencies_tx(tx)},
    )
    for agency, _purposes in known.bound:
        if has_place(stores, agency.id) and closing_tx(tx, agency.id) != "":
            known.reached.add(agency.id)
    return {plan.id: _standing(ask, plan, known) for plan in plans}


@dataclass(frozen=True, slots=True)
class _Known:
    bound: Sequence[tuple[Agency, list[str]]]
    last: Mapping[tuple[str, str], PlanQuestion]
    items: Mapping[tuple[str, str], Posted]
    agencies: Mapping[str, Agency]
    reached: set[str] = field(default_factory=set)


def _standing(ask: Ask, plan: PlannedAction, known: _Known) -> Standing:
    partners = {agency.id for agency, purposes in known.bound if plan.purpose in purposes}
    live = plan.is_live(ask.at.date())
    told = {holder for of, holder in known.last if of == plan.id}
    lines = []
    for partner in sorted(told | partners if live else told):
        state = _state(ask, plan, partner, known)
        item = known.items.get((plan.id, partner))
        if state in OUT or (live and partner in partners):
            overdue = live and item is not None and item.overdue(ask.at)
            lines.append(Asked(known.agencies.get(partner, Agency(partner, partner, "")), state, overdue))
    return Standing(lines)


def _state(ask: Ask, plan: PlannedAction, partner: str, known: _Known) -> AskedState:
    question = known.last.get((plan.id, partner))
    if question is not None and question.ended is not None:
        return AskedState.ANSWERED
    item = known.items.get((plan.id, partner))
    if item is not None and item.open:
        return AskedState.WAITING
    if question is None or item is None or item.subject != question.question:
        item = None  # nothing left, or not since the question was made that was noted last
    elif item.state is PostState.ARRIVED and ask.at - question.at < ASK_AGAIN:
        return AskedState.ASKED
    if partner not in known.reached:
        return AskedState.UNREACHED
    ended = {PostState.REFUSED: AskedState.REFUSED, PostState.TAKEN_BACK: AskedState.STOPPED}
    return AskedState.DUE if item is None else ended.get(item.state, AskedState.DUE)


def _here_tx(tx: Tx) -> list[Agency]:
    return [a for a in agencies.agencies_tx(tx) if len(agencies.officers_tx(tx, a.id)) > 0]


def _check(stores: Stores, ask: Ask) -> int:
    """Ask what one agency's live plans have to ask, those first whose days come first; no partner more than posting could."""

    def work(tx: Tx, reader: Readership) -> list[tuple[PlannedAction, Standing]]:
        plans = planned.live_tx(tx, reader, ask.at.date())
        standings = standings_tx(tx, stores, ask, reader, plans)
        return [(plan, standings[plan.id]) for plan in plans]

    spent: dict[str, int] = {}
    asked = 0
    for plan, standing in read(stores, ask, Action.PLAN_ACTION, Event(AuditTag.PLAN_READ), work):
        due = [o.agency for o in standing.partners if o.state in DUE and spent.get(o.agency.id, 0) < MOST_PLANS]
        digests = stores.plans.find(ask.officer.agency, [plan.id]).get(plan.id) if len(due) > 0 else None
        for item in _asked(stores, ask, plan, due, digests) if digests is not None else ():
            spent[item.partner] = spent.get(item.partner, 0) + 1
            asked += 1
    return asked


def _asked(
    stores: Stores, ask: Ask, plan: PlannedAction, partners: Sequence[Agency], digests: PlanDigests
) -> list[Posted]:
    left = []
    for partner in partners:
        try:
            left.append(_ask_one(stores, ask, plan, partner, digests))
        except InvalidInputError:
            continue  # it stands in the log; the page says of this partner that it was not asked, and the night tries again
    return left


def _ask_one(stores: Stores, ask: Ask, plan: PlannedAction, partner: Agency, digests: PlanDigests) -> Posted:
    """Ask one partner: noted, what opens the answer kept, then put on its way; after a kill in between it is asked anew."""
    asked, this = ask_digests(digests.asks, PLANS), new_id(ask.at)
    own = ask.officer.agency
    question = question_of(this, plan.purpose, asked)

    def note(tx: Tx) -> bytes:
        bound = binding_tx(tx, ask, partner.id, plan.purpose, Way.PLANNED_ACTION)
        line = question_line_tx(tx, stores, ask, partner, question)
        under = tuple(a.id for a in bound.agreements)
        plan_questions.keep_tx(tx, PlanQuestion(this, this, plan.id, own, partner.id, under, plan.purpose, ask.at))
        return line

    details = {"partner": partner.id, "purpose": plan.purpose, "question": this}
    with stores.audit.act(AuditTag.PLAN_ASKED, ask.officer, object=plan.id, details=details, at=ask.at) as act:
        require(ask, Action.PLAN_ACTION)
        line = stores.graph.write(act.intent, note)
        kept = OpenQuestion(this, own, partner.id, hashlib.sha256(line).hexdigest(), asked.kept())
        stores.questions.keep(kept, ask.at + LONGEST_OPEN)
        sending = Sending(PostKind.PLAN, plan.id, this, partner.id, signed(stores, ask, PLAN_QUESTION, line))
        item = stores.graph.read(act.intent, lambda tx: put_tx(tx, stores, ask, sending))
        act.details |= {"item": item.id, "bytes": item.size}
        return item
