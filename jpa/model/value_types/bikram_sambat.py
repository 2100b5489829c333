"""Lengths of the months of Bikram Sambat, which follow no rule: Nepal's calendar committee settles them year by year.

The years 2000 to 2083 stand alike in three published tables: nepali-datetime 1.0.8.5 (MIT), nepali 1.2.0 (MIT) and
medic/bikram-sambat 1.8.1 (Apache-2.0), read on 24 November 2026. They differ in one place, the first two months of 2062 (31 and 31
days, or 30 and 32); the first is taken, after aerawatcorp/bikram issue 25. Later years are not settled yet and differ.
"""

from datetime import date
from typing import Final

FIRST_YEAR: Final = 2000
NEW_YEAR: Final = date(1943, 4, 14)
"""1 Baisakh 2000."""
UNSURE: Final = frozenset({(2062, 1), (2062, 2)})
"""Months in which the published tables differ by a day."""

_SHORTEST: Final = 28
_LENGTHS: Final = [
    "243432221213",
    "334333212122",
    "334432212122",
    "343432221123",
    "243432221213",
    "334333212122",
    "334432212122",
    "343432221123",
    "333433122113",
    "334333212122",
    "334432212122",
    "343432221123",
    "333433122122",
    "334333212122",
    "334432212122",
    "343432221123",
    "333433122122",
    "334333212122",
    "343432212122",
    "343432221213",
    "333433212122",
    "334333212122",
    "343432221122",
    "343432221213",
    "333433212122",
    "334333212122",
    "343432221123",
    "243432221213",
    "334333212122",
    "334342212122",
    "343432221123",
    "243432221213",
    "334333212122",
    "334432212122",
    "343432221123",
    "243433122113",
    "334333212122",
    "334432212122",
    "343432221123",
    "333433122122",
    "334333212122",
    "334432212122",
    "343432221123",
    "333433122122",
    "334333212122",
    "343432212122",
    "343432221123",
    "333433212122",
    "334333212122",
    "343432221122",
    "343432221213",
    "333433212122",
    "334333212122",
    "343432221122",
    "343432221213",
    "334333212122",
    "334342212122",
    "343432221123",
    "243432221213",
    "334333212122",
    "334432212122",
    "343432221123",
    "333433121213",
    "334333212122",
    "334432212122",
    "343432221123",
    "333433122113",
    "334333212122",
    "334432212122",
    "343432221123",
    "333433122122",
    "334333212122",
    "343432212122",
    "343432221123",
    "333433212122",
    "334333212122",
    "343432221122",
    "343432221213",
    "333433212122",
    "334333212122",
    "343432221122",
    "343432221213",
    "334333212122",
    "334333212122",
]
"""One word a year, one digit a month: days beyond 28."""


def month_lengths(year: int) -> tuple[int, ...] | None:
    """Return the lengths of a year's twelve months; None for a year that no source settles."""
    if not FIRST_YEAR <= year < FIRST_YEAR + len(_LENGTHS):
        return None
    return tuple(_SHORTEST + int(digit) for digit in _LENGTHS[year - FIRST_YEAR])
