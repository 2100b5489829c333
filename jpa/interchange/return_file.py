"""A return as lines: its head, then a row a line, in canonical JSON; read back strictly (docs/return-format.md)."""

import json
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jpa.errors import InvalidInputError
from jpa.model.canonical import canonical
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, OutcomeKind, properties_of
from jpa.model.outcome import Basis
from jpa.model.returns import CODES, Head, Part, Row, RowCredit
from jpa.model.value_types import Context, ValueType

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_ROWS: Final = 200_000
MOST_LINE: Final = 4096
_PROPERTY: Final = {"gender": "sex"}
_LONGEST_ARTICLE: Final = 300

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Number = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,11}$")]
Day = Annotated[str, Field(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Month = Annotated[str, Field(pattern=r"^[1-9][0-9]{3}-(0[1-9]|1[0-2])$")]
Keys = Annotated[list[Key], Field(min_length=1, max_length=8)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PeriodLine(_Strict):
    """The joint period, as two installations know it."""

    number: Number
    start: Day
    end: Day


class WithheldLine(_Strict):
    """How many rows stayed with the sender for one reason."""

    reason: Annotated[str, Field(max_length=200)]
    count: Number


class HeadLine(_Strict):
    """Line 1: what the return is."""

    format: Literal["1"]
    id: Key
    agency: Annotated[str, Field(min_length=1, max_length=32)]
    state: State
    jpa: PeriodLine
    period: Annotated[str, Field(pattern=r"^(all|[1-9][0-9]{3})$")]
    version: Number
    made: Day
    rows: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,6})$")]
    root: Digest
    withheld: Annotated[list[WithheldLine], Field(max_length=50)] = []
    measures: Digest


class CreditLine(_Strict):
    """The claim, signed by two officers of the sender, that credits a row to the joint period."""

    basis: Literal["opened under", "advanced under", "intelligence from"]
    share: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}(/[1-9][0-9]{0,5})?$")]
    signed: Month


class CodesLine(_Strict):
    """Codes of closed lists; only those that are known."""

    article: Annotated[str, Field(min_length=1, max_length=_LONGEST_ARTICLE)] = ""
    offence: Annotated[str, Field(pattern=r"^[0-9]{2,6}$")] = ""
    sex: Annotated[str, Field(min_length=1, max_length=60)] = ""
    citizenship: State = ""
    ageBand: Annotated[str, Field(min_length=1, max_length=60)] = ""  # noqa: N815 -- the dimension's name
    exploitation: Annotated[str, Field(min_length=1, max_length=60)] = ""
    partner: State = ""
    result: Annotated[str, Field(min_length=1, max_length=60)] = ""
    sentence: Annotated[str, Field(min_length=1, max_length=60)] = ""
    what: Annotated[str, Field(min_length=1, max_length=60)] = ""


class RowLine(_Strict):
    """Each further line: one outcome. What is not said is not known."""

    key: Key
    kind: Annotated[str, Field(json_schema_extra={"enum": list(OUTCOME_KINDS)})]
    date: Annotated[str, Field(pattern=r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?$")] = ""
    part: Literal["before", "in", "after"] | None = None
    state: State = ""
    codes: CodesLine = CodesLine()
    person: Keys = []
    charge: Keys = []
    case: Keys = []
    count: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,11})$")] = "1"
    fell: Annotated[str, Field(pattern=r"^([1-9][0-9]{3}-(0[1-9]|1[0-2])|undated)$")] = ""
    credit: CreditLine | None = None


def write_return(head: Head, rows: tuple[Row, ...]) -> bytes:
    """Write head and rows; the same return gives the same bytes for ever."""
    return b"".join(canonical(line) + b"\n" for line in (head.plain(), *(row.plain() for row in rows)))


