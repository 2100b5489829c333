"""Merkle trees over the outcomes of a release: proof that one outcome was counted, without naming any other [M2].

Hashing is that of RFC 6962 (leaf 0x00, node 0x01). A leaf is an outcome's id behind a name of its own, so that it can never be taken
for a hash of anything else; ids stand in the tree in their order.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_LEAF: Final = b"jpa.release.outcome:"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The way from one leaf to the root."""

    index: int
    size: int
    path: tuple[bytes, ...]
    """Hashes of the sister trees, from the leaf upwards."""


def root_of(ids: Iterable[str]) -> bytes:
    """Return the root over a set of outcomes."""
    return tree_hash([leaf_hash(_leaf(i)) for i in sorted(set(ids))])


def prove(ids: Iterable[str], wanted: str) -> Inclusion | None:
    """Prove that an outcome is among a set; None when it is not."""
    ordered = sorted(set(ids))
    index = bisect_left(ordered, wanted)
    if index == len(ordered) or ordered[index] != wanted:
        return None
    return Inclusion(index, len(ordered), tuple(path_of([leaf_hash(_leaf(i)) for i in ordered], index)))


def verify(root: bytes, wanted: str, proof: Inclusion) -> bool:
    """Say whether a proof leads from this outcome to this root."""
    return root_along(leaf_hash(_leaf(wanted)), proof) == root


def leaf_hash(data: bytes) -> bytes:
    """Hash a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """Hash a tree of hashed leaves; a left tree is always the largest power of two that leaves something to the right."""
    if len(leaves) == 0:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def path_of(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """List the sisters from a leaf upwards."""
    level, path = list(leaves), []
    while len(level) > 1:
        sister = index ^ 1
        if sister < len(level):
            path.append(level[sister])
        level, index = _above(level), index // 2
    return path


def root_along(leaf: bytes, proof: Inclusion) -> bytes | None:
    """Walk a proof up from a leaf's hash; None where its length does not fit its size."""
    if not 0 <= proof.index < proof.size:
        return None
    index, last, found, path = proof.index, proof.size - 1, leaf, list(proof.path)
    while last > 0:
        if index % 2 == 1 or index < last:
            if len(path) == 0:
                return None
            sister = path.pop(0)
            found = _node(sister, found) if index % 2 == 1 else _node(found, sister)
        index, last = index // 2, last // 2
    return found if len(path) == 0 else None


def _above(level: Sequence[bytes]) -> list[bytes]:
    # An odd one out goes up as it is: the same tree as RFC 6962 splits from the top.
    paired = [_node(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
    return paired if len(level) % 2 == 0 else [*paired, level[-1]]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _leaf(outcome: str) -> bytes:
    return _LEAF + outcome.encode("ascii")
