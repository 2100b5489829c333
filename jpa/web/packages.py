"""Packages: what the own agency sends, from tick to handed-over file; what others sent, from file to case; receipts."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final, cast

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from jpa.errors import InvalidInputError
from jpa.interchange.pdf import write_pdf
from jpa.model.access import Action, can
from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.job import JobKind
from jpa.model.marking import Tlp
from jpa.model.package import Selection
from jpa.model.post import PostKind
from jpa.model.summary import SummaryAsk
from jpa.services import (
    jobs,
    package_adoption,
    package_inbox,
    package_options,
    package_orders,
    package_previews,
    package_release,
    package_signing,
    package_summary,
    packages,
)
from jpa.services import post as post_services
from jpa.services.package_previews import Preview
from jpa.services.package_setting import Order
from jpa.services.package_viewing import open_for_viewer
from jpa.services.post_spool import has_place
from jpa.sharing.container import PIECE
from jpa.sharing.manifest import Manifest
from jpa.sharing.pages import PAGE
from jpa.sharing.receipt import MOST_BYTES
from jpa.sharing.shown import Shown
from jpa.web.forms import Answer, form_page, skipped
from jpa.web.gate import ask, installation
from jpa.web.jobs import page_of
from jpa.web.offline import write_viewer

pages = Blueprint("packages", __name__, url_prefix="/packages")

GRADES: Final = (
    ("0", "any"),
    ("0.25", "at least fair (0.25)"),
    ("0.5", "at least good (0.5)"),
    ("0.8", "the best alone (0.8)"),
)
"""Source times information, as the grading scheme scores them."""
HOPS: Final = (("", "any"), ("0", "suspects and facilitators alone"), ("1", "1 tie"), ("2", "2 ties"), ("3", "3 ties"))


@pages.get("/")
def listed() -> str:
    """Show inbox, what waits for a second officer, and outbox."""
    return _list_page({})


@pages.route("/new/<id:case>", methods=["GET", "POST"])
def new(case: str) -> Answer:
    """Tick, look at exactly what the recipient will see, keep a draft."""
    stores, asked, form = installation().stores, ask(), request.form
    skip = max(0, form.get("skip", 0, type=int))
    if request.method != "POST":
        return _builder(case, form)
    try:
        order = _order(case, form)
        if form.get("do") == "draft":
            package_orders.order_package(stores, asked, order)
            flash(_("The draft is being made; this page opens it. Another officer of your agency releases it."))
            return redirect(url_for("packages.listed"))
        if "skip" in form and "preview" in form:
            kept = package_previews.read_preview(stores, asked, form["preview"], case, skip=skip)
            return _builder(case, form, kept.seen, kept, skip=skip)
        if package_previews.is_large(stores, asked, order):
            return redirect(page_of(package_previews.order_preview(stores, asked, order)))
        return _builder(case, form, packages.preview_package(stores, asked, order, skip=skip), skip=skip)
    except InvalidInputError as error:
        return _builder(case, form, fields=error.fields)


@pages.get("/previews/<id:job>")
def preview(job: str) -> Answer:
    """Show what was ordered to be shown: how far it is, then its first page."""
    kept = package_previews.read_preview(installation().stores, ask(), job)
    return _builder(kept.order.case, _typed(kept.order), kept.seen, kept)


@pages.get("/<id:package>")
def show(package: str) -> str:
    """Open a package of either side."""
    return _page(package, {})


@pages.post("/<id:package>/release")
def release(package: str) -> Answer:
    """Order its release as the second officer, with password and second factor entered anew; the worker signs and closes it."""
    form = request.form
    proof, by_post = (form.get("password", ""), form.get("code", "")), form.get("post", "") != ""
    try:
        package_release.order_release(installation(), ask(), package, *proof, by_post=by_post)
    except InvalidInputError as error:
        return _page(package, error.fields), 422
    flash(_("The package is being signed and closed; this page shows it when it is done. Keep the record of release."))
    return redirect(url_for("packages.show", package=package))


@pages.post("/<id:package>/summary")
def summary(package: str) -> Answer:
    """Sign the coded summary of a draft as the second officer, with password and second factor entered anew."""
    form = request.form
    try:
        package_signing.sign_summary(installation(), ask(), package, form.get("password", ""), form.get("code", ""))
    except InvalidInputError as error:
        return _page(package, error.fields), 422
    flash(_("You signed the coded summary. The package can be released now."))
    return redirect(url_for("packages.show", package=package))


@pages.post("/<id:package>/discard")
def discard(package: str) -> Redirect:
    """Throw a draft away."""
    packages.discard_package(installation().stores, ask(), package, request.form.get("reason", ""))
    flash(_("The draft is discarded."))
    return redirect(url_for("packages.listed"))


@pages.get("/<id:package>/file")
def file(package: str) -> Response:
    """Hand it out, closed to its recipient."""
    name, pieces = packages.write_package_file(installation().stores, ask(), package)
    answer = Response(pieces, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.get("/<id:package>/viewer")
def viewer(package: str) -> Response:
    """Hand out one HTML file that shows it offline, to be saved and not opened here."""
    stores, asked = installation().stores, ask()
    with ExitStack() as stack:
        page = stack.enter_context(packages.working(stores)) / "viewer.html"
        with open_for_viewer(stores, asked, package) as this, page.open("w", encoding="utf-8", newline="") as out:
            write_viewer(this.opened, this.checked, this.work, out)
        kept = stack.pop_all()
    answer = Response(_pieces(page), mimetype="application/octet-stream")
    answer.call_on_close(kept.close)
    answer.headers["Content-Disposition"] = f'attachment; filename="package-{package[:12]}.html"'
    return answer


@pages.get("/<id:package>/record")
def record(package: str) -> Response:
    """Print the record of its release: one page."""
    opened = packages.read_release(installation().stores, ask(), package)
    asked = package_summary.asked_of(opened.this)
    page = render_template("packages/record.html", opened=opened, this=opened.this, asked=asked)
    answer = make_response(write_pdf(page))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="release-{package[:12]}.pdf"'
    return answer


@pages.post("/receive")
def receive() -> Answer:
    """Take a closed file in."""
    sent = request.files.get("file")
    content = io.BytesIO() if sent is None else cast(BinaryIO, sent.stream)
    try:
        kept, new_here = package_inbox.receive_package(installation().stores, ask(), content)
    except InvalidInputError as error:
        return _list_page(error.fields), 422
    flash(
        _("Verified and kept closed. Look through it, then adopt it into a case.")
        if new_here
        else _("This package was here already.")
    )
    return redirect(url_for("packages.show", package=kept.id))


@pages.post("/receipt")
def receipt() -> Answer:
    """Take a signed receipt in."""
    sent = request.files.get("receipt")
    try:
        content = b"" if sent is None else sent.stream.read(MOST_BYTES + 2048)
        kept = package_inbox.receive_receipt(installation().stores, ask(), content)
    except InvalidInputError as error:
        return _list_page(error.fields), 422
    flash(_("The receipt is kept with its package."))
    return redirect(url_for("packages.show", package=kept.id))


@pages.get("/<id:package>/receipt")
def receipt_file(package: str) -> Response:
    """Hand the signed receipt out."""
    name, content = package_inbox.write_receipt_file(installation().stores, ask(), package)
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.post("/<id:package>/adopt")
def adopt(package: str) -> Answer:
    """Take it into a case."""
    form = request.form
    try:
        package_adoption.adopt_package(
            installation().stores, ask(), package, form.get("case", ""), compare=form.get("compare") == "yes"
        )
    except InvalidInputError as error:
        return _page(package, error.fields), 422
    flash(_("Adopted: its records stand in the case, under their owner's marking. Send the receipt back."))
    return redirect(url_for("packages.show", package=package))


@pages.post("/<id:package>/decline")
def decline(package: str) -> Answer:
    """Take nothing of it."""
    try:
        package_inbox.decline_package(installation().stores, ask(), package, request.form.get("reason", ""))
    except InvalidInputError as error:
        return _page(package, error.fields), 422
    flash(_("Declined: nothing of it is taken in. Send the receipt back."))
    return redirect(url_for("packages.show", package=package))


def _order(case: str, form: MultiDict[str, str]) -> Order:
    partner, _sep, rest = form.get("terms", "").partition("~")
    agreement, _sep, purpose = rest.partition("~")
    hops = form.get("hops", "")
    grade = form.get("least_grade", "0")
    fields = {}
    if hops not in {code for code, _label in HOPS}:
        fields["hops"] = _("Choose one of the list.")
    if grade not in {code for code, _label in GRADES}:
        fields["least_grade"] = _("Choose one of the list.")
    if partner == "" or agreement == "" or purpose == "":
        fields["terms"] = _("Choose to whom, under which agreement and for which purpose.")
    types = tuple(t for t in form.getlist("types") if t in ENTITY_TYPES)
    if len(fields) > 0:
        raise InvalidInputError(_("The package was not made."), fields)
    wanted = form.get("summary") == "yes"
    asked = (
        SummaryAsk(form.get("summary_basis", "").strip(), form.get("summary_purpose", "").strip()) if wanted else None
    )
    selection = Selection(
        types=types,
        least_grade=float(grade),
        tags=tuple(t for part in form.get("tags", "").split(",") if (t := part.strip()) != ""),
        hops=None if hops == "" else int(hops),
        left_out=tuple(sorted(set(form.getlist("left_out")))),
        texts=form.get("texts") == "yes",
        files=tuple(sorted(set(form.getlist("files")))),
        summary=asked,
    )
    return Order(case, partner, agreement, purpose, selection, compare=form.get("compare", "") == "yes")


def _typed(order: Order) -> MultiDict[str, str]:
    """Fill the form as it was sent."""
    ticked, summary = order.selection, order.selection.summary
    once = {
        "terms": f"{order.partner}~{order.agreement}~{order.purpose}",
        "compare": "yes" if order.compare else "",
        "least_grade": f"{ticked.least_grade:g}",
        "tags": ", ".join(ticked.tags),
        "hops": "" if ticked.hops is None else str(ticked.hops),
        "texts": "yes" if ticked.texts else "",
        "summary": "" if summary is None else "yes",
        "summary_basis": "" if summary is None else summary.basis,
        "summary_purpose": "" if summary is None else summary.purpose,
    }
    many = {"types": ticked.types, "files": ticked.files, "left_out": ticked.left_out}
    return MultiDict([*once.items(), *((name, one) for name, values in many.items() for one in values)])


def _builder(
    case: str, typed: MultiDict[str, str], seen: tuple[Manifest, Shown] | None = None, kept: Preview | None = None, *,
    skip: int = 0, fields: dict[str, str] | None = None,
) -> Answer:  # fmt: skip
    options = package_options.read_options(installation().stores, ask(), case)
    return form_page(
        "packages/new.html", fields or {}, options=options, typed=typed, seen=seen, kept=kept, skip=skip, most=PAGE,
        types=[(t.name, t.plural) for t in ENTITY_TYPES.values()], grades=GRADES, hops=HOPS, started=len(typed) > 0,
    )  # fmt: skip


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while len(piece := stream.read(PIECE)) > 0:
            yield piece


def _list_page(fields: dict[str, str]) -> str:
    stores, asked = installation().stores, ask()
    every = packages.list_packages(stores, asked)
    cases = (
        package_options.list_cases(stores, asked, Action.MAKE_PACKAGE)
        if can(asked.officer, Action.MAKE_PACKAGE)
        else []
    )
    box = post_services.read_post(stores, asked)
    by_post = {a.subject: _("by post") for a in box.came} | {
        i.subject: _("by post: %(state)s", state=i.state) for i in reversed(box.sent) if i.kind is PostKind.PACKAGE
    }
    return render_template(
        "packages/list.html", fields=fields, cases=cases, desk=jobs.read_desk(stores, asked, JobKind.PACKAGE), by_post=by_post, inbox=[p for p in every if p.received],
        waiting=[p for p in every if p.state == "draft" and p.made_by != asked.officer.id],
        outbox=[p for p in every if not p.received and (p.state != "draft" or p.made_by == asked.officer.id)],
    )  # fmt: skip


def _page(package: str, fields: dict[str, str]) -> str:
    stores, asked, skip = installation().stores, ask(), skipped()
    this = packages.find_package(stores, asked, package)
    work = package_release.read_order(stores, asked, this)
    if this.file == "":
        return render_template("packages/recalled.html", fields=fields, this=this, work=work)
    box = post_services.read_post(stores, asked, package)
    if not this.received:
        opened = packages.read_package(stores, asked, package, skip=skip)
        return render_template(
            "packages/show.html", fields=fields, opened=opened, this=opened.this, skip=skip, most=PAGE,
            strict=Tlp(opened.this.tlp), asked=package_summary.asked_of(opened.this), box=box, at=asked.at, work=work,
            by_post=has_place(stores, opened.this.partner),
        )  # fmt: skip
    arrived = package_inbox.read_arrived(stores, asked, package, skip=skip)
    adopts = can(asked.officer, Action.ADOPT_PACKAGE) and arrived.this.state == "received"
    cases = package_options.list_cases(stores, asked, Action.ADOPT_PACKAGE) if adopts else []
    return render_template(
        "packages/arrived.html", fields=fields, opened=arrived, this=arrived.this, skip=skip, most=PAGE, cases=cases,
        adopts=adopts, box=box, at=asked.at,
    )  # fmt: skip
