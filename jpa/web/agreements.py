"""Agreements: the register, drafting, the second signature, ending."""

from collections.abc import Iterable
from enum import StrEnum

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from jpa.errors import InvalidInputError
from jpa.model.agreement import CEILING_RELEASES, Agreement, AgreementState, Ceiling, Purpose, Way
from jpa.model.limits import HANDLING, Condition
from jpa.model.marking import Pap, Tlp
from jpa.services import agencies, agreement_drafts, agreements
from jpa.services.agreement_drafts import TypedAgreement, TypedCeiling
from jpa.web.forms import Answer, form_page
from jpa.web.gate import ask, installation

pages = Blueprint("agreements", __name__, url_prefix="/agreements")


@pages.get("/")
def listed() -> str:
    """Show the register."""
    return render_template(
        "agreements/list.html",
        agreements=agreements.list_agreements(installation().stores, ask()),
        states=AgreementState,
        now=ask().at,
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Choose the other parties, then draft."""
    stores, asked = installation().stores, ask()
    fields: dict[str, str] = {}
    typed: MultiDict[str, str] = request.form
    if request.method == "POST":
        try:
            made = agreement_drafts.draft_agreement(stores, asked, _typed(request.form, asked.officer.agency))
        except InvalidInputError as error:
            fields = error.fields
        else:
            flash(_("The draft is registered and signed for your agency. It binds once the other party has signed."))
            return redirect(url_for("agreements.show", agreement=made.id))
    elif (before := request.args.get("from", "")) != "":
        typed = _typed_before(agreements.read_agreement(stores, asked, before).this)
    chosen = request.values.getlist("partner") or typed.getlist("partner")
    listed = agencies.list_agencies(stores, asked)
    partners = [a for a in listed if a.id in chosen and a.id != asked.officer.agency]
    own = [a for a in listed if a.id == asked.officer.agency]
    return form_page(
        "agreements/new.html", fields, typed=typed, partners=partners, parties=[*partners, *own], asked=len(partners) > 0,
        others=[a for a in listed if a.id != asked.officer.agency], purposes=_pairs(Purpose), ways=_pairs(Way),
        tlps=_pairs(Tlp), paps=_pairs(Pap), releases=_pairs(CEILING_RELEASES), conditions=_conditions(),
    )  # fmt: skip


@pages.get("/<id:agreement>")
def show(agreement: str) -> str:
    """Open an agreement."""
    return _page(agreement, {})


@pages.post("/<id:agreement>/sign")
def sign(agreement: str) -> Answer:
    """Sign second, for the own agency or for a party that has no officer here."""
    agreement_drafts.sign_agreement(installation().stores, ask(), agreement, request.form.get("party", ""))
    flash(_("You signed this agreement."))
    return redirect(url_for("agreements.show", agreement=agreement))


@pages.post("/<id:agreement>/end")
def end(agreement: str) -> Answer:
    """End it."""
    try:
        agreement_drafts.end_agreement(installation().stores, ask(), agreement, request.form.get("reason", ""))
    except InvalidInputError as error:
        return _page(agreement, error.fields), 422
    flash(_("The agreement is ended: nothing is read, sent or asked under it any more."))
    return redirect(url_for("agreements.show", agreement=agreement))


def _page(agreement: str, fields: dict[str, str]) -> str:
    asked = ask()
    opened = agreements.read_agreement(installation().stores, asked, agreement)
    return render_template(
        "agreements/show.html", opened=opened, this=opened.this, fields=fields, names={a.id: a.name for a in opened.parties},
        mine=asked.officer.agency, signed={s.officer for s in opened.this.signatures}, left=opened.this.days_left(asked.at),
    )  # fmt: skip


def _typed(form: MultiDict[str, str], own: str) -> TypedAgreement:
    partners = tuple(form.getlist("partner"))
    return TypedAgreement(
        form.get("title", ""), form.get("basis", ""), partners, tuple(form.getlist("purposes")), tuple(form.getlist("ways")),
        form.get("start", ""), form.get("end", ""), form.get("warning_days", ""),
        {
            party: TypedCeiling(
                form.get(f"tlp_{party}", ""), form.get(f"pap_{party}", ""), form.get(f"release_{party}", ""),
                tuple(form.getlist(f"conditions_{party}")),
            )
            for party in (*partners, own)
        },
    )  # fmt: skip


def _typed_before(before: Agreement) -> MultiDict[str, str]:
    """Return an agreement as the form says it, for the draft of its renewal; the days are typed anew."""
    typed: MultiDict[str, str] = MultiDict({"title": before.title, "basis": before.basis})
    typed["warning_days"] = str(before.warning_days)
    typed.setlist("partner", list(before.parties))
    typed.setlist("purposes", [p.value for p in before.purposes])
    typed.setlist("ways", [w.value for w in before.ways])
    for ceiling in before.ceilings:
        _type_ceiling(typed, ceiling)
    return typed


def _type_ceiling(typed: MultiDict[str, str], ceiling: Ceiling) -> None:
    for part in ("tlp", "pap", "release"):
        typed[f"{part}_{ceiling.agency}"] = getattr(ceiling, part).value
    typed.setlist(f"conditions_{ceiling.agency}", [c.value for c in ceiling.conditions])


def _conditions() -> list[tuple[str, str, str]]:
    """List what a partner can undertake, with the handling codes that ask for it."""
    codes = {c: [code for code, h in HANDLING.items() if c in h.conditions] for c in Condition}
    return [(c.value, c.value, ", ".join(codes[c])) for c in Condition]


def _pairs(choices: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(c.value, c.value) for c in choices]
