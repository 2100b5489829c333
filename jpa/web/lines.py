"""One typed line of a report to one record: a kind, then values as they are written."""

import re
from collections.abc import Mapping
from typing import Final

from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.schema import EntityType

_WORDS: Final = {
    **{t.letter: t for t in ENTITY_TYPES.values()},
    **{t.label.casefold().split()[0]: t for t in ENTITY_TYPES.values()},
    **{t.name.casefold(): t for t in ENTITY_TYPES.values()},
    "account": ENTITY_TYPES["BankAccount"],
    "boat": ENTITY_TYPES["Vessel"],
    "passport": ENTITY_TYPES["IdentityDocument"],
    "document": ENTITY_TYPES["IdentityDocument"],
    "wallet": ENTITY_TYPES["CryptoWallet"],
    "handle": ENTITY_TYPES["UserAccount"],
    "company": ENTITY_TYPES["Organization"],
    "car": ENTITY_TYPES["Vehicle"],
    "firm": ENTITY_TYPES["Organization"],
}
_FIELD: Final = re.compile(r"([A-Za-z][A-Za-z ]{1,30})\s*[:=]\s*(.+)")
_BORN: Final = re.compile(r"(?:born|b\.|dob)\s*(.+)", re.IGNORECASE)
_AGE: Final = re.compile(r"(?:abt|about|age[d]?)\s*\d{1,2}", re.IGNORECASE)
_COLOURS: Final = frozenset({"blue", "red", "green", "white", "black", "grey", "gray", "yellow", "brown", "orange"})
_MATERIALS: Final = {
    "wood": "wood",
    "wooden": "wood",
    "fibreglass": "fibreglass",
    "fiberglass": "fibreglass",
    "steel": "steel",
}
_METRES: Final = re.compile(r"\d+(?:[.,]\d+)?\s*(?:m|met(?:er|re)s?|ft|feet)\b", re.IGNORECASE)
SUGGESTED: Final = {
    "Phone": "USES",
    "BankAccount": "HOLDS",
    "CryptoWallet": "HOLDS",
    "UserAccount": "USES",
    "IdentityDocument": "HAS_DOCUMENT",
    "Vessel": "CREW_OF",
    "Vehicle": "USES",
    "Address": "LIVES_AT",
    "Place": "SEEN_AT",
    "Organization": "EMPLOYED_BY",
    "Event": "TOOK_PART_IN",
    "Trip": "TOOK_PART_IN",
}
"""The usual tie from a person to each kind; offered, never added by itself."""


def read_line(line: str) -> tuple[EntityType, dict[str, list[str]]] | None:
    """Split a line into its kind and typed values; None when it begins with no kind."""
    head, _, rest = line.strip().partition(" ")
    declared = _WORDS.get(head.casefold().rstrip(":"))
    if declared is None or rest.strip() == "":
        return None
    values: dict[str, list[str]] = {}
    main = declared.properties[0].name
    for index, part in enumerate(p.strip() for p in rest.split(",")):
        if part == "":
            continue
        named = _named(declared, part)
        if named is not None:
            values.setdefault(named[0], []).append(named[1])
        elif index == 0:
            values.setdefault(main, []).append(part)
        else:
            for name, text in _guessed(declared, part).items():
                values.setdefault(name, []).append(text)
    return declared, values


def _named(declared: EntityType, part: str) -> tuple[str, str] | None:
    match = _FIELD.fullmatch(part)
    if match is None:
        return None
    wanted = match[1].strip().casefold()
    for prop in declared.properties:
        if wanted in {prop.name.casefold(), prop.label.casefold()}:
            return prop.name, match[2].strip()
    return None


def _guessed(declared: EntityType, part: str) -> Mapping[str, str]:
    if declared.name == "Person":
        return _person(part)
    if declared.name == "Vessel":
        return _vessel(part)
    second = {
        "BankAccount": "bankName",
        "Phone": "kind",
        "IdentityDocument": "country",
        "UserAccount": "username",
        "Address": "city",
    }
    return {second.get(declared.name, _notes(declared)): part}


def _person(part: str) -> Mapping[str, str]:
    born = _BORN.fullmatch(part)
    if born is not None:
        return {"birthDate": born[1]}
    if _AGE.fullmatch(part) is not None or re.fullmatch(r"\d{4}", part) is not None:
        return {"birthDate": part}
    if part.casefold() in {"male", "female", "m", "f"}:
        return {"gender": part}
    return {"alias": part} if part.casefold().startswith(("alias ", "aka ")) else {"notes": part}


def _vessel(part: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    metres = _METRES.search(part)
    if metres is not None:
        found["length"] = metres[0]
        part = part.replace(metres[0], " ")
    left = []
    for word in part.split():
        plain = word.casefold()
        if plain in _COLOURS:
            found["hullColour"] = word
        elif plain in _MATERIALS:
            found["hullMaterial"] = _MATERIALS[plain]
        elif plain != "hull":
            left.append(word)
    if len(left) > 0:
        found["notes"] = " ".join(left)
    return found


def _notes(declared: EntityType) -> str:
    return "notes" if declared.has("notes") else declared.properties[0].name
