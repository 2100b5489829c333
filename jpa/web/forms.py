"""Reading form fields whose values are a closed list."""

from enum import StrEnum
from typing import TypeVar

from flask_babel import gettext as _

from jpa.errors import InvalidInputError

Choice = TypeVar("Choice", bound=StrEnum)


def chosen(choices: type[Choice], text: str, field: str) -> Choice:
    """Return what was chosen; a value outside the list is the field's problem, not a fault of the server."""
    if text not in {c.value for c in choices}:
        listed = ", ".join(choices)
        raise InvalidInputError(_("Nothing was saved."), {field: _("Choose one of: %(choices)s.", choices=listed)})
    return choices(text)
