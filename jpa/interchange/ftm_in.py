"""FollowTheMoney JSON lines to typed records and ties; what the catalogue has no field for is kept under `other`."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from followthemoney import model
from followthemoney.schema import Schema

from jpa.errors import InvalidInputError
from jpa.interchange.incoming import Incoming, IncomingLink, IncomingRecord, Rejected
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.schema import EntityType, LinkType

OTHER: Final = "other"
OURS: Final = "jpa:"
"""Begins a note that holds a property of ours which FollowTheMoney lacks: `jpa:count=9`."""
MOST_LINE: Final = 2_000_000
"""Characters of one line; no entity of a real data set comes near."""

_BY_SCHEMA: Final[Mapping[str, EntityType]] = {
    schema: t
    for t in ENTITY_TYPES.values()
    if t.name != "Place"  # exported as Address, but an Address is imported as one
    for schema in (t.ftm_schema, *t.ftm_accepts)
}
_LINK_BY_SCHEMA: Final[Mapping[str, LinkType]] = {
    schema: t
    for t in reversed(list(LINK_TYPES.values()))
    if t.ftm_schema is not None
    for schema in (t.ftm_schema, *t.ftm_accepts)
}
ENTITY_PROPERTIES: Final[Mapping[tuple[str, str], str]] = {
    ("Person", "addressEntity"): "LIVES_AT",
    ("Organization", "addressEntity"): "REGISTERED_AT",
    ("Vessel", "addressEntity"): "REGISTERED_AT",
    ("Vehicle", "addressEntity"): "REGISTERED_AT",
    ("BankAccount", "addressEntity"): "REGISTERED_AT",
    ("IdentityDocument", "holder"): "<HAS_DOCUMENT",
    ("CryptoWallet", "holder"): "<HOLDS",
    ("UserAccount", "owner"): "<USES",
    ("Vessel", "operator"): "<OPERATES",
    ("Vehicle", "operator"): "<OPERATES",
    ("Vessel", "owner"): "<OWNS",
    ("Vehicle", "owner"): "<OWNS",
    ("Trip", "vehicle"): "<USED_IN",
    ("Event", "involved"): "<TOOK_PART_IN",
    ("Event", "organizer"): "<TOOK_PART_IN",
    ("Trip", "involved"): "<TOOK_PART_IN",
}
"""A property that points at an entity becomes a tie; < means that the tie runs towards the entity that has it."""


def read_ftm(lines: Iterable[str]) -> Incoming:
    """Read FollowTheMoney entities, one JSON object a line; a line that cannot be taken is rejected with the reason."""
    incoming = Incoming()
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if line.strip() == "":
            continue
        try:
            _read(_entity(line, seen), number, incoming)
        except InvalidInputError as error:
            incoming.rejected.append(Rejected(number, str(error)))
    if len(incoming.records) + len(incoming.links) + len(incoming.rejected) == 0:
        raise InvalidInputError("The file is empty.", {"file": "It holds no line; choose another file."})
    return incoming


def _entity(line: str, seen: set[str]) -> dict[str, Any]:
    if len(line) > MOST_LINE:
        raise InvalidInputError("the line is longer than two million characters")
    try:
        entity = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("the line is not JSON") from error
    if not isinstance(entity, dict) or not isinstance(entity.get("properties"), dict):
        raise InvalidInputError("the line is no FollowTheMoney entity (id, schema, properties)")
    if not isinstance(entity.get("id"), str) or entity["id"] == "":
        raise InvalidInputError("the entity has no id")
    if entity["id"] in seen:
        raise InvalidInputError(f"the id {entity['id'][:60]} stands on an earlier line already")
    seen.add(entity["id"])
    return entity


def _read(entity: Mapping[str, Any], row: int, incoming: Incoming) -> None:
    schema = model.get(str(entity.get("schema")))
    if schema is None:
        raise InvalidInputError(f"{entity.get('schema')!r} is no FollowTheMoney schema")
    properties = {name: _texts(values) for name, values in entity["properties"].items()}
    if schema.name in _LINK_BY_SCHEMA:
        _read_link(entity["id"], schema, properties, row, incoming)
    elif schema.name in _BY_SCHEMA:
        _read_thing(entity["id"], schema, properties, row, incoming)
    else:
        raise InvalidInputError(f"the schema {schema.name} has no place in the catalogue")


def _read_thing(key: str, schema: Schema, properties: Mapping[str, list[str]], row: int, incoming: Incoming) -> None:
    declared = _BY_SCHEMA[schema.name]
    kept, pointing = _split(declared, schema, properties)
    incoming.records.append(IncomingRecord(key, declared.name, schema.name, kept, row))
    for name, targets in pointing.items():
        tie = ENTITY_PROPERTIES[declared.name, name]
        for target in targets:
            ends = (target, key) if tie.startswith("<") else (key, target)
            link_key = f"{key}#{name}#{target}"
            incoming.links.append(IncomingLink(link_key, tie.lstrip("<"), "", *ends, {}, row))


def _read_link(key: str, schema: Schema, properties: Mapping[str, list[str]], row: int, incoming: Incoming) -> None:
    declared = _LINK_BY_SCHEMA[schema.name]
    ends = [properties.get(declared.ftm_source, []), properties.get(declared.ftm_target, [])]
    if len(ends[0]) != 1 or len(ends[1]) != 1:
        raise InvalidInputError(f"a {schema.name} needs one {declared.ftm_source} and one {declared.ftm_target}")
    rest = {n: v for n, v in properties.items() if n not in {declared.ftm_source, declared.ftm_target}}
    kept, _ = _split(declared, schema, rest)
    declared = LINK_TYPES.get(next(iter(kept.pop("type", [])), ""), declared)
    incoming.links.append(IncomingLink(key, declared.name, schema.name, ends[0][0], ends[1][0], kept, row))


def _split(
    declared: EntityType | LinkType, schema: Schema, properties: Mapping[str, list[str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    kept: dict[str, list[str]] = {}
    pointing: dict[str, list[str]] = {}
    names = {p.name for p in declared.properties}
    ours_known = {*names, "type"} if isinstance(declared, LinkType) else names
    for name, values in properties.items():
        own = [v for v in values if v.startswith(OURS) and v[len(OURS) :].partition("=")[0] in ours_known]
        for text in own:
            ours, _, value = text[len(OURS) :].partition("=")
            kept.setdefault(ours, []).append(value)
        if len(own) == len(values) > 0:
            continue
        if name in names:
            kept[name] = [v for v in values if v not in own]
        elif (declared.name, name) in ENTITY_PROPERTIES and name in schema.properties:
            pointing[name] = values
        else:
            kept.setdefault(OTHER, []).extend(f"{name}={value}" for value in values)
    return kept, pointing


def _texts(values: Any) -> list[str]:
    found = values if isinstance(values, list) else [values]
    return [str(v) for v in found if v is not None and str(v) != ""]
