"""Reporting forms filled: shown on a page with a definition beside each figure, handed out as a workbook [T8]."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.services import forms, frames
from jpa.services.forms import HELD_BACK, Filled
from jpa.statistics.forms import FORMS, Scope
from jpa.web.gate import ask, installation

pages = Blueprint("forms_filled", __name__, url_prefix="/figures/forms")

_FIRST: Final = "communique"


@pages.get("/")
def show() -> Response | tuple[str, int]:
    """Choose a form and a period, and show it filled."""
    made, fields = None, {}
    if request.args:
        try:
            made = _filled()
        except InvalidInputError as error:
            fields = error.fields
    return _page(made, fields)


@pages.post("/file")
def hand_out() -> Response | tuple[str, int]:
    """Hand the filled form out as a workbook, and remember what it showed."""
    said = request.form
    try:
        _, name, content = forms.hand_out_form(
            installation().stores, ask(), said.get("form", ""), year=said.get("year", ""), jpa=said.get("jpa", "")
        )
    except InvalidInputError as error:
        return _page(None, error.fields)
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(made: Filled | None, fields: Mapping[str, str]) -> Response | tuple[str, int]:
    page = render_template(
        "figures/forms.html", made=made, fields=fields, forms=FORMS.values(), held_back=HELD_BACK,
        frames=frames.list_frames(installation().stores, ask()), definition=forms.definition_of,
        chosen={"form": _FIRST, "year": str(ask().at.year), **request.values}, by_jpa=Scope.JPA,
    )  # fmt: skip
    return make_response(page) if len(fields) == 0 else (page, 422)


def _filled() -> Filled:
    said = request.args
    return forms.fill_form(
        installation().stores, ask(), said.get("form", ""), year=said.get("year", ""), jpa=said.get("jpa", "")
    )
