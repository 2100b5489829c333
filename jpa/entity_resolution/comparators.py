"""One comparator per kind of evidence: pure, in bits, with the two values and a sentence."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from jpa.entity_resolution.frequency import NameTable
from jpa.entity_resolution.normalise import tokens
from jpa.entity_resolution.profile import Profile
from jpa.entity_resolution.similarity import align, name_similarity
from jpa.model.judgement import Feature

HUB: Final = 8
"""A thing tied to more records than this is a hub (SIM shop, hawala desk): it proves little [R7]."""

_RARE_BITS: Final = 9.0
_UNUSUAL: Final = 1 / 2**_RARE_BITS
_KIN_BITS: Final = 1.5
"""Words of one name go together, by language and custom: each further one proves so much less than its own rarity."""
_ALIKE: Final = 0.75
"""Two names that share less than this are rather two names than two spellings of one."""


def compare_names(left: Profile, right: Profile, table: NameTable, prior: float) -> Feature | None:
    """Names: the best pair of whole names; rare words prove more than common ones.

    A whole name that many bear proves no more than that one of those many is meant: it makes up for the odds before any evidence,
    shared among its bearers.
    """
    best = max(
        ((name_similarity(a, b), a, b) for a in left.full_names[:8] for b in right.full_names[:8]),
        key=lambda found: found[0],
        default=None,
    )
    if best is None:
        return None
    score, a, b = best
    pairs = align(tokens(a)[:12], tokens(b)[:12])
    detail = ", ".join(f"{x} {'=' if x == y else '~'} {y}" for x, y, _ in pairs) or "no word in common"
    if score < _ALIKE:
        return Feature("names", round(-6.0 * (1 - score), 3), a, b, detail)
    kind = left.type
    rarity = sum(-math.log2(max(table.share_of(kind, x), table.share_of(kind, y), _UNUSUAL)) * s for x, y, s in pairs)
    bits = max(0.0, rarity - _KIN_BITS * (len(pairs) - 1)) * (score - 0.5) * 2
    bearers = max(table.holders_of(kind, a), table.holders_of(kind, b))
    if bearers > 0 and bits > (most := max(0.0, -prior - math.log2(bearers))):
        bits, detail = most, f"{detail}; {bearers} records bear this name"
    return Feature("names", round(bits, 3), a, b, detail)


def compare_births(left: Profile, right: Profile) -> Feature | None:
    """Birth dates: partial ones as far as they go; 1 January counts as a year alone."""
    pairs = [(_birth_bits(a, b), a, b) for a in left.get("birthDate") for b in right.get("birthDate")]
    if len(pairs) == 0:
        return None
    (bits, detail), a, b = max(pairs, key=lambda found: found[0][0])
    return Feature("born", bits, a, b, detail)


def compare_sexes(left: Profile, right: Profile) -> Feature | None:
    """Sex: equal is little, different is much."""
    return _equal("sex", left.get("gender"), right.get("gender"), 1.0, -5.0)


def compare_nationalities(left: Profile, right: Profile) -> Feature | None:
    """Nationality or country: most who share a name share this too, so equal is little."""
    names = ("nationality", "citizenship", "country", "flag")
    return _equal("nationality", left.get(*names), right.get(*names), 0.5, -2.0)


def compare_fathers(left: Profile, right: Profile, table: NameTable) -> Feature | None:
    """Father's name, spelling allowed for: equal as much as the name is rare, different speaks against."""
    pairs = [(name_similarity(a, b), a, b) for a in left.get("fatherName") for b in right.get("fatherName")]
    if len(pairs) == 0:
        return None
    score, a, b = max(pairs, key=lambda found: found[0])
    if score < _ALIKE:
        return Feature("father's name", -2.5, a, b, "different father's name")
    share = max((table.share_of(left.type, t) for t in (*tokens(a), *tokens(b))), default=1.0)
    return Feature(
        "father's name", round(max(0.0, min(5.0, -math.log2(share)) - _KIN_BITS) * score, 3), a, b, "same father's name"
    )


