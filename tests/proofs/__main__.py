"""`make prove`: run every proof in full, resumable, and write docs/proofs.md.

Progress is kept batch by batch under `docs/proofs`, so that Ctrl-C or a kill loses one batch at most; the same command goes on where
it stopped, on another machine as well. Several processes share a proof by `--part 1/2` and `--part 2/2`. Other code begins anew: a proof speaks of the code it ran on, which is all of jpa but what stands above
the services, the migrations, and the proofs themselves.
"""

import argparse
import hashlib
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from jpa.config import load_settings
from jpa.services.installation import Installation, migrate_all, opened
from tests.proofs.approvals import Releases, check_approvals
from tests.proofs.asking import check_requests
from tests.proofs.audiences import check_audience
from tests.proofs.disclosures import check_disclosure
from tests.proofs.figure_worlds import check_figures
from tests.proofs.figures import check_papers
from tests.proofs.histories import check_history
from tests.proofs.packages import check_mutant, check_round_trip
from tests.proofs.relations import check_relations
from tests.proofs.returned import check_returns
from tests.proofs.summaries import check_summary
from tests.proofs.surges import check_surges
from tests.proofs.tampers import Bench, check_tamper
from tests.proofs.views import check_views
from tests.proofs.worlds import NOW

ROOT: Final = Path(__file__).resolve().parents[2]
KEPT: Final = ROOT / "docs" / "proofs"
REPORT: Final = ROOT / "docs" / "proofs.md"
BATCH: Final = 10
"""Cases between two notes of progress: what a kill can lose."""
ABOVE: Final = ("cli", "jobs", "web", "world")
"""Packages of jpa that stand above the services: no proof runs them."""
KEEP_PLANS: Final = "dbms.cypher.min_replan_interval=1h"
"""Worlds come and go by the thousand; a plan made for one is good for the next."""
MOST_FAULTS: Final = 20
"""Faults that are kept in words; all are counted."""

