"""What pages read off a request: a choice, where a list goes on; and showing a form again with its problems."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError

Answer = Response | str | tuple[str, int]
"""A redirect, a page, or a page with a status that is not 200."""

Choice = TypeVar("Choice", bound=StrEnum)


def chosen(choices: type[Choice], text: str, field: str) -> Choice:
    """Return what was chosen; a value outside the list is the field's problem, not a fault of the server."""
    if text not in {c.value for c in choices}:
        listed = ", ".join(choices)
        raise InvalidInputError(_("Nothing was saved."), {field: _("Choose one of: %(choices)s.", choices=listed)})
    return choices(text)


def skipped() -> int:
    """Return how many rows of a long list stand on the pages before this one."""
    return max(0, request.args.get("skip", 0, type=int))


def form_page(template: str, fields: Mapping[str, str], **shown: object) -> Answer:
    """Show a form; with problems the answer says that nothing was taken."""
    page = render_template(template, fields=fields, **shown)
    return page if len(fields) == 0 else (page, 422)
