"""Evidence: add a file to a report, its page with the custody log, download, verify."""

from typing import BinaryIO, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from jpa.errors import InvalidInputError
from jpa.services import evidence
from jpa.web.context import marking
from jpa.web.gate import ask, installation

pages = Blueprint("evidence", __name__)


@pages.post("/reports/<report>/evidence")
def add(report: str) -> Answer:
    """Attach a file to a report."""
    file = request.files.get("file")
    if file is None or (file.filename or "") == "":
        raise InvalidInputError(_("The file was not added."), {"file": _("Choose a file.")})
    why = request.form.get("why", "")
    added = evidence.add_file(
        installation().stores, ask(), report, file.filename or "", cast(BinaryIO, file.stream), why
    )
    flash(_("%(name)s is kept; its SHA-256 begins %(digest)s.", name=added.name, digest=added.digest[:12]))
    return redirect(url_for("reports.show", report=report))


@pages.get("/evidence/<file>")
def show(file: str) -> str:
    """Show what is known of a file and whose hands it passed through."""
    return _page(file, {})


@pages.post("/evidence/<file>/open")
def download(file: str) -> Response | tuple[str, int]:
    """Hand a file out, verified, under a name that is safe anywhere."""
    try:
        this, pieces = evidence.open_file(installation().stores, ask(), file, request.form.get("purpose", ""))
    except InvalidInputError as error:
        return _page(file, error.fields), 422
    answer = Response(pieces, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{this.download_name}"'
    answer.content_length = this.size
    return answer


@pages.post("/evidence/<file>/verify")
def verify(file: str) -> Answer:
    """Check the hash without opening the file."""
    this = evidence.verify_file(installation().stores, ask(), file)
    flash(_("Verified: %(name)s is exactly what was added.", name=this.name))
    return redirect(url_for("evidence.show", file=file))


def _page(file: str, fields: dict[str, str]) -> str:
    this = evidence.read_dossier(installation().stores, ask(), file)
    return render_template(
        "evidence/show.html", file=this.file, report=this.report, custody=this.custody, fields=fields,
        marking=marking([this.report]),
    )  # fmt: skip
