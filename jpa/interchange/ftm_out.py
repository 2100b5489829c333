"""Records and links back to FollowTheMoney, rebuilt from catalogue fields and validated by its own library."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from followthemoney import model
from followthemoney.exc import InvalidData

from jpa.errors import IntegrityError
from jpa.interchange.ftm_in import ENTITY_PROPERTIES, OTHER, OURS
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.record import Link, Properties, Record
from jpa.model.value_types import Value

_FOLDED: Final[Mapping[tuple[str, str], str]] = {("USES", "Phone"): "phone", ("OPERATES", "Phone"): "phone"}
"""A thing without a FollowTheMoney schema collapses into a property of whoever it is tied to."""


def write_ftm(records: Iterable[Record], links: Iterable[Link], external: Mapping[str, str]) -> bytes:
    """Write FollowTheMoney JSON lines; `external` maps ids to the ids they were imported with."""
    return b"".join(json.dumps(e, ensure_ascii=False).encode() + b"\n" for e in entities_of(records, links, external))


def entities_of(
    records: Iterable[Record], links: Iterable[Link], external: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield one entity a record and a link; `external` maps ids to the ids they were imported with."""
    kept = {r.id: r for r in records}
    entities = {
        i: _thing(r, external) for i, r in kept.items() if model.get(ENTITY_TYPES[r.type].ftm_schema) is not None
    }
    made: list[dict[str, Any]] = []
    for link in links:
        if link.source in kept and link.target in kept:
            made.extend(_link(link, kept, entities, external))
    for entity in (*entities.values(), *made):
        yield _validated(entity)


def _thing(record: Record, external: Mapping[str, str]) -> dict[str, Any]:
    schema = record.schema if model.get(record.schema) is not None else ENTITY_TYPES[record.type].ftm_schema
    return {
        "id": external.get(record.id, record.id),
        "schema": schema,
        "properties": _properties(schema, record.properties),
    }


def _link(
    link: Link, kept: Mapping[str, Record], entities: Mapping[str, dict[str, Any]], external: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    declared = LINK_TYPES[link.type]
    source, target = kept[link.source], kept[link.target]
    fold = _FOLDED.get((link.type, target.type))
    if fold is not None and link.source in entities:
        _add(entities[link.source], fold, [v.best for v in target.properties.get("number", ())])
        return
    for owner, other, mark in ((source, target, ""), (target, source, "<")):
        name = _pointing(owner.type, mark + link.type)
        if name is not None and link.schema == "" and owner.id in entities and other.id in entities:
            _add(entities[owner.id], name, [entities[other.id]["id"]])
            return
    if source.id not in entities or target.id not in entities:
        return  # a phone that called a phone: FollowTheMoney has no thing for either end
    schema = link.schema or declared.ftm_schema or "UnknownLink"
    ends = (declared.ftm_source, declared.ftm_target) if declared.ftm_schema is not None else ("subject", "object")
    properties = _properties(schema, link.properties)
    if schema == "UnknownLink" and link.type != "RELATED_TO":
        properties.setdefault("description", []).append(f"{OURS}type={link.type}")
    properties[ends[0]], properties[ends[1]] = [entities[source.id]["id"]], [entities[target.id]["id"]]
    yield {"id": external.get(link.id, link.id), "schema": schema, "properties": properties}


def _properties(schema_name: str, stated: Properties) -> dict[str, list[str]]:
    schema = model[schema_name]
    found: dict[str, list[str]] = defaultdict(list)
    for name, values in stated.items():
        if name == OTHER:
            for value in values:
                other, _, text = value.typed.partition("=")
                found[other].append(text)
        elif name in schema.properties:
            found[name].extend(_text(schema_name, name, value) for value in values)
        else:
            # FollowTheMoney has no such property: kept in words that reading the file back understands.
            into = "notes" if "notes" in schema.properties else "description"
            found[into].extend(f"{OURS}{name}={value.typed}" for value in values)
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def _text(schema: str, name: str, value: Value) -> str:
    """Prefer what was typed where FollowTheMoney takes it as it stands, else the clean form, else keep what was typed."""
    kind = model[schema].properties[name].type
    if kind.clean(value.typed) == value.typed:
        return value.typed
    for text in (value.clean, value.typed):
        cleaned = None if text is None else kind.clean(text)
        if cleaned is not None:
            return str(cleaned)
    return value.typed


def _pointing(owner: str, tie: str) -> str | None:
    return next((name for (type_name, name), t in ENTITY_PROPERTIES.items() if type_name == owner and t == tie), None)


def _add(entity: dict[str, Any], name: str, values: list[str]) -> None:
    have = entity["properties"].setdefault(name, [])
    have.extend(v for v in values if v not in have)


def _validated(entity: dict[str, Any]) -> dict[str, Any]:
    try:
        proxy = model.get_proxy(entity, cleaned=False)
        proxy.schema.validate(entity)  # type: ignore[arg-type]  # the plain JSON form of its own type
    except InvalidData as error:
        raise IntegrityError(f"{entity['id']} would not be valid FollowTheMoney: {json.dumps(str(error))}") from error
    return entity