def read_return(body: bytes) -> tuple[Head, tuple[Row, ...]]:
    """Read head and rows; InvalidInputError names the first line that is not as the format says."""
    if len(body) > MOST_BYTES:
        raise _refused(f"It has {len(body)} bytes; a return has {MOST_BYTES} at most. Return it year by year.")
    lines = body.split(b"\n")
    if lines.pop() != b"":
        raise _refused("Its last line does not end.")
    if len(lines) > MOST_ROWS + 1:
        raise _refused(f"It has more than {MOST_ROWS} rows. Return it year by year.")
    if len(lines) == 0:
        raise _refused("It is empty.")
    head = _head(_parsed(HeadLine, lines[0], 1))
    if canonical(head.plain()) != lines[0]:
        raise _refused("Line 1 is not written in the one way there is.")
    if head.rows != len(lines) - 1:
        raise _refused(f"It says {head.rows} rows and has {len(lines) - 1}.")
    rows = tuple(_row(line, number) for number, line in enumerate(lines[1:], start=2))
    if any(rows[n].key <= rows[n - 1].key for n in range(1, len(rows))):
        raise _refused("Its rows are not in the order of their keys, or one is there twice.")
    return head, rows


def schema() -> dict[str, Any]:
    """Return the JSON schema of both kinds of line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "jpa return, format 1",
        "description": "Line 1 behind the signed line is a head, each further line a row.",
        "head": HeadLine.model_json_schema(),
        "row": RowLine.model_json_schema(),
    }


def _parsed(model: type[BaseModel], line: bytes, number: int) -> Any:
    if len(line) > MOST_LINE:
        raise _refused(f"Line {number} has more than {MOST_LINE} bytes.")
    try:
        return model.model_validate(json.loads(line))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _refused(f"Line {number}, {where or 'whole'}: {first['msg']}.") from error
    except (ValueError, RecursionError) as error:
        raise _refused(f"Line {number} is no JSON.") from error


def _head(line: HeadLine) -> Head:
    return Head(
        id=line.id,
        agency=line.agency,
        state=line.state,
        number=int(line.jpa.number),
        start=line.jpa.start,
        end=line.jpa.end,
        period=line.period,
        version=int(line.version),
        made=line.made,
        rows=int(line.rows),
        root=line.root,
        withheld=tuple((w.reason, int(w.count)) for w in line.withheld),
        measures=line.measures,
    )


def _row(content: bytes, number: int) -> Row:
    line: RowLine = _parsed(RowLine, content, number)
    if line.kind not in OUTCOME_KINDS:
        raise _refused(f"Line {number}, kind: no such kind of outcome.")
    codes = {name: code for name in CODES if (code := getattr(line.codes, name)) != ""}
    wrong = _wrong_code(OUTCOME_KINDS[line.kind], codes)
    if wrong != "":
        raise _refused(f"Line {number}, codes.{wrong}: no code that this kind of outcome may say.")
    if line.credit is not None and Fraction(line.credit.share) > 1:
        raise _refused(f"Line {number}, credit.share: more than the whole.")
    row = Row(
        key=line.key,
        kind=line.kind,
        date=line.date,
        part=Part(line.part or ""),
        state=line.state,
        codes=codes,
        person=tuple(line.person),
        charge=tuple(line.charge),
        case=tuple(line.case),
        count=int(line.count),
        fell=line.fell,
        credit=None
        if line.credit is None
        else RowCredit(Basis(line.credit.basis), line.credit.share, line.credit.signed),
    )
    if canonical(row.plain()) != content:
        raise _refused(f"Line {number} is not written in the one way there is.")
    return row


def _wrong_code(kind: OutcomeKind, codes: dict[str, str]) -> str:
    """Name the first code that is none of the catalogue's for this kind."""
    known: dict[str, ValueType] = {_PROPERTY.get(p.name, p.name): p.type for p in properties_of(kind)}
    for name, code in codes.items():
        if name not in known or known[name].clean(code, Context()).clean != code:
            return name
    return ""


def _refused(problem: str) -> InvalidInputError:
    return InvalidInputError("The file was refused; nothing of it was kept.", {"file": problem})
