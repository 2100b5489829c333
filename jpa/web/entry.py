"""The entry page's form: lines, ties, known things and victims to one typed report, and back to rows."""

from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, Final, TypeVar, cast

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict

from jpa.errors import InvalidInputError
from jpa.model.case import Jpa
from jpa.model.catalogue import LINK_TYPES, VICTIM
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.schema import EntityType, LinkType
from jpa.model.value_types import Context, Value
from jpa.services.evidence import TypedFile
from jpa.web.gate import ask
from jpa.web.lines import SUGGESTED, read_line
from jpa.web.markings import read_marking
from jpa.web.ties import TieLine, read_details, read_tie

T = TypeVar("T")

VICTIM_FIELDS: Final = ("name", "phone", "document", *(p.name for p in VICTIM.coded if p.name != "year"))
"""What the page asks about a victim: just enough identity to take it out of the text, and the coded facts."""
_ROW: Final = ("line", "role", "tie", "to", "details")


def read_entry(case: str, form: MultiDict[str, str], jpas: Sequence[Jpa]) -> TypedReport:
    """Read the whole form; InvalidInputError names every line that was not understood."""
    scheme = form.get("grade_scheme", "4x4")
    grade = Grade(scheme, form.get("grade_source", ""), form.get("grade_information", ""), form.get("handling", ""))
    problems: dict[str, str] = {}
    records, links = _read_rows(form, problems)
    for line in form.getlist("tieline"):
        tie = _told(problems, f"tie “{line}”", lambda line=line: read_tie(line))  # type: ignore[misc]  # bound now on purpose
        if tie is not None:
            links.append(TypedLink(tie.declared.name, _end(form, tie.source), _end(form, tie.target), tie.details))
    if len(problems) > 0:
        raise InvalidInputError(_("The report was not saved; what you typed is still here."), problems)
    return TypedReport(
        case=case,
        title=form.get("title", ""),
        source_reference=form.get("source_reference", ""),
        date=form.get("date", ""),
        grade=grade,
        marking=read_marking(form, jpas),
        text=form.get("text", ""),
        records=records,
        links=links,
        victims=read_victims(form),
    )