Check = Callable[[int], str]
console: Final = Console(soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Proof:
    """One promise with the check that tries to break it."""

    name: str
    promise: str
    count: int
    make: Callable[[Callable[[], Installation], Path], Check]


PROOFS: Final = (
    Proof(
        "tampers",
        "Whoever edits, deletes, swaps, re-hashes or cuts the audit log is noticed (promise 9)",
        10_000,
        lambda _, folder: _with(check_tamper, Bench(folder)),
    ),
    Proof(
        "views",
        "Every answer equals the answer on the graph without what the officer may not read (promise 7)",
        10_000,
        lambda installation, _: _with(check_views, installation().stores),
    ),
    Proof(
        "histories",
        "Over merges, undos, corrections and imports, undo restores the view, order does not matter, no id is lost (R2)",
        10_000,
        lambda installation, _: _with(check_history, installation().stores),
    ),
    Proof(
        "disclosures",
        "Over random tables, sequences of releases, measures and agencies that hang together nothing held back can be worked out (T5, M3)",
        10_000,
        lambda _, __: _with(_check_both, None),
    ),
    Proof(
        "figures",
        "Every measure equals a clerk's recount from raw events: merges, appeals, corrections, partial dates, signed credits (T1, T3)",
        200,
        lambda installation, _: _with(check_figures, installation().stores),
    ),
    Proof(
        "recount",
        "The same over outcomes that no store refused, every measure and table (T1, T3)",
        5_000,
        lambda _, __: check_papers,
    ),
    Proof(
        "surges",
        "Over simulated records the stated false-alarm rates hold and large surges are found (surge warning)",
        200,
        lambda _, __: check_surges,
    ),
    Proof(
        "returns",
        "Figures with another agency's return equal a clerk's who has both desks' papers; whoever stands on both counts once (S10)",
        5_000,
        lambda _, __: check_returns,
    ),
    Proof(
        "mutants",
        "Malformed packages are refused in 2 s and 200 MB, and nothing is written outside the work folder (promise 11)",
        1_000,
        lambda _, __: check_mutant,
    ),
    Proof(
        "packages",
        "A package arrives with equal hashes, and one altered file is enough to refuse it (promise 12)",
        500,
        lambda _, __: check_round_trip,
    ),
    Proof(
        "audiences",
        "No package holds a thing above its audience or its agreement's ceiling, nor anybody protected (promise 13)",
        10_000,
        lambda _, __: check_audience,
    ),
    Proof(
        "summaries",
        "No coded summary of victims and migrants holds a small count, a name or an id, nor do several of one case tell a small one (promise 13)",
        10_000,
        lambda _, __: check_summary,
    ),
    Proof(
        "approvals",
        "Of officers who release one draft at once one succeeds, and never who made it (promise 14)",
        100,
        lambda installation, _: _with(check_approvals, Releases(installation())),
    ),
    Proof(
        "requests",
        "What an officer is told of requests between agencies equals what is told without those that are none of their business (S9, C3)",
        1_000,
        lambda installation, _: _with(check_requests, installation().stores),
    ),
)


def _check_both(stage: None, seed: int) -> str:
    """Attack a series of one measure's tables, then tables of measures and agencies that hang together."""
    return check_disclosure(stage, seed) or check_relations(stage, seed)


def main() -> int:
    """Run the proofs that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"proofs to run, of {', '.join(p.name for p in PROOFS)}; none: all")
    parser.add_argument("--count", type=int, help="cases of each proof, instead of the full count")
    parser.add_argument("--seed", type=int, default=0, help="first seed; case n has seed + n")
    parser.add_argument(
        "--part", default="1/1", help="which part of the cases to run, as 2/3; each part keeps its own progress"
    )
    parser.add_argument("--minutes", type=float, help="stop each proof after so many minutes")
    asked = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    faults = 0
    with tempfile.TemporaryDirectory() as scratch, _installed() as installation:
        for proof in PROOFS:
            if len(asked.names) == 0 or proof.name in asked.names:
                check = proof.make(installation, Path(scratch))
                faults += _run(proof, check, asked.seed, _part(asked.part, asked.count or proof.count), asked.minutes)
                _write_report()
    return 1 if faults > 0 else 0


def _run(proof: Proof, check: Check, seed: int, cases: range, minutes: float | None) -> int:
    state = _load(proof, seed, cases)
    started = time.monotonic()
    while state["done"] < len(cases) and (minutes is None or time.monotonic() - started < minutes * 60):
        begun = time.monotonic()
        batch = cases[state["done"] : state["done"] + BATCH]
        found = [f for n in batch if (f := _checked(check, seed + n)) != ""]
        state["failed"] += len(found)
        state["faults"] = [*state["faults"], *found][:MOST_FAULTS]
        state["done"] += len(batch)
        state["seconds"] += time.monotonic() - begun
        _save(proof, state)
        console.print(f"{proof.name}: {state['done']:,} of {len(cases):,}, {state['failed']} failed", highlight=False)
    return int(state["failed"])


def _part(asked: str, count: int) -> range:
    """Return the cases of a part: 2/3 is the second third."""
    this, of = map(int, asked.split("/"))
    return range(count * (this - 1) // of, count * this // of)


def _checked(check: Check, seed: int) -> str:
    """Run one case; a crash is a failure like any other and stops nothing."""
    try:
        return check(seed)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is counted and named
        return f"seed {seed}: {type(error).__name__}: {error}"


def _load(proof: Proof, seed: int, cases: range) -> dict[str, Any]:
    fresh = {
        "code": _code(), "commit": _commit(), "seed": seed, "first": cases.start, "done": 0, "failed": 0, "faults": [], "seconds": 0.0,
    }  # fmt: skip
    path = _path(proof, cases.start)
    if not path.exists():
        return fresh
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept if (kept["code"], kept["seed"]) == (fresh["code"], seed) else fresh


def _save(proof: Proof, state: dict[str, Any]) -> None:
    state["date"] = datetime.now(UTC).isoformat(timespec="seconds")
    path = _path(proof, state["first"])
    part = path.with_suffix(".part")
    part.write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def _path(proof: Proof, first: int) -> Path:
    return KEPT / f"{proof.name}-{first:05}.json"


def _kept(proof: Proof) -> dict[str, Any] | None:
    """Add the parts of a proof up: those that ran on the code of the newest."""
    parts = [json.loads(path.read_text(encoding="utf-8")) for path in KEPT.glob(f"{proof.name}-*.json")]
    if len(parts) == 0:
        return None
    newest = max(parts, key=lambda s: str(s["date"]))
    same = [s for s in parts if (s["code"], s["seed"]) == (newest["code"], newest["seed"])]
    sums: dict[str, Any] = {name: sum(s[name] for s in same) for name in ("done", "failed", "seconds")}
    return {**newest, **sums, "faults": [f for s in same for f in s["faults"]]}


def _write_report() -> None:
    rows = [
        "# Proofs",
        "",
        "Written by `make prove`. Case n of a proof has seed + n; the same seed gives the same case.",
        "",
    ]
    rows += [
        "| proof | promise | cases run | of | failures | seed | commit | date | took |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    told: list[str] = []
    for proof in PROOFS:
        s = _kept(proof)
        if s is not None:
            took = f"{s['seconds'] / 60:.0f} min"
            rows.append(
                f"| {proof.name} | {proof.promise} | {s['done']:,} | {proof.count:,} | {s['failed']} | {s['seed']} "
                f"| {s['commit']} | {s['date'][:10]} | {took} |"
            )
            told += [f"- {proof.name}: {fault.splitlines()[0]}" for fault in s["faults"]]
    rows += ["", "## Failures", "", *(told or ["None."])]
    REPORT.write_text("\n".join(rows) + "\n", encoding="utf-8")


@contextmanager
def _installed() -> Iterator[Callable[[], Installation]]:
    """Give an installation of its own when the first proof asks for one, and end it with the run."""
    made: list[Installation] = []
    with tempfile.TemporaryDirectory() as home:
        small = {"neo4j_heap": "512m", "neo4j_pagecache": "128m", "neo4j_conf": KEEP_PLANS}
        context = opened(load_settings(home=Path(home), demo=True, **small))

        def installation() -> Installation:
            if len(made) == 0:
                made.append(context.__enter__())
                migrate_all(made[0], NOW)
                made[0].operations.power_safe = False  # no proof cuts the power
            return made[0]

        try:
            yield installation
        finally:
            if len(made) > 0:
                context.__exit__(None, None, None)


def _with(check: Callable[[Any, int], str], stage: object) -> Check:
    return lambda seed: check(stage, seed)


def _commit() -> str:
    return _git("rev-parse", "--short", "HEAD").strip() or "no commit"


def _code() -> str:
    """Say in one hash what the proofs run on."""
    listed = _git("ls-tree", "HEAD", "jpa/", "migrations", "tests/proofs").splitlines()
    below = [line for line in listed if not line.endswith(tuple(f"\tjpa/{above}" for above in ABOVE))]
    return hashlib.sha256("\n".join(below).encode()).hexdigest()


def _git(*asked: str) -> str:
    command = ["git", *asked]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    raise SystemExit(main())
