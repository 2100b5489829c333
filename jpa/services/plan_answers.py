"""Planned actions between installations, as they come in by post: questions answered, answers heard, reports of what was heard taken in.

All three are done by the clerk of the agency. A hit is told to both desks: to the asker's when the answer opens, and to the holder's by
the report that the asker's installation sends back, hit or not. Everything is put on its way after it was noted, and again if the same
comes again and nothing is on its way: a kill between two steps loses nothing, and doubles nothing.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from jpa.errors import ConflictError
from jpa.graph import agencies, blind, plan_questions, planned
from jpa.graph.session import Tx
from jpa.interchange.blind_file import PLAN_ANSWER, PLAN_QUESTION
from jpa.model.access import Action, Readership
from jpa.model.agreement import Way
from jpa.model.audit import AuditTag
from jpa.model.blind import MOST_PLAN_QUESTIONS, Collision, PlanQuestion
from jpa.model.ids import derived_id, new_id
from jpa.model.post import PostKind
from jpa.services.agency_keys import opened_tx
from jpa.services.agreements import binding_tx
from jpa.services.blind import paced
from jpa.services.blind_letters import (
    Came,
    about,
    answer_line,
    came_back_tx,
    came_in,
    moment_of,
    references_in,
    signed,
)
from jpa.services.post_spool import Sending, put_tx, require_place
from jpa.services.stores import Ask, Event, Stores, found, read, require, write
from jpa.sharing.blind import PLANS, SECRET, answer_digests, reference_of
from jpa.sharing.pacing import Pace
from jpa.sharing.plan_report import KIND, NOTHING, PlanReport, read_report, report_of, write_report
from jpa.sharing.said import SKEW, refused_said

LOOK_BACK: Final = timedelta(days=30)


def answer_plans(stores: Stores, ask: Ask, content: bytes, pace: Pace | None = None) -> str:
    """Answer a question with the own agency's live plans for its purpose: on a time step, once, by post; returns its number."""
    with (
        paced(stores) if pace is None else pace,
        stores.audit.act(AuditTag.PLAN_ANSWERED, ask.officer, details=about(content), at=ask.at) as act,
    ):
        require(ask, Action.PLAN_ACTION)
        came = came_in(stores, ask, act, content, PLAN_QUESTION)
        asker, question = came.asker.id, came.question.id
        if stores.post.is_known((ask.officer.agency, asker, PostKind.PLAN_ANSWER, question)):
            return question
        require_place(stores, asker)
        line = stores.graph.write(act.intent, lambda tx: _answer_tx(tx, stores, ask, came))
        answer = Sending(PostKind.PLAN_ANSWER, question, question, asker, signed(stores, ask, PLAN_ANSWER, line))
        stores.graph.read(act.intent, lambda tx: put_tx(tx, stores, ask, answer))
        return question


def hear_plans(stores: Stores, ask: Ask, content: bytes, pace: Pace | None = None) -> str:
    """Open the answer to a question about one of the own agency's plans, tell the own desk of what it meets and the other what was heard.

    A plan that was withdrawn or is over by now hears nothing. Returns the question's number.
    """
    digest = hashlib.sha256(content).hexdigest()

    def work(tx: Tx, reader: Readership, _: object) -> tuple[PlanQuestion, list[Collision]]:
        partner, answer = came_back_tx(tx, stores, content, PLAN_ANSWER)
        this = plan_questions.find_tx(tx, reader, answer.question, ask.officer.agency, partner.id)
        if this is None or this.plan == "":
            raise refused_said(f"It answers no question that your agency put to {partner.name}.", "question")
        if this.ended is not None:
            if this.digest != digest:
                raise ConflictError("The answer to this question was heard before.")
            return this, []
        plan = next(iter(planned.plans_tx(tx, reader, this.plan)), None)
        live = plan is not None and plan.is_live(ask.at.date())
        references = references_in(stores, ask, answer) if live else ()
        plan_questions.end_tx(tx, this, ask.at, len(references), digest, references)
        own = own_reference(stores, ask.officer.agency, partner.id, [this.plan])
        told = _told_tx(tx, ask, partner.id, [(this.plan, own, reference) for reference in references])
        return replace(this, references=references, ended=ask.at), told

    with paced(stores) if pace is None else pace:
        event = Event(AuditTag.PLAN_HEARD, "", about(content))
        this, told = write(stores, ask, Action.PLAN_ACTION, event, work)
        _note(stores, ask, told)
        _report(stores, ask, this)
        stores.questions.drop(this.question)
    return this.question


def take_report(stores: Stores, ask: Ask, content: bytes) -> str:
    """Take in what a partner heard in an answer of the own agency, and tell the own desk of each plan that was met; the same again changes nothing."""
    digest = hashlib.sha256(content).hexdigest()

    def work(tx: Tx, reader: Readership, _: object) -> tuple[PlanQuestion, list[Collision]]:
        message, by = opened_tx(tx, stores, content, KIND)
        report = read_report(message.body)
        this = plan_questions.find_tx(tx, reader, report.question, by.id, ask.officer.agency)
        if this is None or this.plan != "":
            raise refused_said(f"It is about a question that was not answered to {by.name}.", "question")
        if this.ended is not None:
            if this.digest != digest:
                raise ConflictError("What was heard in this answer was told before.")
            return this, []
        met = _met(ask, this, report)
        plan_questions.end_tx(tx, this, ask.at, len(report.references), digest, this.references)
        return this, _told_tx(tx, ask, by.id, met)

    this, told = write(stores, ask, Action.PLAN_ACTION, Event(AuditTag.PLAN_TOLD, "", about(content)), work)
    _note(stores, ask, told)
    return this.question


