"""A million outcome events counted: tables and a dashboard beside the same aggregation in polars on the same rows."""

from collections.abc import Callable
from random import Random
from typing import Any, Final

import numpy as np
import polars as pl

from benchmarks.figures import Figure, seconds
from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.dimensions import REPORTING, WHERE
from jpa.statistics.facts import KIND_NAMES, NOBODY, Facts, Period, days_of
from jpa.statistics.measures import MEASURES
from jpa.statistics.tables import Credit, Question, tabulate

EVENTS: Final = 1_000_000
_STATES: Final = ("XA", "XB", "XC", "XD")
_KINDS: Final = ("arrested", "charged", "charged", "convicted", "convicted", "sentenced", "seizure", "seizure", "victim assisted", "appeal decided")  # fmt: skip
_BY_THREE: Final = ("year", "state", "offence")
_TILES: Final = tuple(MEASURES)[:20]
_DASHBOARD: Final = (
    *(Question(name) for name in _TILES),
    Question("persons_arrested", ("month",)),
    Question("persons_convicted", ("state", "sex")),
    Question("charges_convicted", ("offence",)),
    Question("persons_convicted", ("year", "state"), credit=Credit.BECAUSE, jpa="jpa1"),
)


def count_outcomes(events: int = EVENTS) -> list[Figure]:
    """Measure the first reading, three tables and a dashboard."""
    entries = outcomes(events)
    kept: list[Books] = []
    read = seconds(lambda: kept.append(Books.empty().with_entries(entries)))
    around = _surroundings(events)
    found: list[Facts] = []
    pick = seconds(lambda: found.append(facts_of(kept[0], Countable("tip", ()), around)))
    facts, frame = found[0], _frame(found[0])
    tables = [_table(facts, frame, name) for name in ("persons_convicted", "charges_laid", "seizures")]
    warm = _best(lambda: [tabulate(facts, q) for q in _DASHBOARD])
    dashboard = Figure(
        f"dashboard over {events:,} outcomes: 20 figures, 4 tables", f"{warm:.2f} s warm; {pick:.1f} s more to pick what may be counted after a change", "none", "", "<= 1 s warm", warm <= 1,
    )  # fmt: skip
    reading = Figure(
        f"first reading of {events:,} outcomes into columns", f"{read:.1f} s", "none", "", "none", met=True
    )
    return [*tables, dashboard, reading]


def outcomes(events: int) -> list[Entry]:
    """Make outcomes of the shape that years of joint periods leave: persons with several charges, few that say nothing."""
    draw = Random(1)
    made = []
    for n in range(events):
        person = draw.randrange(events // 4)
        values = {
            "agency": "tip", REPORTING: "XA", WHERE: draw.choice(_STATES), "case": f"case {person % 20_000}",
            "date": f"{draw.randrange(2015, 2026)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
            "offence": draw.choice(("0204", "02041", "08051", "")), "sex": draw.choice(("male", "female", "")),
            "article": f"Act s. {draw.randrange(40)}", "result": draw.choice(("upheld", "overturned")),
        }  # fmt: skip
        made.append(
            Entry(f"{n:032x}", draw.choice(_KINDS), "c", values, f"{person:032x}" if draw.random() < 0.9 else "", str(draw.randrange(4)))
        )  # fmt: skip
    return made


def _surroundings(events: int) -> Surroundings:
    draw = Random(2)
    people = events // 4
    same = [(f"{draw.randrange(people):032x}", f"{draw.randrange(people):032x}") for _ in range(people // 20)]
    period = Period("jpa1", days_of("2019-07-01")[0], days_of("2019-12-31")[1], frozenset(_STATES[:3]))
    return Surroundings(same, periods={"jpa1": period}, credits={"jpa1": {f"case {n}": 0.5 for n in range(2000)}})


def _frame(facts: Facts) -> pl.DataFrame:
    """Give polars the same rows, with what tells persons and charges apart worked out already."""
    columns: dict[str, Any] = {
        d: pl.Series(np.array(facts.column(d).labels)[facts.column(d).codes]).cast(pl.Categorical) for d in _BY_THREE
    }
    kinds = np.array(KIND_NAMES)[facts.kind]
    return pl.DataFrame(
        {"kind": kinds, "person": facts.person, "charge": facts.charge, "number": facts.count, "stands": facts.standing, **columns}
    ).with_columns(pl.col("kind").cast(pl.Categorical))  # fmt: skip


def _table(facts: Facts, frame: pl.DataFrame, name: str) -> Figure:
    question = Question(name, _BY_THREE)
    ours, theirs = _best(lambda: tabulate(facts, question)), _best(lambda: _by_polars(frame, name))
    if abs(_by_polars(frame, name) - sum(c.value for c in tabulate(facts, question).cells)) > 0.5:
        message = f"polars and jpa disagree on {name}"
        raise AssertionError(message)
    return Figure(
        f"{MEASURES[name].label} by year, state and offence, {len(facts):,} outcomes",
        f"{ours * 1000:.0f} ms", f"polars {theirs * 1000:.0f} ms", f"{ours / theirs:.1f}x", "<= 2 s and <= 3x", ours <= 2 and ours <= 3 * theirs,
    )  # fmt: skip


def _by_polars(frame: pl.DataFrame, name: str) -> float:
    measure = MEASURES[name]
    kept = frame.filter(pl.col("kind").is_in([k for k in measure.kinds if k != "appeal decided"]))
    if measure.after_appeal:
        kept = kept.filter(pl.col("stands"))
    if measure.unit == "event":
        return float(kept.group_by(_BY_THREE).agg(pl.col("number").sum()).get_column("number").sum())
    key = str(measure.unit)
    told = pl.col(key) != NOBODY
    counts = pl.col(key).filter(told).n_unique() + pl.col("number").filter(~told).sum()
    return float(kept.group_by(_BY_THREE).agg(counts.alias("number")).get_column("number").sum())


def _best(work: Callable[[], object], rounds: int = 5) -> float:
    return min(seconds(work) for _ in range(rounds))
