"""From what was typed to an outcome: checked, understood, with an id; nothing is stored here."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jpa.errors import InvalidInputError
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About, OutcomeKind, properties_of
from jpa.model.draft import TypedOutcome
from jpa.model.ids import derived_id, new_id
from jpa.model.marking import Tlp
from jpa.model.outcome import Outcome
from jpa.model.record import Properties
from jpa.model.redaction import Redact, redact_typed
from jpa.model.value_types import Context
from jpa.services.stores import Ask

MOST_OUTCOMES: Final = 1000
"""Outcomes of one transaction."""
_CODES: Final = ("ageBand", "gender", "citizenship", "exploitation")
"""What an outcome about a coded victim takes over from the victim where nothing is typed."""


def check(typed: Sequence[TypedOutcome]) -> None:
    """Refuse outcomes that cannot be saved whole; every problem is named at once."""
    if not 0 < len(typed) <= MOST_OUTCOMES:
        raise InvalidInputError("Nothing was saved.", {"outcomes": f"Enter between one and {MOST_OUTCOMES} at a time."})
    if len({(one.case, one.jpa) for one in typed}) > 1:
        raise InvalidInputError(
            "Nothing was saved.", {"case": "Enter outcomes of one case, or of one joint period, at a time."}
        )
    problems: dict[str, str] = {}
    for number, one in enumerate(typed, start=1):
        at = f"row {number}: " if len(typed) > 1 else ""
        problems |= {at + name: words for name, words in _problems(one).items()}
    if len(problems) > 0:
        raise InvalidInputError("The outcome was not saved; what you typed is still here.", problems)


def build(
    ask: Ask,
    typed: TypedOutcome,
    context: Context,
    redact: Redact,
    victim: Mapping[str, Any] | None = None,
    supersedes: str = "",
) -> Outcome:
    """Understand every value; sealed identities are replaced first, and a coded victim lends the own codes."""
    kind = OUTCOME_KINDS[typed.kind]
    return Outcome(
        id=derived_id(ask.at, "outcome", typed.source_key) if typed.source_key else new_id(ask.at),
        kind=typed.kind,
        agency=ask.officer.agency,
        case=typed.case,
        jpa=typed.jpa,
        properties=_understood(kind, _with_codes(typed.properties, victim), context, redact),
        person=typed.person,
        victim=typed.victim,
        report=typed.report,
        officer=ask.officer.id,
        entered=ask.at,
        supersedes=supersedes,
        source_key=typed.source_key,
        reason=redact(typed.reason.strip()),
        marking=typed.marking if typed.marked else None,
    )


def _with_codes(typed: Mapping[str, Sequence[str]], victim: Mapping[str, Any] | None) -> Mapping[str, Sequence[str]]:
    if victim is None:
        return typed
    said = {name for name, values in typed.items() if any(v.strip() != "" for v in values)}
    # The first form of exploitation alone: a victim is counted once, whatever was done to them.
    taken = {name: list(victim[name])[:1] for name in _CODES if name in victim and name not in said}
    return {**typed, **taken}


def _understood(kind: OutcomeKind, typed: Mapping[str, Sequence[str]], context: Context, redact: Redact) -> Properties:
    said = redact_typed(typed, redact)
    cleaned = {
        name: tuple(kind.property(name).type.clean(v, context) for v in values if v.strip() != "")
        for name, values in said.items()
    }
    return {name: values for name, values in cleaned.items() if len(values) > 0}


def _problems(typed: TypedOutcome) -> dict[str, str]:
    kind = OUTCOME_KINDS.get(typed.kind)
    if kind is None:
        return {"kind": f"{typed.kind!r} is no kind of outcome; choose one of {', '.join(OUTCOME_KINDS)}."}
    problems = {}
    if typed.case == "" and not (kind.without_case and typed.jpa):
        problems["case"] = f"“{kind.label}” belongs to a case; choose the case."
    if typed.case == "" and typed.marking.tlp is Tlp.RED:
        problems["tlp"] = "Without a case there is no team that could read it; choose TLP:AMBER+STRICT or wider."
    declared = {p.name: p for p in properties_of(kind)}
    for name, values in typed.properties.items():
        said = [v for v in values if v.strip() != ""]
        if name not in declared:
            problems[name] = f"“{kind.label}” has no {name!r}; remove it or choose another kind."
        elif len(said) > 1 and not declared[name].multiple:
            problems[name] = f"{declared[name].label} takes one value."
    problems |= {
        p.name: f"{p.label} is needed for “{kind.label}”."
        for p in declared.values()
        if p.required and all(v.strip() == "" for v in typed.properties.get(p.name, ()))
    }
    if typed.person and not kind.names_person:
        problems["person"] = f"“{kind.label}” speaks of no person; leave the person empty."
    if typed.victim and kind.about is not About.VICTIM:
        problems["victim"] = f"“{kind.label}” speaks of no victim; leave the victim empty."
    return problems
