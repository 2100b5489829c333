"""One comparator per kind of evidence: pure, in bits, with the two values and a sentence."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from jpa.entity_resolution.normalise import tokens
from jpa.entity_resolution.profile import Profile
from jpa.entity_resolution.similarity import align, name_similarity
from jpa.model.judgement import Feature

Frequency = Callable[[str], float]
"""Share of names that hold a folded word, from a shipped table or from the records at hand."""

HUB: Final = 8
"""A thing tied to more records than this is a hub (SIM shop, hawala desk): it proves little [R7]."""

_RARE_BITS: Final = 9.0
_UNUSUAL: Final = 1 / 2**_RARE_BITS


def compare_names(left: Profile, right: Profile, frequency: Frequency) -> Feature | None:
    """Names: the best pair of whole names; rare words prove more than common ones."""
    best = max(
        ((name_similarity(a, b), a, b) for a in left.full_names[:8] for b in right.full_names[:8]),
        key=lambda found: found[0],
        default=None,
    )
    if best is None:
        return None
    score, a, b = best
    pairs = align(tokens(a)[:12], tokens(b)[:12])
    rarity = sum(-math.log2(max(frequency(x), frequency(y), _UNUSUAL)) * s for x, y, s in pairs)
    bits = rarity * max(0.0, (score - 0.5) * 2) if score >= 0.75 else -6.0 * (1 - score)
    detail = ", ".join(f"{x} {'=' if x == y else '~'} {y}" for x, y, _ in pairs) or "no word in common"
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
    """Nationality or country."""
    names = ("nationality", "citizenship", "country", "flag")
    return _equal("nationality", left.get(*names), right.get(*names), 1.5, -1.5)


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
    ("fatherName", "father's name", 5.0, -1.0),
    ("birthPlace", "place of birth", 4.0, -0.5),
)


def _birth_bits(left: str, right: str) -> tuple[float, str]:
    a, b = (d[:4] if d.endswith("-01-01") else d for d in (left, right))
    if a == b:
        return {4: (3.5, "same year"), 7: (6.5, "same month"), 10: (10.0, "same day")}[len(a)]
    short = min(len(a), len(b))
    if a[:short] == b[:short]:
        return (3.5 if short == 4 else 6.5), "agree as far as both go"
    if len(a) == 10 == len(b) and a[:4] == b[:4] and (a[5:7], a[8:]) == (b[8:], b[5:7]):
        return 7.0, "day and month swapped"
    if len(a) == 10 == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1:
        return 5.0, "one digit differs"
    gap = abs(int(a[:4]) - int(b[:4]))
    if gap <= 1:
        return 0.5, "within a year"
    return (-3.0, "two years apart") if gap == 2 else (-7.0, f"{gap} years apart")


def _equal(label: str, left: tuple[str, ...], right: tuple[str, ...], same: float, different: float) -> Feature | None:
    if len(left) == 0 or len(right) == 0:
        return None
    shared = sorted(set(left) & set(right))
    if len(shared) > 0:
        return Feature(label, same, shared[0], shared[0], f"same {label}")
    return Feature(label, different, left[0], right[0], f"different {label}")


def _first(keys: frozenset[str]) -> str:
    return min(keys).split("|", 1)[1]
