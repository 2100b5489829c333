"""Requests to other agencies: inbox and outbox, a new one from a case, what either desk does; figures and the reciprocity meter."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model.access import Action, can
from jpa.model.agreement import CEILING_RELEASES, Purpose
from jpa.model.marking import Tlp
from jpa.model.request import Kind, Refusal, Request, Urgency
from jpa.services import post, reciprocity, request_figures, request_moves, request_post, requests
from jpa.services.figure_files import TableForm
from jpa.services.flows import where_of
from jpa.services.post import PostBox
from jpa.services.request_markings import TypedMarking
from jpa.services.request_moves import TypedAnswer
from jpa.services.requests import TypedRequest
from jpa.services.stores import Ask, Stores
from jpa.statistics.requests import REQUEST_DIMENSIONS, REQUEST_MEASURES, RequestQuestion
from jpa.web.forms import Answer, chosen, form_page, skipped
from jpa.web.gate import ask, installation

pages = Blueprint("requests", __name__, url_prefix="/requests")

PAGE: Final = 50
FIRST: Final = ("asking_state", "asked_state")
"""What the page of figures opens with: the pairs of states."""


@pages.get("/")
def listed() -> str:
    """Show inbox, outbox and drafts, or the requests behind a figure."""
    question, skip = replace(question_asked(), dimensions=()), skipped()
    found = request_figures.list_requests(installation().stores, ask(), question, skip=skip, limit=PAGE)
    return render_template(
        "requests/list.html", found=found, question=question, measure=REQUEST_MEASURES[question.measure], skip=skip, page=PAGE,
        args=request_args(question), dimensions=REQUEST_DIMENSIONS, caption=found.captions.caption, own=ask().officer.agency,
    )  # fmt: skip


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Draft a request about a case."""
    stores, asked, form = installation().stores, ask(), request.form
    case = request.values.get("case", "")
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = requests.draft_request(stores, asked, _typed(form, case))
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("The draft is kept. Read it once more, then send it."))
            return redirect(url_for("requests.show", this=made.id))
    choices = requests.read_form(stores, asked, case)
    typed = form if request.method == "POST" else MultiDict({"jpa": choices.case.jpa or ""})
    return form_page(
        "requests/new.html", fields, choices=choices, case=choices.case, typed=typed, kinds=_pairs(Kind), urgencies=_pairs(Urgency),
        purposes=_pairs(Purpose), tlps=_pairs(Tlp), releases=_pairs(CEILING_RELEASES),
    )  # fmt: skip


@pages.get("/<id:this>")
def show(this: str) -> str:
    """Open a request."""
    return _page(this, {})


@pages.post("/<id:this>/send")
def send(this: str) -> Answer:
    """Put a draft into the other desk's inbox."""
    return _done(
        this,
        request_moves.send_request,
        _("The request lies in the other desk's inbox, or is on its way there by post."),
    )


@pages.post("/<id:this>/acknowledge")
def acknowledge(this: str) -> Answer:
    """Say that it was received."""
    return _done(this, request_moves.acknowledge_request, _("The asking desk sees that you are working on it."))


@pages.post("/<id:this>/answer")
def answer(this: str) -> Answer:
    """Answer in full or in part."""
    typed, in_full = _answer(), request.form.get("part", "") == ""

    def do(stores: Stores, asked: Ask, which: str) -> Request:
        return request_moves.answer_request(stores, asked, which, typed, in_full=in_full)

    return _done(this, do, _("The answer lies with the asking desk."))


@pages.post("/<id:this>/refuse")
def refuse(this: str) -> Answer:
    """Refuse with a coded reason."""
    typed = _answer()
    return _done(
        this,
        lambda stores, asked, which: request_moves.refuse_request(stores, asked, which, typed),
        _("The asking desk sees the reason."),
    )


@pages.post("/<id:this>/withdraw")
def withdraw(this: str) -> Answer:
    """Take it back."""
    return _done(this, request_moves.withdraw_request, _("The request is withdrawn."))


@pages.post("/<id:this>/remind")
def remind(this: str) -> Answer:
    """Remind the asked desk."""
    return _done(this, request_moves.remind_request, _("The other desk sees your reminder."))


@pages.post("/<id:this>/message")
def message(this: str) -> Answer:
    """Say something to the other desk."""
    typed = _answer()
    return _done(
        this,
        lambda stores, asked, which: request_moves.message_request(stores, asked, which, typed),
        _("The other desk sees your message."),
    )


