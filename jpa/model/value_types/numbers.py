"""Amounts, counts, lengths, durations, positions."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from babel.numbers import list_currencies

from jpa.model.value_types.base import Context, Value, ValueType, Widget
from jpa.model.value_types.text import ascii_digits, fold_space, kept

_AMOUNT: Final = re.compile(r"[+-]?[\d., '\u00a0]*\d[\d., '\u00a0]*")
_LENGTH: Final = re.compile(r"(\d{1,6}(?:[.,]\d{1,6})?)\s*(m|met(?:er|re)s?|ft|feet|foot|')?", re.IGNORECASE)
_DURATION: Final = re.compile(
    r"(?:(\d{1,6}):)?(\d{1,2}):(\d{2})|(\d{1,9})\s*(s|sec|seconds?|m|min|minutes?|h|hours?)?", re.IGNORECASE
)
_POSITION: Final = re.compile(r"([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*([NSEW])?", re.IGNORECASE)
_DMS: Final = re.compile(
    r"(\d{1,3})[°\s]+(\d{1,2}(?:\.\d+)?)['\u2032\s]*(?:(\d{1,2}(?:\.\d+)?)[\"\u2033\s]*)?([NSEW])", re.IGNORECASE
)
MOST_DIGITS: Final = 40
"""No sum, count or measure has more; longer digit strings are something else and kept as typed."""
_FEET: Final = Decimal("0.3048")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600}
_CURRENCIES: Final = frozenset(list_currencies())
_CURRENCY_WORDS: Final = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "฿": "THB",
    "rm": "MYR",
    "rp": "IDR",
    "tk": "BDT",
    "৳": "BDT",
}


def decimal_of(text: str) -> Decimal | None:
    """Read a number with either separator: 4,200.50 and 4.200,50 and 4 200; None when it is none."""
    squashed = re.sub(r"[\s'\u00a0]", "", text)
    if len(squashed) > MOST_DIGITS:
        return None
    if _AMOUNT.fullmatch(squashed) is None:
        return None
    last = max(squashed.rfind(","), squashed.rfind("."))
    if last >= 0:
        separator = squashed[last]
        other = "." if separator == "," else ","
        tail = len(squashed) - last - 1
        thousands = tail == 3 and squashed.count(separator) >= 1 and other not in squashed
        whole = squashed.replace(other, "")
        if thousands and (squashed.count(separator) > 1 or separator == ","):
            squashed = whole.replace(separator, "")
        else:
            head, _, fraction = whole.rpartition(separator)
            squashed = f"{head.replace(separator, '')}.{fraction}"
    try:
        return Decimal(squashed)
    except InvalidOperation:
        return None


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f") if number != 0 else "0"


def _clean_amount(typed: str, _: Context) -> Value:
    number = decimal_of(ascii_digits(fold_space(typed)))
    return (
        Value(typed, _plain(number)) if number is not None else kept(typed, "an amount is a number: 4200 or 4,200.50")
    )


def _clean_number(typed: str, _: Context) -> Value:
    number = decimal_of(ascii_digits(fold_space(typed)))
    if number is None or number != number.to_integral_value() or number < 0:
        return kept(typed, "a count is a whole number: 31")
    return Value(typed, str(int(number)))


def _clean_currency(typed: str, _: Context) -> Value:
    text = fold_space(typed)
    code = _CURRENCY_WORDS.get(text.lower(), text.upper())
    return Value(typed, code) if code in _CURRENCIES else kept(typed, "a currency is an ISO 4217 code: USD, THB, MYR")


def _clean_money(typed: str, _: Context) -> Value:
    text = ascii_digits(fold_space(typed))
    match = re.fullmatch(r"([^\d\s+-]*)\s*([+-]?[\d., ']*\d)\s*([^\d\s]*)", text)
    if match is None:
        return kept(typed, "money is an amount with a currency: 4,200 USD")
    word = (match[1] or match[3]).strip()
    code = _CURRENCY_WORDS.get(word.lower(), word.upper())
    number = decimal_of(match[2])
    if number is None or code not in _CURRENCIES:
        return kept(typed, "money is an amount with a currency: 4,200 USD")
    return Value(typed, f"{_plain(number)} {code}")


def _clean_length(typed: str, _: Context) -> Value:
    match = _LENGTH.fullmatch(ascii_digits(fold_space(typed)))
    if match is None:
        return kept(typed, "a length is a number of metres or feet: 14 m, 46 ft")
    number = Decimal(match[1].replace(",", "."))
    feet = (match[2] or "m").lower() in {"ft", "feet", "foot", "'"}
    return Value(typed, _plain((number * _FEET if feet else number).quantize(Decimal("0.01"))))


def _clean_duration(typed: str, _: Context) -> Value:
    match = _DURATION.fullmatch(ascii_digits(fold_space(typed)))
    if match is None:
        return kept(typed, "a duration is hh:mm:ss, mm:ss or a number of seconds")
    if match[4] is not None:
        return Value(typed, str(int(match[4]) * _UNITS[(match[5] or "s")[0].lower()]))
    return Value(typed, str(int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])))


def _clean_position(typed: str, _: Context) -> Value:
    text = ascii_digits(fold_space(typed))
    dms = _DMS.fullmatch(text)
    plain = _POSITION.fullmatch(text)
    if dms is not None:
        degrees = Decimal(dms[1]) + Decimal(dms[2]) / 60 + Decimal(dms[3] or 0) / 3600
        side = dms[4].upper()
    elif plain is not None:
        degrees, side = Decimal(plain[1]), (plain[2] or "").upper()
    else:
        return kept(typed, "a position is in degrees: 6.4521 or 6°27'N")
    if side in {"S", "W"}:
        degrees = -degrees
    if abs(degrees) > 180:
        return kept(typed, "a position lies between -180 and 180 degrees")
    return Value(typed, _plain(degrees.quantize(Decimal("0.000001"))))


AMOUNT: Final = ValueType("amount", "Amount", _clean_amount, widget=Widget.NUMBER, hint="4200 or 4,200.50")
NUMBER: Final = ValueType("number", "Count", _clean_number, widget=Widget.NUMBER, hint="31")
CURRENCY: Final = ValueType("currency", "Currency", _clean_currency, hint="USD, THB, MYR")
MONEY: Final = ValueType("money", "Money", _clean_money, widget=Widget.MONEY, hint="4,200 USD")
LENGTH: Final = ValueType("length", "Length", _clean_length, caption=lambda c: f"{c} m", hint="14 m or 46 ft")
DURATION: Final = ValueType("duration", "Duration", _clean_duration, caption=lambda c: f"{c} s", hint="mm:ss")
COORDINATES: Final = ValueType("coordinates", "Position", _clean_position, hint="6.4521 or 6°27'N")
