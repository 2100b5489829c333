"""From records to proposals: block, compare, add up; the bits shown are the score."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from jpa.entity_resolution.comparators import (
    compare_births,
    compare_fathers,
    compare_identifiers,
    compare_names,
    compare_nationalities,
    compare_sexes,
    compare_tied,
    shares_number,
)
from jpa.entity_resolution.frequency import NameTable, count_names
from jpa.entity_resolution.keys import Tally, candidate_pairs
from jpa.entity_resolution.profile import Profile
from jpa.model.job import Progress, no_progress
from jpa.model.judgement import Feature, Proposal, pair_of

MODEL: Final = "jpa-er-2"
LEAST_PRIOR: Final[Mapping[str, float]] = {"Person": 13.0, "Organization": 10.0, "Vessel": 9.0, "Vehicle": 9.0}
"""Before any evidence, one pair in some thousands of compared ones is the same thing; among more records it is fewer."""
PROPOSE_FROM: Final = 0.5
"""Shown to an officer from even odds upwards; nothing is ever merged by itself."""
MOST_BESIDES: Final = 12.0
"""Bits that everything but names, births, numbers and tied things can add up to: father, place of birth, sex, state; ports and colours of vessels."""

_TIED: Final = (
    compare_tied("IdentityDocument", "document", 16.0, -1.0),
    compare_tied("Phone", "phone", 8.0, 0.0),
    compare_tied("BankAccount", "account", 10.0, 0.0),
    compare_tied("CryptoWallet", "wallet", 12.0, 0.0),
    compare_tied("UserAccount", "online account", 10.0, 0.0),
)


def prior_bits(kind: str, table: NameTable) -> float:
    """Say what a pair is worth before any evidence: among n records, one other in n is the same thing."""
    return -max(LEAST_PRIOR.get(kind, 10.0), round(math.log2(1 + table.records.get(kind, 0)), 3))


def degrees_in(profiles: Iterable[Profile]) -> Counter[str]:
    """Count how many records each tied thing has, to see hubs."""
    return Counter(key for p in profiles for found in p.keys.values() for key in found)


def compare(left: Profile, right: Profile, table: NameTable, degrees: Mapping[str, int]) -> Proposal:
    """Compare two records; the features' bits and the prior add up to the proposal's bits exactly."""
    prior = prior_bits(left.type, table)
    found: list[Feature | None] = [
        Feature("before any evidence", prior, "", "", "most pairs are two different things"),
        compare_names(left, right, table, prior),
        compare_births(left, right),
        compare_sexes(left, right),
        compare_nationalities(left, right),
        compare_fathers(left, right, table),
        *compare_identifiers(left, right),
        *(tied(left, right, degrees) for tied in _TIED),
    ]
    features = tuple(f for f in found if f is not None)
    bits = math.fsum(f.bits for f in features)
    return Proposal(
        min(left.record, right.record), max(left.record, right.record), probability(bits), bits, features, MODEL
    )


def probability(bits: float) -> float:
    """Turn bits into a probability."""
    if bits > 60:
        return 1.0
    if bits < -60:
        return 0.0
    return float(2**bits / (1 + 2**bits))


def propose(
    profiles: Sequence[Profile],
    *,
    decided: Collection[str] = frozenset(),
    threshold: float = PROPOSE_FROM,
    among: Collection[str] | None = None,
    table: NameTable | None = None,
    tally: Tally | None = None,
    progress: Progress = no_progress,
) -> list[Proposal]:
    """Propose the pairs that might be one thing, most probable first; pairs in `decided` have their verdict already.

    With `among` only the pairs with one of these records in them are compared; all the others count as names that are common.
    """
    counted, degrees = count_names(profiles) if table is None else table, degrees_in(profiles)
    found = []
    for left, right in candidate_pairs(profiles, tally, progress):
        if among is not None and left.record not in among and right.record not in among:
            continue
        if pair_of(left.record, right.record) in decided:
            continue
        if _hopeless(left, right, counted):
            continue
        proposal = compare(left, right, counted, degrees)
        if proposal.score >= threshold:
            found.append(proposal)
    return sorted(found, key=lambda p: (-p.score, -p.bits, p.pair))


def _hopeless(left: Profile, right: Profile, table: NameTable) -> bool:
    """Say whether nothing strong is shared and the rest cannot lift the pair to even odds: most pairs end here, cheaply."""
    if any(not found.isdisjoint(right.keys.get(kind, ())) for kind, found in left.keys.items()):
        return False
    if shares_number(left, right):
        return False
    prior = prior_bits(left.type, table)
    found = (compare_names(left, right, table, prior), compare_births(left, right))
    return prior + sum(f.bits for f in found if f is not None) + MOST_BESIDES < 0


def what_would_change(proposal: Proposal) -> str:
    """Say which single piece of evidence the verdict rests on most."""
    weighed = [f for f in proposal.features[1:] if f.bits > 0]
    if len(weighed) == 0:
        return "Nothing speaks for it strongly."
    strongest = max(weighed, key=lambda f: f.bits)
    without = probability(proposal.bits - strongest.bits)
    return f"Without the {strongest.name} this would be {without:.2f}."
