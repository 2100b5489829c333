"""Folding of names: any script to Latin, honorifics and particles away, and a consonant skeleton."""

import json
import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Final

import icu

LONGEST: Final = 400
"""Characters of a name that are looked at; longer ones are kept but compared by their beginning."""

_TO_LATIN: Final = icu.Transliterator.createInstance("Any-Latin; Latin-ASCII")
_GAPS: Final = re.compile(r"[\s,;/()\-]+")
_DOUBLED: Final = re.compile(r"(.)\1+")
_UNHEARD: Final = str.maketrans("", "", "aeiouyhw")
_TABLE: Final = json.loads((files("jpa.entity_resolution.normalise") / "variants.json").read_text(encoding="utf-8"))
_VARIANTS: Final[dict[str, str]] = _TABLE["tokens"]
_DROPPED: Final = frozenset(_TABLE["dropped"])
_PARTICLES: Final = frozenset(_TABLE["particles"])
"""Honorifics that are also names (Ko, Ma, U): dropped only where at least two other words remain."""

_SOUNDS: Final = (
    ("tch", "c"), ("ch", "c"), ("sh", "s"), ("zh", "z"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("bh", "b"),
    ("dj", "j"), ("tj", "c"), ("ck", "k"), ("q", "k"), ("x", "ks"), ("v", "w"), ("z", "s"), ("hs", "s"),
)  # fmt: skip


@lru_cache(maxsize=200_000)
def latin(word: str) -> str:
    """Transliterate one word to lower-case ASCII Latin (ICU); letters that have no reading fall away."""
    if word.isascii() and word.isalnum():
        return word.lower()
    plain = word if word.isascii() else _TO_LATIN.transliterate(word)
    decomposed = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(c for c in decomposed if c.isascii() and c.isalnum())


@lru_cache(maxsize=200_000)
def tokens(name: str) -> tuple[str, ...]:
    """Split a name into folded words without honorifics, spelling variants brought to one form."""
    cut = name[:LONGEST].replace("'", "").replace("\u2019", "").replace(".", ". ")
    words = [latin(w) for w in _GAPS.split(cut)]
    words = [_VARIANTS.get(w, w) for w in words if w != ""]
    kept = tuple(w for w in words if w not in _DROPPED) or tuple(words)
    bare = tuple(w for w in kept if w not in _PARTICLES)
    return bare if len(bare) >= 2 else kept


def fold(name: str) -> str:
    """Fold a name to its words in order, separated by blanks."""
    return " ".join(tokens(name))


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """Reduce a folded word to the consonants that survive romanisation: rahim and rohim are both rhm."""
    text = word
    for sound, plain in _SOUNDS:
        text = text.replace(sound, plain)
    first = text[:1]
    rest = text[1:].translate(_UNHEARD)
    squeezed = _DOUBLED.sub(r"\1", first + rest)
    return "a" + squeezed[1:] if first in "aeiouy" and first != "" else squeezed


def search_forms(name: str) -> list[str]:
    """Return further words that a search should find a value by: its folded form."""
    folded = fold(name)
    return [folded] if folded not in {"", name.casefold()} else []