def compare_tied(
    kind: str, label: str, weight: float, against: float
) -> Callable[[Profile, Profile, Mapping[str, int]], Feature | None]:
    """Make the comparator of things tied to both: phones, accounts, documents. A hub proves little and says so."""

    def compare(left: Profile, right: Profile, degrees: Mapping[str, int]) -> Feature | None:
        a, b = left.keys.get(kind, frozenset()), right.keys.get(kind, frozenset())
        shared = sorted(a & b, key=lambda key: (degrees.get(key, 2), key))
        if len(shared) > 0:
            degree = degrees.get(shared[0], 2)
            value = shared[0].split("|", 1)[1]
            if degree > HUB:
                return Feature(label, 0.5, value, value, f"same {label}, but {degree} records use it: a hub")
            bits = weight - math.log2(max(degree, 2) / 2)
            return Feature(label, round(bits, 3), value, value, f"same {label}")
        if len(a) > 0 and len(b) > 0 and against != 0:
            return Feature(label, against, _first(a), _first(b), f"different {label}s; people renew and change them")
        return None

    return compare


def compare_identifiers(left: Profile, right: Profile) -> list[Feature]:
    """Numbers that belong to one thing: equal is strong, two valid different ones speak against."""
    features = []
    for name, label, same, different in _IDENTIFIERS:
        a, b = set(left.get(name)), set(right.get(name))
        if len(a) == 0 or len(b) == 0:
            continue
        if len(a & b) > 0:
            value = min(a & b)
            features.append(Feature(label, same, value, value, f"same {label}"))
        else:
            features.append(Feature(label, different, min(a), min(b), f"different {label}s"))
    return features


def shares_number(left: Profile, right: Profile) -> bool:
    """Say whether the two share any number that belongs to one thing."""
    return any(name in left.values and not set(left.get(name)).isdisjoint(right.get(name)) for name in _NUMBERS)


_IDENTIFIERS: Final = (
    ("idNumber", "identity number", 14.0, -4.0),
    ("socialSecurityNumber", "social security number", 14.0, -4.0),
    ("registrationNumber", "registration", 12.0, -3.0),
    ("taxNumber", "tax number", 14.0, -4.0),
    ("leiCode", "LEI", 18.0, -10.0),
    ("passportNumber", "passport", 13.0, -1.0),
    ("imoNumber", "IMO number", 18.0, -14.0),
    ("mmsi", "MMSI", 12.0, -2.0),
    ("callSign", "call sign", 10.0, -1.5),
    ("engineSerial", "engine serial", 14.0, -1.0),
    ("email", "e-mail", 12.0, 0.0),
    ("hullColour", "hull colour", 1.5, -0.5),
    ("hullMaterial", "hull material", 0.5, -2.0),
    ("registrationPort", "home port", 3.0, -0.5),
    ("birthPlace", "place of birth", 4.0, -0.5),
)
_NUMBERS: Final = tuple(name for name, _, same, _ in _IDENTIFIERS if same >= 10)


def _birth_bits(left: str, right: str) -> tuple[float, str]:
    a, b = (d[:4] if d.endswith("-01-01") else d for d in (left, right))
    short = min(len(a), len(b))
    if a[:short] == b[:short]:
        detail = {4: "same year", 7: "same month", 10: "same day"}[short]
        return {4: 3.0, 7: 6.5, 10: 11.0}[short], detail if len(a) == len(b) else "agree as far as both go"
    gap = abs(int(a[:4]) - int(b[:4]))
    slip = _slip(a, b, gap) if len(a) == 10 == len(b) else None
    if slip is not None:
        return slip
    if gap == 0:
        return -4.0, "same year, another day" if short == 10 else "same year, another month"
    if gap == 1:
        return (0.0, "within a year") if short == 4 else (-4.0, "within a year, another day or month")
    return (-3.0, "two years apart") if gap == 2 else (-7.0, f"{gap} years apart")


def _slip(a: str, b: str, gap: int) -> tuple[float, str] | None:
    """Recognise what a tired hand does to one whole date."""
    if gap == 0 and (a[5:7], a[8:]) == (b[8:], b[5:7]):
        return 7.0, "day and month swapped"
    if gap <= 1 and a[5:] == b[5:]:
        return 6.0, "same day and month, one year apart"
    if sum(x != y for x, y in zip(a, b, strict=True)) == 1:
        return 3.5, "one digit differs"
    return None


def _equal(label: str, left: tuple[str, ...], right: tuple[str, ...], same: float, different: float) -> Feature | None:
    if len(left) == 0 or len(right) == 0:
        return None
    shared = sorted(set(left) & set(right))
    if len(shared) > 0:
        return Feature(label, same, shared[0], shared[0], f"same {label}")
    return Feature(label, different, left[0], right[0], f"different {label}")


def _first(keys: frozenset[str]) -> str:
    return min(keys).split("|", 1)[1]
