"""Text, names and everything that is kept as it was typed."""

import re
import unicodedata
from typing import Final

from jpa.model.value_types.base import Context, Value, ValueType, Widget

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS: Final = frozenset({"\u200c", "\u200d"})
"""Zero-width joiners are spelling in Bengali, Persian and Sinhala, not decoration."""

_DIGITS: Final = str.maketrans({"\u066b": ".", "\u066c": ","})
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_URL: Final = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


def fold_space(typed: str) -> str:
    """Normalise to NFC, drop control and direction characters, fold white space."""
    if typed.isascii() and typed.isprintable():  # most of what is imported; nothing in it to compose or to drop
        return " ".join(typed.split())
    composed = unicodedata.normalize("NFC", typed)
    kept = "".join(_visible(c) for c in composed)
    return " ".join(kept.split())


def ascii_digits(text: str) -> str:
    """Turn the decimal digits of any script into 0-9."""
    if text.isascii():
        return text
    translated = text.translate(_DIGITS)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in translated)


def kept(typed: str, flag: str, suggestion: str | None = None) -> Value:
    """Keep what could not be understood, with the reason and perhaps what was meant."""
    return Value(typed, None, flag, suggestion)


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in _HIDDEN and character not in _JOINERS:
        return ""
    return character


def _clean_text(typed: str, _: Context) -> Value:
    clean = fold_space(typed)
    return Value(typed, clean) if clean != "" else kept(typed, "holds no readable character")


def _clean_long(typed: str, _: Context) -> Value:
    lines = [fold_space(line) for line in typed.splitlines()]
    clean = "\n".join(lines).strip()
    return Value(typed, clean) if clean != "" else kept(typed, "holds no readable character")


def _clean_name(typed: str, _: Context) -> Value:
    clean = fold_space(typed)
    if not any(c.isalnum() for c in clean):
        return kept(typed, "holds no letter; kept as typed")
    hidden = not typed.isascii() and any(unicodedata.category(c) == "Cf" and c not in _JOINERS for c in typed)
    return Value(typed, clean, "held invisible direction characters; they were left out" if hidden else None)


def _clean_identifier(typed: str, _: Context) -> Value:
    clean = ascii_digits(fold_space(typed))
    return Value(typed, clean) if clean != "" else kept(typed, "holds no readable character")


def _clean_document(typed: str, _: Context) -> Value:
    squashed = re.sub(r"[\s\-./]", "", ascii_digits(fold_space(typed))).upper()
    if re.fullmatch(r"[A-Z0-9]{4,20}", squashed) is None:
        return kept(typed, "a document number has 4 to 20 letters and digits")
    return Value(typed, squashed)


def _clean_email(typed: str, _: Context) -> Value:
    clean = fold_space(typed)
    if _EMAIL.fullmatch(clean) is None:
        return kept(typed, "an e-mail address has the form name@host.example")
    name, host = clean.rsplit("@", 1)
    return Value(typed, f"{name}@{host.lower()}")


def _clean_url(typed: str, _: Context) -> Value:
    clean = fold_space(typed)
    if _URL.fullmatch(clean) is None:
        return kept(typed, "a web address begins with http:// or https://")
    return Value(typed, clean)


def _clean_handle(typed: str, _: Context) -> Value:
    clean = fold_space(typed).lstrip("@")
    return Value(typed, clean) if clean != "" else kept(typed, "a handle has at least one letter")


def _clean_plate(typed: str, _: Context) -> Value:
    clean = re.sub(r"[\s\-.]", "", ascii_digits(fold_space(typed))).upper()
    return Value(typed, clean) if clean != "" else kept(typed, "a plate has letters or digits")


TEXT: Final = ValueType("text", "Text", _clean_text)
LONG_TEXT: Final = ValueType("long text", "Text", _clean_long, widget=Widget.AREA)
NAME: Final = ValueType("name", "Name", _clean_name, hint="In any script, as the report writes it.")
IDENTIFIER: Final = ValueType("identifier", "Identifier", _clean_identifier, pivot=False)
DOCUMENT_NUMBER: Final = ValueType("document number", "Document number", _clean_document, pivot=True, hint="BX0448213")
EMAIL: Final = ValueType("email", "E-mail", _clean_email, pivot=True, hint="name@host.example")
URL: Final = ValueType("url", "Web address", _clean_url, hint="https://…")
HANDLE: Final = ValueType("handle", "Handle", _clean_handle, pivot=True, hint="Without the @.")
PLATE: Final = ValueType("plate", "Plate", _clean_plate, pivot=True)
HULL: Final = ValueType("hull registration", "Hull registration", _clean_plate, pivot=True)
