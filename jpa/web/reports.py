"""Reports: the one-screen entry, understanding each line, what is already known, the report's page."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model import codes
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.case import CaseRole
from jpa.model.catalogue import LINK_TYPES
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import SCHEMES, Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.schema import EntityType
from jpa.model.value_types import Context
from jpa.services import cases, reports, search
from jpa.services.stores import require
from jpa.web.context import marking
from jpa.web.forms import chosen
from jpa.web.gate import ask, installation
from jpa.web.lines import SUGGESTED, read_line

pages = Blueprint("reports", __name__)


@pages.route("/cases/<case>/reports/new", methods=["GET", "POST"])
def new(case: str) -> Response | str | tuple[str, int]:
    """Enter a report with its things and ties."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = reports.add_report(stores, asked, _typed(case, request.form))
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("Saved: %(n)s records, %(t)s ties.", n=len(made.records), t=len(made.links)))
            return redirect(url_for("reports.show", report=made.report.id))
    this = cases.read_case(stores, asked, case)
    page = render_template(
        "reports/new.html", case=this.case, team=this.team, fields=fields, typed=request.form, rows=_rows(request.form),
        kinds=codes.load("report_kinds").pairs, schemes=SCHEMES, tlps=Tlp, roles=CaseRole,
    )  # fmt: skip
    return page if len(fields) == 0 else (page, 422)


@pages.post("/cases/<case>/reports/understand")
def understand(case: str) -> str | tuple[str, int]:
    """Understand one typed line and return its table row."""
    _note_entry(case)
    read = read_line(request.form.get("line", "")[:2000])
    if read is None:
        return "", 422
    return render_template("reports/row.html", row=_row(request.form["line"][:2000], *read, "", "", ""), roles=CaseRole)


@pages.post("/cases/<case>/reports/known")
def known(case: str) -> str:
    """Say what is already known of the lines typed so far."""
    _note_entry(case)
    stores, asked = installation().stores, ask()
    found = []
    for line in request.form.getlist("line")[:40]:
        read = read_line(line)
        if read is not None:
            text = next(iter(next(iter(read[1].values()), [])), "")
            found += [
                (line, hit)
                for hit in search.search_all(stores, asked, text).hits[:3]
                if hit.glance.type == read[0].name
            ]
    return render_template("reports/known.html", found=found[:12])


@pages.get("/reports/<report>")
def show(report: str) -> str:
    """Show a report and what it states."""
    file = reports.read_report(installation().stores, ask(), report)
    return render_template("reports/show.html", file=file, report=file.report, marking=marking([file.report]))


def _note_entry(case: str) -> None:
    asked = ask()
    with installation().stores.audit.act(AuditTag.LINES_UNDERSTOOD, asked.officer, object=case, at=asked.at):
        require(asked, Action.ADD_REPORT)


def _typed(case: str, form: MultiDict[str, str]) -> TypedReport:
    scheme = form.get("grade_scheme", "4x4")
    grade = Grade(scheme, form.get("grade_source", ""), form.get("grade_information", ""), form.get("handling", ""))
    tlp = chosen(Tlp, form.get("tlp", Tlp.AMBER_STRICT.value), "tlp")
    records, links = [], []
    problems = {}
    lists = [form.getlist(n) for n in ("line", "role", "tie", "to")]
    for number, (line, role, tie, to) in enumerate(zip(*lists, strict=False), start=1):
        read = read_line(line)
        if read is None:
            problems[f"line {number}"] = _("Begin the line with what it is: person, vessel, phone, account, place…")
            continue
        records.append(TypedRecord(str(number), read[0].name, read[1], role=role))
        if tie != "" and to != "":
            links.append(_link(tie, str(number), to))
    if len(problems) > 0:
        raise InvalidInputError(_("The report was not saved; what you typed is still here."), problems)
    return TypedReport(
        case=case,
        title=form.get("title", ""),
        source_reference=form.get("source_reference", ""),
        date=form.get("date", ""),
        grade=grade,
        marking=Marking(tlp, Release.OWN_AGENCY, (), form.get("handling", "")),
        text=form.get("text", ""),
        records=records,
        links=links,
        victims=[TypedVictim({"name": [n]}, {}) for n in form.get("victims", "").splitlines() if n.strip() != ""],
    )


def _link(tie: str, own: str, to: str) -> TypedLink:
    name, _, direction = tie.partition(":")
    source, target = (to, own) if direction == "in" else (own, to)
    return TypedLink(name, source, target)


def _rows(form: MultiDict[str, str]) -> list[dict[str, object]]:
    lists = [form.getlist(n) for n in ("line", "role", "tie", "to")]
    rows = []
    for line, role, tie, to in zip(*lists, strict=False):
        read = read_line(line)
        if read is not None:
            rows.append(_row(line, *read, role, tie, to))
    return rows


def _row(
    line: str, declared: EntityType, values: dict[str, list[str]], role: str, tie: str, to: str
) -> dict[str, object]:
    asked = ask()
    context = Context(state=asked.officer.state, today=asked.at.date())
    understood = [
        (declared.property(n).label, t, declared.property(n).type.clean(t, context), declared.property(n).type)
        for n, texts in values.items()
        for t in texts
    ]
    ties = [(f"{t.name}:out", t.label) for t in LINK_TYPES.values() if declared.name in t.sources]
    ties += [(f"{t.name}:in", t.reverse) for t in LINK_TYPES.values() if declared.name in t.targets and not t.symmetric]
    suggested = SUGGESTED.get(declared.name)
    return {
        "line": line,
        "type": declared,
        "understood": understood,
        "doubtful": any(value.clean is None for _label, _typed_text, value, _type in understood),
        "caption": understood[0][1] if len(understood) > 0 else declared.label,
        "role": role,
        "tie": tie,
        "to": to,
        "ties": ties,
        "suggest": "" if suggested is None else f"{suggested}:in",
    }
