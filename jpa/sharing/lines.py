"""What the lines of a package say: FollowTheMoney entities with who states them, reports with grade and marking, verdicts, evidence, custody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from jpa.errors import InvalidInputError
from jpa.model.case import CaseRole
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.model.record import Link, Record, Report, plain
from jpa.model.value_types import Value
from jpa.sharing.strict import Hash, Key, Moment, Number, Short, Strict, Text, Word

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
Stated = Annotated[list[str | None], Field(min_length=3, max_length=3)]
"""What was typed, what was understood (null: nothing), what is odd about it (null: nothing)."""


class GradeLine(Strict):
    """The grade as its author gave it."""

    scheme: Word
    source: Word
    information: Word
    handling: Annotated[str, Field(max_length=8)]


class MarkingLine(Strict):
    """The marking as its author gave it."""

    tlp: Word
    pap: Word
    release: Word
    names: Annotated[list[Word], Field(max_length=200)]
    handling: Annotated[str, Field(max_length=8)]


class ReportLine(Strict):
    """One report: the source of everything that names it."""

    id: Key
    case: Word
    agency: Word
    officer: Word
    title: Short
    source_reference: Short
    date: Annotated[str, Field(max_length=40)]
    grade: GradeLine
    marking: MarkingLine
    entered: Moment
    origin: Annotated[str, Field(max_length=64)]
    supersedes: Key | None = None
    text: Text | None = None
    """Left out where it stays with the sender."""
    hash: Hash
    """The sender's content hash of the whole report."""


class Provenance(Strict):
    """What FollowTheMoney has no place for: who states an entity, exactly how, in which report."""

    kind: Literal["record", "link"]
    type: Name
    report: Key
    agency: Word
    officer: Word
    entered: Moment
    schema_: Annotated[str, Field(alias="schema", max_length=64)]
    source: Key | None = None
    target: Key | None = None
    supersedes: Key | None = None
    source_key: Short | None = None
    stated: Annotated[dict[Name, Annotated[list[Stated], Field(max_length=1000)]], Field(max_length=100)]
    roles: Annotated[list[Word], Field(max_length=10)]
    """Roles of a record in the sender's case."""
    hash: Hash


class EntityLine(Strict):
    """One FollowTheMoney entity."""

    id: Key
    schema_: Annotated[str, Field(alias="schema", max_length=64)]
    properties: Annotated[dict[Name, Annotated[list[Text], Field(max_length=1000)]], Field(max_length=200)]
    jpa: Provenance

    def plain(self) -> dict[str, object]:
        """Return plain JSON."""
        return self.model_dump(exclude_none=False, by_alias=True)


class JudgementLine(Strict):
    """A verdict of the sender about two records: at the recipient no more than a proposal."""

    id: Key
    verdict: Literal["same", "not the same"]
    left: Key
    right: Key
    agency: Word
    at: Moment
    reason: Text


class EvidenceLine(Strict):
    """A file behind a report."""

    id: Key
    report: Key
    name: Annotated[str, Field(min_length=1, max_length=200)]
    bytes: Number
    sha256: Hash
    agency: Word
    officer: Word
    entered: Moment
    why: Text


