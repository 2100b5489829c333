"""Figures: the dashboard of a joint period, the table builder, the records behind a cell, saved views."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model.access import Action, can
from jpa.services import dashboards, figure_records, figures, request_figures, views
from jpa.services.figure_files import TableForm, write_table, written
from jpa.services.figures import Grid
from jpa.statistics.dimensions import DIMENSIONS
from jpa.statistics.measures import MEASURES
from jpa.statistics.tables import Credit, Question
from jpa.web.forms import chosen, skipped
from jpa.web.gate import ask, installation

pages = Blueprint("figures", __name__, url_prefix="/figures")

FIRST: Final = ("persons_arrested", ("state",))
"""What the table builder opens with."""
MOST_ROWS: Final = 400
MOST_HEADS: Final = 40
"""What a page shows of a table; a file has it all."""

pages.add_app_template_filter(written, "figure")


@pages.get("/")
def dashboard() -> str:
    """Show a joint period, the newest where none is chosen."""
    by = "month" if request.args.get("trend") == "month" else "year"
    stores, asked = installation().stores, ask()
    board = dashboards.read_dashboard(stores, asked, request.args.get("jpa", ""), by)
    counts = board is not None and can(asked.officer, Action.COUNT_REQUEST)
    between = request_figures.read_of_jpa(stores, asked, board.jpa.id) if board is not None and counts else []
    return render_template("figures/dashboard.html", board=board, by=by, requests=between)


@pages.get("/table")
def table() -> str:
    """Build a table."""
    return _table_page({}, "")


@pages.get("/file")
def file() -> Response:
    """Hand out a table as a file."""
    form = chosen(TableForm, request.args.get("form", ""), "form")
    name, content = write_table(figures.read_table(installation().stores, ask(), _question(request.args), form), form)
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.get("/records")
def records() -> str:
    """Open a cell: what it rests on."""
    question, skip, months = _question(request.args), skipped(), request.args.get("months", type=int)
    found = figure_records.read_records(installation().stores, ask(), question, skip=skip, months=months)
    point = {} if months is None else {"months": months}
    return render_template(
        "figures/records.html", records=found, skip=skip, page=figure_records.PAGE, args=args_of(question), point=point,
        dimensions=DIMENSIONS,
    )  # fmt: skip


@pages.post("/views")
def save() -> Response | tuple[str, int]:
    """Keep a table under a name."""
    name, question = request.form.get("name", ""), _question(request.form)
    try:
        made = views.save_view(installation().stores, ask(), name, question, shared="shared" in request.form)
    except InvalidInputError as error:
        return _table_page(error.fields, name), 422
    flash(_("The table was saved as %(name)s.", name=made.name))
    return redirect(url_for("figures.table", **args_of(question)))


@pages.get("/views/<view>")
def show_view(view: str) -> Response:
    """Open a saved view: the table, counted now."""
    return redirect(url_for("figures.table", **args_of(views.read_view(installation().stores, ask(), view))))


@pages.post("/views/<view>/remove")
def remove(view: str) -> Response:
    """Forget an own view."""
    views.remove_view(installation().stores, ask(), view)
    flash(_("The saved table was removed; no figure has changed."))
    return redirect(url_for("figures.table"))


@pages.app_template_global("args_of")
def args_of(question: Question) -> dict[str, Any]:
    """Return a question as the part of an address behind the question mark."""
    where = [f"{dimension}:{label}" for dimension, labels in question.where.items() for label in labels]
    said = {"measure": question.measure, "by": list(question.dimensions), "where": where, "jpa": question.jpa}
    return {**{name: value for name, value in said.items() if value}, "credit": question.credit.value}


def _question(given: MultiDict[str, str]) -> Question:
    where: dict[str, list[str]] = {}
    for text in given.getlist("where"):
        dimension, _colon, label = text.partition(":")
        where.setdefault(dimension, []).append(label)
    by = [dimension for dimension in given.getlist("by") if dimension]
    credit = given.get("credit", figures.ALL)
    # The form always names a joint period; it says something for the two credits alone.
    jpa = given.get("jpa", "") if credit != figures.ALL else ""
    return figures.question_of(given.get("measure", FIRST[0]), by, where, credit, jpa)


def _table_page(fields: Mapping[str, str], name: str) -> str:
    asked = request.values
    question = _question(asked) if "measure" in asked else figures.question_of(*FIRST)
    desk = views.read_desk(installation().stores, ask(), question)
    return render_template(
        "figures/table.html", desk=desk, answer=desk.answer, question=question, grid=Grid.of(desk.answer), fields=fields,
        name=name, args=args_of(question), measures=MEASURES, dimensions=DIMENSIONS, credits=Credit, most_rows=MOST_ROWS,
        most_heads=MOST_HEADS, link=lambda labels: _records_of(question, labels),
    )  # fmt: skip


def _records_of(question: Question, labels: Sequence[str]) -> str:
    cell = question.within(dict(zip(question.dimensions, labels, strict=False)))  # without labels: the total
    return url_for("figures.records", **args_of(cell))
