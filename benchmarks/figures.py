"""What a benchmark finds, and how it is written down."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its peer's and its goal."""

    work: str
    ours: str
    peer: str
    ratio: str
    goal: str
    met: bool


def seconds(work: Callable[[], object]) -> float:
    """Return how long work takes on the wall clock."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def spread(times: Sequence[float]) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds."""
    ordered = sorted(times)
    return statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000


def write_report(figures: Sequence[Figure], machine: str, path: Path) -> None:
    """Write the figures as a page of the documentation."""
    rows = [f"| {f.work} | {f.ours} | {f.peer} | {f.ratio} | {f.goal} | {'yes' if f.met else 'no'} |" for f in figures]
    text = f"""# Benchmarks

Written by `make bench` on {machine}. Each figure stands beside a peer measured in the same run on the same data; machines differ, ratios less.

| work | jpa | peer | ratio | goal | met |
|---|---|---|---|---|---|
"""
    path.write_text(text + "\n".join(rows) + "\n", encoding="utf-8")