class CustodyLine(Strict):
    """One hand that a file passed through at the sender."""

    evidence: Key
    what: Word
    by: Word
    at: Moment
    why: Text
    held: Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A record or a link as it is sent, with its FollowTheMoney form."""

    said: Record | Link
    ftm_schema: str
    ftm: Mapping[str, Sequence[str]]
    roles: tuple[str, ...] = ()


def report_line(report: Report, content_hash: str, *, text: bool) -> dict[str, Any]:
    """Return the line of a report, with or without its free text."""
    grade, marking = report.grade, report.marking
    line: dict[str, Any] = {
        "id": report.id, "case": report.case, "agency": report.agency, "officer": report.officer, "title": report.title,
        "source_reference": report.source_reference, "date": report.date,
        "grade": {
            "scheme": grade.scheme, "source": grade.source, "information": grade.information, "handling": grade.handling,
        },
        "marking": {
            "tlp": marking.tlp.value, "pap": marking.pap.value, "release": marking.release.value,
            "names": list(marking.names), "handling": marking.handling,
        },
        "entered": moment_text(report.entered), "origin": report.origin, "hash": content_hash,
    }  # fmt: skip
    if report.supersedes is not None:
        line["supersedes"] = report.supersedes
    return line | ({"text": report.text} if text else {})


def report_of(line: ReportLine) -> Report:
    """Read a report; InvalidInputError where grade or marking are none that are known."""
    marking, grade = line.marking, line.grade
    if marking.tlp not in set(Tlp) or marking.pap not in set(Pap) or marking.release not in set(Release):
        raise InvalidInputError("its marking is none that is known")
    return Report(
        id=line.id,
        case=line.case,
        agency=line.agency,
        title=line.title,
        source_reference=line.source_reference,
        date=line.date,
        grade=Grade(grade.scheme, grade.source, grade.information, grade.handling),
        marking=Marking(
            Tlp(marking.tlp), Release(marking.release), tuple(marking.names), marking.handling, Pap(marking.pap)
        ),
        officer=line.officer,
        entered=datetime.fromisoformat(line.entered),
        text=line.text or "",
        origin=line.origin,
        supersedes=line.supersedes,
    )


def entity_line(this: Statement) -> dict[str, Any]:
    """Return the line of a record or a link."""
    said = this.said
    tie = isinstance(said, Link)
    return {
        "id": said.id,
        "schema": this.ftm_schema,
        "properties": {name: list(values) for name, values in this.ftm.items()},
        "jpa": {
            "kind": "link" if tie else "record", "type": said.type, "report": said.report, "agency": said.agency,
            "officer": said.officer, "entered": moment_text(said.entered), "schema": said.schema,
            "source": said.source if isinstance(said, Link) else None,
            "target": said.target if isinstance(said, Link) else None,
            "supersedes": said.supersedes, "source_key": said.source_key, "stated": plain(said.properties),
            "roles": list(this.roles), "hash": said.content_hash,
        },
    }  # fmt: skip


def said_of(line: EntityLine) -> Record | Link:
    """Read a record or a link; InvalidInputError says why it cannot be taken: its type, a property, a role, its hash."""
    stated = line.jpa
    declared = ENTITY_TYPES.get(stated.type) if stated.kind == "record" else LINK_TYPES.get(stated.type)
    if declared is None:
        raise InvalidInputError(f"{stated.type} is no kind of thing or tie that is known here")
    known = {p.name for p in declared.properties}
    unknown = [name for name in stated.stated if name not in known]
    if len(unknown) > 0:
        raise InvalidInputError(f"{declared.label} has no property {unknown[0]} here")
    if any(role not in set(CaseRole) or role == CaseRole.SMUGGLED_MIGRANT for role in stated.roles):
        raise InvalidInputError("it has a role in a case that no package may carry")
    said = _made(line)
    if said.content_hash != stated.hash:
        raise InvalidInputError("it does not match its own hash")
    return said


def _made(line: EntityLine) -> Record | Link:
    stated = line.jpa
    common: dict[str, Any] = {
        "id": line.id, "type": stated.type, "report": stated.report, "agency": stated.agency, "officer": stated.officer,
        "entered": datetime.fromisoformat(stated.entered), "schema": stated.schema_, "supersedes": stated.supersedes,
        "source_key": stated.source_key, "properties": _values(stated.stated),
    }  # fmt: skip
    if stated.kind == "record":
        if stated.source is not None or stated.target is not None:
            raise InvalidInputError("a record ties nothing")
        return Record(**common)
    if stated.source is None or stated.target is None or stated.source == stated.target:
        raise InvalidInputError("a tie needs two different ends")
    return Link(source=stated.source, target=stated.target, **common)


def _values(stated: Mapping[str, Sequence[Sequence[str | None]]]) -> dict[str, tuple[Value, ...]]:
    if any(value[0] is None for values in stated.values() for value in values):
        raise InvalidInputError("a value was never typed")
    return {name: tuple(Value(v[0] or "", v[1], v[2]) for v in values) for name, values in stated.items()}


def verdict_of(line: JudgementLine) -> Verdict:
    """Read a verdict."""
    return Verdict(line.verdict)


def moment_text(at: datetime) -> str:
    """Write a moment as every line does: UTC, with microseconds."""
    return at.isoformat(timespec="microseconds")
