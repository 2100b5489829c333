"""Simulated records with and without planted surges: how often the warnings are wrong, and how often they find one.

The records are drawn apart from the code that is checked: negative binomial months with a season of their own, a trend of up to a
tenth a year, and, where wanted, a surge of a known size in the month that is looked at.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from jpa.statistics.surges import ALPHA, FALSE_SHARE, Series, compare

SERIES: Final = 24
"""Places and routes of one agency."""
YEARS: Final = 6
MONTH: Final = "2026-09"
MONTHS: Final = 40
"""Months of one case of the proof."""
LEAST_FOUND: Final = 0.55
"""Share of surges to five times the usual five incidents that a case must find; about seven in ten are found."""
_APART: Final = 10**6
_CHANCE: Final = 0.001


@dataclass(frozen=True, slots=True)
class Trial:
    """What one month came to."""

    tested: int
    """Series without a surge that were tested."""
    passed: int
    """Of those: beyond their own bound, before many series are reckoned with."""
    warned: int
    """Of those: warned of."""
    planted: int
    found: int

    @property
    def false_share(self) -> float:
        """Share of the month's warnings that are false."""
        return self.warned / max(1, self.warned + self.found)


def simulate(seed: int, planted: int = 0, times: float = 3.0) -> Trial:
    """Draw one agency's records and compare the last month; the first `planted` busy series have `times` as many as they should."""
    draw = np.random.default_rng(seed)
    months = [f"{2026 - y}-{m:02d}" for y in range(YEARS, -1, -1) for m in range(1, 13)]
    months = months[: months.index(MONTH) + 1]
    counts = {}
    surging = set()
    for number in range(SERIES):
        series = Series(f"Place {number}", None)
        level = 5.0 if number < planted else float(np.exp(draw.uniform(np.log(0.3), np.log(12))))
        season = 1 + draw.uniform(0, 0.6) * np.cos(2 * np.pi * (np.arange(len(months)) - draw.integers(12)) / 12)
        growth = (1 + draw.uniform(-0.1, 0.1)) ** (np.arange(len(months)) / 12)
        mean = level * season * growth
        if number < planted:
            mean[-1] *= times
            surging.add(series)
        spread = draw.uniform(1.0, 2.0)
        found = draw.poisson(mean) if spread < 1.05 else draw.negative_binomial(mean / (spread - 1), 1 / spread)
        counts[series] = {m: int(n) for m, n in zip(months, found, strict=True) if n > 0}
    readings = compare(counts, months[0], MONTH)
    quiet = [r for r in readings.readings if r.series not in surging and r.why == ""]
    warned = {r.series for r in readings.warnings}
    return Trial(
        len(quiet), sum(r.p <= ALPHA for r in quiet), len(warned - surging), len(surging), len(warned & surging)
    )


def check_surges(seed: int, months: int = MONTHS) -> str:
    """Simulate months without a surge and months with three, and say where a stated rate does not hold.

    A rate is found broken where so many false alarms would come by chance in one of a thousand cases at the stated rate.
    """
    first = seed * months
    quiet = [simulate(n) for n in range(first, first + months)]
    surging = [simulate(n, planted=3, times=5.0) for n in range(_APART + first, _APART + first + months)]
    passed, tested = sum(t.passed for t in quiet), sum(t.tested for t in quiet)
    warned = sum(t.warned > 0 for t in quiet)
    false = float(np.mean([t.false_share for t in surging]))
    found = sum(t.found for t in surging) / sum(t.planted for t in surging)
    faults = {
        f"{passed} of {tested} quiet series passed their bound": passed > stats.binom.isf(_CHANCE, tested, ALPHA),
        f"{warned} of {months} quiet months had a warning": warned > stats.binom.isf(_CHANCE, months, FALSE_SHARE),
        f"{false:.3f} of warnings were false": false > FALSE_SHARE + 3.1 * np.std([t.false_share for t in surging]) / months**0.5,
        f"only {found:.2f} of surges to five times the usual number were found": found < LEAST_FOUND,
    }  # fmt: skip
    return "; ".join(f"seed {seed}: {words}" for words, broken in faults.items() if broken)
