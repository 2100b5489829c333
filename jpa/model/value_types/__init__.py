"""Value types: each cleans, captions and says whether it pivots; nothing typed is ever dropped."""

from jpa.model.value_types.base import Context, Value, ValueType, Widget
from jpa.model.value_types.codes import COUNTRY, COUNTRY_NAMES, GENDER, LANGUAGE, TOPIC, choice
from jpa.model.value_types.dates import BIRTH_DATE, DATE
from jpa.model.value_types.numbered import ACCOUNT, BIC, CALL_SIGN, CRYPTO_ADDRESS, IBAN, IMO, MMSI, PHONE, flag_of
from jpa.model.value_types.numbers import AMOUNT, COORDINATES, CURRENCY, DURATION, LENGTH, MONEY, NUMBER
from jpa.model.value_types.tallies import TALLY, tally_of
from jpa.model.value_types.terms import TERM
from jpa.model.value_types.text import (
    DOCUMENT_NUMBER,
    EMAIL,
    HANDLE,
    HULL,
    IDENTIFIER,
    LONG_TEXT,
    NAME,
    PLATE,
    TEXT,
    URL,
)

__all__ = [
    "ACCOUNT", "AMOUNT", "BIC", "BIRTH_DATE", "CALL_SIGN", "COORDINATES", "COUNTRY", "COUNTRY_NAMES", "CRYPTO_ADDRESS", "CURRENCY", "DATE",
    "DOCUMENT_NUMBER", "DURATION", "EMAIL", "GENDER", "HANDLE", "HULL", "IBAN", "IDENTIFIER", "IMO", "LANGUAGE", "LENGTH", "LONG_TEXT",
    "MMSI", "MONEY", "NAME", "NUMBER", "PHONE", "PLATE", "TALLY", "TERM", "TEXT", "TOPIC", "URL", "Context", "Value", "ValueType", "Widget", "choice", "flag_of",
    "tally_of",
]  # fmt: skip
