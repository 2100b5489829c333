"""Blind questions between installations, by signed files: asked, answered, and told to whoever asked.

The asker's blinds are in memory alone, because the library's client cannot be written: a question whose process ended is asked anew.
The holder learns that it was asked, by whom and for which purpose; neither what about, nor whether it was a hit.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from jpa.entity_resolution.blind_keys import ASKABLE
from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import agencies, blind
from jpa.graph.holdings import guarded_tx, held_tx
from jpa.graph.session import Tx
from jpa.interchange.blind_file import (
    ANSWER,
    LONGEST_DESK,
    QUESTION,
    AnswerFile,
    QuestionFile,
    read_answer,
    read_question,
    write_answer,
    write_question,
)
from jpa.model.access import Action, Readership
from jpa.model.agreement import Way
from jpa.model.audit import AuditTag
from jpa.model.blind import LONGEST_AGE, MOST_UNDER_AGREEMENT, SKEW, BlindQuestion, BlindWay
from jpa.model.case import Agency
from jpa.model.ids import derived_id, new_id
from jpa.operations.messages import look_at, open_message, sign_message
from jpa.services.agency_keys import own_key, trusted_tx
from jpa.services.agreements import binding_tx, partner_tx
from jpa.services.blind import NOT_ASKED, TypedQuestion, keys_of, oldest_by_key, paced, releasable, require_unspent_tx
from jpa.services.stores import Ask, Event, Stores, found, require, write
from jpa.sharing.blind import ELEMENT, ENTRY, OUTPUT, SECRET, Answer, Asked, answer_blind, ask_blind, reference_of
from jpa.sharing.pacing import Pace

REFUSED: Final = "The file was refused; nothing of it was kept."
_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question under way: what was sent, and the asker's side of it that only this process has."""

    id: str
    partner: str
    line: bytes
    asked: Asked


@dataclass(frozen=True, slots=True)
class Heard:
    """What the answer said."""

    partner: Agency
    desk: str
    references: tuple[str, ...]


def ask_by_file(stores: Stores, ask: Ask, typed: TypedQuestion) -> tuple[OpenQuestion, bytes]:
    """Write a question to one partner; returns what this process has to keep, and the signed file."""
    keys = keys_of(ask, typed)
    if len(typed.partners) != 1:
        raise InvalidInputError(NOT_ASKED, {"partners": "A file asks one partner."})
    [partner] = typed.partners
    asked, this = ask_blind(keys), new_id(ask.at)

    def work(tx: Tx, _: Readership, __: object) -> bytes:
        bound = binding_tx(tx, ask, partner, typed.purpose, Way.QUERY)
        require_unspent_tx(tx, ask, [a.id for a in bound.agreements], 1)
        key = next((f for f, (_p, agency) in trusted_tx(tx, stores).items() if agency.id == partner), None)
        if key is None:
            problem = f"No key of {bound.partner.agency.name} is pinned here. Compare it by telephone and let an administrator pin it."
            raise InvalidInputError(NOT_ASKED, {"partners": problem})
        question = BlindQuestion(
            id=this, question=this, way=BlindWay.FILED, asker=ask.officer.agency, holder=partner, officer=ask.officer.id,
            agreements=tuple(a.id for a in bound.agreements), purpose=typed.purpose, about=typed.about.strip(), at=ask.at, hit=None,
        )  # fmt: skip
        blind.add_tx(tx, question)
        return write_question(QuestionFile(this, key, ask.at.strftime(_STAMP), typed.purpose, asked.elements))

    details = {"partners": [partner], "kind": typed.type, "purpose": typed.purpose, "file": True}
    line = write(stores, ask, Action.ASK_BLIND, Event(AuditTag.BLIND_ASKED, this, details), work)
    return OpenQuestion(this, partner, line, asked), _signed(stores, ask, QUESTION, line)


def answer_file(stores: Stores, ask: Ask, content: bytes, pace: Pace | None = None) -> bytes:
    """Answer a question that came as a file, once; with all that may answer, so that it does not show what was asked."""
    with (
        paced(stores) if pace is None else pace,
        stores.audit.act(
            AuditTag.BLIND_ANSWERED, ask.officer, purpose=ask.purpose, details=_about(content), at=ask.at
        ) as act,
    ):
        require(ask, Action.ASK_BLIND)
        look_at(content, QUESTION)
        trusted = stores.graph.read(act.intent, lambda tx: trusted_tx(tx, stores))
        message = open_message(content, QUESTION, {f: public for f, (public, _) in trusted.items()})
        asker = trusted[message.fingerprint][1]
        question = read_question(message.body, ELEMENT)
        act.details |= {"question": question.id, "asker": asker.id}
        if question.to != own_key(stores, ask.officer.agency).fingerprint:
            raise _refused("It asks another agency than yours.", "recipient")
        _require_fresh(ask, question.made)
        body = stores.graph.write(act.intent, lambda tx: _answer_tx(tx, stores, ask, asker, question, message.body))
        return _signed(stores, ask, ANSWER, body)


