"""Surge warnings: this month's incidents at a place or on a route against the same season of earlier years.

Method: quasi-Poisson regression on the same month and its two neighbours of up to five earlier years, with the years' own trend
where they grow, past surges weighted down, and a negative binomial upper prediction bound that carries the uncertainty of the
expected number (Farrington et al., A statistical algorithm for the early detection of outbreaks, J. R. Statist. Soc. A 159, 1996;
Noufaily et al., An improved algorithm for outbreak detection in multiple surveillance systems, Statistics in Medicine 32, 2013;
Salmon, Schumacher and Höhle, J. Statistical Software 70(10), 2016). One dispersion is the least for all series of a month. Many
series are tested at once, so warnings are picked by Benjamini and Hochberg (J. R. Statist. Soc. B 57, 1995).
Incidents are counted, not persons: persons come by the boatload and are no independent events.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from jpa.statistics.incident_facts import IncidentFact
from jpa.statistics.incidents import Where

ALPHA: Final = 0.01
"""Nominal rate: how often one series without a surge may pass its bound in a month."""
FALSE_SHARE: Final = 0.05
"""Of all warnings of a month at most this share is false on average; where nothing surges, it is how often any warning comes at all."""
MOST_YEARS: Final = 5
"""Earlier years that are looked at: older seasons tell of other routes."""
LEAST_YEARS: Final = 3
"""With fewer, a trend and a spread cannot be told from chance."""
LEAST_BEFORE: Final = 5
"""Incidents in all seasons looked at; with fewer the expected number is a guess."""
LEAST_NOW: Final = 3
"""One or two incidents are no surge, however quiet the place was."""
_PICKED: Final = 0.04
"""Share that warnings are picked by: a little under the stated one, because the far tail of the bound is an approximation."""
_WINDOW: Final = (-1, 0, 1)
_SURPRISING: Final = 2.58
"""Residual above which a past month is taken for a surge of its own and weighted down (Noufaily et al.)."""
_ROUNDS: Final = 40
_FLAT, _SETTLED, _RIDGE, _FAR, _LEAST_MEAN = 1e-9, 1e-8, 1e-9, 10.0, 0.05
_CLEAR: Final = 1.0
"""Standard errors from which a growing trend is kept: rather one too many than a warning of mere growth."""
Numbers = NDArray[np.float64]


class Verdict(StrEnum):
    """What a comparison came to."""

    SURGE = "surge"
    USUAL = "as usual"
    TOO_LITTLE = "too little history"


@dataclass(frozen=True, slots=True)
class Series:
    """Incidents at one place, on one route, or both."""

    place: str | None
    """None: at all places."""
    route: str | None
    """None: on all routes."""

    @property
    def where(self) -> Where:
        """What the series takes in, as a question asks for it."""
        ends = (("place", self.place), ("route", self.route))
        return {dimension: (label,) for dimension, label in ends if label is not None}


@dataclass(frozen=True, slots=True)
class Reading:
    """One series compared with its own seasons."""

    series: Series
    month: str
    count: int
    verdict: Verdict
    before: tuple[tuple[str, int], ...]
    """What it rests on: months of earlier years with their counts."""
    why: str
    """In words, where there is too little history; empty otherwise."""
    expected: float = 0.0
    bound: int = 0
    """The least count that would be beyond chance for this series alone."""
    p: float = 1.0
    """How likely so many or more are without a surge."""


@dataclass(frozen=True, slots=True)
class Surges:
    """All series of a month."""

    month: str
    since: str
    """First month of the records; empty where there are none."""
    readings: tuple[Reading, ...]
    """Likeliest surges first."""

    def of(self, verdict: Verdict) -> list[Reading]:
        """Return the readings that came to a verdict."""
        return [r for r in self.readings if r.verdict is verdict]

    @property
    def warnings(self) -> list[Reading]:
        """What is warned of."""
        return self.of(Verdict.SURGE)

    @property
    def tested(self) -> int:
        """How many series had history enough."""
        return len(self.readings) - len(self.of(Verdict.TOO_LITTLE))


def read_surges(facts: Iterable[IncidentFact], month: str) -> Surges:
    """Compare every place, route and place-with-route that had an incident in a month or in the seasons before it."""
    counts: dict[Series, dict[str, int]] = {}
    since = ""
    for fact in facts:
        at = fact.labels["month"][0]
        since = min(since or at, at or since)
        place, route = (fact.labels[d][0] or None for d in ("place", "route"))
        for series in {Series(place, None), Series(None, route), Series(place, route)} - {Series(None, None)}:
            months = counts.setdefault(series, {})
            months[at] = months.get(at, 0) + 1
    for series in [s for s in counts if s.place is not None and s.route is not None]:
        # Where one place has one route alone, both are the same series: it is told, and tested, once.
        for wider in (Series(series.place, None), Series(None, series.route)):
            if counts.get(wider) == counts[series]:
                del counts[wider]
    return compare(counts, since, month)


def compare(counts: Mapping[Series, Mapping[str, int]], since: str, month: str) -> Surges:
    """Compare series of counts by month, of records that begin with the month `since`."""
    if since == "":
        return Surges(month, "", ())
    now = _index(month)
    years = [b for b in range(1, MOST_YEARS + 1) if now - 12 * b + min(_WINDOW) >= _index(since)]
    looked = [(_month(now - 12 * b + d), b) for b in years for d in _WINDOW]
    series = sorted(
        (s for s, c in counts.items() if any(m in c for m in (month, *(m for m, _ in looked)))),
        key=lambda s: (s.place or "", s.route or ""),
    )
    readings = [_plain(s, counts[s], month, looked, len(years)) for s in series]
    return Surges(month, since, tuple(_judged(readings, [b for _, b in looked])))


def _judged(readings: Sequence[Reading], years_back: Sequence[int]) -> list[Reading]:
    """Test what has history enough, all of it together; `years_back` belongs to the months of `before`."""
    tested = [r for r in readings if r.verdict is not Verdict.TOO_LITTLE]
    back = np.array(years_back, dtype=np.float64)
    fits = [_fit(np.array([c for _, c in r.before], dtype=np.float64), back) for r in tested]
    least = max(1.0, float(np.mean([f.spread for f in fits]))) if len(fits) > 0 else 1.0
    compared = [_compared(r, f, least) for r, f in zip(tested, fits, strict=True)]
    limit = min(ALPHA, _limit([r.p for r in compared]))
    done = [replace(r, verdict=Verdict.SURGE if r.p <= limit else Verdict.USUAL) for r in compared]
    rest = [r for r in readings if r.verdict is Verdict.TOO_LITTLE]
    return [*sorted(done, key=lambda r: (r.verdict is not Verdict.SURGE, r.p)), *rest]


@dataclass(frozen=True, slots=True)
class _Fit:
    """What the seasons before lead to expect."""

    mean: float
    leverage: float
    """Uncertainty of the expected number, in units of the spread."""
    spread: float
    """Variance over mean, as estimated: below 1 too."""


def _plain(
    series: Series, counts: Mapping[str, int], month: str, looked: Sequence[tuple[str, int]], years: int
) -> Reading:
    before = tuple((m, counts.get(m, 0)) for m, _ in looked)
    total = sum(c for _, c in before)
    why = ""
    if years < LEAST_YEARS:
        why = f"the records cover this season in {years} earlier years; {LEAST_YEARS} are needed"
    elif total < LEAST_BEFORE:
        why = f"{total} incidents in this season of {years} earlier years; {LEAST_BEFORE} are needed"
    verdict = Verdict.USUAL if why == "" else Verdict.TOO_LITTLE
    return Reading(series, month, counts.get(month, 0), verdict, before, why)


def _fit(counts: Numbers, back: Numbers) -> _Fit:
    """Fit level and trend, weigh past surges down, and keep the trend only where it leads to expect more."""
    weights = np.ones_like(counts)
    for _ in range(2):
        level = _regress(counts, np.ones((len(counts), 1)), weights)
        residuals = _residuals(counts, level, weights)
        weights = np.maximum(residuals / _SURPRISING, 1.0) ** -2.0
    level = _regress(counts, np.ones((len(counts), 1)), weights)
    trend = _regress(counts, np.column_stack([np.ones_like(back), back]), weights)
    best = trend if trend.growth > _CLEAR and trend.mean > level.mean else level
    return _Fit(best.mean, best.leverage, best.spread)


@dataclass(frozen=True, slots=True)
class _Regression:
    mean: float
    leverage: float
    spread: float
    fitted: Numbers
    growth: float
    """How many standard errors the trend lies above none; 0 where none was fitted or none could be."""


def _regress(counts: Numbers, design: Numbers, weights: Numbers) -> _Regression:
    """Fit a Poisson regression by iteratively weighted least squares; the month itself lies at 0 years back."""
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(max(float(np.average(counts, weights=weights)), _LEAST_MEAN))
    settled = False
    for _ in range(_ROUNDS):
        fitted, inverse = _weighed(design, beta, weights)
        step = np.clip(inverse @ (design.T @ (weights * (counts - fitted))), -2, 2)
        beta = beta + step
        settled = float(np.abs(step).max()) < _SETTLED
        if settled:
            break
    fitted, inverse = _weighed(design, beta, weights)
    spread = float(np.sum(weights * (counts - fitted) ** 2 / fitted)) / (len(counts) - design.shape[1])
    error = float(np.sqrt(max(1.0, spread) * inverse[-1, -1]))
    growth = -float(beta[-1]) / error if design.shape[1] > 1 and settled else 0.0
    return _Regression(float(np.exp(np.clip(beta[0], -_FAR, _FAR))), float(inverse[0, 0]), spread, fitted, growth)


def _weighed(design: Numbers, beta: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Return the fitted counts and the inverse of their information."""
    fitted: Numbers = np.exp(np.clip(design @ beta, -_FAR, _FAR))
    information = design.T @ (design * (weights * fitted)[:, None])
    inverse = np.linalg.inv(information + _RIDGE * np.eye(len(beta))).astype(np.float64)
    return fitted, inverse


