"""Merkle trees: the vectors of RFC 6962's reference code, every proof of small trees, and what must not verify."""

from dataclasses import replace

import pytest

from jpa.statistics.merkle import Inclusion, leaf_hash, path_of, prove, root_along, root_of, tree_hash, verify

pytestmark = pytest.mark.fast
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Of the first n leaves; from the tests of the certificate-transparency log server."""


def ids(count: int) -> list[str]:
    return [f"{n:032x}" for n in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_code(size: int) -> None:
    hashed = [leaf_hash(data) for data in LEAVES[:size]]

    root = tree_hash(hashed)

    assert root.hex() == ROOTS[size]
    for index in range(size):
        assert root_along(hashed[index], Inclusion(index, size, tuple(path_of(hashed, index)))) == root


def test_a_path_is_that_of_the_reference_code() -> None:
    hashed = [leaf_hash(data) for data in LEAVES]

    path = path_of(hashed, 5)

    assert [p.hex() for p in path] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 33])
def test_every_outcome_of_a_release_has_a_proof_and_no_other_has(size: int) -> None:
    own = ids(size)
    root = root_of(reversed(own))

    for outcome in own:
        proof = prove(own, outcome)
        assert proof is not None
        assert verify(root, outcome, proof)
        assert not verify(root, "f" * 32, proof)
        assert not verify(root_of(ids(size + 1)), outcome, proof)

    assert prove(own, "f" * 32) is None


def test_a_proof_of_another_place_or_length_does_not_verify() -> None:
    own = ids(7)
    root = root_of(own)
    proof = prove(own, own[3])
    assert proof is not None

    forged = [replace(proof, index=2), replace(proof, index=9), replace(proof, path=proof.path[:-1])]
    forged += [replace(proof, path=(*proof.path, proof.path[0])), replace(proof, size=200)]

    assert [verify(root, own[3], each) for each in forged] == [False] * len(forged)
