"""Returns: the board and inbox of who coordinates, the own agency's returns, joint cases, keys."""

from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.interchange.return_file import MOST_BYTES
from jpa.model import states
from jpa.model.access import Action, can
from jpa.model.fingerprint import spaced, words
from jpa.model.returns import WHOLE, Question
from jpa.services import agency_keys, joint_cases, post, return_inbox, return_post, returns
from jpa.services.post import PostBox
from jpa.services.returns import Preview
from jpa.statistics.dimensions import DIMENSIONS
from jpa.web.forms import Answer, form_page, skipped
from jpa.web.gate import ask, installation
from jpa.web.pictures import drawn

pages = Blueprint("returns", __name__, url_prefix="/returns")

ROWS: Final = 100
"""Rows of one page."""

pages.add_app_template_filter(spaced, "fingerprint")
pages.add_app_template_filter(words, "words")


@pages.get("/")
def listed() -> str:
    """Show boards, inbox and own returns."""
    return _list_page({})


@pages.post("/receive")
def receive() -> Answer:
    """Take a signed file in."""
    sent = request.files.get("file")
    try:
        content = b"" if sent is None else sent.stream.read(MOST_BYTES + 1)
        kept = return_inbox.receive_return(installation().stores, ask(), content)
    except InvalidInputError as error:
        return _list_page(error.fields), 422
    flash(_("The return is in the inbox. It counts once you accept it."))
    return redirect(url_for("returns.show", this=kept.id))


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Choose a joint period and a year, look at every row, keep a draft."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    preview: Preview | None = None
    if request.method == "POST":
        jpa, period = request.form.get("jpa", ""), request.form.get("period", "")
        try:
            if request.form.get("do") == "draft":
                made = returns.draft_return(stores, asked, jpa, period)
                flash(_("The draft is kept. Another supervisor releases it."))
                return redirect(url_for("returns.show", this=made.id))
            preview = returns.preview_return(stores, asked, jpa, period)
        except InvalidInputError as error:
            fields = error.fields
    jpas = returns.list_periods(stores, asked)
    years = sorted({str(y) for j in jpas for y in range(int(j.start[:4]), asked.at.year + 1)}, reverse=True)
    return form_page(
        "returns/new.html", fields, preview=preview, typed=request.form, jpas=jpas, years=years, whole=WHOLE,
        dimensions=DIMENSIONS, most=ROWS,
    )  # fmt: skip


@pages.get("/<id:this>")
def show(this: str) -> str:
    """Open a return."""
    return _page(this, {})


@pages.post("/<id:this>/release")
def release(this: str) -> Response:
    """Sign as the second officer."""
    returns.release_return(installation().stores, ask(), this)
    flash(_("You released this return. It can be sent now."))
    return redirect(url_for("returns.show", this=this))


@pages.post("/<id:this>/send")
def send(this: str) -> Response:
    """Put it into the coordinator's inbox."""
    item = return_post.send_return_to_coordinator(installation().stores, ask(), this)
    flash(
        _("The return lies in the coordinator's inbox.")
        if item is None
        else _("It is on its way by post. What the coordinator decides comes back by itself.")
    )
    return redirect(url_for("returns.show", this=this))


@pages.get("/<id:this>/file")
def file(this: str) -> Response:
    """Hand it out as a signed file."""
    name, content = returns.write_return_file(installation().stores, ask(), this)
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.post("/<id:this>/withdraw")
def withdraw(this: str) -> Answer:
    """Withdraw it, or throw a draft away."""
    try:
        returns.withdraw_return(installation().stores, ask(), this, request.form.get("reason", ""))
    except InvalidInputError as error:
        return _page(this, error.fields), 422
    flash(_("The return is withdrawn; it counts nowhere."))
    return redirect(url_for("returns.show", this=this))


