"""Open quality questions, and the table of national articles that answers one of them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from jpa.errors import InvalidInputError
from jpa.model import codes
from jpa.model.access import Action
from jpa.model.article import Confidence
from jpa.services import articles, quality
from jpa.services.stores import require
from jpa.statistics.quality import STALE_AFTER_MONTHS
from jpa.web.forms import Answer
from jpa.web.gate import ask, installation

pages = Blueprint("quality", __name__)


@pages.get("/questions")
def questions() -> str:
    """List what somebody should complete."""
    months = request.args.get("months", STALE_AFTER_MONTHS, type=int)
    return render_template("quality/questions.html", asked=quality.read_questions(installation().stores, ask(), months))


@pages.get("/articles")
def table() -> str:
    """Show the own state's table of articles and what it lacks."""
    return _table()[0]


@pages.post("/articles")
def add() -> Answer:
    """Add one entry, or all rows of a file."""
    stores, asked = installation().stores, ask()
    require(asked, Action.KEEP_ARTICLES)
    try:
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            made = articles.add_entries(stores, asked, articles.read_file(upload.read()))
        else:
            made = [articles.add_entry(stores, asked, request.form)]
    except InvalidInputError as error:
        return _table(error)
    flash(ngettext("%(num)s entry stands in the table.", "%(num)s entries stand in the table.", len(made)))
    return redirect(url_for("quality.table"))


@pages.post("/articles/<id:article>/withdraw")
def withdraw(article: str) -> Answer:
    """Withdraw an entry."""
    articles.withdraw_entry(installation().stores, ask(), article)
    flash(_("The entry was withdrawn; figures made from now on do without it."))
    return redirect(url_for("quality.table"))


def _table(error: InvalidInputError | None = None) -> tuple[str, int]:
    shown = render_template(
        "quality/articles.html",
        page=articles.read_table(installation().stores, ask()),
        iccs=codes.load("iccs"),
        offences=[("", _("choose")), *((code, f"{code} {label}") for code, label in codes.load("iccs").marked)],
        confidences=[(c.value, c.value) for c in Confidence],
        columns=articles.COLUMNS,
        typed=request.form,
        fields={} if error is None else error.fields,
    )
    return shown, 200 if error is None else 422
