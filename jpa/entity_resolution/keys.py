"""Blocking keys: who is compared with whom; the same code for a batch and for one new record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from jpa.entity_resolution.normalise import skeleton, tokens
from jpa.entity_resolution.profile import Profile

MOST_IN_BLOCK: Final = 60
"""A block larger than this is refined by the birth year or the first tied key instead of being dropped."""

_IDENTIFIERS: Final = (
    "idNumber", "taxNumber", "registrationNumber", "socialSecurityNumber", "passportNumber", "imoNumber", "mmsi", "callSign",
    "engineSerial", "email", "leiCode", "licenseNumber", "serialNumber", "crsNumber",
)  # fmt: skip


def blocking_keys(profile: Profile) -> set[str]:
    """Return the keys of one record; two records that share one are compared."""
    keys = {f"{name}={value.casefold()}" for name in _IDENTIFIERS for value in profile.get(name)}
    keys |= {f"tied={key}" for found in profile.keys.values() for key in found}
    years = _years(profile)
    for name in profile.full_names:
        bones = sorted({skeleton(t) for t in tokens(name)[:6]})
        keys |= {f"two={a}+{b}" for a, b in combinations(bones, 2)}
        keys.add(f"joined={''.join(bones)}")
        keys |= {f"year={bone}+{year}" for bone in bones if len(bone) > 1 for year in years}
    keys |= {
        f"born={date}+{skeleton(tokens(n)[0])[:1]}"
        for date in profile.get("birthDate")
        if len(date) == 10
        for n in profile.full_names
        if len(tokens(n)) > 0
    }
    return {f"{profile.type}:{key}" for key in keys}


def candidate_pairs(profiles: Iterable[Profile]) -> Iterator[tuple[Profile, Profile]]:
    """Yield each pair of records that shares a key, once, in a fixed order."""
    blocks: dict[str, list[Profile]] = defaultdict(list)
    for profile in sorted(profiles, key=lambda p: p.record):
        for key in blocking_keys(profile):
            blocks[key].append(profile)
    seen: set[tuple[str, str]] = set()
    for key in sorted(blocks):
        for block in _refined(blocks[key]):
            for left, right in combinations(block, 2):
                pair = (left.record, right.record)
                if pair not in seen:
                    seen.add(pair)
                    yield left, right


def _refined(block: list[Profile]) -> list[list[Profile]]:
    if len(block) <= MOST_IN_BLOCK:
        return [block]
    finer: dict[str, list[Profile]] = defaultdict(list)
    for profile in block:
        for mark in (*_years(profile), *(k for found in profile.keys.values() for k in found)) or ("",):
            finer[mark].append(profile)
    return [
        found[i : i + MOST_IN_BLOCK] for _, found in sorted(finer.items()) for i in range(0, len(found), MOST_IN_BLOCK)
    ]


def _years(profile: Profile) -> tuple[str, ...]:
    return tuple(sorted({date[:4] for date in profile.get("birthDate")}))
