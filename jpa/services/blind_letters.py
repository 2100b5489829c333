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
from jpa.operations.messages import look_at, open_message, sign_message
from jpa.services.agency_keys import own_key, trusted_tx
from jpa.services.blind import NOT_ASKED
from jpa.services.stores import Ask, Stores
from jpa.sharing.blind import ELEMENT, ENTRY, OUTPUT, Answer, Asked, asked_again

REFUSED: Final = "The file was refused; nothing of it was kept."
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
    look_at(content, kind)
    trusted = stores.graph.read(act.intent, lambda tx: trusted_tx(tx, stores))
    message = open_message(content, kind, {f: public for f, (public, _) in trusted.items()})
    asker = trusted[message.fingerprint][1]
    question = read_question(message.body, ELEMENT)
    act.details |= {"question": question.id, "asker": asker.id}
    if question.to != own_key(stores, ask.officer.agency).fingerprint:
        raise refused("It asks another agency than yours.", "recipient")
    _require_fresh(ask, question.made)
    return Came(asker, question, message.body)


def came_back_tx(tx: Tx, stores: Stores, content: bytes, kind: str) -> tuple[Agency, AnswerFile]:
    """Open an answer of a kind; returns whose it is."""
    trusted = trusted_tx(tx, stores)
    look_at(content, kind)
    message = open_message(content, kind, {f: public for f, (public, _) in trusted.items()})
    return trusted[message.fingerprint][1], read_answer(message.body, OUTPUT, ENTRY)


def references_in(stores: Stores, ask: Ask, answer: AnswerFile) -> tuple[str, ...]:
    """Open what an answer to an open question of the own agency says; refused where it is none to it, or too old."""
    question = stores.questions.find(ask.officer.agency, answer.question)
    if question is None:
        raise refused(f"Its question was asked more than {LONGEST_OPEN.days} days ago. Ask anew.", "age")
    if answer.digest != question.digest:
        raise refused("It answers another question.", "question")
    _require_fresh(ask, answer.made)
    return asked_again(question.asked).told(Answer(answer.public, answer.outputs, answer.entries))


def moment_of(made: str) -> datetime:
    """Read the moment of a question or an answer."""
    try:
        return datetime.strptime(made, _STAMP).replace(tzinfo=UTC)
    except ValueError as error:
        raise refused(f"{made} is no moment.", "format") from error


def signed(stores: Stores, ask: Ask, kind: str, line: bytes) -> bytes:
    """Sign a line with the key of the own agency."""
    return sign_message(stores.agency_keys.signer(ask.officer.agency), kind, line).encode() + b"\n" + line


def about(content: bytes) -> dict[str, object]:
    """Say what the log keeps of something that came."""
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def refused(problem: str, cause: str) -> InvalidInputError:
    """Make a refusal of something that came."""
    return InvalidInputError(REFUSED, {"file": problem}, cause=cause)


def _require_fresh(ask: Ask, made: str) -> None:
    age = ask.at - moment_of(made)
    if age < -SKEW:
        raise refused(f"It says that it was made at {made}, which is still to come. Compare the clocks.", "clock")
    if age > LONGEST_AGE:
        raise refused(f"It was made at {made}, more than {LONGEST_AGE.days} days ago. Ask anew.", "age")
