"""How alike two names are: words in any order, spelling and romanisation allowed for."""

from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from jpa.entity_resolution.normalise import skeleton, tokens

_SAME_SKELETON = 0.93
"""What two words of one consonant skeleton are worth when their letters differ (rahim ~ rohim)."""
_ALIKE = 0.86
"""Jaro-Winkler below this is chance between two words of the region's names; measured on the name variants."""


@lru_cache(maxsize=500_000)
def word_similarity(left: str, right: str) -> float:
    """Compare two folded words, 0 to 1."""
    if left == right:
        return 1.0
    if min(len(left), len(right)) == 1:
        return 0.8 if left[0] == right[0] else 0.0  # an initial
    score = float(JaroWinkler.similarity(left, right))
    bones = skeleton(left)
    if len(bones) >= 2 and bones == skeleton(right):
        return max(score, _SAME_SKELETON)
    return score if score >= _ALIKE else 0.0


@lru_cache(maxsize=500_000)
def align(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[tuple[str, str, float], ...]:
    """Pair the words of two names, best pairs first, each word once."""
    pairs = sorted(
        ((word_similarity(a, b), i, j) for i, a in enumerate(left) for j, b in enumerate(right)),
        key=lambda p: (-p[0], p[1], p[2]),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    aligned = []
    for score, i, j in pairs:
        if score > 0 and i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            aligned.append((left[i], right[j], score))
    return tuple(aligned)


@lru_cache(maxsize=500_000)
def name_similarity(left: str, right: str) -> float:
    """Compare two names, 0 to 1: the share of their letters that is accounted for by paired words."""
    a, b = tokens(left)[:12], tokens(right)[:12]
    if len(a) == 0 or len(b) == 0:
        return 1.0 if left.casefold() == right.casefold() and left != "" else 0.0
    if "".join(a) == "".join(b):
        return 1.0
    total = sum(len(w) for w in a) + sum(len(w) for w in b)
    covered = sum((len(x) + len(y)) * score for x, y, score in align(a, b))
    return float(covered / total)
