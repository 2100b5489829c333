"""The officer's own API tokens: make one, shown once; list; revoke."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.services import tokens
from jpa.web.forms import Answer, form_page
from jpa.web.gate import ask, installation

pages = Blueprint("tokens", __name__, url_prefix="/account/tokens")


@pages.route("/", methods=["GET", "POST"])
def listed() -> Answer:
    """List the tokens in force; make a new one and show it this once."""
    here, asked = installation(), ask()
    made, fields = None, {}
    if request.method == "POST":
        try:
            made = tokens.make_token(here, asked, request.form.get("name", ""), request.form.get("days", ""))
        except InvalidInputError as error:
            fields = error.fields
    typed = request.form if len(fields) > 0 else {}
    return form_page(
        "tokens.html", fields, tokens=tokens.list_tokens(here, asked), made=made, typed=typed, most=tokens.MOST_DAYS
    )


@pages.post("/<id:token>/revoke")
def revoke(token: str) -> Response:
    """Revoke a token."""
    tokens.revoke_token(installation(), ask(), token)
    flash(_("The token was revoked; it opens nothing any more."))
    return redirect(url_for("tokens.listed"))
