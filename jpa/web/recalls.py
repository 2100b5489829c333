"""Recalls and corrections: the board of who still holds what, drafts that a second officer releases, files in and out."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from jpa.errors import InvalidInputError
from jpa.model.marking import Pap, Release, Tlp, states_named
from jpa.model.notice import Marked, NoticeKind, RecallReason
from jpa.services import answers as answer_services
from jpa.services import messages_in, packages, recall_inbox, recalls
from jpa.services.notice_drafts import TIME_TO_ANSWER, TypedNotice
from jpa.sharing.notice import MOST_BYTES
from jpa.sharing.proposals import KIND as PROPOSALS
from jpa.web.forms import Answer, chosen, form_page
from jpa.web.gate import ask, installation

pages = Blueprint("recalls", __name__, url_prefix="/packages/recalls")

REASONS = tuple((r.value, r.value) for r in RecallReason)
KINDS = tuple((k.value, k.value) for k in NoticeKind)
RELEASES = tuple((r.value, r.value) for r in Release if r is not Release.JPA)


@pages.get("/")
def board() -> str:
    """Show who still holds what, and what was received."""
    return _board_page({})


@pages.post("/receive")
def receive() -> Answer:
    """Take a signed message about a package in: recall, correction, acknowledgement, receipt."""
    sent = request.files.get("message")
    try:
        content = b"" if sent is None else sent.stream.read(MOST_BYTES + 2048)
        taken = messages_in.receive_message(installation().stores, ask(), content)
    except InvalidInputError as error:
        return _board_page(error.fields), 422
    flash(taken.words)
    if taken.kind == PROPOSALS:
        return redirect(url_for("recalls.answers", package=taken.package))
    if taken.notice == "":
        return redirect(url_for("packages.show", package=taken.package))
    return redirect(url_for("recalls.show", notice=taken.notice))


@pages.route("/new/<id:package>", methods=["GET", "POST"])
def new(package: str) -> Answer:
    """Say what comes back, or is no longer so."""
    stores, asked, form = installation().stores, ask(), request.form
    this = packages.find_package(stores, asked, package)
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = recalls.draft_notice(stores, asked, package, _typed(form))
            flash(_("The draft is kept. Another officer of your agency releases it."))
            return redirect(url_for("recalls.show", notice=made.id))
        except InvalidInputError as error:
            fields = error.fields
    return form_page(
        "recalls/new.html", fields, this=this, typed=form, reasons=REASONS, kinds=KINDS, releases=RELEASES,
        tlps=[(t.value, t.value) for t in Tlp], paps=[(p.value, p.value) for p in Pap],
        deadline=(asked.at + TIME_TO_ANSWER).date().isoformat(),
    )  # fmt: skip


@pages.get("/<id:notice>")
def show(notice: str) -> str:
    """Open a notice of either side."""
    return _page(notice, {})


@pages.post("/<id:notice>/release")
def release(notice: str) -> Answer:
    """Sign it as the second officer, with password and second factor entered anew."""
    form = request.form
    try:
        recalls.release_notice(installation(), ask(), notice, form.get("password", ""), form.get("code", ""))
    except InvalidInputError as error:
        return _page(notice, error.fields), 422
    flash(_("You released this notice. Hand the signed file to the recipient."))
    return redirect(url_for("recalls.show", notice=notice))


@pages.post("/<id:notice>/discard")
def discard(notice: str) -> Redirect:
    """Throw a draft away."""
    recalls.discard_notice(installation().stores, ask(), notice)
    flash(_("The draft is discarded."))
    return redirect(url_for("recalls.board"))


@pages.get("/<id:notice>/file")
def file(notice: str) -> Response:
    """Hand the signed notice out."""
    return _handed(*recalls.write_notice_file(installation().stores, ask(), notice))


@pages.get("/<id:notice>/acknowledgement")
def acknowledgement(notice: str) -> Response:
    """Hand the signed answer out."""
    return _handed(*recall_inbox.write_acknowledgement_file(installation().stores, ask(), notice))


@pages.get("/answers/<id:package>")
def answers(package: str) -> str:
    """Show what a package's recipient proposes, item by item."""
    return _answers_page(package, {})


@pages.post("/answers/<id:package>/<id:answer>/accept")
def accept(package: str, answer: str) -> Answer:
    """Let an item become a judgement, a correction or a report."""
    try:
        done = answer_services.accept_answer(installation().stores, ask(), answer)
    except InvalidInputError as error:
        return _answers_page(package, error.fields), 422
    flash(_("Accepted: it became %(what)s.", what="" if done.decision is None else done.decision.text))
    return redirect(url_for("recalls.answers", package=package))


@pages.post("/answers/<id:package>/<id:answer>/refuse")
def refuse(package: str, answer: str) -> Answer:
    """Refuse an item, with a reason."""
    try:
        answer_services.refuse_answer(installation().stores, ask(), answer, request.form.get("reason", ""))
    except InvalidInputError as error:
        return _answers_page(package, error.fields), 422
    flash(_("Refused; the reason is kept."))
    return redirect(url_for("recalls.answers", package=package))


def _answers_page(package: str, fields: dict[str, str]) -> str:
    this, found = answer_services.list_answers(installation().stores, ask(), package)
    return render_template("recalls/answers.html", fields=fields, this=this, answers=found)


def _typed(form: MultiDict[str, str]) -> TypedNotice:
    kind = chosen(NoticeKind, form.get("kind", ""), "kind")
    marked = []
    if kind is NoticeKind.CORRECTION and form.get("report", "").strip() != "":
        names = states_named(form.get("names", ""))
        marked = [
            Marked(
                form["report"].strip(), chosen(Tlp, form.get("tlp", ""), "tlp"), chosen(Pap, form.get("pap", ""), "pap"),
                chosen(Release, form.get("release", ""), "release"), tuple(names), form.get("handling", "").strip(),
            )
        ]  # fmt: skip
    return TypedNotice(
        kind, form.get("deadline", ""), form.get("reason", ""), form.get("items", "").replace(",", " ").split(), marked,
        form.get("text", ""),
    )  # fmt: skip


def _handed(name: str, content: bytes) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _board_page(fields: dict[str, str]) -> str:
    asked = ask()
    lines, received = recalls.read_board(installation().stores, asked)
    waiting = [n for line in lines for n in line.notices if n.state == "draft"]
    return render_template(
        "recalls/board.html", fields=fields, lines=lines, received=received, waiting=waiting, today=asked.at.date()
    )


def _page(notice: str, fields: dict[str, str]) -> str:
    asked = ask()
    this, package = recalls.read_notice(installation().stores, asked, notice)
    return render_template("recalls/show.html", fields=fields, this=this, package=package, today=asked.at.date())
