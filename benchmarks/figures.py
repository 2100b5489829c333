"""What a benchmark finds, and how it is written down."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REPORT: Final = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
_LINE: Final = "\n"


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


def write_report(figures: Sequence[Figure], run: str, path: Path, section: str = "") -> None:
    """Write the figures of one run into its section of a page of the documentation; other runs keep theirs. `run` says by what, on what, when."""
    rows = [f"| {f.work} | {f.ours} | {f.peer} | {f.ratio} | {f.goal} | {'yes' if f.met else 'no'} |" for f in figures]
    sections = _sections(path.read_text(encoding="utf-8")) if path.exists() else {}
    sections[
        section
    ] = f"""Written by {run}. Each figure stands beside a peer measured in the same run on the same data; machines differ, ratios less.

| work | jpa | peer | ratio | goal | met |
|---|---|---|---|---|---|
{_LINE.join(rows)}
"""
    parts = [text if name == "" else f"## {name}\n\n{text}" for name, text in sorted(sections.items())]
    path.write_text("# Benchmarks\n\n" + "\n".join(parts), encoding="utf-8")


def _sections(page: str) -> dict[str, str]:
    first, *others = page.removeprefix("# Benchmarks\n\n").split("\n## ")
    named = [part.split("\n\n", 1) for part in others]
    return ({} if first == "" else {"": first}) | {part[0]: part[1] for part in named}