def read_files(form: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> list[TypedFile]:
    """Read the files that were chosen; one reason stands for all of them."""
    why = form.get("files_why", "")
    chosen = [file for file in files.getlist("files") if (file.filename or "") != ""]
    return [TypedFile(file.filename or "", cast(BinaryIO, file.stream), why) for file in chosen]


def read_victims(form: MultiDict[str, str]) -> list[TypedVictim]:
    """Read the rows of victims; an empty row is none."""
    columns = [form.getlist(f"victim_{name}") for name in VICTIM_FIELDS]
    identity = {p.name for p in VICTIM.identity}
    victims = []
    for row in zip(*columns, strict=False):
        said = {name: [text.strip()] for name, text in zip(VICTIM_FIELDS, row, strict=True) if text.strip() != ""}
        if len(said) > 0:
            victims.append(
                TypedVictim(
                    {n: v for n, v in said.items() if n in identity},
                    {n: v for n, v in said.items() if n not in identity},
                )
            )
    return victims


def typed_victims(form: MultiDict[str, str]) -> list[dict[str, str]]:
    """Return the rows of victims as typed, for the page to show again; one empty row at least."""
    columns = [form.getlist(f"victim_{name}") for name in VICTIM_FIELDS]
    rows = [dict(zip(VICTIM_FIELDS, row, strict=True)) for row in zip(*columns, strict=False)]
    return [r for r in rows if any(r.values())] or [dict.fromkeys(VICTIM_FIELDS, "")]


def typed_known(form: MultiDict[str, str]) -> list[dict[str, str]]:
    """Return the known things that ties point at, for the page to show again."""
    lists = [form.getlist(n) for n in ("known", "known_caption", "known_type")]
    return [{"id": i, "caption": c, "type": t} for i, c, t in zip(*lists, strict=False)]


def rows_of(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Return the understood lines of a form, for the page to show again."""
    rows = []
    for line, role, tie, to, details in _lines(form):
        read = read_line(line)
        if read is not None:
            rows.append({**row_of(line, *read), "role": role, "tie": tie, "to": to, "details": details})
    return rows


def tie_rows_of(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Return the understood tie lines of a form; one with a bad detail keeps its line."""
    rows = []
    for line in form.getlist("tieline"):
        try:
            tie = read_tie(line)
        except InvalidInputError:
            tie = None
        rows.append(tie_row_of(line, tie))
    return rows


def row_of(line: str, declared: EntityType, values: dict[str, list[str]]) -> dict[str, Any]:
    """Return what a line's row shows."""
    understood = [
        (declared.property(n).label, t, value, declared.property(n).type)
        for n, texts in values.items()
        for t, value in _clean(declared, n, texts)
    ]
    ties = [(f"{t.name}:out", t.label) for t in LINK_TYPES.values() if declared.name in t.sources]
    ties += [(f"{t.name}:in", t.reverse) for t in LINK_TYPES.values() if declared.name in t.targets and not t.symmetric]
    suggested = SUGGESTED.get(declared.name)
    return {
        "line": line,
        "type": declared,
        "understood": understood,
        "doubtful": any(value.clean is None for _label, _typed, value, _type in understood),
        "caption": understood[0][1] if len(understood) > 0 else declared.label,
        "role": "",
        "tie": "",
        "to": "",
        "details": "",
        "ties": ties,
        "suggest": "" if suggested is None else f"{suggested}:in",
    }


def tie_row_of(line: str, tie: TieLine | None) -> dict[str, Any]:
    """Return what the row of a tie line shows."""
    understood = [] if tie is None else [
        (tie.declared.property(n).label, t, value, tie.declared.property(n).type)
        for n, texts in tie.details.items()
        for t, value in _clean(tie.declared, n, texts)
    ]  # fmt: skip
    return {"line": line, "tie": tie, "understood": understood}


def _read_rows(form: MultiDict[str, str], problems: dict[str, str]) -> tuple[list[TypedRecord], list[TypedLink]]:
    records, links = [], []
    for number, (line, role, tie, to, details) in enumerate(_lines(form), start=1):
        read = read_line(line)
        if read is None:
            problems[f"line {number}"] = _("Begin the line with what it is: person, vessel, phone, account, place…")
            continue
        records.append(TypedRecord(str(number), read[0].name, read[1], role=role))
        name, _sep, direction = tie.partition(":")
        if tie == "" or to == "" or name not in LINK_TYPES:
            continue
        said = _told(
            problems, f"line {number}", lambda name=name, details=details: read_details(LINK_TYPES[name], details)  # type: ignore[misc]  # bound now on purpose
        )  # fmt: skip
        own, other = str(number), _end(form, to)
        source, target = (other, own) if direction == "in" else (own, other)
        links.append(TypedLink(name, source, target, said or {}))
    return records, links


def _lines(form: MultiDict[str, str]) -> list[tuple[str, ...]]:
    lists = [form.getlist(n) for n in _ROW]
    lists[4] += [""] * (len(lists[0]) - len(lists[4]))
    return list(zip(*lists, strict=False))


def _end(form: MultiDict[str, str], ref: str) -> str:
    """Return the line's number, or the id of the known thing that `k1` stands for."""
    known = form.getlist("known")
    if ref.startswith("k") and ref[1:].isdigit() and 0 < int(ref[1:]) <= len(known):
        return known[int(ref[1:]) - 1]
    return ref


def _told(problems: dict[str, str], where: str, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except InvalidInputError as error:
        problems[where] = str(error)
        return None


def _clean(declared: EntityType | LinkType, name: str, texts: Sequence[str]) -> list[tuple[str, Value]]:
    asked = ask()
    context = Context(state=asked.officer.state, today=asked.at.date())
    return [(t, declared.property(name).type.clean(t, context)) for t in texts]