@pages.get("/figures")
def figures() -> str:
    """Count requests by pair of states and so on."""
    question = question_asked(FIRST)
    asked = [question, *(replace(question, measure=m) for m in REQUEST_MEASURES)]
    main, *all_measures = request_figures.read_figures(installation().stores, ask(), asked)
    return render_template(
        "requests/figures.html", main=main, beside=all_measures, question=question, measures=REQUEST_MEASURES,
        dimensions=REQUEST_DIMENSIONS, args=request_args(question), caption=main.captions.caption, link=_link,
    )  # fmt: skip


@pages.get("/figures/file")
def figures_file() -> Response:
    """Hand out a table as a file."""
    form = chosen(TableForm, request.args.get("form", ""), "form")
    table = request_figures.read_figures(installation().stores, ask(), [question_asked(FIRST)])[0]
    name, content = request_figures.write_figures(table, form)
    handed = make_response(content)
    handed.headers["Content-Type"] = "application/octet-stream"
    handed.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return handed


@pages.get("/reciprocity")
def meter() -> str:
    """Show what passed between the own agency and each other one, in both directions."""
    found = reciprocity.read_meter(installation().stores, ask())
    return render_template(
        "requests/reciprocity.html", meter=found, sharings=reciprocity.SHARINGS, measures=REQUEST_MEASURES, link=_link,
        question=RequestQuestion,
    )  # fmt: skip


def request_args(question: RequestQuestion) -> dict[str, Any]:
    """Return a question as the part of an address behind the question mark: codes, agencies and days."""
    where = [f"{dimension}:{label}" for dimension, labels in question.where.items() for label in labels]
    said = {"by": list(question.dimensions), "where": where}
    return {"measure": question.measure, **{name: value for name, value in said.items() if value}}


def question_asked(by: tuple[str, ...] = ()) -> RequestQuestion:
    """Read a question off the address."""
    given = request.args
    where = where_of(text for text in given.getlist("where") if text)
    named = tuple(d for d in given.getlist("by") if d) or by
    return RequestQuestion(given.get("measure", "requests_sent"), named, where)


def _link(question: RequestQuestion, dimensions: tuple[str, ...] = (), labels: tuple[str, ...] = ()) -> str:
    cell = question.within(dict(zip(dimensions, labels, strict=True)))
    return url_for("requests.listed", **request_args(cell))


def _done(this: str, do: Callable[[Stores, Ask, str], Request], said: str) -> Answer:
    """Do one thing about a request; a form that cannot be taken is shown again with its problems."""
    try:
        do(installation().stores, ask(), this)
    except InvalidInputError as error:
        return _page(this, error.fields), 422
    flash(said)
    return redirect(url_for("requests.show", this=this))


def _page(this: str, fields: dict[str, str]) -> str:
    asked = ask()
    opened = requests.read_request(installation().stores, asked, this)
    mine = opened.this.asker == asked.officer.agency
    return render_template(
        "requests/show.html", opened=opened, this=opened.this, fields=fields, typed=request.form, mine=mine, refusals=_pairs(Refusal),
        tlps=_pairs(Tlp), releases=_pairs(CEILING_RELEASES), overdue=opened.this.is_overdue(asked.at), left=opened.this.days_left(asked.at),
        names={opened.asker.id: opened.asker.name, opened.asked.id: opened.asked.name}, at=asked.at, box=_post(this),
        left_behind=request_post.moves_left_behind(installation().stores, asked, this),
    )  # fmt: skip


def _post(this: str) -> PostBox | None:
    return post.read_post(installation().stores, ask(), this) if can(ask().officer, Action.READ_PACKAGE) else None


def _typed(form: MultiDict[str, str], case: str) -> TypedRequest:
    agreement, _mark, partner = form.get("under", "").partition(":")
    return TypedRequest(
        case, partner, agreement, form.get("purpose", ""), form.get("kind", ""), form.get("text", ""), form.get("basis", ""),
        form.get("due", ""), form.get("urgency", ""), form.get("jpa", ""), _marking(form),
    )  # fmt: skip


def _answer() -> TypedAnswer:
    form = request.form
    return TypedAnswer(
        form.get("text", ""), form.get("reference", ""), form.get("code", ""), form.get("case", ""), _marking(form)
    )


def _marking(form: MultiDict[str, str]) -> TypedMarking:
    unsaid = TypedMarking()
    return TypedMarking(
        form.get("tlp", unsaid.tlp), form.get("release", unsaid.release), form.get("handling", ""), form.get("pap", unsaid.pap)
    )  # fmt: skip


def _pairs(choices: Any) -> list[tuple[str, str]]:
    return [(c.value, c.value) for c in choices]
