"""What questions and answers between installations have in common, whatever they are about: signed, opened, not too old, the asker's own."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph.session import Tx
from jpa.interchange.blind_file import (
    LONGEST_DESK,
    AnswerFile,
    QuestionFile,
    read_answer,
    read_question,
    write_answer,
    write_question,
)
from jpa.model.blind import LONGEST_AGE, LONGEST_OPEN, SKEW
from jpa.model.case import Agency
from jpa.operations.audit import Act
from jpa.operations.messages import sign_message
from jpa.services.agency_keys import opened_tx, own_key, trusted_tx
from jpa.services.blind import NOT_ASKED
from jpa.services.stores import Ask, Stores
from jpa.sharing.blind import ELEMENT, ENTRY, OUTPUT, Answer, Asked, asked_again
from jpa.sharing.said import refused_said

_STAMP: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Came:
    """A question to the own agency, found signed and not too old."""

    asker: Agency
    question: QuestionFile
    line: bytes


def question_line_tx(tx: Tx, stores: Stores, ask: Ask, partner: Agency, this: QuestionFile) -> bytes:
    """Write the line of a question for a partner; InvalidInputError where no key of it is pinned."""
    key = next((f for f, (_p, agency) in trusted_tx(tx, stores).items() if agency.id == partner.id), None)
    if key is None:
        problem = f"No key of {partner.name} is pinned here. Compare it by telephone and let an administrator pin it."
        raise InvalidInputError(NOT_ASKED, {"partners": problem})
    return write_question(QuestionFile(this.id, key, ask.at.strftime(_STAMP), this.purpose, this.elements))


def question_of(this: str, purpose: str, asked: Asked) -> QuestionFile:
    """Return a question that is addressed to nobody yet."""
    return QuestionFile(this, "", "", purpose, asked.elements)


def answer_line(ask: Ask, own: Agency, came: Came, answer: Answer) -> bytes:
    """Write the line of an answer."""
    digest, desk = hashlib.sha256(came.line).hexdigest(), " ".join((own.desk or own.name).split())[:LONGEST_DESK]
    made = ask.at.strftime(_STAMP)
    return write_answer(AnswerFile(came.question.id, digest, made, desk, answer.public, answer.outputs, answer.entries))


def came_in(stores: Stores, ask: Ask, act: Act, content: bytes, kind: str) -> Came:
    """Open a question of a kind that came for the own agency, and note in the log whose it is."""
    message, asker = stores.graph.read(act.intent, lambda tx: opened_tx(tx, stores, content, kind))
    question = read_question(message.body, ELEMENT)
    act.details |= {"question": question.id, "asker": asker.id}
    if question.to != own_key(stores, ask.officer.agency).fingerprint:
        raise refused_said("It asks another agency than yours.", "recipient")
    _require_fresh(ask, question.made)
    return Came(asker, question, message.body)


def came_back_tx(tx: Tx, stores: Stores, content: bytes, kind: str) -> tuple[Agency, AnswerFile]:
    """Open an answer of a kind; returns whose it is."""
    message, partner = opened_tx(tx, stores, content, kind)
    return partner, read_answer(message.body, OUTPUT, ENTRY)


def references_in(stores: Stores, ask: Ask, answer: AnswerFile) -> tuple[str, ...]:
    """Open what an answer to an open question of the own agency says; refused where it is none to it, or too old."""
    question = stores.questions.find(ask.officer.agency, answer.question)
    if question is None:
        raise refused_said(f"Its question was asked more than {LONGEST_OPEN.days} days ago. Ask anew.", "age")
    if answer.digest != question.digest:
        raise refused_said("It answers another question.", "question")
    _require_fresh(ask, answer.made)
    return asked_again(question.asked).told(Answer(answer.public, answer.outputs, answer.entries))


def moment_of(made: str) -> datetime:
    """Read the moment of a question or an answer."""
    try:
        return datetime.strptime(made, _STAMP).replace(tzinfo=UTC)
    except ValueError as error:
        raise refused_said(f"{made} is no moment.", "format") from error


def signed(stores: Stores, ask: Ask, kind: str, line: bytes) -> bytes:
    """Sign a line with the key of the own agency."""
    return sign_message(stores.agency_keys.signer(ask.officer.agency), kind, line).encode() + b"\n" + line


def about(content: bytes) -> dict[str, object]:
    """Say what the log keeps of something that came."""
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _require_fresh(ask: Ask, made: str) -> None:
    age = ask.at - moment_of(made)
    if age < -SKEW:
        raise refused_said(f"It says that it was made at {made}, which is still to come. Compare the clocks.", "clock")
    if age > LONGEST_AGE:
        raise refused_said(f"It was made at {made}, more than {LONGEST_AGE.days} days ago. Ask anew.", "age")
