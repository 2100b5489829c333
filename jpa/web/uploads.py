"""A file that a form sends, with what the form says of it."""

from flask import request
from flask_babel import gettext as _

from jpa.errors import InvalidInputError
from jpa.services.import_files import File


def sent_file(type_name: str) -> File:
    """Return the file that was sent; InvalidInputError where none was."""
    sent = request.files.get("file")
    if sent is None or sent.filename in {None, ""}:
        raise InvalidInputError(_("The file was not taken."), {"file": _("Choose a CSV, XLSX or FollowTheMoney file.")})
    form = request.form
    return File(
        name=(sent.filename or "")[-200:],
        content=sent.read(),
        type_name=type_name,
        map_text=form.get("map", ""),
        dataset=form.get("dataset", ""),
    )
