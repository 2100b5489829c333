"""Entities: the page, correcting a record, stating a role, sealing a victim."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.entity_resolution.blind_keys import ASKABLE
from jpa.errors import InvalidInputError
from jpa.model.case import CaseRole
from jpa.model.catalogue import VICTIM
from jpa.services import entities, reports, roles, victims
from jpa.web.context import marking
from jpa.web.corrections import said_by, typed_properties
from jpa.web.forms import Answer, form_page, skipped
from jpa.web.gate import ask, installation

pages = Blueprint("entities", __name__, url_prefix="/entities")


@pages.get("/<record>")
def show(record: str) -> str:
    """Show the entity that holds a record now, from exactly what this officer may read."""
    skip = skipped()
    file = entities.read_entity(installation().stores, ask(), record, skip=skip)
    shown = [*file.entity.reports.values(), *(t.report for t in file.ties)]
    return render_template(
        "entities/show.html", file=file, entity=file.entity, marking=marking(shown), skip=skip, asked=record,
        roles=CaseRole, VICTIM=VICTIM, askable=ASKABLE,
    )  # fmt: skip


@pages.get("/<record>/glance")
def glance(record: str) -> str:
    """Return the side panel's fragment for the chart."""
    file = entities.read_entity(installation().stores, ask(), record, limit=20)
    return render_template("entities/glance.html", file=file, entity=file.entity)


@pages.route("/<record>/correct", methods=["GET", "POST"])
def correct(record: str) -> Answer:
    """Correct a record: a new one supersedes it, the old one stays as history."""
    stores, asked, form = installation().stores, ask(), request.form
    file = entities.read_entity(stores, asked, record)
    old = next((r for r in (*file.entity.records, *file.entity.history) if r.id == record), None)
    old = old or (*file.entity.records, *file.entity.history)[0]
    report = file.entity.reports[old.report]
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            said = said_by(form, report, asked.at)
            typed = typed_properties(form, file.entity.entity_type.properties)
            new = reports.correct_record(stores, asked, old.id, typed, said)
        except InvalidInputError as error:
            fields = error.fields or {"": str(error)}
        else:
            flash(_("Corrected. The earlier record stays in the history."))
            return redirect(url_for("entities.show", record=new.id))
    return form_page(
        "entities/correct.html",
        fields,
        record=old,
        report=report,
        entity=file.entity,
        marking=marking([report]),
        typed=form,
    )


@pages.post("/<record>/role")
def role(record: str) -> Response:
    """State the role of a record in the case of its report."""
    roles.state_role(installation().stores, ask(), request.form.get("stated", record), request.form.get("role", ""))
    flash(_("The role was added; it belongs to the case, not to the person."))
    return redirect(url_for("entities.show", record=record))


@pages.post("/<record>/seal")
def seal(record: str) -> Response:
    """Seal a person who turned out to be a victim."""
    stores, asked = installation().stores, ask()
    file = entities.read_entity(stores, asked, record)
    case = next(iter(file.entity.reports.values())).case
    coded = {p.name: request.form.getlist(p.name) for p in VICTIM.coded}
    pseudonym = victims.seal_entity(stores, asked, record, coded)
    flash(_("Sealed as %(name)s. The identity now lies in the vault alone.", name=pseudonym))
    flash(_("Old bytes stay in the database's files until the owner of the installation runs jpa compact; tell them."))
    return redirect(url_for("sealed_evidence.search", case=case))
