"""Releases: list, make with a preview, sign, withdraw, hand out as a file, run again, compare, prove."""

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError, NotFoundError
from jpa.interchange.editions import about_edition, write_plain, write_xlsx
from jpa.interchange.pdf import write_pdf
from jpa.interchange.sdmx import write_sdmx, write_structure
from jpa.model.audit import AuditTag
from jpa.model.job import JobKind
from jpa.model.release import Definition, Edition
from jpa.model.value_types.dates import caption_date
from jpa.services import jobs, release_orders, releases
from jpa.services.editions import Composed
from jpa.statistics.dimensions import DIMENSIONS
from jpa.statistics.disclosure import VICTIM_DIMENSIONS, default_k
from jpa.statistics.measures import MEASURES
from jpa.statistics.tables import MOST_DIMENSIONS, Credit
from jpa.web.forms import Answer, chosen, form_page
from jpa.web.gate import ask, installation

pages = Blueprint("releases", __name__, url_prefix="/releases")

FILTERS: Final = 2
"""Filters that the form has room for."""
UNKNOWN: Final = "unknown"
SHARES: Final = "percent"
PUBLIC: Final = tuple(d for d in DIMENSIONS.values() if not d.confidential)
_FILES: Final[Mapping[str, tuple[str, Callable[[Edition], bytes]]]] = {
    "csv": ("csv", write_plain),
    "sdmx": ("sdmx.csv", write_sdmx),
    "dsd": ("sdmx-structure.json", write_structure),
    "xlsx": ("xlsx", write_xlsx),
    "pdf": ("pdf", lambda edition: write_pdf(render_template("releases/print.html", edition=edition, about=about_edition(edition)))),
}  # fmt: skip


@pages.get("/")
def listed() -> str:
    """List the agency's releases."""
    stores, asked = installation().stores, ask()
    desk = jobs.read_desk(stores, asked, JobKind.RELEASE)
    return render_template(
        "releases/list.html", releases=releases.list_releases(stores, asked), measures=MEASURES, desk=desk
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Choose a table, look at what would be published, keep it as a draft."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    composed: Composed | None = None
    if request.method == "POST":
        try:
            definition = _definition(request.form)
            if release_orders.is_large(stores, asked, definition):
                release_orders.order_release(stores, asked, definition)
                flash(
                    _(
                        "This table has many figures: what of them can be shown is being worked out, and the draft appears here."
                    )
                )
                return redirect(url_for("releases.listed"))
            if request.form.get("do") == "draft":
                made = releases.draft_release(stores, asked, definition)
                flash(_("The draft is kept. Two supervisors sign it before it is a release."))
                return redirect(url_for("releases.show", release=made.id))
            composed = releases.preview_release(stores, asked, definition)
        except InvalidInputError as error:
            fields = error.fields
    jpas = releases.list_periods(stores, asked)
    return form_page(
        "releases/new.html", fields, composed=composed, typed=request.form, measures=MEASURES, dimensions=PUBLIC,
        victims=VICTIM_DIMENSIONS, credits=Credit, jpas=jpas, filters=FILTERS, most=MOST_DIMENSIONS, shares=SHARES,
    )  # fmt: skip


@pages.get("/<id:release>")
def show(release: str) -> str:
    """Open a release."""
    return _page(release)


@pages.post("/<id:release>/sign")
def sign(release: str) -> Response:
    """Sign a draft."""
    releases.sign_release(installation().stores, ask(), release)
    flash(_("You signed this release."))
    return redirect(url_for("releases.show", release=release))


@pages.post("/<id:release>/withdraw")
def withdraw(release: str) -> Answer:
    """Withdraw it by an act that stands beside it."""
    try:
        releases.withdraw_release(installation().stores, ask(), release, request.form.get("reason", ""))
    except InvalidInputError as error:
        return _page(release, fields=error.fields), 422
    flash(_("The release is withdrawn. What was published stays on record, and stays remembered."))
    return redirect(url_for("releases.show", release=release))


@pages.get("/<id:release>/file/<form>")
def file(release: str, form: str) -> Response:
    """Hand out a release or a draft as a file."""
    if form not in _FILES:
        raise NotFoundError("There is nothing here that you may read.")
    ending, write = _FILES[form]
    kept = releases.read_release(installation().stores, ask(), release, AuditTag.RELEASE_WRITTEN)
    answer = make_response(write(kept.edition))
    answer.headers["Content-Type"] = "application/octet-stream"
    state = kept.release.state.value
    answer.headers["Content-Disposition"] = f'attachment; filename="{state}-{kept.edition.hash[:12]}.{ending}"'
    return answer


@pages.post("/<id:release>/repeat")
def repeat(release: str) -> str:
    """Run it again from the rows it was made from."""
    again = releases.repeat_release(installation().stores, ask(), release)
    return _page(release, again=again)


@pages.get("/<id:release>/compare/<id:other>")
def compare(release: str, other: str) -> str:
    """Say why two releases differ."""
    found = releases.compare_releases(installation().stores, ask(), other, release)
    return render_template("releases/compare.html", found=found)


@pages.post("/<id:release>/compare")
def choose_other(release: str) -> Answer:
    """Go to the comparison with the chosen release."""
    other = request.form.get("with", "")
    known = {r.id for r in releases.list_releases(installation().stores, ask())}
    if other not in known:
        return _page(release, fields={"with": _("Choose a release of the same measure.")}), 422
    return redirect(url_for("releases.compare", release=release, other=other))


@pages.post("/<id:release>/proof")
def proof(release: str) -> Answer:
    """Prove that an outcome is counted; its id never stands in an address."""
    try:
        found = releases.prove_inclusion(installation().stores, ask(), release, request.form.get("outcome", ""))
    except InvalidInputError as error:
        return _page(release, fields=error.fields), 422
    return _page(release, proof=found)


def _page(release: str, **more: object) -> str:
    stores, asked = installation().stores, ask()
    kept = releases.read_release(stores, asked, release)
    others = [
        r
        for r in releases.list_releases(stores, asked)
        if r.id != release and r.definition.measure == kept.release.definition.measure
    ]
    shown = {"fields": {}, "again": None, "proof": None, **more}
    return render_template(
        "releases/show.html", kept=kept, release=kept.release, edition=kept.edition, about=about_edition(kept.edition, caption_date),
        others=others, **shown,
    )  # fmt: skip


def _definition(form: MultiDict[str, str]) -> Definition:
    measure = form.get("measure", "")
    credit = chosen(Credit, form.get("credit", Credit.ALL), "credit")
    k = _number(form, "k", default_k(measure))
    return Definition(
        title=form.get("title", "").strip(),
        measure=measure,
        dimensions=tuple(d for n in range(MOST_DIMENSIONS) if (d := form.get(f"dimension{n}", "")) != ""),
        where=_filters(form),
        credit=credit.value,
        jpa=form.get("jpa", "") if credit is not Credit.ALL else "",
        k=k,
        width=_number(form, "width", k),
        rounding=_number(form, "rounding", 1),
        shares=form.get("figures", "") == SHARES,
    )


def _filters(form: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for n in range(FILTERS):
        dimension = form.get(f"filter{n}", "")
        labels = [text.strip() for text in form.get(f"labels{n}", "").split(",")]
        if dimension != "":
            found[dimension] = tuple("" if x == UNKNOWN else x for x in labels if x != "")
    return found


def _number(form: MultiDict[str, str], name: str, default: int) -> int:
    text = form.get(name, "").strip()
    if text == "":
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise InvalidInputError(_("This table was not made."), {name: _("Enter a whole number, or leave it empty.")})
    return int(text)
