"""One FollowTheMoney entity for each record and each link, so that nothing is folded into anything else: the form that packages carry."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from followthemoney import model

from jpa.interchange.ftm_in import OTHER, OURS
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.record import Link, Properties, Record
from jpa.model.value_types import Value

Entity = tuple[str, dict[str, list[str]]]
"""Schema and properties."""

_STAND_INS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {"Phone": ("UserAccount", {"number": "phone"})}
"""FollowTheMoney has no telephone: it is an account with a number, which every reader shows."""
_UNKNOWN: Final = "UnknownLink"


def entity_of(record: Record) -> Entity:
    """Return the entity of a record."""
    stand_in, names = _STAND_INS.get(record.type, ("", {}))
    schema = stand_in or (record.schema if _known(record.schema) else ENTITY_TYPES[record.type].ftm_schema)
    return schema, _properties(schema, record.properties, names)


def tie_of(link: Link) -> Entity:
    """Return the entity of a link; its ends are the ids of the records."""
    declared = LINK_TYPES[link.type]
    schema = link.schema if link.schema != "" and _is_edge(link.schema) else declared.ftm_schema or _UNKNOWN
    ends = ("subject", "object") if schema == _UNKNOWN else (declared.ftm_source, declared.ftm_target)
    if not set(ends) <= _names(schema).keys():
        schema, ends = _UNKNOWN, ("subject", "object")
    properties = _properties(schema, link.properties, {})
    if schema == _UNKNOWN:
        properties.setdefault("role", []).append(declared.label)
    return schema, properties | {ends[0]: [link.source], ends[1]: [link.target]}


def _properties(schema: str, stated: Properties, renamed: Mapping[str, str]) -> dict[str, list[str]]:
    names = _names(schema)
    found: dict[str, list[str]] = {}
    for name, values in stated.items():
        into = renamed.get(name, name)
        if name == OTHER:
            into = "notes" if "notes" in names else "description"
        texts = [_text(schema, into, value) for value in values] if into in names and name != OTHER else None
        if texts is None or None in texts:
            words = "notes" if "notes" in names else "description"
            found.setdefault(words, []).extend(f"{OURS}{name}={value.typed}" for value in values)
            texts = [text for text in texts or () if text is not None]
        found.setdefault(into, []).extend(text for text in texts if text is not None)
    return {name: list(dict.fromkeys(texts)) for name, texts in found.items() if len(texts) > 0}


def _text(schema: str, name: str, value: Value) -> str | None:
    """Return what FollowTheMoney takes for a value: what was typed where it takes it as it stands, else the clean form, else nothing."""
    return _taken(schema, name, value.typed, value.clean)


@lru_cache(maxsize=50_000)
def _taken(schema: str, name: str, typed: str, clean: str | None) -> str | None:
    kind = model[schema].properties[name].type
    for text in (typed, clean):
        cleaned = None if text is None else kind.clean(text)
        if cleaned is not None and kind.validate(str(cleaned)):
            return str(cleaned)
    return None


@lru_cache(maxsize=200)
def _names(schema: str) -> Mapping[str, Sequence[str]]:
    return {name: () for name, prop in model[schema].properties.items() if not prop.stub}


@lru_cache(maxsize=500)
def _known(schema: str) -> bool:
    found = model.get(schema)
    return found is not None and not found.abstract and not found.edge


@lru_cache(maxsize=500)
def _is_edge(schema: str) -> bool:
    found = model.get(schema)
    return found is not None and found.edge
