"""The asker's half of RFC 9497 (VOPRF, ristretto255-SHA512), with blinds that can be kept: the library `voprf` never gives its own out.

The group is libsodium's, by `rbcl`; here is the protocol around it, held to the RFC's vectors and to `voprf` by tests. Section numbers
are those of RFC 9497; `expand_message_xmd` is RFC 9380, 5.3.1.
"""

import hashlib
import hmac
from typing import Final

from rbcl import (
    crypto_core_ristretto255_add,
    crypto_core_ristretto255_from_hash,
    crypto_core_ristretto255_is_valid_point,
    crypto_core_ristretto255_scalar_invert,
    crypto_core_ristretto255_scalar_random,
    crypto_core_ristretto255_scalar_reduce,
    crypto_scalarmult_ristretto255,
    crypto_scalarmult_ristretto255_base,
)

SCALAR: Final = 32
ELEMENT: Final = 32
_CONTEXT: Final = b"OPRFV1-\x01-ristretto255-SHA512"
"""Section 3.1, in verifiable mode."""
_UNIFORM: Final = 64
_BLOCK: Final = 128
"""Of SHA-512."""


def draw_blind() -> bytes:
    """Draw a blind; it opens the answer to one element, and is used for no other."""
    return bytes(crypto_core_ristretto255_scalar_random())


def blinded(text: bytes, blind: bytes) -> bytes:
    """Return the element that leaves for a private input (3.3.2, `Blind`)."""
    point = crypto_core_ristretto255_from_hash(_expanded(text, b"HashToGroup-" + _CONTEXT))
    return bytes(crypto_scalarmult_ristretto255(blind, point))


def finalized(text: bytes, blind: bytes, output: bytes, public: bytes) -> bytes:
    """Return the PRF of an input from an output with its proof (3.3.2, `Finalize`); ValueError for what is no answer to this element."""
    challenge, response, element = output[:SCALAR], output[SCALAR : 2 * SCALAR], output[2 * SCALAR :]
    if len(output) != ELEMENT + 2 * SCALAR or not all(map(_is_point, (element, public))):
        raise ValueError("an output or the public key is no element")
    try:
        proved = _challenge(blinded(text, blind), element, public, (challenge, response))
        plain = bytes(crypto_scalarmult_ristretto255(crypto_core_ristretto255_scalar_invert(blind), element))
    except RuntimeError as error:  # libsodium: a product is the identity, which no honest answer gives
        raise ValueError("an output is no element") from error
    if not hmac.compare_digest(proved, challenge):
        raise ValueError("a proof is wrong")
    return hashlib.sha512(_sized(text) + _sized(plain) + b"Finalize").digest()


def _challenge(asked: bytes, element: bytes, public: bytes, proof: tuple[bytes, bytes]) -> bytes:
    """Return the challenge that a proof would have if it were right (2.2.2, `VerifyProof`, for one element)."""
    challenge, response = proof
    if any(_scalar(part + bytes(SCALAR)) != part for part in proof):
        raise ValueError("a proof is no pair of scalars")
    seed = hashlib.sha512(_sized(public) + _sized(b"Seed-" + _CONTEXT)).digest()
    share = _hashed(_sized(seed) + bytes(2) + _sized(asked) + _sized(element) + b"Composite")
    first, second = _times(share, asked), _times(share, element)
    base = crypto_core_ristretto255_add(crypto_scalarmult_ristretto255_base(response), _times(challenge, public))
    both = crypto_core_ristretto255_add(_times(response, first), _times(challenge, second))
    return _hashed(b"".join(map(_sized, (public, first, second, bytes(base), bytes(both)))) + b"Challenge")


def _times(scalar: bytes, element: bytes) -> bytes:
    return bytes(crypto_scalarmult_ristretto255(scalar, element))


def _is_point(element: bytes) -> bool:
    return (
        len(element) == ELEMENT and element != bytes(ELEMENT) and bool(crypto_core_ristretto255_is_valid_point(element))
    )


def _hashed(text: bytes) -> bytes:
    return _scalar(_expanded(text, b"HashToScalar-" + _CONTEXT))


def _scalar(uniform: bytes) -> bytes:
    return bytes(crypto_core_ristretto255_scalar_reduce(uniform))


def _expanded(text: bytes, tag: bytes) -> bytes:
    """Spread a text over 64 bytes: for SHA-512 that is one block."""
    prime = tag + bytes([len(tag)])
    first = hashlib.sha512(bytes(_BLOCK) + text + _UNIFORM.to_bytes(2) + bytes(1) + prime).digest()
    return hashlib.sha512(first + bytes([1]) + prime).digest()


def _sized(text: bytes) -> bytes:
    return len(text).to_bytes(2) + text
