"""Signed notices about a package after it left: recall, correction, and the recipient's acknowledgement (docs/package-format.md).

Each is the body of a signed message, one line of canonical JSON. A notice says everything of its kind that was said of the package before,
so that one that is lost takes nothing with it.
"""

from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import Field

from jpa.errors import InvalidInputError
from jpa.model.marking import Pap, Release, Tlp
from jpa.model.notice import NoticeKind, RecallReason, What
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.strict import Day, Hash, Key, Moment, Number, Short, State, Strict, Word, parsed, written

RECALL: Final = NoticeKind.RECALL.value
CORRECTION: Final = NoticeKind.CORRECTION.value
ACKNOWLEDGEMENT: Final = "acknowledgement"
"""Kinds of the signed messages."""
MOST_BYTES: Final = 32 * 1024 * 1024
MOST_ITEMS: Final = 200_000

T = TypeVar("T", bound=Strict)


def _listed(*words: str) -> Any:
    return Field(json_schema_extra={"enum": list(words)}, max_length=40)


class Recalled(Strict):
    """One thing that comes back."""

    what: Annotated[str, _listed(*(w.value for w in What))]
    id: Key
    """Of the package itself where all of it comes back."""
    reason: Annotated[str, _listed(*(r.value for r in RecallReason))]


class Superseded(Strict):
    """One thing that its owner holds for true no more; what stands in its place comes in a package."""

    what: Annotated[str, _listed(What.REPORT.value, What.RECORD.value, What.LINK.value)]
    id: Key


class Remarked(Strict):
    """A report whose owner marks it otherwise now; all that it states follows."""

    report: Key
    tlp: Annotated[str, _listed(*(t.value for t in Tlp))]
    pap: Annotated[str, _listed(*(p.value for p in Pap))]
    release: Annotated[str, _listed(*(r.value for r in Release if r is not Release.JPA))]
    names: Annotated[list[State], Field(max_length=250)]
    handling: Annotated[str, Field(max_length=40)]


class Apart(Strict):
    """Two records that the sender judged the same, and holds for the same no more."""

    left: Key
    right: Key


class NoticeBody(Strict):
    """What every notice says."""

    format: Literal["1"]
    id: Key
    package: Key
    manifest: Hash
    """SHA-256 of the manifest of the package."""
    number: Number
    """Counts the notices of this kind about the package from 1."""
    by: Word
    """The agency that sent the package."""
    at: Moment
    deadline: Day
    """Last day for the acknowledgement."""
    text: Short


class RecallBody(NoticeBody):
    """All that a recall signs."""

    items: Annotated[list[Recalled], Field(min_length=1, max_length=MOST_ITEMS)]


class CorrectionBody(NoticeBody):
    """All that a correction signs."""

    superseded: Annotated[list[Superseded], Field(max_length=MOST_ITEMS)]
    marked: Annotated[list[Remarked], Field(max_length=MOST_ITEMS)]
    apart: Annotated[list[Apart], Field(max_length=MOST_ITEMS)]


class AcknowledgementBody(Strict):
    """All that an acknowledgement signs."""

    format: Literal["1"]
    notice: Key
    sha256: Hash
    """Of the body that was followed."""
    package: Key
    by: Word
    """The agency that received the package."""
    at: Moment
    """When it was followed."""
    sealed: Number
    corrected: Number
    absent: Number
    """Items that were not here, or not any more."""


def write_notice(this: NoticeBody | AcknowledgementBody) -> bytes:
    """Write the body that is signed."""
    return written(this)


def read_recall(body: bytes) -> RecallBody:
    """Read the body of a recall whose signature was found right."""
    this = _read(RecallBody, body, RECALL)
    _require_known({i.what for i in this.items}, {w.value for w in What}, "items")
    _require_known({i.reason for i in this.items}, {r.value for r in RecallReason}, "items")
    if any(i.what == What.PACKAGE.value and i.id != this.package for i in this.items):
        raise _refusal("items: another package is recalled than the one that it is about.")
    return this


def read_correction(body: bytes) -> CorrectionBody:
    """Read the body of a correction whose signature was found right."""
    this = _read(CorrectionBody, body, CORRECTION)
    _require_known({i.what for i in this.superseded}, {w.value for w in What if w is not What.PACKAGE}, "superseded")
    _require_known({m.tlp for m in this.marked}, {t.value for t in Tlp}, "marked")
    _require_known({m.pap for m in this.marked}, {p.value for p in Pap}, "marked")
    _require_known({m.release for m in this.marked}, {r.value for r in Release if r is not Release.JPA}, "marked")
    return this


def read_acknowledgement(body: bytes) -> AcknowledgementBody:
    """Read the body of an acknowledgement whose signature was found right."""
    return _read(AcknowledgementBody, body, ACKNOWLEDGEMENT)


def _read(model: type[T], body: bytes, kind: str) -> T:
    if len(body) > MOST_BYTES or not body.endswith(b"\n"):
        raise _refusal("It is too large, or was cut off. Fetch the file again.")
    try:
        return parsed(model, body[:-1], f"The {kind}")
    except PackageRefusedError as error:
        raise _refusal(error.fields["file"]) from error


def _require_known(said: set[str], known: set[str], where: str) -> None:
    if not said <= known:
        raise _refusal(f"{where}: {min(said - known)[:40]!r} is none that is known.")


def _refusal(problem: str) -> InvalidInputError:
    return InvalidInputError("The notice was refused; nothing of it was followed.", {"file": problem}, cause="notice")
