"""Taking a sealed identity out of what was typed: values, and names that stand in two fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from jpa.model.catalogue.outcomes import OutcomeKind
from jpa.model.record import Properties
from jpa.model.schema import EntityType, LinkType
from jpa.model.value_types import Context, Value

Redact = Callable[[str], str]
"""Replaces every sealed identity of a case in a text by its pseudonym."""

_SPLIT_NAMES: Final = (("firstName", "lastName"), ("givenName", "surname"))
"""Fields that name somebody only together: each half alone is many people's."""


def redact_typed(typed: Mapping[str, Sequence[str]], redact: Redact) -> dict[str, list[str]]:
    """Redact typed values; a name split over two fields goes from both."""
    redacted = {name: [redact(text) for text in texts] for name, texts in typed.items()}
    for halves in _SPLIT_NAMES:
        firsts = [texts[0].strip() for half in halves if len(texts := typed.get(half, ())) > 0]
        if len(firsts) < len(halves):
            continue
        whole = " ".join(firsts)
        if redact(whole) != whole:
            redacted |= {half: [redact(whole)] for half in halves}
    return redacted


def redact_stated(
    declared: EntityType | LinkType | OutcomeKind, stated: Properties, redact: Redact, context: Context
) -> dict[str, tuple[Value, ...]]:
    """Redact values that stand already; only those that change are understood anew."""
    texts = redact_typed({name: [v.typed for v in values] for name, values in stated.items()}, redact)
    return {
        name: values
        if texts[name] == [v.typed for v in values] and all(redact(v.best) == v.best for v in values)
        else tuple(_understood(declared, name, text, redact, context) for text in texts[name])
        for name, values in stated.items()
    }


def _understood(
    declared: EntityType | LinkType | OutcomeKind, name: str, text: str, redact: Redact, context: Context
) -> Value:
    value = declared.property(name).type.clean(text, context)
    if redact(value.best) == value.best:
        return value
    return declared.property(name).type.clean(redact(value.best), context)
