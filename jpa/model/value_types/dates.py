"""Partial dates in the calendars of the region; what was typed always stays beside what was understood."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from jpa.model.value_types.base import Context, Value, ValueType, Widget
from jpa.model.value_types.calendars import ERA_MARKS, MONTHS_BY_NAME, Era, Parts, to_gregorian
from jpa.model.value_types.text import ascii_digits, fold_space, kept

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ISO: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]\d{2}:\d{2}.*)?")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[./](\d{1,2})(?:[./](\d{1,2}))?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[./](\d{4})")
_WORDED: Final = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[ \-.]+)?([^\d]{3,30}?)[ \-,]+(\d{4})")
_WORDED_US: Final = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
FUTURE: Final = "lies in the future"
"""What a flag says of a day that is still to come."""
_ABOUT: Final = re.compile(r"(?:about|abt|circa|ca|c|~)\.?\s*(.+)", re.IGNORECASE)
_MARKED: Final = re.compile(r"([^\d]{1,8}?)\s*(\d.*)|(\d.*?\d)\s*([^\d]{1,8})")
_AGE: Final = re.compile(r"(?:age[d]?|abt|about)?\s*(\d{1,2})(?:\s*(?:y|yrs?|years?)(?:\s*old)?)?", re.IGNORECASE)
_BUDDHIST: Final = range(2400, 2700)
_HIJRI: Final = range(1300, 1500)
_BIKRAM: Final = range(2000, 2101)
_SOLAR_STATES: Final = frozenset({"IR", "AF"})

Found = tuple[Parts | None, str | None, Era | None]
"""Parts as written, what was assumed, and the era if the writing itself says it."""


def clean_date(typed: str, context: Context) -> Value:
    """Understand a date, perhaps partial; flags say what was assumed."""
    text = ascii_digits(fold_space(typed))
    about = _ABOUT.fullmatch(text)
    parts, assumed, written = _read(about.group(1) if about is not None else text)
    if parts is None:
        return _from_age(typed, text, context)
    era, doubt = (written, None) if written is not None else _era_of(parts[0], context)
    converted, note = to_gregorian(era, parts)
    iso = None if converted is None else _iso(converted)
    if iso is None:
        return kept(typed, "no such day; enter it as 2024-03-12, 12.03.2024 or a year alone")
    flags = [assumed, "approximate" if about is not None else None, note, doubt]
    if context.today is not None and iso > context.today.isoformat()[: len(iso)]:
        flags.append(FUTURE)
    return Value(typed, iso, "; ".join(f for f in flags if f is not None) or None)


_CLEAN: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])(-[0-9]{2})?")


def clean_birth_date(typed: str, context: Context) -> Value:
    """Understand a date of birth: 1 January stands for a year alone, as clerks write it for those who know no day."""
    value = clean_date(typed, context)
    if value.clean is None or not value.clean.endswith("-01-01") or _starts_foreign_year(value):
        return value
    flags = [value.flag, "1 January is taken as the year alone"]
    return Value(typed, value.clean[:4], "; ".join(f for f in flags if f is not None))


def caption_date(clean: str) -> str:
    """Write a clean date in the officer's form: 12 March 2024, March 2024, 2024; what another agency calls clean and is no date stays as it is."""
    parts = clean.split("-")
    if len(parts) == 1 or _CLEAN.fullmatch(clean) is None:
        return clean
    month = _FULL_MONTHS[int(parts[1]) - 1]
    return f"{month} {parts[0]}" if len(parts) == 2 else f"{int(parts[2])} {month} {parts[0]}"


def _read(text: str) -> Found:
    plain, era = _unmarked(text)
    for pattern, make in _READERS:
        match = pattern.fullmatch(plain)
        if match is not None:
            parts, assumed, named = make(match)
            return parts, assumed, named or era
    return None, None, None


