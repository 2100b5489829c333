"""Partial dates in the calendars of the region; what was typed always stays beside what was understood."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from jpa.model.value_types.base import Context, Value, ValueType, Widget
from jpa.model.value_types.text import ascii_digits, fold_space, kept

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ISO: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]\d{2}:\d{2}.*)?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[./](\d{4})")
_WORDED: Final = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[ \-.]+)?([A-Za-z]{3,9})\.?[ \-,]+(\d{4})")
_WORDED_US: Final = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_ABOUT: Final = re.compile(r"(?:about|abt|circa|ca|c|~)\.?\s*(.+)", re.IGNORECASE)
_AGE: Final = re.compile(r"(?:age[d]?|abt|about)?\s*(\d{1,2})(?:\s*(?:y|yrs?|years?)(?:\s*old)?)?", re.IGNORECASE)
_BUDDHIST: Final = range(2400, 2700)
_HIJRI: Final = range(1300, 1500)
_BUDDHIST_STATES: Final = frozenset({"TH", "LA", "KH"})
_SOLAR_STATES: Final = frozenset({"IR", "AF"})

Parts = tuple[int, int | None, int | None]


def clean_date(typed: str, context: Context) -> Value:
    """Understand a date, perhaps partial; flags say what was assumed."""
    text = ascii_digits(fold_space(typed))
    about = _ABOUT.fullmatch(text)
    parts, assumed = _read(about.group(1) if about is not None else text)
    if parts is None:
        return _from_age(typed, text, context)
    flags = [assumed] if assumed is not None else []
    if about is not None:
        flags.append("approximate")
    converted, note = _to_gregorian(parts, context)
    if note is not None:
        flags.append(note)
    iso = _iso(converted)
    if iso is None:
        return kept(typed, "no such day; enter it as 2024-03-12, 12.03.2024 or a year alone")
    if context.today is not None and iso > context.today.isoformat()[: len(iso)]:
        flags.append("lies in the future")
    return Value(typed, iso, "; ".join(flags) or None)


def caption_date(clean: str) -> str:
    """Write a clean date in the officer's form: 12 March 2024, March 2024, 2024."""
    parts = clean.split("-")
    if len(parts) == 1:
        return clean
    month = _FULL_MONTHS[int(parts[1]) - 1]
    return f"{month} {parts[0]}" if len(parts) == 2 else f"{int(parts[2])} {month} {parts[0]}"


def _read(text: str) -> tuple[Parts | None, str | None]:
    for pattern, make in _READERS:
        match = pattern.fullmatch(text)
        if match is not None:
            return make(match)
    return None, None


def _iso_parts(m: re.Match[str]) -> tuple[Parts | None, str | None]:
    return (int(m[1]), _number(m[2]), _number(m[3])), None


def _day_first(m: re.Match[str]) -> tuple[Parts | None, str | None]:
    day, month, year = int(m[1]), int(m[2]), int(m[3])
    if month > 12 >= day:
        return (year, day, month), "read as month first"
    ambiguous = day <= 12 and day != month
    return (year, month, day), "read as day first" if ambiguous else None


def _worded(m: re.Match[str]) -> tuple[Parts | None, str | None]:
    month = _month(m[2])
    return ((int(m[3]), month, _number(m[1])), None) if month is not None else (None, None)


def _worded_us(m: re.Match[str]) -> tuple[Parts | None, str | None]:
    month = _month(m[1])
    return ((int(m[3]), month, int(m[2])), None) if month is not None else (None, None)


_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[Parts | None, str | None]]], ...]] = (
    (_ISO, _iso_parts),
    (_COMPACT, _iso_parts),
    (_DAY_FIRST, _day_first),
    (_MONTH_YEAR, lambda m: ((int(m[2]), int(m[1]), None), None)),
    (_WORDED, _worded),
    (_WORDED_US, _worded_us),
)


def _month(word: str) -> int | None:
    start = word[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else None


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def _from_age(typed: str, text: str, context: Context) -> Value:
    age = _AGE.fullmatch(text)
    if age is not None and context.today is not None and 0 < int(age[1]) < 100:
        year = context.today.year - int(age[1])
        return kept(typed, "an age, not a date; kept as typed", suggestion=str(year))
    return kept(typed, "not a date; enter it as 2024-03-12, 12.03.2024, Mar 2024 or 2024")


def _to_gregorian(parts: Parts, context: Context) -> tuple[Parts, str | None]:
    year, month, day = parts
    if year in _BUDDHIST:
        return (year - 543, month, day), f"Buddhist era {year}"
    if year in _HIJRI:
        if context.state in _SOLAR_STATES:
            return _from_jdn(_solar_hijri_jdn(year, month or 1, day or 1), month, day), f"Solar Hijri {year}"
        return _from_jdn(_islamic_jdn(year, month or 1, day or 1), month, day), f"Hijri {year}, tabular calendar"
    if context.state == "NP" and 2000 <= year <= 2100 and context.today is not None and year > context.today.year:
        return (year - 57, None, None), f"Bikram Sambat {year}; only the year is taken"
    return parts, None


def _islamic_jdn(year: int, month: int, day: int) -> int:
    """Julian day number of the tabular Islamic calendar (civil epoch)."""
    return (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day + 1948440 - 385


def _solar_hijri_jdn(year: int, month: int, day: int) -> int:
    """Julian day number of the Solar Hijri calendar by the 33-year rule, exact for 1244 to 1472."""
    elapsed = year - 1
    leaps = (elapsed * 8 + 21) // 33 - 21 // 33
    days = (month - 1) * 31 if month <= 7 else 186 + (month - 7) * 30
    return 1948320 + elapsed * 365 + leaps + days + day


def _from_jdn(jdn: int, month: int | None, day: int | None) -> Parts:
    moment = date(1, 1, 1) + timedelta(days=jdn - 1721426)
    if month is None:
        return moment.year, None, None
    return (moment.year, moment.month, None if day is None else moment.day)


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