def hear_answer(stores: Stores, ask: Ask, question: OpenQuestion, content: bytes) -> Heard:
    """Open the answer to a question of this process, and keep what it said in the own log."""

    def work(tx: Tx, reader: Readership, _: object) -> Heard:
        trusted = trusted_tx(tx, stores)
        look_at(content, ANSWER)
        keys = {f: public for f, (public, agency) in trusted.items() if agency.id == question.partner}
        message = open_message(content, ANSWER, keys)
        answer = read_answer(message.body, OUTPUT, ENTRY)
        if answer.question != question.id or answer.digest != hashlib.sha256(question.line).hexdigest():
            raise _refused("It answers another question.", "question")
        _require_fresh(ask, answer.made)
        references = question.asked.told(Answer(answer.public, answer.outputs, answer.entries))
        found(blind.question_tx(tx, reader, question.id))
        if not blind.hear_tx(tx, question.id, references, answer.desk):
            raise ConflictError("The answer to this question was heard before; it stands in the log.")
        return Heard(trusted[message.fingerprint][1], answer.desk, references)

    event = Event(AuditTag.BLIND_TOLD, question.id, _about(content))
    return write(stores, ask, Action.ASK_BLIND, event, work)


def _answer_tx(tx: Tx, stores: Stores, ask: Ask, asker: Agency, question: QuestionFile, line: bytes) -> bytes:
    own = found(agencies.agency_tx(tx, ask.officer.agency))
    bound = binding_tx(tx, ask, asker.id, question.purpose, Way.QUERY)
    blind.lock_tx(tx, asker.id)
    if blind.answered_tx(tx, asker.id, own.id, ask.at.date()) >= MOST_UNDER_AGREEMENT:
        problem = (
            f"{asker.name} had {MOST_UNDER_AGREEMENT} questions answered today, which is the most. Answer it tomorrow."
        )
        raise _refused(problem, "limit")
    held = held_tx(tx, own, ASKABLE, guarded_tx(tx))
    oldest = oldest_by_key(releasable(held, bound.agreements, partner_tx(tx, asker.id)))
    mine = stores.agency_keys.reference_secret(own.id)
    holdings = {key: reference_of(mine, question.id, record) for key, record in oldest.items()}
    answer = answer_blind(question.elements, holdings, secrets.token_bytes(SECRET), question.id.encode())
    this = BlindQuestion(
        id=derived_id(_moment(question.made), "blind answer", question.id), question=question.id, way=BlindWay.FILED, asker=asker.id,
        holder=own.id, officer=ask.officer.id, agreements=tuple(a.id for a in bound.agreements), purpose=question.purpose, about="",
        at=ask.at, hit=None,
    )  # fmt: skip
    if blind.is_there_tx(tx, this.id):
        raise _refused("It was answered before. An answer is given once; let them ask anew.", "replay")
    blind.add_tx(tx, this)
    digest, desk = hashlib.sha256(line).hexdigest(), " ".join((own.desk or own.name).split())[:LONGEST_DESK]
    file = AnswerFile(question.id, digest, ask.at.strftime(_STAMP), desk, answer.public, answer.outputs, answer.entries)
    return write_answer(file)


def _require_fresh(ask: Ask, made: str) -> None:
    age = ask.at - _moment(made)
    if age < -SKEW:
        raise _refused(f"It says that it was made at {made}, which is still to come. Compare the clocks.", "clock")
    if age > LONGEST_AGE:
        raise _refused(f"It was made at {made}, more than {LONGEST_AGE.days} days ago. Ask anew.", "age")


def _moment(made: str) -> datetime:
    try:
        return datetime.strptime(made, _STAMP).replace(tzinfo=UTC)
    except ValueError as error:
        raise _refused(f"{made} is no moment.", "format") from error


def _signed(stores: Stores, ask: Ask, kind: str, line: bytes) -> bytes:
    return sign_message(stores.agency_keys.signer(ask.officer.agency), kind, line).encode() + b"\n" + line


def _about(content: bytes) -> dict[str, object]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _refused(problem: str, cause: str) -> InvalidInputError:
    return InvalidInputError(REFUSED, {"file": problem}, cause=cause)
