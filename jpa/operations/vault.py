"""The victims' vault: identities under a key per case, out of reach of search, resolution, detection and export.

It gives out pseudonyms and a redactor, never an identity; opening one is a break-glass act of two officers (`break_glass`).
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select

from jpa.errors import NotFoundError
from jpa.operations.case_keys import case_key
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore
from jpa.operations.tables import case_keys, vault

_PURPOSE: Final = "vault"
_WHOLE_FIELDS: Final = ("name", "alias", "phone", "document", "address", "contact")
"""Identity fields that name somebody by themselves; a birth date alone does not."""
_GAP: Final = r"[\W_]{0,4}"
"""What may stand between the words of a name: blanks, commas, hyphens, or nothing at all as in an e-mail address."""
_LEAST_LETTERS: Final = 3
_LEAST_DIGITS: Final = 6


class Vault:
    """The vault of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def put(
        self,
        case: str,
        victim: str,
        identity: Mapping[str, Sequence[str]],
        *,
        by: str,
        at: datetime,
        sealed_from: Sequence[str] = (),
        kept: Sequence[Mapping[str, Any]] = (),
    ) -> str:
        """Keep an identity and return its pseudonym in this case; the same victim again changes nothing.

        `sealed_from` and `kept` are the records that a sealed person was: that tie exists only here.
        """
        content = {"identity": {k: list(v) for k, v in identity.items()}, "from": list(sealed_from), "kept": list(kept)}
        with self._store.writing() as connection:
            number = connection.execute(select(vault.c.number).where(vault.c.victim == victim)).scalar()
            if number is None:
                number = 1 + (
                    connection.execute(select(func.max(vault.c.number)).where(vault.c.case == case)).scalar() or 0
                )
                key = case_key(connection, self._keys.vault, case, _PURPOSE, make=True)
                sealed = encrypt(key, json.dumps(content, ensure_ascii=False).encode(), victim)
                connection.execute(
                    insert(vault).values(
                        {
                            "victim": victim,
                            "case": case,
                            "number": number,
                            "sealed": sealed,
                            "by": by,
                            "at": at.timestamp(),
                        }
                    )
                )
        return pseudonym(number)

    def redactor(self, *cases: str) -> Callable[[str], str]:
        """Return what replaces every identity sealed in these cases by its pseudonym, however it is spaced, cased or accented."""
        with self._store.reading() as connection:
            patterns = [
                (p, pseudonym(number))
                for case in dict.fromkeys(cases)
                for number, identity in self._identities(connection, case)
                for p in _patterns(identity)
            ]
        patterns.sort(key=lambda pair: -len(pair[0]))
        compiled = [(re.compile(pattern), name) for pattern, name in patterns]

        def redact(text: str) -> str:
            for pattern, name in compiled if text != "" else ():
                text = _replace(text, pattern, name)
            return text

        return redact

    def mentions(self, case: str, text: str) -> bool:
        """Say whether a text names somebody sealed in this case."""
        return self.redactor(case)(text) != text

    def _identities(self, connection: Connection, case: str) -> list[tuple[int, dict[str, list[str]]]]:
        rows = connection.execute(select(vault).where(vault.c.case == case)).mappings().all()
        known = select(case_keys.c.case).where(case_keys.c.case == case, case_keys.c.purpose == _PURPOSE)
        if len(rows) == 0 or connection.execute(known).first() is None:
            return []
        key = case_key(connection, self._keys.vault, case, _PURPOSE, make=False)
        return [(r["number"], json.loads(decrypt(key, r["sealed"], r["victim"]))["identity"]) for r in rows]


def identity_of(connection: Connection, keys: Keys, victim: str) -> Mapping[str, Sequence[str]]:
    """Open one identity, for `break_glass` alone; NotFoundError when it was never kept or its key was destroyed."""
    row = connection.execute(select(vault).where(vault.c.victim == victim)).mappings().first()
    if row is None:
        raise NotFoundError("There is nothing here that you may read.")
    key = case_key(connection, keys.vault, row["case"], _PURPOSE, make=False)
    identity: dict[str, list[str]] = json.loads(decrypt(key, row["sealed"], victim))["identity"]
    return identity


def redactor_of(identity: Mapping[str, Sequence[str]], name: str) -> Callable[[str], str]:
    """Return what replaces one identity by a name, of somebody that this installation keeps nothing of."""
    compiled = [re.compile(pattern) for pattern in sorted(_patterns(identity), key=lambda p: -len(p))]

    def redact(text: str) -> str:
        for pattern in compiled if text != "" else ():
            text = _replace(text, pattern, name)
        return text

    return redact


def pseudonym(number: int) -> str:
    """Name a victim inside their case."""
    return f"[victim V-{number}]"


def _fold(text: str) -> tuple[str, list[int]]:
    """Fold a text to compare it: case, accents, width and invisible signs away; each folded letter knows where it stood."""
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter).casefold():
            if unicodedata.combining(part) == 0 and unicodedata.category(part) != "Cf":
                folded.append(part)
                places.append(place)
    return "".join(folded), places


def _replace(text: str, pattern: re.Pattern[str], name: str) -> str:
    folded, places = (text.lower(), list(range(len(text)))) if text.isascii() else _fold(text)
    for found in reversed(list(pattern.finditer(folded))):
        start, end = places[found.start()], places[found.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]) != 0:
            end += 1
        text = text[:start] + name + text[end:]
    return text


def _patterns(identity: Mapping[str, Sequence[str]]) -> list[str]:
    patterns = set()
    for field in _WHOLE_FIELDS:
        for value in identity.get(field, ()):
            text = _fold(value.strip())[0]
            digits = [c for c in text if c.isdigit()]
            if field in {"phone", "document"} and len(digits) >= _LEAST_DIGITS:
                patterns.add(_bounded([re.escape(c) for c in text if c.isalnum()], r"[\s\-./()]*"))
                if field == "phone":
                    tail = r"[\s\-./()]*".join(digits[-8:])
                    patterns.add(rf"(?<!\d)(?:\+?\d[\d\s\-./()]{{0,9}})?{tail}(?!\d)")
            elif sum(c.isalpha() for c in text) >= _LEAST_LETTERS:
                words = [re.escape(w) for w in re.findall(r"\w+", text)]
                patterns.add(_bounded(words, _GAP))
                if 2 <= len(words) <= 3:
                    patterns.add(_bounded(words[::-1], _GAP))
    return sorted(patterns)


def _bounded(parts: Sequence[str], gap: str) -> str:
    """Join the parts; in scripts that part words (those with capitals, and digits) a name inside a longer word is another word."""
    first, last = parts[0][0], parts[-1][-1]
    before = r"(?<![^\W_])" if first.isdigit() or first.upper() != first else ""
    after = r"(?![^\W_])" if last.isdigit() or last.upper() != last else ""
    return before + gap.join(parts) + after
