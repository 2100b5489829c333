"""The form of an outcome: the kind that a few letters mean, and one typed outcome for each person that was chosen."""

from collections.abc import Sequence
from typing import Final

from flask import session
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from jpa.errors import InvalidInputError
from jpa.model.case import Jpa
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, OutcomeKind, kinds_like, properties_of
from jpa.model.draft import TypedOutcome
from jpa.model.marking import Marking
from jpa.model.outcome import Outcome
from jpa.model.record import Report
from jpa.web.markings import read_own_marking, typed_marking

KEPT: Final = (
    "date", "state", "place", "court", "article", "report", "tlp", "release", "release_states", "release_jpa", "handling", "pap",
)  # fmt: skip
"""What “saved, next one” keeps: a court decides many charges in a day."""
_HELD: Final = "next outcome"


def kinds_for(*, case: bool) -> list[OutcomeKind]:
    """List the kinds that can be entered there, in the order of the chain."""
    return [kind for kind in OUTCOME_KINDS.values() if case or kind.without_case]


def kind_meant(text: str, *, case: bool) -> tuple[OutcomeKind | None, list[OutcomeKind]]:
    """Return the one kind that the letters mean, or those to choose from."""
    open_kinds = kinds_for(case=case)
    like = [kind for kind in kinds_like(text) if kind in open_kinds]
    return (like[0], like) if len(like) == 1 else (None, like or open_kinds)


def read_outcomes(
    form: MultiDict[str, str], kind: OutcomeKind, reports: Sequence[Report] = (), periods: Sequence[Jpa] = ()
) -> list[TypedOutcome]:
    """Read the form: one outcome for each chosen person, one alone where nobody is chosen."""
    people = form.getlist("person") if kind.names_person else []
    properties = read_properties(form, kind)
    if len(people) > 1 and "reference" in properties:
        problem = _("A reference tells one person apart; leave it empty when several are chosen.")
        raise InvalidInputError(_("The outcome was not saved; what you typed is still here."), {"reference": problem})
    own = read_own_marking(form, periods)
    marking = own or next((r.marking for r in reports if r.id == form.get("report")), Marking())
    return [
        TypedOutcome(
            kind.name, properties, person=person, victim=form.get("victim", ""), report=form.get("report", ""), marking=marking,
            marked=own is not None, reason=form.get("reason", ""), confirmed=form.get("confirmed") == "1",
        )
        for person in people or [""]
    ]  # fmt: skip


def typed_now(form: MultiDict[str, str]) -> list[TypedOutcome]:
    """Read a form that is not finished yet; nothing where it says nothing that could be read."""
    kind = OUTCOME_KINDS.get(form.get("kind", ""))
    try:
        return read_outcomes(form, kind) if kind is not None else []
    except InvalidInputError:
        return []


def read_correction(
    form: MultiDict[str, str], kind: OutcomeKind, reports: Sequence[Report], periods: Sequence[Jpa]
) -> TypedOutcome:
    """Read the form of a correction, which is about one person and says why."""
    problems = {}
    if form.get("reason", "").strip() == "":
        problems["reason"] = _("Say why; it stands in the ledger for good.")
    if kind.names_person and len(form.getlist("person")) > 1:
        problems["person"] = _("An entry is about one person; choose one, and enter the others anew.")
    if len(problems) > 0:
        raise InvalidInputError(_("The correction was not saved."), problems)
    return read_outcomes(form, kind, reports, periods)[0]


def read_properties(form: MultiDict[str, str], kind: OutcomeKind) -> dict[str, list[str]]:
    """Read what is said of it; an empty field says nothing."""
    return {
        p.name: said
        for p in properties_of(kind)
        if len(said := [v for v in form.getlist(p.name) if v.strip() != ""]) > 0
    }


def hold(place: str, form: MultiDict[str, str]) -> None:
    """Keep what the next entry in this case or joint period begins with; on the server, never in an address."""
    session[_HELD] = [place, {name: form[name] for name in KEPT if form.get(name, "") != ""}]


def held(place: str) -> MultiDict[str, str]:
    """Return what the last entry there left for the next, once."""
    where, kept = session.pop(_HELD, ("", {}))
    return MultiDict(kept if where == place else {})


def typed_of(outcome: Outcome) -> MultiDict[str, str]:
    """Return an outcome as it was typed, for the form of its correction."""
    typed = MultiDict([(name, value.typed) for name, values in outcome.properties.items() for value in values])
    for name in ("person", "victim", "report"):
        typed[name] = getattr(outcome, name)
    typed.update(typed_marking(outcome.marking) if outcome.marking is not None else {"tlp": ""})
    return typed
