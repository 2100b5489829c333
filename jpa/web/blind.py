"""Blind questions: ask partners about one thing, the log of both sides, from a reference to the record."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from jpa.entity_resolution.blind_keys import ASKABLE
from jpa.errors import InvalidInputError
from jpa.model.access import Action
from jpa.model.agreement import Purpose
from jpa.model.blind import MOST_OF_OFFICER
from jpa.model.catalogue import ENTITY_TYPES
from jpa.services import blind, blind_log, blind_post
from jpa.services.blind import TypedQuestion
from jpa.services.blind_post import Answers
from jpa.services.stores import require
from jpa.web.forms import Answer, form_page, skipped
from jpa.web.gate import ask, installation

pages = Blueprint("blind", __name__, url_prefix="/blind")

_FIRST: Final = ASKABLE[0]


@pages.get("/")
def listed() -> str:
    """Show what the agency asked and was asked."""
    skip = skipped()
    log = blind_log.read_log(installation().stores, ask(), skip)
    return render_template("blind/list.html", log=log, skip=skip, page=blind_log.PAGE)


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Ask partners whether they hold one thing."""
    stores, asked = installation().stores, ask()
    require(asked, Action.ASK_BLIND)
    kind, typed = request.values.get("type", _FIRST), MultiDict(request.form)
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            answers = blind_post.ask_everywhere(stores, asked, _typed(kind, typed))
        except InvalidInputError as error:
            fields = error.fields
        else:
            return _asked(answers)
    elif "record" in request.args:
        kind, said = blind.question_about(stores, asked, request.args["record"])
        typed = MultiDict(said)
    kind = kind if kind in ASKABLE else _FIRST
    return form_page(
        "blind/new.html", fields, typed=typed, kind=kind, kinds=[ENTITY_TYPES[name] for name in ASKABLE], most=MOST_OF_OFFICER,
        properties=blind.fields_of(kind), partners=blind.list_partners(stores, asked), purposes=list(Purpose),
        away=blind_post.list_away(stores, asked),
    )  # fmt: skip


@pages.get("/<id:this>")
def show(this: str) -> str:
    """Open one question; a reference that another desk reads out leads to the record."""
    stores, asked = installation().stores, ask()
    opened = blind_log.read_question(stores, asked, this)
    reference = request.args.get("reference", "")
    looked = None if reference.strip() == "" else blind_log.find_reference(stores, asked, this, reference)
    return render_template("blind/show.html", opened=opened, line=opened.line, reference=reference, looked=looked)


def _asked(answers: Answers) -> Redirect:
    """Say what came of a question, and open its line of the log."""
    told, posted = answers.told, answers.posted
    hits = sum(1 for one in told if one.question.hit)
    if hits > 0:
        flash(ngettext("%(num)s hit: ask the desk.", "%(num)s hits: ask the desks.", hits))
    elif len(told) > 0:
        flash(_("No hit."))
    if len(posted) > 0:
        flash(
            ngettext(
                "%(num)s question is on its way; the answer comes into this log.",
                "%(num)s questions are on their way; the answers come into this log.",
                len(posted),
            )
        )
    lines = [*(one.question.id for one in told), *(item.subject for item in posted)]
    return redirect(url_for("blind.show", this=lines[0]) if len(lines) == 1 else url_for("blind.listed"))


def _typed(kind: str, form: MultiDict[str, str]) -> TypedQuestion:
    properties = {p.name: [form.get(p.name, "")] for p in blind.fields_of(kind)} if kind in ASKABLE else {}
    return TypedQuestion(
        type=kind,
        properties=properties,
        partners=tuple(form.getlist("partner")),
        purpose=form.get("purpose", ""),
        about=form.get("about", ""),
    )
