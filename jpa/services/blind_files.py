"""Blind questions between installations, by signed files: asked, answered, and told to whoever asked.

What opens an answer lies closed in the operations store until it is heard or too old, and is deleted then. The holder learns that it was asked, by whom and for which purpose; neither what about, nor whether it was a hit.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from jpa.entity_resolution.blind_keys import ASKABLE
from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import agencies, blind
from jpa.graph.holdings import guarded_tx, held_tx
from jpa.graph.session import Tx
from jpa.interchange.blind_file import ANSWER, QUESTION
from jpa.model.access import Action, Readership
from jpa.model.agreement import Way
from jpa.model.audit import AuditTag
from jpa.model.blind import LONGEST_OPEN, MOST_UNDER_AGREEMENT, BlindQuestion, BlindWay
from jpa.model.case import Agency
from jpa.model.ids import derived_id, new_id
from jpa.operations.blind_open import OpenQuestion
from jpa.services.agreements import binding_tx, partner_tx
from jpa.services.blind import NOT_ASKED, TypedQuestion, keys_of, oldest_by_key, paced, releasable, require_unspent_tx
from jpa.services.blind_letters import (
    Came,
    about,
    answer_line,
    came_back_tx,
    came_in,
    moment_of,
    question_line_tx,
    question_of,
    references_in,
    signed,
)
from jpa.services.stores import Ask, Event, Stores, found, require, write
from jpa.sharing.blind import SECRET, answer_blind, ask_blind, reference_of
from jpa.sharing.pacing import Pace
from jpa.sharing.said import refused_said


class Leave(Protocol):
    """How an answer leaves by itself."""

    def has_left(self, asker: str, question: str) -> bool:
        """Say whether the answer to a question is on its way, or was."""

    def put_tx(self, tx: Tx, asker: str, question: str, signed: bytes) -> None:
        """Put it on its way."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the answer said."""

    question: str
    partner: Agency
    desk: str
    references: tuple[str, ...]


def ask_by_file(stores: Stores, ask: Ask, typed: TypedQuestion, way: BlindWay = BlindWay.FILED) -> tuple[str, bytes]:
    """Write a question to one partner; returns its number and the signed file."""
    keys = keys_of(ask, typed)
    if len(typed.partners) != 1:
        raise InvalidInputError(NOT_ASKED, {"partners": "A file asks one partner."})
    [partner] = typed.partners
    asked, this = ask_blind(keys), new_id(ask.at)

    def work(tx: Tx, _: Readership, __: object) -> bytes:
        bound = binding_tx(tx, ask, partner, typed.purpose, Way.QUERY)
        require_unspent_tx(tx, ask, [a.id for a in bound.agreements], 1)
        line = question_line_tx(tx, stores, ask, bound.partner.agency, question_of(this, typed.purpose, asked))
        question = BlindQuestion(
            id=this, question=this, way=way, asker=ask.officer.agency, holder=partner, officer=ask.officer.id,
            agreements=tuple(a.id for a in bound.agreements), purpose=typed.purpose, about=typed.about.strip(), at=ask.at, hit=None,
        )  # fmt: skip
        blind.add_tx(tx, question)
        return line

    details = {"partners": [partner], "kind": typed.type, "purpose": typed.purpose, "way": way.value}
    line = write(stores, ask, Action.ASK_BLIND, Event(AuditTag.BLIND_ASKED, this, details), work)
    digest = hashlib.sha256(line).hexdigest()
    stores.questions.keep(OpenQuestion(this, ask.officer.agency, partner, digest, asked.kept()), ask.at + LONGEST_OPEN)
    return this, signed(stores, ask, QUESTION, line)


