"""From what was typed to an incident: checked, understood, with an id; nothing is stored here.

Only what was understood is kept: a text that is no code, number or date may be somebody's name, and names have no place here.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.catalogue.incidents import GROUPS, INCIDENT, Reason
from jpa.model.draft import TypedIncident
from jpa.model.ids import derived_id, new_id
from jpa.model.incident import Incident
from jpa.model.record import Properties
from jpa.model.schema import Property
from jpa.model.value_types import Context, Value, tally_of
from jpa.services.stores import Ask

MOST_INCIDENTS: Final = 1000
"""Incidents of one transaction."""
LONGEST_PLACE: Final = 60
REFERENCE: Final = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9./-]{0,29}")
_PLACE: Final = re.compile(r"[^\d\s][^\n@;:=<>\"]*")
_SEVERAL: Final = re.compile(r"[,;\n]")
KEPT_BACK: Final = "The incident was not saved; what you typed is still here."


def build(ask: Ask, typed: TypedIncident, context: Context, supersedes: str = "") -> Incident:
    """Make an incident of what was understood."""
    properties, _ = understand(typed.properties, context)
    return Incident(
        id=derived_id(ask.at, "incident", typed.source_key) if typed.source_key else new_id(ask.at),
        agency=ask.officer.agency,
        properties=properties,
        officer=ask.officer.id,
        entered=ask.at,
        supersedes=supersedes,
        source_key=typed.source_key,
        reason=typed.reason,
    )


def check(typed: Sequence[TypedIncident], context: Context) -> None:
    """Refuse incidents that cannot be saved whole; every problem is named at once."""
    if not 0 < len(typed) <= MOST_INCIDENTS:
        raise InvalidInputError("Nothing was saved.", {"incidents": f"Enter between one and {MOST_INCIDENTS} at a time."})  # fmt: skip
    problems: dict[str, str] = {}
    for number, one in enumerate(typed, start=1):
        at = f"row {number}: " if len(typed) > 1 else ""
        problems |= {at + name: words for name, words in _problems(one, context).items()}
    if len(problems) > 0:
        raise InvalidInputError(KEPT_BACK, problems)


def understand(typed: Mapping[str, Sequence[str]], context: Context) -> tuple[Properties, dict[str, str]]:
    """Understand every value; return what was understood, and for each property why something was left out."""
    properties: dict[str, tuple[Value, ...]] = {}
    left_out: dict[str, str] = {}
    for name, values in typed.items():
        declared = INCIDENT.property(name)
        cleaned = [_cleaned(declared, text, context) for text in _split(declared, values)]
        understood = tuple(v for v in cleaned if v.clean is not None)
        if len(understood) > 0:
            properties[name] = understood
        odd = next((v for v in cleaned if v.clean is None), None)
        if odd is not None:
            left_out[name] = f"{declared.label}: {odd.flag}"
    return properties, left_out


def contradictions(properties: Properties) -> dict[str, str]:
    """Say where parts add up to more than their whole, and which fee has no currency."""
    said = {name: values[0].clean or "" for name, values in properties.items() if len(values) > 0}
    problems = {}
    for whole, names in (("migrants", GROUPS), ("migrants", ("nationalities",)), ("smugglers", ("smugglerNationalities",))):  # fmt: skip
        parts = sum(_number(name, v) for name in names for v in properties.get(name, ()))
        if whole in said and parts > int(said[whole]):
            labels = ", ".join(INCIDENT.property(n).label.lower() for n in names)
            problems[whole] = f"{labels} add up to {parts}, more than {said[whole]} {whole}; correct one of them."
    if "currency" not in said and not {"feeAsked", "feePaid"}.isdisjoint(said):
        problems["currency"] = "Say in which currency the fee was, for example MYR."
    return problems


def _problems(typed: TypedIncident, context: Context) -> dict[str, str]:
    unknown = [name for name in typed.properties if not INCIDENT.has(name)]
    if len(unknown) > 0:
        return {unknown[0]: "An incident has no such field; remove it."}
    properties, problems = understand(typed.properties, context)
    problems = {n: f"{words}. Nothing else is kept here, because it may be a name." for n, words in problems.items()}
    for name, values in typed.properties.items():
        if not INCIDENT.property(name).multiple and sum(v.strip() != "" for v in values) > 1:
            problems[name] = f"{INCIDENT.property(name).label} takes one value."
    if "date" not in properties and "date" not in problems:
        problems["date"] = "Say when; a month or a year alone is enough."
    if typed.reason != "" and typed.reason not in set(Reason):
        problems["reason"] = f"Choose one of: {', '.join(Reason)}."
    return {**contradictions(properties), **problems}


def _split(declared: Property, values: Sequence[str]) -> list[str]:
    parts = [part for v in values for part in (_SEVERAL.split(v) if declared.multiple else [v])]
    return [part.strip() for part in parts if part.strip() != ""]


def _cleaned(declared: Property, text: str, context: Context) -> Value:
    value = declared.type.clean(text, context)
    if value.clean is None:
        return value
    if declared.name == "place" and (len(value.clean) > LONGEST_PLACE or _PLACE.fullmatch(value.clean) is None):
        return Value(text, None, f"a place has a name of at most {LONGEST_PLACE} characters")
    if declared.name == "reference" and REFERENCE.fullmatch(value.clean) is None:
        return Value(text, None, "a reference is a number of your register, without spaces: CG-118/24")
    return value


def _number(name: str, value: Value) -> int:
    clean = value.clean or "0"
    return tally_of(clean)[1] if name not in GROUPS else int(clean)
