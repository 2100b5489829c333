"""Fingerprints of keys as people read them to each other."""

from typing import Final

_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aiou"


def spaced(fingerprint: str) -> str:
    """Write a fingerprint in eight groups of four."""
    return " ".join(fingerprint[n : n + 4] for n in range(0, 32, 4))


def words(fingerprint: str) -> str:
    """Write the first 128 bits of a fingerprint as eight words that can be spoken in any language.

    Each word is 16 bits: consonant, vowel, consonant, vowel, consonant (after Wilkerson's proquints, arXiv:0901.4016).
    """
    return " ".join(_word(int(fingerprint[n : n + 4], 16)) for n in range(0, 32, 4))


def _word(bits: int) -> str:
    places = ((12, _CONSONANTS), (10, _VOWELS), (6, _CONSONANTS), (4, _VOWELS), (0, _CONSONANTS))
    return "".join(letters[(bits >> shift) & (len(letters) - 1)] for shift, letters in places)
