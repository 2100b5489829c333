"""Keys of blind questions: what two agencies can hold in common of a person, phone, document, vessel or account.

A thing whose identity is a number has the keys that the catalogue declares. A person has buckets of consonant skeletons with a year of
birth: the asker allows a year on either side, and one of them may know a name more. A name without a year is no key: too many share it.
"""

from collections.abc import Iterable
from itertools import product
from typing import Final

from jpa.entity_resolution.normalise import skeleton, tokens
from jpa.entity_resolution.profile import Profile
from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.record import Record

ASKABLE: Final = ("Person", "Phone", "IdentityDocument", "Vessel", "BankAccount", "CryptoWallet", "UserAccount")
"""Kinds of things that a blind question can be about."""
KEYED: Final = tuple(name for name in ASKABLE if len(ENTITY_TYPES[name].keys) > 0)
"""Those that are found by a number of their own, and identify whoever holds them."""

_VESSEL: Final = (("imoNumber",), ("mmsi",), ("callSign",), ("registrationNumber", "flag"), ("engineSerial",))
MOST_NAMES: Final = 6
"""Names of one person that are looked at: more than any report states, and a bound for what one question can carry."""
MOST_WORDS: Final = 6
LEAST_LETTERS: Final = 5
"""Consonants that a name with one word left out must still have; below that half a village shares it."""
_WHOLE: Final = "whole"
_PART: Final = "part"
_DAY: Final = 10
_YEAR: Final = 4


def held_keys(record: Record) -> frozenset[str]:
    """Return the keys under which a record answers."""
    if record.type != "Person":
        return frozenset(_numbers(record))
    profile = _profile(record)
    keys = set(_single(profile))
    for bones in _names(profile):
        for year in _years(profile):
            keys |= {_key(_WHOLE, bones, year), _key(_PART, bones, year)}
            keys |= {_key(_WHOLE, part, year) for part in _parts(bones)}
    return frozenset(keys)


def asked_keys(record: Record) -> tuple[str, ...]:
    """Return the keys that a question about a thing asks for, the most telling first; none where too little is known of it."""
    if record.type != "Person":
        return tuple(dict.fromkeys(_numbers(record)))
    profile = _profile(record)
    keys = list(_single(profile))
    for off in (0, -1, 1):
        for bones, year in product(_names(profile), _years(profile)):
            near = f"{int(year) + off:04}"
            keys.append(_key(_WHOLE, bones, near))
            keys.extend(_key(_PART, part, near) for part in _parts(bones))
    return tuple(dict.fromkeys(keys))


def _numbers(record: Record) -> Iterable[str]:
    alternatives = _VESSEL if record.type == "Vessel" else ENTITY_TYPES[record.type].keys
    for number, names in enumerate(alternatives):
        values = [_clean(record, name)[:MOST_NAMES] for name in names]
        for parts in product(*values):
            yield "|".join((record.type, str(number), *(part.casefold() for part in parts)))


def _clean(record: Record, name: str) -> tuple[str, ...]:
    return tuple(v.clean for v in record.properties.get(name, ()) if v.clean is not None)


def _profile(record: Record) -> Profile:
    values = {name: _clean(record, name) for name in record.properties}
    return Profile(record.id, record.type, record.agency, values)


def _names(profile: Profile) -> list[tuple[str, ...]]:
    names = [_bones(name) for name in profile.full_names[:MOST_NAMES]]
    return list(dict.fromkeys(bones for bones in names if len(bones) > 1))


def _single(profile: Profile) -> Iterable[str]:
    """A single name is a key only with the day of birth."""
    for name in profile.full_names[:MOST_NAMES]:
        bones = _bones(name)
        if len(bones) == 1:
            yield from (f"Person|{bones[0]}|{date}" for date in profile.get("birthDate") if len(date) == _DAY)


def _bones(name: str) -> tuple[str, ...]:
    return tuple(sorted({bone for t in tokens(name)[:MOST_WORDS] if (bone := skeleton(t)) != ""}))


def _parts(bones: tuple[str, ...]) -> list[tuple[str, ...]]:
    if len(bones) < 3:
        return []
    parts = [bones[:n] + bones[n + 1 :] for n in range(len(bones))]
    return [part for part in parts if sum(map(len, part)) >= LEAST_LETTERS]


def _years(profile: Profile) -> list[str]:
    years = (date[:_YEAR] for date in profile.get("birthDate"))
    return sorted({year for year in years if len(year) == _YEAR and year.isascii() and year.isdigit()})


def _key(kind: str, bones: tuple[str, ...], year: str) -> str:
    return f"Person|{kind}|{'+'.join(bones)}|{year}"
