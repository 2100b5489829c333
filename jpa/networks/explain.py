"""Reasons for and against, from stored parts; a candidate is for review, and nothing here speaks of guilt."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

import networkx as nx

from jpa.networks.project import Projection, Tie
from jpa.networks.structure import Ties, hangs_on, parts_without

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
_MOST_REASONS: Final = 3
_MOST_CUTS: Final = 2
"""More joints than these make the list longer and not clearer."""


def why_member(projection: Projection, inner: Ties, person: str) -> dict[str, str]:
    """Say what ties a member to the others: the three strongest ties, by the other's id."""
    own = sorted(
        ((t.weight, b if a == person else a, t) for (a, b), t in inner.items() if person in (a, b)),
        key=lambda found: (-found[0], found[1]),
    )
    return {other: f"{projection.labels.get(other, other)}: {_kinds(tie)}" for _, other, tie in own[:_MOST_REASONS]}


def reasons_of(projection: Projection, inner: Ties, group: Collection[str]) -> tuple[str, ...]:
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


def against_of(inner: Ties, graph: "nx.Graph[str]", stability: float) -> tuple[str, ...]:
    """Say the strongest innocent explanations and weaknesses."""
    kinds = Counter(k for t in inner.values() for k in t.kinds)
    total = sum(kinds.values())
    against = [words for k, words in _INNOCENT.items() if total > 0 and kinds[k] / total > 0.5]
    reports = sorted({r for t in inner.values() for r in t.reports})
    alone = sum(hangs_on(inner, graph.nodes, report) for report in reports)
    if len(reports) == 1:
        against.append("Everything comes from one report.")
    elif alone > 0:
        against.append(
            f"Hangs on single reports: without any one of {alone} of its {len(reports)} the group falls apart."
        )
    # Unnamed: were the member sealed one day, a sentence about them would tie a victim to the group.
    cuts = Counter(sorted(parts_without(graph).values(), reverse=True)[:_MOST_CUTS])
    against += [
        f"{'One member alone joins' if often == 1 else f'{often} members each join'} {parts} parts that nothing else ties."
        for parts, often in cuts.items()
    ]
    if stability < 0.6:
        against.append(f"Unstable: on average a member stands with the others in {stability:.0%} of the runs.")
    return tuple(against)


def _kinds(tie: Tie) -> str:
    return ", ".join(_WORDS.get(k, k.lower().replace("_", " ")) for k in sorted(tie.kinds))
