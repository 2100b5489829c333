"""Numbers with rules of their own: phones, vessels, accounts, wallets."""

import re
from collections.abc import Callable
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat
from stdnum import bic as std_bic
from stdnum import bitcoin, iban
from stdnum import imo as std_imo
from stdnum.exceptions import ValidationError

from jpa.model import codes
from jpa.model.value_types.base import Context, Value, ValueType
from jpa.model.value_types.codes import COUNTRY_NAMES
from jpa.model.value_types.text import ascii_digits, fold_space, kept

_SLIPS: Final = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "S": "5", "B": "8"})
_PHONE_REGION: Final = {"XA": "ID", "XB": "TH", "XC": "MY", "XD": "ID", "XE": "BD"}
"""The fictional states of the demo borrow a real numbering plan."""

_CALL_SIGN: Final = re.compile(r"[A-Z0-9]{3,7}")
_ETHEREUM: Final = re.compile(r"0x[0-9a-fA-F]{40}")
_TRON: Final = re.compile(r"T[1-9A-HJ-NP-Za-km-z]{33}")
_ACCOUNT: Final = re.compile(r"[0-9]{4,24}")
_MMSI: Final = re.compile(r"[2-7][0-9]{8}")
_MID: Final = dict(codes.load("maritime_identification_digits").pairs)
"""The first three digits of a ship's MMSI to the state that gives it out."""


def _clean_phone(typed: str, context: Context) -> Value:
    text = ascii_digits(fold_space(typed))
    region = _PHONE_REGION.get(context.state or "", context.state)
    number = _parsed(text, region)
    if number is not None and phonenumbers.is_possible_number(number):
        clean = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        odd = None if phonenumbers.is_valid_number(number) else "possible, but in no range that its country gives out"
        return Value(typed, clean, odd)
    mended = text.translate(_SLIPS)
    suggestion = mended if mended != text and _parsed(mended, region) is not None else None
    return kept(typed, "not a phone number as its country writes them; enter it with +country code", suggestion)


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    if len(text) > 60 or re.search(r"[A-Za-z]", text) is not None:
        return None
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _caption_phone(clean: str) -> str:
    number = _parsed(clean, None)
    return clean if number is None else phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _checked(
    squash: Callable[[str], str], valid: Callable[[str], bool], problem: str, form: Callable[[str], str] = str
) -> Callable[[str, Context], Value]:
    """Make a cleaner of a number with a check: valid is clean, one typical slip is suggested, all else is kept."""

    def clean(typed: str, _: Context) -> Value:
        text = squash(ascii_digits(fold_space(typed)))
        if valid(text):
            return Value(typed, form(text))
        return kept(typed, problem, _mended(text, valid, form))

    return clean


def _mended(text: str, valid: Callable[[str], bool], form: Callable[[str], str]) -> str | None:
    if len(text) > 40:
        return None
    tries = {text.translate(_SLIPS)} | {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)}
    meant = sorted(t for t in tries if t != text and valid(t))
    return form(meant[0]) if len(meant) == 1 else None


def _squash(text: str) -> str:
    return re.sub(r"[\s\-./]", "", text).upper()


def _squash_imo(text: str) -> str:
    return re.sub(r"^IMO[:#]?", "", _squash(text))


def _valid_bitcoin(text: str) -> bool:
    try:
        bitcoin.validate(text)
    except ValidationError:
        return False
    return True


def flag_of(mmsi: str) -> str | None:
    """Return the state whose flag a ship's MMSI names; None where the first three digits were given to nobody."""
    return _MID.get(mmsi[:3])


def _clean_mmsi(typed: str, context: Context) -> Value:
    value = _SHAPED_MMSI(typed, context)
    if value.clean is None or flag_of(value.clean) is not None:
        return value
    return Value(
        typed, value.clean, f"no state has the digits {value.clean[:3]}: mistyped, or set by the crew themselves"
    )


def _caption_mmsi(clean: str) -> str:
    flag = flag_of(clean) if _MMSI.fullmatch(clean) is not None else None
    return clean if flag is None else f"{clean} ({COUNTRY_NAMES[flag]})"


def _clean_wallet(typed: str, _: Context) -> Value:
    text = re.sub(r"\s", "", fold_space(typed))
    if _ETHEREUM.fullmatch(text) is not None:
        return Value(typed, text.lower())
    if len(text) <= 100 and (_TRON.fullmatch(text) is not None or _valid_bitcoin(text)):
        return Value(typed, text)
    return kept(typed, "no Bitcoin, Ethereum or Tron address; kept as typed")


def _clean_account(typed: str, _: Context) -> Value:
    text = re.sub(r"[\s\-./]", "", ascii_digits(fold_space(typed))).upper()
    if _ACCOUNT.fullmatch(text) is not None:
        return Value(typed, text)
    mended = text.translate(_SLIPS)
    if mended != text and _ACCOUNT.fullmatch(mended) is not None:
        return kept(typed, "letters in a number; kept as typed", mended)
    if re.fullmatch(r"[A-Z0-9]{4,30}", text) is not None:
        return Value(typed, text)
    return kept(typed, "an account number has 4 to 30 digits or letters")


def _safely(check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: 0 < len(text) <= 40 and text.isascii() and check(text)


PHONE: Final = ValueType("phone", "Phone", _clean_phone, _caption_phone, pivot=True, hint="As written; +66 89 825 9791")
IMO: Final = ValueType(
    "imo",
    "IMO number",
    _checked(
        _squash_imo,
        _safely(std_imo.is_valid),
        "an IMO number has seven digits, the last one a check digit",
        lambda t: f"IMO{t}",
    ),
    pivot=True,
    hint="IMO 9074729",
)
_SHAPED_MMSI: Final = _checked(
    _squash, lambda t: _MMSI.fullmatch(t) is not None, "an MMSI has nine digits and begins with the flag's three"
)
MMSI: Final = ValueType(
    "mmsi",
    "MMSI",
    _clean_mmsi,
    _caption_mmsi,
    pivot=True,
    hint="566123456",
)
CALL_SIGN: Final = ValueType(
    "call sign",
    "Call sign",
    _checked(
        _squash, lambda t: _CALL_SIGN.fullmatch(t) is not None, "a call sign has three to seven letters and digits"
    ),
    pivot=True,
    hint="9V1234",
)
IBAN: Final = ValueType(
    "iban",
    "IBAN",
    _checked(_squash, _safely(iban.is_valid), "the IBAN's check digits do not hold"),
    pivot=True,
    hint="GB82 WEST 1234 5698 7654 32",
)
BIC: Final = ValueType(
    "bic", "BIC", _checked(_squash, _safely(std_bic.is_valid), "a BIC has 8 or 11 letters and digits"), hint="BKKBTHBK"
)
ACCOUNT: Final = ValueType("account", "Account number", _clean_account, pivot=True, hint="4471-220-9")
CRYPTO_ADDRESS: Final = ValueType("crypto address", "Address", _clean_wallet, pivot=True, hint="bc1…, 0x…")
