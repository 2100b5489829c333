"""The calendars of the region to Gregorian: Buddhist era, Hijri, Solar Hijri, Bikram Sambat; their eras and months by name."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from jpa.model.value_types.bikram_sambat import FIRST_YEAR, NEW_YEAR, UNSURE, month_lengths


class Era(StrEnum):
    """How a year is counted."""

    GREGORIAN = "Gregorian"
    BUDDHIST = "Buddhist era"
    HIJRI = "Hijri"
    SOLAR_HIJRI = "Solar Hijri"
    BIKRAM_SAMBAT = "Bikram Sambat"


Parts = tuple[int, int | None, int | None]
"""Year, month, day; the last two may be unknown."""

ERA_MARKS: Final[Mapping[str, Era]] = {
    "ce": Era.GREGORIAN, "ad": Era.GREGORIAN, "คศ": Era.GREGORIAN, "م": Era.GREGORIAN, "be": Era.BUDDHIST, "พศ": Era.BUDDHIST, "ah": Era.HIJRI,
    "هـ": Era.HIJRI, "sh": Era.SOLAR_HIJRI, "هش": Era.SOLAR_HIJRI, "هـش": Era.SOLAR_HIJRI, "bs": Era.BIKRAM_SAMBAT, "vs": Era.BIKRAM_SAMBAT, "विसं": Era.BIKRAM_SAMBAT,
}  # fmt: skip
"""Marks before or after a date that say how its year is counted, without their dots and blanks."""

_HIJRI_MONTHS: Final = (
    "muharram moharram", "safar", "rabialawwal rabii rabiulawal rabiawwal", "rabialthani rabiii rabiulakhir rabialakhir", "jumadaalawwal jumadai jamadilawal jumadaalula",
    "jumadaalthani jumadaii jamadilakhir jumadaalakhira", "rajab rejab", "shaban syaban shaaban", "ramadan ramadhan ramzan ramadhaan", "shawwal syawal shawal", "dhualqadah dhulqadah zulkaedah dhulqada", "dhualhijjah dhulhijjah zulhijjah dhulhijja",
)  # fmt: skip
_SOLAR_MONTHS: Final = (
    "farvardin hamal", "ordibehesht sawr", "khordad jawza", "tir saratan", "mordad amordad asad", "shahrivar sonbola", "mehr mizan", "aban aqrab", "azar qaws", "dey jadi", "bahman dalw", "esfand hut",
)  # fmt: skip
_BIKRAM_MONTHS: Final = (
    "baisakh baishakh vaishakh", "jestha jeth jyeshtha", "ashadh asar ashar asadh", "shrawan saun sawan", "bhadra bhadau", "ashwin asoj ashoj", "kartik kattik", "mangsir marga", "poush push paush", "magh", "falgun phalgun fagun", "chaitra chait",
)  # fmt: skip
_THAI_MONTHS: Final = (
    "มกราคม มค", "กุมภาพันธ์ กพ", "มีนาคม มีค", "เมษายน เมย", "พฤษภาคม พค", "มิถุนายน มิย", "กรกฎาคม กค", "สิงหาคม สค", "กันยายน กย", "ตุลาคม ตค", "พฤศจิกายน พย", "ธันวาคม ธค",
)  # fmt: skip

MONTHS_BY_NAME: Final[Mapping[str, tuple[Era | None, int]]] = {
    name: (era, number)
    for era, months in (
        (Era.HIJRI, _HIJRI_MONTHS),
        (Era.SOLAR_HIJRI, _SOLAR_MONTHS),
        (Era.BIKRAM_SAMBAT, _BIKRAM_MONTHS),
        (None, _THAI_MONTHS),
    )
    for number, names in enumerate(months, start=1)
    for name in names.split()
}
"""Months whose name says in which calendar they are; Thai names are of the civil year, which is Gregorian but for its count."""


def to_gregorian(era: Era, parts: Parts) -> tuple[Parts | None, str | None]:
    """Convert; None where the calendar has no such day. The note says what was converted and how exactly."""
    year, month, day = parts
    match era:
        case Era.GREGORIAN:
            return parts, None
        case Era.BUDDHIST:
            return (year - 543, month, day), f"Buddhist era {year}"
        case Era.HIJRI:
            if not _within(month, day, 30):
                return None, None
            return _from_jdn(islamic_jdn(year, month or 1, day or 1), month, day), f"Hijri {year}, tabular calendar"
        case Era.SOLAR_HIJRI:
            if not _within(month, day, 31 if month is None or month <= 6 else 30):
                return None, None
            return _from_jdn(solar_hijri_jdn(year, month or 1, day or 1), month, day), f"Solar Hijri {year}"
        case Era.BIKRAM_SAMBAT:
            return _from_bikram_sambat(parts)


def islamic_jdn(year: int, month: int, day: int) -> int:
    """Julian day number of the tabular Islamic calendar (civil epoch)."""
    return (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day + 1948440 - 385


def solar_hijri_jdn(year: int, month: int, day: int) -> int:
    """Julian day number of the Solar Hijri calendar by the 33-year rule, exact for 1244 to 1472."""
    days = (month - 1) * 31 if month <= 7 else 186 + (month - 7) * 30
    return 1948319 + (year - 1) * 365 + (8 * year + 21) // 33 + days + day


def _from_bikram_sambat(parts: Parts) -> tuple[Parts | None, str | None]:
    year, month, day = parts
    lengths = month_lengths(year)
    if lengths is None:
        return (year - 57, None, None), f"Bikram Sambat {year}; only the year is taken"
    if month is not None and not (1 <= month <= 12 and 1 <= (day or 1) <= lengths[month - 1]):
        return None, None
    past = sum(sum(month_lengths(y) or ()) for y in range(FIRST_YEAR, year)) + sum(lengths[: (month or 1) - 1])
    moment = NEW_YEAR + timedelta(days=past + (day or 1) - 1)
    unsure = "; sources differ by a day" if (year, month) in UNSURE and day is not None else ""
    return _cut(moment, month, day), f"Bikram Sambat {year}{unsure}"


def _from_jdn(jdn: int, month: int | None, day: int | None) -> Parts | None:
    ordinal = jdn - 1721425
    return _cut(date.fromordinal(ordinal), month, day) if 1 <= ordinal <= date.max.toordinal() else None


def _cut(moment: date, month: int | None, day: int | None) -> Parts:
    """Keep as much of a day as was known; a foreign month or year stands for the Gregorian one that it begins in."""
    if month is None:
        return moment.year, None, None
    return moment.year, moment.month, None if day is None else moment.day


def _within(month: int | None, day: int | None, longest: int) -> bool:
    return 1 <= (month or 1) <= 12 and 1 <= (day or 1) <= longest
