"""Evidence that names somebody sealed: the search of a case's files, and restricting those that hit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.services import evidence_search
from jpa.web.gate import ask, installation

pages = Blueprint("sealed_evidence", __name__)


@pages.route("/cases/<case>/sealed-evidence", methods=["GET", "POST"])
def search(case: str) -> Response | str | tuple[str, int]:
    """Show which files name whom; restrict the chosen ones."""
    stores, asked, form = installation().stores, ask(), request.form
    fields: dict[str, str] = {}
    if request.method == "POST":
        try:
            count = evidence_search.restrict_files(stores, asked, case, form.getlist("files"), form.getlist("victims"))
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("Restricted: %(n)s files. They open only with an approved request for the identity.", n=count))
            return redirect(url_for("cases.show", case=case))
    found = evidence_search.search_evidence(stores, asked, case)
    page = render_template(
        "evidence/sealed.html", found=found, case=found.case, fields=fields, chosen=form.getlist("files"),
        options=[(name, name, "") for name in found.victims],
        named=form.getlist("victims") or sorted({name for s in found.files if s.finding == "names" for name in s.names}),
    )  # fmt: skip
    return page if len(fields) == 0 else (page, 422)
