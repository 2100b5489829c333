"""The ledgers of outcomes: of a case, of the agency under a joint period; entry, correction, retraction, a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from jpa.errors import InvalidInputError
from jpa.model.access import Action
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, OutcomeKind, properties_of
from jpa.model.marking import Release, Tlp
from jpa.model.outcome import Outcome
from jpa.services import frames, outcome_checks, outcome_entry, outcomes, retractions
from jpa.services.outcome_entry import EntryDesk
from jpa.services.outcome_files import LedgerForm, export_ledger
from jpa.services.stores import require
from jpa.web.context import marking
from jpa.web.forms import Answer, chosen, form_page, skipped
from jpa.web.gate import ask, installation
from jpa.web.outcome_form import held, hold, kind_meant, kinds_for, read_correction, read_outcomes, typed_now, typed_of

pages = Blueprint("outcomes", __name__)
PAGE = 200


@pages.get("/cases/<case>/outcomes")
def listed(case: str) -> str:
    """Show the ledger of a case."""
    return _ledger(case, {})


@pages.route("/cases/<case>/outcomes/new", methods=["GET", "POST"])
def new(case: str) -> Answer:
    """Enter outcomes of a case: the kind first, then what is said of that kind."""
    stores, asked = installation().stores, ask()
    desk = outcome_entry.read_desk(stores, asked, case, request.args.get("person", ""))
    kind, like = kind_meant(request.values.get("kind", ""), case=True)
    fields: Mapping[str, str] = {}
    if request.method == "POST" and kind is not None:
        try:
            typed = [replace(one, case=case) for one in read_outcomes(request.form, kind, desk.reports, desk.periods)]
            made = outcomes.record_outcomes(stores, asked, typed)
        except InvalidInputError as error:
            fields = error.fields
        else:
            _warn(kind, outcome_checks.check_case_outcomes(stores, asked, case, typed))
            return _saved(
                case, made, url_for("outcomes.new", case=case, kind=kind.name), url_for("outcomes.listed", case=case)
            )
    shown = request.form if request.method == "POST" else held(case)
    return _entry(fields, kind, like=like, typed=shown, desk=desk, jpa=None, periods=desk.periods)


@pages.post("/cases/<case>/outcomes/check")
def check(case: str) -> Response:
    """Say beside which field something is odd, before it is saved; nothing is kept."""
    typed, corrects = typed_now(request.form), request.args.get("corrects", "")
    return jsonify(outcome_checks.check_case_outcomes(installation().stores, ask(), case, typed, corrects))


@pages.post("/jpas/<jpa>/outcomes/check")
def agency_check(jpa: str) -> Response:
    """Say likewise what is odd about an outcome of the agency."""
    return jsonify(outcome_checks.check_own_outcomes(installation().stores, ask(), jpa, typed_now(request.form)))


@pages.post("/cases/<case>/outcomes/file")
def file(case: str) -> Answer:
    """Hand out the ledger of a case as a file, for a purpose that stands in the log."""
    form = request.form
    try:
        shape = chosen(LedgerForm, form.get("form", ""), "form")
        made = export_ledger(installation().stores, ask(), case, shape, form.get("purpose", ""))
    except InvalidInputError as error:
        return _ledger(case, error.fields), 422
    answer = make_response(made.content)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer


@pages.get("/outcomes/<outcome>")
def show(outcome: str) -> Response:
    """Lead to the ledger that an outcome stands in."""
    line, _case = outcomes.read_outcome(installation().stores, ask(), outcome)
    return redirect(_place_of(line.outcome.case, line.outcome.jpa, line.outcome.id))


@pages.route("/outcomes/<outcome>/correct", methods=["GET", "POST"])
def correct(outcome: str) -> Answer:
    """Correct an outcome: a new entry supersedes it, the old one stays in the ledger."""
    stores, asked, form = installation().stores, ask(), request.form
    line, case = outcomes.read_outcome(stores, asked, outcome)
    require(asked, Action.RECORD_OUTCOME if case is not None else Action.REPORT_OUTCOME)
    desk = outcome_entry.read_desk(stores, asked, case.id, line.outcome.person) if case is not None else None
    periods = desk.periods if desk is not None else [frames.read_frame(stores, asked, line.outcome.jpa).jpa]
    kind = OUTCOME_KINDS.get(form.get("kind") or request.args.get("kind") or line.outcome.kind, line.outcome.type)
    fields: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            typed = read_correction(form, kind, desk.reports if desk is not None else (), periods)
            made = outcomes.correct_outcome(stores, asked, outcome, typed)
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("Corrected. The earlier entry stays in the ledger, folded."))
            return redirect(_place_of(made.case, made.jpa, made.id))
    shown = form if request.method == "POST" else typed_of(line.outcome)
    kinds = [(k.name, k.label) for k in kinds_for(case=case is not None)]
    return form_page(
        "outcomes/correct.html", fields, line=line, case=case, desk=desk, kind=kind, kinds=kinds, typed=shown,
        properties=properties_of(kind), periods=periods, tlps=Tlp, releases=Release,
    )  # fmt: skip


@pages.post("/outcomes/<outcome>/retract")
def retract(outcome: str) -> Response:
    """Retract an outcome."""
    stores, asked = installation().stores, ask()
    retractions.retract_outcome(stores, asked, outcome, request.form.get("reason", ""))
    flash(_("Retracted; it counts no more. Nothing was erased."))
    return redirect(url_for("outcomes.show", outcome=outcome))


@pages.get("/jpas/<jpa>/outcomes")
def agency(jpa: str) -> str:
    """Show what the own agency reported under a joint period without a case."""
    stores, asked = installation().stores, ask()
    lines = outcomes.agency_ledger(stores, asked, jpa)
    frame = frames.read_frame(stores, asked, jpa)
    return render_template(
        "outcomes/agency.html", jpa=frame.jpa, lines=lines, counts=outcomes.counts_of(lines), skip=skipped(), page=PAGE
    )


@pages.route("/jpas/<jpa>/outcomes/new", methods=["GET", "POST"])
def agency_new(jpa: str) -> Answer:
    """Report an outcome of the agency under a joint period: a training, an awareness activity, an enquiry."""
    stores, asked = installation().stores, ask()
    require(asked, Action.REPORT_OUTCOME)
    outcomes.agency_ledger(stores, asked, jpa)
    frame = frames.read_frame(stores, asked, jpa)
    kind, like = kind_meant(request.values.get("kind", ""), case=False)
    fields: Mapping[str, str] = {}
    if request.method == "POST" and kind is not None:
        try:
            typed = [replace(one, jpa=jpa) for one in read_outcomes(request.form, kind, periods=[frame.jpa])]
            made = outcomes.record_outcomes(stores, asked, typed)
        except InvalidInputError as error:
            fields = error.fields
        else:
            _warn(kind, outcome_checks.check_own_outcomes(stores, asked, jpa, typed))
            return _saved(
                jpa, made, url_for("outcomes.agency_new", jpa=jpa, kind=kind.name), url_for("outcomes.agency", jpa=jpa)
            )
    shown = request.form if request.method == "POST" else held(jpa)
    return _entry(fields, kind, like=like, typed=shown, desk=None, jpa=frame.jpa, periods=[frame.jpa])


def _ledger(case: str, fields: Mapping[str, str]) -> str:
    ledger = outcomes.read_case_ledger(installation().stores, ask(), case)
    standing = [line for line in ledger.lines if line.in_force]
    folded = [line for line in ledger.lines if not line.in_force]
    return render_template(
        "outcomes/ledger.html", ledger=ledger, case=ledger.case, standing=standing, folded=folded,
        counts=outcomes.counts_of(ledger.lines), skip=skipped(), page=PAGE, fields=fields, typed=request.form, forms=LedgerForm,
    )  # fmt: skip


def _entry(fields: Mapping[str, str], kind: OutcomeKind | None, *, desk: EntryDesk | None, **shown: object) -> Answer:
    return form_page(
        "outcomes/new.html", fields, desk=desk, case=None if desk is None else desk.case, kinds=kinds_for(case=desk is not None),
        kind=kind, properties=properties_of(kind) if kind is not None else (),
        marking=marking(desk.reports if desk is not None else []), tlps=Tlp, releases=Release, **shown,
    )  # fmt: skip


def _saved(place: str, made: Sequence[Outcome], again: str, ledger: str) -> Response:
    label = made[0].type.label
    flash(
        _("Saved: %(kind)s.", kind=label)
        if len(made) == 1
        else _("Saved: %(kind)s, an entry for each of %(n)s persons.", kind=label, n=len(made))
    )
    if request.form.get("then") != "next":
        return redirect(ledger)
    hold(place, request.form)
    return redirect(again)


def _warn(kind: OutcomeKind, odd: Mapping[str, str]) -> None:
    """Say what is odd about what was saved, for those who saw no word of it beside the fields."""
    for name, words in odd.items():
        flash(_("Kept as typed. %(field)s: %(words)s", field=kind.property(name).label, words=words), "warn")


def _place_of(case: str, jpa: str, outcome: str) -> str:
    if case:
        return url_for("outcomes.listed", case=case, _anchor=outcome)
    return url_for("outcomes.agency", jpa=jpa, _anchor=outcome)
