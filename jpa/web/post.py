"""The post: what was sent to partners' installations and what came from them; where each takes post."""

from typing import Final

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from jpa.errors import InvalidInputError
from jpa.model.post import PostKind
from jpa.services import post as post_services
from jpa.services import post_cards
from jpa.sharing import post_card
from jpa.sharing.proposals import MOST_BYTES
from jpa.web.forms import Answer, chosen
from jpa.web.gate import ask, installation

pages = Blueprint("post", __name__, url_prefix="/packages/post")

_FILES: Final = "application/octet-stream"


@pages.get("/")
def listed() -> str:
    """Show what is on its way, what arrived, what came."""
    return _page({})


@pages.post("/send/<id:this>")
def send(this: str) -> Answer:
    """Put a package, notice, receipt or acknowledgement on its way."""
    try:
        kind = chosen(PostKind, request.form.get("kind", ""), "kind")
        post_services.send_by_post(installation().stores, ask(), kind, this)
    except InvalidInputError as error:
        return _page(error.fields), 422
    flash(_("It is on its way. This page says when it has arrived."))
    return redirect(url_for("post.listed"))


@pages.post("/proposals")
def proposals() -> Answer:
    """Sign proposals that the viewer saved, and put them on their way."""
    sent = request.files.get("proposals")
    try:
        content = b"" if sent is None else sent.stream.read(MOST_BYTES + 1)
        post_services.send_proposals(installation().stores, ask(), content)
    except InvalidInputError as error:
        return _page({"proposals": error.fields.get("file", str(error)), **error.fields}), 422
    flash(_("Signed and on their way."))
    return redirect(url_for("post.listed"))


@pages.post("/<id:item>/now")
def now(item: str) -> Redirect:
    """Try at once."""
    post_services.send_now(installation().stores, ask(), item)
    flash(_("It is tried now."))
    return redirect(url_for("post.listed"))


@pages.post("/<id:item>/take-back")
def take_back(item: str) -> Redirect:
    """Send it no more."""
    post_services.take_back(installation().stores, ask(), item)
    flash(_("Taken back. What had left of it cannot be opened as a whole."))
    return redirect(url_for("post.listed"))


@pages.get("/card")
def card() -> Response:
    """Hand the own post card out."""
    name, content = post_cards.write_post_card_file(installation().stores, ask())
    answer = make_response(content)
    answer.headers["Content-Type"] = _FILES
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.route("/places", methods=["GET", "POST"])
def places() -> Answer:
    """Show where this installation and its partners take post; pin a partner's card."""
    fields: dict[str, str] = {}
    if request.method == "POST":
        sent = request.files.get("card")
        try:
            content = b"" if sent is None else sent.stream.read(post_card.MOST_BYTES + 1)
            pinned = post_cards.pin_post_card(installation().stores, ask(), content)
            flash(
                _(
                    "Post of %(agency)s goes to %(where)s from now on.",
                    agency=pinned.agency,
                    where=pinned.address or "-",
                )
            )
            return redirect(url_for("post.places"))
        except InvalidInputError as error:
            fields = error.fields
    shown = post_cards.read_places(installation().stores, ask())
    page = render_template("post/places.html", fields=fields, places=shown)
    return page if len(fields) == 0 else (page, 422)


def _page(fields: dict[str, str]) -> str:
    asked = ask()
    return render_template(
        "post/list.html", fields=fields, box=post_services.read_post(installation().stores, asked), at=asked.at
    )
