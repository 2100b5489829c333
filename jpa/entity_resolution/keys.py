"""Blocking keys: who is compared with whom; the same code for a batch and for one new record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from jpa.entity_resolution.normalise import skeleton, tokens
from jpa.entity_resolution.profile import Profile
from jpa.model.job import Progress, no_progress

MOST_IN_BLOCK: Final = 50
"""A block larger than this is refined by birth date, year and tied things; what is still larger then is left out and counted."""

_IDENTIFIERS: Final = (
    "idNumber", "taxNumber", "registrationNumber", "socialSecurityNumber", "passportNumber", "imoNumber", "mmsi", "callSign",
    "engineSerial", "email", "leiCode", "licenseNumber", "serialNumber", "crsNumber",
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What one comparison went through, for the summary of the run."""

    pairs: int = 0
    skipped: int = 0
    """Blocks that were too large even when refined, so that not all of their pairs were compared."""
    crowded: int = 0
    """Records in the largest of them."""


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


def candidate_pairs(
    profiles: Iterable[Profile], tally: Tally | None = None, progress: Progress = no_progress
) -> Iterator[tuple[Profile, Profile]]:
    """Yield each pair of records that shares a key, once, in a fixed order; progress counts the blocks."""
    ordered = sorted(profiles, key=lambda p: p.record)
    blocks: dict[str, list[int]] = defaultdict(list)
    for number, profile in enumerate(ordered):
        for key in blocking_keys(profile):
            blocks[key].append(number)
    shared = sorted(key for key, members in blocks.items() if len(members) > 1)
    counted = Tally() if tally is None else tally
    seen: set[int] = set()  # a pair as one number: tuples of ids would hold three times the memory
    for done, key in enumerate(shared):
        if done % 200 == 0:
            progress(done, len(shared))
        for block in _refined(blocks[key], ordered, counted):
            for left, right in combinations(block, 2):
                pair = left * len(ordered) + right
                if pair not in seen:
                    seen.add(pair)
                    yield ordered[left], ordered[right]
    counted.pairs = len(seen)


def _refined(block: list[int], ordered: Sequence[Profile], tally: Tally) -> list[list[int]]:
    """Cut a crowded block by what its records have in common besides; never drop a pair that shares a rarer thing too."""
    if len(block) <= MOST_IN_BLOCK:
        return [block]
    finer: dict[str, list[int]] = defaultdict(list)
    for number in block:
        for mark in _marks(ordered[number]):
            finer[mark].append(number)
    kept = [found for _, found in sorted(finer.items()) if 1 < len(found) <= MOST_IN_BLOCK]
    crowded = [len(found) for found in finer.values() if len(found) > MOST_IN_BLOCK]
    if len(crowded) > 0:
        tally.skipped += 1
        tally.crowded = max(tally.crowded, *crowded)
    return kept


def _marks(profile: Profile) -> tuple[str, ...]:
    """Return what refines a crowded block: birth dates, their years and months, and tied things; else having none of these."""
    dates = profile.get("birthDate")
    parts = {part for date in dates for part in (date[:4], date[:7], date)}
    tied = {key for found in profile.keys.values() for key in found}
    return tuple(sorted(parts | tied)) or ("",)


def _years(profile: Profile) -> tuple[str, ...]:
    return tuple(sorted({date[:4] for date in profile.get("birthDate")}))