@pages.post("/<id:this>/accept")
def accept(this: str) -> Response:
    """Let it count."""
    return_inbox.accept_return(installation().stores, ask(), this)
    flash(_("The return is accepted; the figures of the joint period take it in from now on."))
    return redirect(url_for("returns.show", this=this))


@pages.post("/<id:this>/query")
def query(this: str) -> Answer:
    """Ask the sender back."""
    code, text = request.form.get("code", ""), request.form.get("text", "")
    try:
        return_inbox.query_return(installation().stores, ask(), this, code, text)
    except InvalidInputError as error:
        return _page(this, error.fields), 422
    flash(_("The sender sees your question and answers with a new version."))
    return redirect(url_for("returns.show", this=this))


@pages.post("/<id:this>/reopen")
def reopen(this: str) -> Answer:
    """Take an acceptance or a question back."""
    try:
        return_inbox.reopen_return(installation().stores, ask(), this, request.form.get("reason", ""))
    except InvalidInputError as error:
        return _page(this, error.fields), 422
    flash(_("Taken back: the return waits in the inbox again."))
    return redirect(url_for("returns.show", this=this))


@pages.route("/joint", methods=["GET", "POST"])
def joint() -> Answer:
    """Tie own cases to joint cases by their codes."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    if request.method == "POST":
        case = request.form.get("case", "")
        try:
            if request.form.get("do") == "untie":
                joint_cases.untie_case(stores, asked, case)
                flash(_("The case counts by itself in returns made from now on."))
            else:
                joint_cases.tie_case(stores, asked, case, request.form.get("code", ""))
                flash(_("The case is tied. Hand its code to the other agency of the joint case, and to nobody else."))
            return redirect(url_for("returns.joint"))
        except InvalidInputError as error:
            fields = error.fields
    return form_page("returns/joint.html", fields, ties=joint_cases.list_cases(stores, asked), typed=request.form)


@pages.route("/keys", methods=["GET", "POST"])
def keys() -> Answer:
    """Show the own public key, pin or withdraw the keys of others."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    if request.method == "POST":
        form = request.form
        try:
            if form.get("do") == "withdraw":
                agency_keys.withdraw_key(stores, asked, form.get("fingerprint", ""))
                flash(_("The key is withdrawn; nothing that it signs is taken in any more."))
            else:
                agency_keys.pin_key(stores, asked, form.get("agency", ""), form.get("key", ""))
                flash(_("The key is pinned: what it signs is taken as that agency's."))
            return redirect(url_for("returns.keys"))
        except InvalidInputError as error:
            fields = error.fields
    ring = agency_keys.read_keys(stores, asked)
    return form_page("returns/keys.html", fields, ring=ring, typed=request.form, picture=drawn(ring.own.card.text))


def _post(this: str) -> PostBox | None:
    return post.read_post(installation().stores, ask(), this) if can(ask().officer, Action.READ_PACKAGE) else None


def _list_page(fields: dict[str, str]) -> str:
    stores, asked = installation().stores, ask()
    found = returns.list_returns(stores, asked)
    return render_template(
        "returns/list.html", fields=fields, boards=return_inbox.read_boards(stores, asked), whole=WHOLE,
        own=[one for one in found if one.this.agency == asked.officer.agency],
        inbox=[one for one in found if one.this.agency != asked.officer.agency], state_name=states.name_of,
        ties=can(asked.officer, Action.TIE_CASE),
    )  # fmt: skip


def _page(this: str, fields: dict[str, str]) -> str:
    opened, skip = returns.read_return_of(installation().stores, ask(), this), skipped()
    return render_template(
        "returns/show.html", opened=opened, this=opened.this, skip=skip, page=ROWS, fields=fields, whole=WHOLE,
        rows=opened.rows[skip : skip + ROWS], questions=Question, dimensions=DIMENSIONS, typed=request.form,
        mine=opened.this.agency == ask().officer.agency, at=ask().at, box=_post(this),
    )  # fmt: skip
