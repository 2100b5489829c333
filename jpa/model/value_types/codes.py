"""Closed lists: countries, sexes, languages, topics, and lists that the catalogue declares."""

from collections.abc import Iterable, Mapping
from typing import Final

from babel import Locale

from jpa.model.value_types.base import Context, Value, ValueType, Widget
from jpa.model.value_types.text import fold_space, kept

_ENGLISH: Final = Locale("en")
COUNTRY_NAMES: Final[Mapping[str, str]] = {
    code: name
    for code, name in _ENGLISH.territories.items()
    if len(code) == 2 and code.isalpha() and code not in {"EU", "UN", "EZ", "ZZ", "QO"}
} | {"XA": "Tenggara", "XB": "Utara", "XC": "Selatan", "XD": "Pulau", "XE": "Timur"}
"""ISO 3166-1 alpha-2 to English name (CLDR), and the fictional states of the demo in the user-assigned range XA-XE."""

_ALIASES: Final = {
    "burma": "MM", "myanmar": "MM", "siam": "TH", "viet nam": "VN", "laos": "LA", "lao pdr": "LA", "korea": "KR", "south korea": "KR",
    "north korea": "KP", "usa": "US", "uk": "GB", "uae": "AE", "iran": "IR", "syria": "SY", "east timor": "TL", "turkey": "TR",
    "hong kong": "HK", "macau": "MO", "macao": "MO", "czech republic": "CZ", "russia": "RU", "burmese": "MM", "thai": "TH",
    "bangladeshi": "BD", "malaysian": "MY", "indonesian": "ID", "vietnamese": "VN", "sri lankan": "LK", "filipino": "PH",
    "cambodian": "KH", "indian": "IN", "pakistani": "PK", "afghan": "AF", "iranian": "IR", "iraqi": "IQ", "nepali": "NP",
}  # fmt: skip
_ALPHA3: Final = {
    "AFG": "AF", "AUS": "AU", "BGD": "BD", "BTN": "BT", "BRN": "BN", "KHM": "KH", "CHN": "CN", "PRK": "KP", "FJI": "FJ", "FRA": "FR",
    "HKG": "HK", "IND": "IN", "IDN": "ID", "IRN": "IR", "IRQ": "IQ", "JPN": "JP", "JOR": "JO", "KIR": "KI", "LAO": "LA", "MAC": "MO",
    "MYS": "MY", "MDV": "MV", "MNG": "MN", "MMR": "MM", "NRU": "NR", "NPL": "NP", "NZL": "NZ", "PAK": "PK", "PLW": "PW", "PNG": "PG",
    "PHL": "PH", "KOR": "KR", "WSM": "WS", "SGP": "SG", "SLB": "SB", "LKA": "LK", "SYR": "SY", "THA": "TH", "TLS": "TL", "TON": "TO",
    "TUR": "TR", "ARE": "AE", "USA": "US", "VUT": "VU", "VNM": "VN", "GBR": "GB", "DEU": "DE", "ITA": "IT", "ESP": "ES", "CAN": "CA",
}  # fmt: skip
_BY_NAME: Final = {name.casefold(): code for code, name in COUNTRY_NAMES.items()} | _ALIASES


def _clean_country(typed: str, _: Context) -> Value:
    text = fold_space(typed)
    upper = text.upper()
    code = upper if upper in COUNTRY_NAMES else _ALPHA3.get(upper, _BY_NAME.get(text.casefold()))
    return Value(typed, code) if code is not None else kept(typed, "no country of that name or ISO 3166 code")


def choice(name: str, label: str, codes: Iterable[tuple[str, str]]) -> ValueType:
    """Make a value type of a closed list; what is not in it is kept as typed and flagged."""
    pairs = tuple(codes)
    lookup = {text.casefold(): code for code, text in pairs} | {code.casefold(): code for code, _ in pairs}
    captions = dict(pairs)

    def clean(typed: str, _: Context) -> Value:
        code = lookup.get(fold_space(typed).casefold())
        if code is not None:
            return Value(typed, code)
        return kept(typed, f"not in the list; choose one of {', '.join(text for _, text in pairs[:12])}")

    return ValueType(name, label, clean, lambda c: captions.get(c, c), Widget.CHOICE, choices=pairs)


def _clean_gender(typed: str, _: Context) -> Value:
    code = _GENDERS.get(fold_space(typed).casefold())
    return Value(typed, code) if code is not None else kept(typed, "choose male, female or other")


def _clean_language(typed: str, _: Context) -> Value:
    text = fold_space(typed).casefold()
    code = text if text in _ENGLISH.languages else _LANGUAGES.get(text)
    return Value(typed, code) if code is not None else kept(typed, "no language of that name or code")


_GENDERS: Final = {
    "male": "male", "m": "male", "man": "male", "boy": "male", "female": "female", "f": "female", "woman": "female", "girl": "female",
    "other": "other", "x": "other",
}  # fmt: skip
_LANGUAGES: Final = {name.casefold(): code for code, name in _ENGLISH.languages.items()}
_TOPICS: Final = (
    ("crime", "Crime"), ("crime.traffick", "Trafficking"), ("crime.traffick.human", "Human trafficking"), ("crime.fin", "Financial crime"),
    ("crime.boss", "Criminal leadership"), ("jpa.crime.smuggle", "Migrant smuggling"), ("forced.labor", "Forced labour"), ("wanted", "Wanted"),
    ("asset.frozen", "Frozen asset"), ("sanction", "Sanctioned"), ("mare.detained", "Detained vessel"), ("mare.shadow", "Shadow fleet"),
    ("role.pep", "Politically exposed"), ("poi", "Person of interest"),
)  # fmt: skip

COUNTRY: Final = ValueType(
    "country",
    "Country",
    _clean_country,
    lambda c: COUNTRY_NAMES.get(c, c),
    Widget.COUNTRY,
    hint="Name or code: Thailand, TH",
)
GENDER: Final = ValueType(
    "gender",
    "Sex",
    _clean_gender,
    str,
    Widget.CHOICE,
    choices=(("female", "female"), ("male", "male"), ("other", "other")),
)
LANGUAGE: Final = ValueType("language", "Language", _clean_language, lambda c: _ENGLISH.languages.get(c, c))
TOPIC: Final = choice("topic", "Topic", _TOPICS)
