"""Entities: the page, and correcting a record."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.draft import TypedReport
from jpa.model.grading import Grade
from jpa.services import entities, reports, victims
from jpa.web.context import marking
from jpa.web.gate import ask, installation

pages = Blueprint("entities", __name__, url_prefix="/entities")


@pages.get("/<record>")
def show(record: str) -> str:
    """Show the entity that holds a record now, from exactly what this officer may read."""
    skip = max(0, request.args.get("skip", 0, type=int))
    file = entities.read_entity(installation().stores, ask(), record, skip=skip)
    shown = [*file.entity.reports.values(), *(t.report for t in file.ties)]
    return render_template(
        "entities/show.html", file=file, entity=file.entity, marking=marking(shown), skip=skip, asked=record
    )


@pages.get("/<record>/glance")
def glance(record: str) -> str:
    """Return the side panel's fragment for the chart."""
    file = entities.read_entity(installation().stores, ask(), record, limit=20)
    return render_template("entities/glance.html", file=file, entity=file.entity)


@pages.route("/<record>/correct", methods=["GET", "POST"])
def correct(record: str) -> Response | str:
    """Correct a record: a new one supersedes it, the old one stays as history."""
    stores, asked = installation().stores, ask()
    file = entities.read_entity(stores, asked, record)
    old = next((r for r in file.entity.records if r.id == record), file.entity.records[0])
    report = file.entity.reports[old.report]
    if request.method == "POST":
        form = request.form
        names = [p.name for p in ENTITY_TYPES[old.type].properties]
        typed = {n: form.get(n, "").splitlines() for n in names if form.get(n, "").strip() != ""}
        grade = Grade(report.grade.scheme, report.grade.source, report.grade.information, report.grade.handling)
        said = TypedReport(
            report.case, _("Correction"), form.get("source_reference", ""), asked.at.date().isoformat(), grade, report.marking,
            form.get("reason", ""),
        )  # fmt: skip
        new = reports.correct_record(stores, asked, old.id, typed, said)
        flash(_("Corrected. The earlier record stays in the history."))
        return redirect(url_for("entities.show", record=new.id))
    return render_template(
        "entities/correct.html", record=old, report=report, entity=file.entity, marking=marking([report])
    )


@pages.post("/<record>/seal")
def seal(record: str) -> Response:
    """Seal a person who turned out to be a victim."""
    stores, asked = installation().stores, ask()
    file = entities.read_entity(stores, asked, record)
    case = next(iter(file.entity.reports.values())).case
    pseudonym = victims.seal_entity(stores, asked, record, {})
    flash(_("Sealed as %(name)s. The identity now lies in the vault alone.", name=pseudonym))
    return redirect(url_for("cases.show", case=case))
