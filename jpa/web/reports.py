"""Reports: the one-screen entry, understanding each line, what is already known, the report's page, correcting a tie."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model import codes
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.case import CaseRole
from jpa.model.catalogue import LINK_TYPES, VICTIM
from jpa.model.grading import SCHEMES
from jpa.model.marking import Release, Tlp
from jpa.services import cases, links, reports, search
from jpa.services.stores import require
from jpa.web.context import marking
from jpa.web.corrections import said_by, typed_properties
from jpa.web.entry import (
    read_entry,
    read_files,
    row_of,
    rows_of,
    tie_row_of,
    tie_rows_of,
    typed_known,
    typed_victims,
)
from jpa.web.gate import ask, installation
from jpa.web.lines import read_line
from jpa.web.ties import read_tie

pages = Blueprint("reports", __name__)
MOST_TYPED = 2000
"""Characters of one line: more is a text, and has its own field."""


@pages.route("/cases/<case>/reports/new", methods=["GET", "POST"])
def new(case: str) -> Response | str | tuple[str, int]:
    """Enter a report with its things and ties."""
    stores, asked, form = installation().stores, ask(), request.form
    fields: dict[str, str] = {}
    files = read_files(form, request.files)
    jpas, _plans = cases.list_frames(stores, asked)
    if request.method == "POST":
        try:
            made = reports.add_report(stores, asked, read_entry(case, form, jpas), files)
        except InvalidInputError as error:
            fields = error.fields or {"": str(error)}
        else:
            flash(_("Saved: %(n)s records, %(t)s ties.", n=len(made.records), t=len(made.links)))
            if len(files) > 0:
                flash(_("Kept with it, encrypted: %(n)s files.", n=len(files)))
            return redirect(url_for("reports.show", report=made.report.id))
    this = cases.read_case(stores, asked, case)
    page = render_template(
        "reports/new.html", case=this.case, team=this.team, fields=fields, typed=form, rows=rows_of(form),
        kinds=codes.load("report_kinds").pairs, schemes=SCHEMES, tlps=Tlp, roles=CaseRole, tie_rows=tie_rows_of(form),
        releases=Release, jpas=jpas, known_things=typed_known(form), victims=typed_victims(form), VICTIM=VICTIM,
        chosen=[file.name for file in files],
    )  # fmt: skip
    return page if len(fields) == 0 else (page, 422)


@pages.post("/cases/<case>/reports/understand")
def understand(case: str) -> str | tuple[str, int]:
    """Understand one typed line, a thing or a tie, and return its table row."""
    _note_entry(case)
    line = request.form.get("line", "")[:MOST_TYPED]
    try:
        tie = read_tie(line)
    except InvalidInputError as error:
        return str(error), 422
    if tie is not None:
        return render_template("reports/tie.html", row=tie_row_of(line, tie))
    read = read_line(line)
    if read is None:
        return "", 422
    return render_template("reports/row.html", row=row_of(line, *read), roles=CaseRole)


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


@pages.route("/reports/<report>/links/<link>/correct", methods=["GET", "POST"])
def correct_link(report: str, link: str) -> Response | str | tuple[str, int]:
    """Correct a tie: a new one supersedes it, the old one stays on its report's page."""
    stores, asked, form = installation().stores, ask(), request.form
    file = links.read_link(stores, asked, report, link)
    declared = LINK_TYPES[file.link.type]
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            said = replace(said_by(form, file.report, asked.at), title=_("Correction of a tie"))
            new = links.correct_link(stores, asked, report, link, typed_properties(form, declared.properties), said)
        except InvalidInputError as error:
            fields = error.fields or {"": str(error)}
        else:
            flash(_("Corrected. The earlier tie stays on the page of its report."))
            return redirect(url_for("reports.show", report=new.report))
    page = render_template(
        "reports/correct.html", file=file, report=file.report, declared=declared, fields=fields, typed=form,
        marking=marking([file.report]),
    )  # fmt: skip
    return page if len(fields) == 0 else (page, 422)


def _note_entry(case: str) -> None:
    asked = ask()
    with installation().stores.audit.act(AuditTag.LINES_UNDERSTOOD, asked.officer, object=case, at=asked.at):
        require(asked, Action.ADD_REPORT)