def answer_file(
    stores: Stores, ask: Ask, content: bytes, pace: Pace | None = None, leave: Leave | None = None
) -> bytes:
    """Answer a question that came as a file, once; with all that may answer, so that it does not show what was asked.

    With `leave` the answer is put on its way in the act that notes it, and the same question again changes nothing.
    """
    with (
        paced(stores) if pace is None else pace,
        stores.audit.act(
            AuditTag.BLIND_ANSWERED, ask.officer, purpose=ask.purpose, details=about(content), at=ask.at
        ) as act,
    ):
        require(ask, Action.ASK_BLIND)
        came = came_in(stores, ask, act, content, QUESTION)
        asker, question = came.asker, came.question

        def work(tx: Tx) -> bytes:
            if leave is not None and leave.has_left(asker.id, question.id):
                _noted_tx(tx, ask, came, leave)
                return b""
            answer = signed(stores, ask, ANSWER, _answer_tx(tx, stores, ask, came, leave))
            if leave is not None:
                leave.put_tx(tx, asker.id, question.id, answer)
            return answer

        return stores.graph.write(act.intent, work)


def hear_answer(stores: Stores, ask: Ask, content: bytes) -> Heard:
    """Open the answer to a question of the own agency, and keep what it said in the own log; the same answer again changes nothing."""
    digest = hashlib.sha256(content).hexdigest()

    def work(tx: Tx, reader: Readership, _: object) -> Heard:
        partner, answer = came_back_tx(tx, stores, content, ANSWER)
        this = blind.question_tx(tx, reader, answer.question)
        if this is None or (this.asker, this.holder) != (ask.officer.agency, partner.id):
            raise refused_said(f"It answers no question that your agency put to {partner.name}.", "question")
        if blind.heard_tx(tx, this.id) == digest:
            return Heard(this.id, partner, this.desk, this.references)
        if this.hit is not None:
            raise ConflictError("The answer to this question was heard before; it stands in the log.")
        references = references_in(stores, ask, answer)
        blind.hear_tx(tx, this.id, references, answer.desk, digest)
        return Heard(this.id, partner, answer.desk, references)

    heard = write(stores, ask, Action.ASK_BLIND, Event(AuditTag.BLIND_TOLD, "", about(content)), work)
    stores.questions.drop(heard.question)
    return heard


def sweep_questions(stores: Stores, at: datetime) -> int:
    """Delete what opens the answers to questions that are too old; returns how many."""
    with stores.audit.act(AuditTag.BLIND_SWEPT, None, at=at) as act:
        swept = stores.questions.sweep(at)
        act.details["questions"] = swept
    return swept


def _answer_tx(tx: Tx, stores: Stores, ask: Ask, came: Came, leave: Leave | None) -> bytes:
    own, asker, question = found(agencies.agency_tx(tx, ask.officer.agency)), came.asker, came.question
    bound = binding_tx(tx, ask, asker.id, question.purpose, Way.QUERY)
    blind.lock_tx(tx, asker.id)
    if blind.answered_tx(tx, asker.id, own.id, ask.at.date()) >= MOST_UNDER_AGREEMENT:
        problem = (
            f"{asker.name} had {MOST_UNDER_AGREEMENT} questions answered today, which is the most. Answer it tomorrow."
        )
        raise refused_said(problem, "limit")
    held = held_tx(tx, own, ASKABLE, guarded_tx(tx))
    oldest = oldest_by_key(releasable(held, bound.agreements, partner_tx(tx, asker.id)))
    mine = stores.agency_keys.reference_secret(own.id)
    holdings = {key: reference_of(mine, question.id, record) for key, record in oldest.items()}
    answer = answer_blind(question.elements, holdings, secrets.token_bytes(SECRET), question.id.encode())
    if not _noted_tx(tx, ask, came, leave):
        raise refused_said("It was answered before. An answer is given once; let them ask anew.", "replay")
    return answer_line(ask, own, came, answer)


def _noted_tx(tx: Tx, ask: Ask, came: Came, leave: Leave | None) -> bool:
    """Write into the own log that it was answered; False where that stands there."""
    question = came.question
    this = BlindQuestion(
        id=derived_id(moment_of(question.made), "blind answer", question.id), question=question.id,
        way=BlindWay.FILED if leave is None else BlindWay.POSTED, asker=came.asker.id, holder=ask.officer.agency, officer=ask.officer.id,
        agreements=tuple(a.id for a in binding_tx(tx, ask, came.asker.id, question.purpose, Way.QUERY).agreements),
        purpose=question.purpose, about="", at=ask.at, hit=None,
    )  # fmt: skip
    if blind.is_there_tx(tx, this.id):
        return False
    blind.add_tx(tx, this)
    return True