def own_reference(stores: Stores, agency: str, partner: str, plans: Collection[str]) -> str:
    """Name plans of an agency towards a partner: the same in every question between the two, so that a meeting is told once."""
    secret = stores.agency_keys.reference_secret(agency)
    return reference_of(secret, f"planned actions towards {partner}", "|".join(sorted(plans)))


def _answer_tx(tx: Tx, stores: Stores, ask: Ask, came: Came) -> bytes:
    own, asker, question = found(agencies.agency_tx(tx, ask.officer.agency)), came.asker, came.question
    reader = agencies.readership_tx(tx, ask.officer, ask.at)
    bound = binding_tx(tx, ask, asker.id, question.purpose, Way.PLANNED_ACTION)
    this = PlanQuestion(
        id=derived_id(moment_of(question.made), "plan answer", asker.id, question.id), question=question.id, plan="", asker=asker.id,
        holder=own.id, agreements=tuple(a.id for a in bound.agreements), purpose=question.purpose, at=ask.at,
    )  # fmt: skip
    blind.lock_tx(tx, asker.id)
    today = [
        q for q in plan_questions.answered_tx(tx, reader, ask.at.date()) if q.asker == asker.id and q.id != this.id
    ]
    if len(today) >= MOST_PLAN_QUESTIONS:
        problem = (
            f"{asker.name} had {MOST_PLAN_QUESTIONS} questions about planned actions answered today, which is the most."
        )
        raise refused_said(problem, "limit")
    behind: dict[bytes, list[str]] = {}
    live = [plan.id for plan in planned.live_tx(tx, reader, ask.at.date(), question.purpose)]
    for plan, digests in stores.plans.find(own.id, live).items():
        for one in digests.holds:
            behind.setdefault(one, []).append(plan)
    given = {own_reference(stores, own.id, asker.id, plans): tuple(plans) for plans in behind.values()}
    holdings = {one: own_reference(stores, own.id, asker.id, plans) for one, plans in behind.items()}
    answer = answer_digests(question.elements, holdings, secrets.token_bytes(SECRET), question.id.encode(), PLANS)
    plan_questions.keep_tx(tx, replace(this, references=tuple(given), plans=tuple(given.values())))
    return answer_line(ask, own, came, answer)


def _report(stores: Stores, ask: Ask, this: PlanQuestion) -> None:
    """Tell the partner what was heard, hit or not, unless that is on its way or was."""
    own, partner = ask.officer.agency, this.holder
    if stores.post.is_known((own, partner, PostKind.PLAN_REPORT, this.question)):
        return
    at = ask.at.isoformat(timespec="microseconds")
    report = report_of(this.question, at, own_reference(stores, own, partner, [this.plan]), this.references)
    sending = Sending(
        PostKind.PLAN_REPORT, this.question, this.question, partner, signed(stores, ask, KIND, write_report(report))
    )
    event = Event(AuditTag.POST_SENT, this.question, {"kind": PostKind.PLAN_REPORT.value, "partner": partner})
    read(stores, ask, Action.PLAN_ACTION, event, lambda tx, _: put_tx(tx, stores, ask, sending))


def _met(ask: Ask, this: PlanQuestion, report: PlanReport) -> list[tuple[str, str, str]]:
    """Return each own plan that was met, with its reference and that of the other side; refused where a reference was never given."""
    if len(report.references) > 0 and report.own == NOTHING:
        raise refused_said("It says that a plan was met, and not by which reference to ask for the other.", "format")
    if report.moment > ask.at + SKEW:
        raise refused_said("It was said at a moment that is still to come. Compare the clocks.", "clock")
    given = dict(zip(this.references, this.plans, strict=True))
    if any(reference not in given for reference in report.references):
        raise refused_said("It names a reference that the answer did not hold.", "reference")
    return [(plan, reference, report.own) for reference in report.references for plan in given[reference]]


def _told_tx(tx: Tx, ask: Ask, partner: str, met: Sequence[tuple[str, str, str]]) -> list[Collision]:
    """Tell the own desk of each own plan, by its reference and that of the other side; returns what it was not told before."""
    own = ask.officer.agency
    every = [Collision(new_id(ask.at), ask.at, (plan, ""), (own, partner), (mine, other)) for plan, mine, other in met]
    return [collision for collision in every if planned.collide_elsewhere_tx(tx, collision)]


def _note(stores: Stores, ask: Ask, told: Sequence[Collision]) -> None:
    for one in told:
        details = {"plan": one.plans[0], "agencies": list(one.agencies)}
        stores.audit.note(AuditTag.PLAN_COLLIDED, None, at=ask.at, object=one.id, details=details)
