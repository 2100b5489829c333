"""Whether a text names one of some persons, however it is spaced, cased or accented. Errs on the side of saying yes."""

import unicodedata
from collections.abc import Iterable
from typing import Final

_LEAST: Final = 5
"""Letters or digits below which a name is many people's, and says nothing."""


class Naming:
    """Finds any of many identifying values in texts, in time that grows with the text alone."""

    def __init__(self, values: Iterable[str]) -> None:
        self._by_start: dict[str, set[str]] = {}
        for value in values:
            words = _words(value)
            for form in {"".join(words), "".join(reversed(words))}:
                if len(form) >= _LEAST:
                    self._by_start.setdefault(form[:_LEAST], set()).add(form)
        tails = {form[-8:] for forms in self._by_start.values() for form in forms if form.isdigit() and len(form) > 8}
        for tail in tails:  # a telephone number is written with and without the code of its country
            self._by_start.setdefault(tail[:_LEAST], set()).add(tail)

    def names(self, text: str) -> bool:
        """Say whether the text names anybody."""
        if len(self._by_start) == 0 or len(text) < _LEAST:
            return False
        folded = "".join(_words(text))
        return any(
            folded.startswith(form, place)
            for place in range(len(folded) - _LEAST + 1)
            for form in self._by_start.get(folded[place : place + _LEAST], ())
        )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold() if not text.isascii() else text.lower()
    kept = "".join(
        c if c.isalnum() else "" if unicodedata.combining(c) or unicodedata.category(c) == "Cf" else " " for c in plain
    )
    return kept.split()