def _unmarked(text: str) -> tuple[str, Era | None]:
    """Take an era mark (BE 2567, 1445 AH, 2045-03-12 BS) off a date."""
    match = _MARKED.fullmatch(text)
    if match is not None:
        mark, rest = (match[1], match[2]) if match[1] is not None else (match[4], match[3])
        era = ERA_MARKS.get(_squeezed(mark))
        if era is not None:
            return rest, era
    return text, None


def _era_of(year: int, context: Context) -> tuple[Era, str | None]:
    """Say how a bare year is counted: by its size, then by the state that writes it; with a doubt where both fit."""
    if year in _BUDDHIST:
        return Era.BUDDHIST, None
    if year in _HIJRI:
        return (Era.SOLAR_HIJRI if context.state in _SOLAR_STATES else Era.HIJRI), None
    if context.state == "NP" and year in _BIKRAM and context.today is not None:
        if year > context.today.year:
            return Era.BIKRAM_SAMBAT, None
        return Era.GREGORIAN, f"write {year} BS if it is Bikram Sambat ({year - 57})"
    return Era.GREGORIAN, None


def _iso_parts(m: re.Match[str]) -> Found:
    return (int(m[1]), _number(m[2]), _number(m[3])), None, None


def _day_first(m: re.Match[str]) -> Found:
    day, month, year = int(m[1]), int(m[2]), int(m[3])
    if month > 12 >= day:
        return (year, day, month), "read as month first", None
    ambiguous = day <= 12 and day != month
    return (year, month, day), "read as day first" if ambiguous else None, None


def _worded(m: re.Match[str]) -> Found:
    era, month = _month(m[2])
    return ((int(m[3]), month, _number(m[1])), None, era) if month is not None else (None, None, None)


def _worded_us(m: re.Match[str]) -> Found:
    era, month = _month(m[1])
    return ((int(m[3]), month, int(m[2])), None, era) if month is not None else (None, None, None)


_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Found]], ...]] = (
    (_ISO, _iso_parts),
    (_YEAR_FIRST, _iso_parts),
    (_COMPACT, _iso_parts),
    (_DAY_FIRST, _day_first),
    (_MONTH_YEAR, lambda m: ((int(m[2]), int(m[1]), None), None, None)),
    (_WORDED, _worded),
    (_WORDED_US, _worded_us),
)


def _month(word: str) -> tuple[Era | None, int | None]:
    named = MONTHS_BY_NAME.get(_squeezed(word))
    if named is not None:
        return named
    start = word[:3].lower()
    western = start in _MONTHS and re.fullmatch(r"[A-Za-z]{3,9}\.?", word) is not None
    return None, _MONTHS.index(start) + 1 if western else None


def _squeezed(word: str) -> str:
    return re.sub(r"[\s.'\u2019\-]", "", word).casefold()


def _starts_foreign_year(value: Value) -> bool:
    """Say whether 1 January came out of a conversion: then it is a day like any other."""
    flag = value.flag or ""
    return any(era in flag for era in (Era.HIJRI, Era.SOLAR_HIJRI)) or flag.startswith(Era.BIKRAM_SAMBAT)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _from_age(typed: str, text: str, context: Context) -> Value:
    age = _AGE.fullmatch(text)
    if age is not None and context.today is not None and 0 < int(age[1]) < 100:
        year = context.today.year - int(age[1])
        return kept(typed, "an age, not a date; kept as typed", suggestion=str(year))
    return kept(typed, "not a date; enter it as 2024-03-12, 12.03.2024, Mar 2024 or 2024")


def _iso(parts: Parts) -> str | None:
    year, month, day = parts
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return "-".join([f"{year:04d}", *(f"{p:02d}" for p in (month, day) if p is not None)])


DATE: Final = ValueType(
    "date",
    "Date",
    clean_date,
    caption=caption_date,
    widget=Widget.DATE,
    hint="2024-03-12, 12.03.2024, Mar 2024 or 2024",
)
BIRTH_DATE: Final = ValueType(
    "birth date",
    "Date of birth",
    clean_birth_date,
    caption=caption_date,
    widget=Widget.DATE,
    hint="2024-03-12, 12.03.2024, Mar 2024 or 2024; 1 January is taken as the year alone",
)
