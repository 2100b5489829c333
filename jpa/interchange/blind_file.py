"""Files of a blind question between two installations: the question, and the answer to it (docs/blind-format.md).

Each is one line of canonical JSON behind the signed first line of a message. Whatever is not exactly as described is refused.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jpa.errors import InvalidInputError
from jpa.model.canonical import canonical

QUESTION: Final = "blind-question"
ANSWER: Final = "blind-answer"
"""Kinds of the signed message."""
PLAN_QUESTION: Final = "plan-question"
PLAN_ANSWER: Final = "plan-answer"
"""The same about planned actions, written in the same way, with more elements and entries."""
MOST_BYTES: Final = 256 * 1024 * 1024
"""Of an answer of some four million entries."""

LONGEST_DESK: Final = 200

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, Field(pattern=r"^[1-9][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$")]
Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class QuestionLine(_Strict):
    """What leaves the asker: as many blinded elements as every question of its kind has, whatever is asked."""

    format: Literal["1"]
    id: Key
    to: Digest
    """Fingerprint of the key of the agency that is asked."""
    made: Moment
    purpose: Annotated[str, Field(min_length=1, max_length=100)]
    elements: Base64


class AnswerLine(_Strict):
    """What comes back: an output with its proof for each element, and the holder's entries among noise."""

    format: Literal["1"]
    question: Key
    digest: Digest
    """SHA-256 of the question's line."""
    made: Moment
    desk: Annotated[str, Field(max_length=LONGEST_DESK, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
    """Whom to ask after a hit; the same whether there is one or not."""
    public: Digest
    outputs: Base64
    entries: Base64


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A question as it travels."""

    id: str
    to: str
    made: str
    purpose: str
    elements: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """An answer as it travels."""

    question: str
    digest: str
    made: str
    desk: str
    public: bytes
    outputs: tuple[bytes, ...]
    entries: tuple[bytes, ...]


def write_question(file: QuestionFile) -> bytes:
    """Write a question; the same one gives the same bytes."""
    return _line(
        {
            "format": "1", "id": file.id, "to": file.to, "made": file.made, "purpose": file.purpose,
            "elements": _joined(file.elements),
        }
    )  # fmt: skip


def read_question(body: bytes, element: int) -> QuestionFile:
    """Read a question of elements of so many bytes; InvalidInputError says what is not as described."""
    line = _parsed(QuestionLine, body)
    return QuestionFile(line.id, line.to, line.made, line.purpose, _cut(line.elements, element, "elements"))


def write_answer(file: AnswerFile) -> bytes:
    """Write an answer."""
    return _line(
        {
            "format": "1", "question": file.question, "digest": file.digest, "made": file.made, "desk": file.desk,
            "public": file.public.hex(), "outputs": _joined(file.outputs), "entries": _joined(file.entries),
        }
    )  # fmt: skip


def read_answer(body: bytes, output: int, entry: int) -> AnswerFile:
    """Read an answer of outputs and entries of so many bytes; InvalidInputError says what is not as described."""
    line = _parsed(AnswerLine, body)
    outputs, entries = _cut(line.outputs, output, "outputs"), _cut(line.entries, entry, "entries")
    return AnswerFile(line.question, line.digest, line.made, line.desk, bytes.fromhex(line.public), outputs, entries)


def schema() -> dict[str, Any]:
    """Return the JSON schema of both lines."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "jpa blind question and answer, format 1",
        "question": QuestionLine.model_json_schema(),
        "answer": AnswerLine.model_json_schema(),
    }


def _line(content: Mapping[str, str]) -> bytes:
    return canonical(content) + b"\n"


def _joined(parts: Sequence[bytes]) -> str:
    return base64.b64encode(b"".join(parts)).decode("ascii")


def _cut(text: str, size: int, name: str) -> tuple[bytes, ...]:
    try:
        joined = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise _refused(f"{name}: no base64") from error
    if len(joined) % size != 0:
        raise _refused(f"{name}: {len(joined)} bytes are no whole number of {size}")
    return tuple(joined[start : start + size] for start in range(0, len(joined), size))


def _parsed(model: type[BaseModel], body: bytes) -> Any:
    if len(body) > MOST_BYTES:
        raise _refused(f"it has {len(body)} bytes, and {MOST_BYTES} are the most")
    try:
        line = model.model_validate(json.loads(body))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _refused(f"{where or 'the whole'}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise _refused("no JSON") from error
    if _line(line.model_dump()) != body:
        raise _refused("not written in the one way there is")
    return line


def _refused(problem: str) -> InvalidInputError:
    return InvalidInputError(
        "The file was refused; nothing of it was kept.", {"file": f"It is not as the format says: {problem}."}
    )
