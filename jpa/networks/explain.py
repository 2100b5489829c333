"""Reasons for and against, from stored parts; a candidate is for review, and nothing here speaks of guilt."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from jpa.networks.project import Projection, Tie

_WORDS: Final[Mapping[str, str]] = {
    "USES": "shared phones or handles",
    "HOLDS": "shared accounts",
    "OWNS": "ownership",
    "OPERATES": "operating the same craft",
    "CREW_OF": "crewing the same boats",
    "CALLED": "calls",
    "TRANSFERRED": "payments",
    "ASSOCIATE_OF": "named associates",
    "FAMILY_OF": "family",
    "EMPLOYED_BY": "one employer",
    "MEMBER_OF": "one association",
    "LIVES_AT": "one address",
    "SEEN_AT": "seen at the same places",
    "TOOK_PART_IN": "the same events",
    "USED_IN": "means used in the same voyages",
}
_INNOCENT: Final[Mapping[str, str]] = {
    "FAMILY_OF": "Most ties are family: kin who live near each other look like this.",
    "EMPLOYED_BY": "Most ties are one employer: a work force looks like this.",
    "MEMBER_OF": "Most ties are one association: a savings group or club looks like this.",
    "LIVES_AT": "Most ties are one address: a boarding house looks like this.",
    "SEEN_AT": "Most ties are having been seen at the same places.",
}


def why_member(projection: Projection, inner: Mapping[tuple[str, str], Tie], person: str) -> tuple[str, ...]:
    """Say what ties a member to the others: the three strongest ties."""
    own = sorted(
        ((t.weight, b if a == person else a, t) for (a, b), t in inner.items() if person in (a, b)),
        key=lambda found: (-found[0], found[1]),
    )
    return tuple(f"{projection.labels.get(other, other)}: {_kinds(tie)}" for _, other, tie in own[:3])


def reasons_of(projection: Projection, inner: Mapping[tuple[str, str], Tie], group: frozenset[str]) -> tuple[str, ...]:
    """Say what binds the group."""
    kinds = Counter(k for t in inner.values() for k in t.kinds)
    reports = {r for t in inner.values() for r in t.reports}
    shared = Counter(thing for t in inner.values() for thing in t.through)
    reasons = [f"{len(group)} people, {len(inner)} ties between them, stated in {len(reports)} reports"]
    reasons += [
        f"{_WORDS.get(k, k.lower().replace('_', ' '))}: {n} ties"
        for k, n in sorted(kinds.items(), key=lambda kn: (-kn[1], kn[0]))[:5]
    ]
    for thing, ties in sorted(shared.items(), key=lambda kn: (-kn[1], kn[0]))[:3]:
        reasons.append(f"{projection.labels.get(thing, thing)} is behind {ties} of the ties")
    return tuple(reasons)


def against_of(
    projection: Projection, inner: Mapping[tuple[str, str], Tie], group: frozenset[str], stability: float
) -> tuple[str, ...]:
    """Say the strongest innocent explanations and weaknesses."""
    against = []
    kinds = Counter(k for t in inner.values() for k in t.kinds)
    total = sum(kinds.values())
    against += [words for k, words in _INNOCENT.items() if total > 0 and kinds[k] / total > 0.5]
    reports = Counter(r for t in inner.values() for r in t.reports)
    alone = sorted(r for r, _ in reports.items() if _falls_apart(inner, group, r))
    if len(reports) == 1:
        against.append("Everything comes from one report.")
    elif len(alone) > 0:
        against.append(f"Without {len(alone)} of its {len(reports)} reports the group falls apart.")
    if stability < 0.6:
        against.append(f"Unstable: on average a member stands with the others in {stability:.0%} of the runs.")
    if len(projection.hubs) > 0:
        against.append(f"{len(projection.hubs)} hubs (used by very many) were left out as ties.")
    return tuple(against)


def _falls_apart(inner: Mapping[tuple[str, str], Tie], group: frozenset[str], report: str) -> bool:
    neighbours: dict[str, set[str]] = {p: set() for p in group}
    for (a, b), tie in inner.items():
        if tie.reports - {report}:
            neighbours[a].add(b)
            neighbours[b].add(a)
    start = min(group)
    reached, frontier = {start}, [start]
    while len(frontier) > 0:
        fresh = neighbours[frontier.pop()] - reached
        reached |= fresh
        frontier.extend(fresh)
    return len(reached) < len(group)


def _kinds(tie: Tie) -> str:
    return ", ".join(_WORDS.get(k, k.lower().replace("_", " ")) for k in sorted(tie.kinds))