def _residuals(counts: Numbers, of: _Regression, weights: Numbers) -> Numbers:
    """Return Anscombe residuals, each by the spread of all other months: a past surge must not hide in its own spread."""
    parts = weights * (counts - of.fitted) ** 2 / of.fitted
    spread = np.maximum(1.0, (parts.sum() - parts) / (len(counts) - 2))
    residuals: Numbers = 1.5 * (counts ** (2 / 3) - of.fitted ** (2 / 3)) / (of.fitted ** (1 / 6) * np.sqrt(spread))
    return residuals


def _compared(reading: Reading, fit: _Fit, least: float) -> Reading:
    spread = max(least, fit.spread)
    # Chance in the month itself, and what is not known of the expected number.
    ratio = spread * (1 + fit.mean * fit.leverage)
    bound = _least_count(fit.mean, ratio)
    p = _chance(reading.count, fit.mean, ratio) if reading.count >= LEAST_NOW else 1.0
    return replace(reading, expected=fit.mean, bound=bound, p=p)


def _chance(count: int, mean: float, ratio: float) -> float:
    """Return the chance of `count` or more, of a Poisson law, or of a negative binomial one whose variance is `ratio` means."""
    if ratio <= 1 + _FLAT:
        return float(special.pdtrc(count - 1, mean))
    return float(special.betainc(count, mean / (ratio - 1), 1 - 1 / ratio))


def _least_count(mean: float, ratio: float) -> int:
    """Return the bound: the least count whose chance is at most ALPHA, and never one that is no surge."""
    high = LEAST_NOW
    while _chance(high, mean, ratio) > ALPHA:
        high *= 2
    return bisect_left(range(high), True, lo=LEAST_NOW, key=lambda count: _chance(count, mean, ratio) <= ALPHA)


def _limit(found: Sequence[float]) -> float:
    """Return the largest p that is warned of at the accepted share of false warnings; below 0: none is."""
    ordered = sorted(found)
    passing = [p for rank, p in enumerate(ordered, start=1) if p <= _PICKED * rank / len(ordered)]
    return max(passing, default=-1.0)


def _index(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _month(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
