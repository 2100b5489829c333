"""Quality of the comparison, with the truth at hand: the fictional region as one officer who reads all of it, and Febrl 4.

python -m benchmarks.matching --size medium --seed 7
"""

import argparse
import csv
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Final

from rich.console import Console

from jpa.entity_resolution.profile import Profile
from jpa.entity_resolution.resolve import propose
from jpa.model.draft import TypedRecord
from jpa.model.entity import key_of
from jpa.model.judgement import pair_of
from jpa.model.officer import Officer, Role
from jpa.model.record import Record
from jpa.model.value_types import Context
from jpa.services.resolution import RESOLVABLE, profile_of
from jpa.services.statements import build_record
from jpa.services.stores import Ask
from jpa.world.generate import generate
from jpa.world.plan import STATE_OF, World
from jpa.world.truth import source_key

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FEBRL: Final = Path(__file__).resolve().parents[1] / "tests" / "data" / "people" / "febrl4"
COLUMNS: Final = {
    "firstName": "given_name",
    "lastName": "surname",
    "birthDate": "date_of_birth",
    "socialSecurityNumber": "soc_sec_id",
}
"""Febrl's columns that the catalogue has a property for."""
console: Final = Console(soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Quality:
    """How much of what was proposed is true, and how much of the truth was proposed."""

    proposed: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the proposals that are true."""
        return self.right / max(1, self.proposed)

    @property
    def recall(self) -> float:
        """Share of the true pairs that are proposed."""
        return self.right / max(1, self.true)


def quality_of(proposed: Iterable[str], true: set[str]) -> Quality:
    """Hold proposed pairs against the true ones."""
    pairs = set(proposed)
    return Quality(len(pairs), len(pairs & true), len(true))


def true_pairs(things: Iterable[Sequence[str]]) -> set[str]:
    """Return every pair of records of one thing."""
    return {pair_of(a, b) for records in things for a, b in combinations(records, 2)}


def region_profiles(size: str, seed: int) -> tuple[list[Profile], set[str]]:
    """Read the region as the store would hold it; returns profiles and true pairs."""
    world = generate(size, seed)
    profiles: list[Profile] = []
    things: dict[str, list[str]] = defaultdict(list)
    for profile, truth in _profiles(world):
        profiles.append(profile)
        things[truth].append(profile.record)
    return profiles, true_pairs(things.values())


def _profiles(world: World) -> Iterable[tuple[Profile, str]]:
    agency_of = {case.number: case.agency for case in world.cases}
    for report in world.reports:
        agency = agency_of[report.case]
        ask = Ask(Officer("bench", "bench", "Bench", agency, STATE_OF[agency], frozenset({Role.ANALYST})), NOW)
        context = Context(state=STATE_OF[agency], today=NOW.date())
        made: dict[str, Record] = {}
        for written in report.records:
            typed = TypedRecord(written.ref, written.type, written.properties)
            made[written.ref] = build_record(ask, "", source_key(report, written), typed, context, str)
        tied: dict[str, set[str]] = defaultdict(set)
        for link in report.links:
            for own, other in ((link.source, link.target), (link.target, link.source)):
                key = key_of(made[other])
                if key is not None:
                    tied[own].add(key)
        for written in report.records:
            if written.type in RESOLVABLE:
                yield profile_of(made[written.ref], sorted(tied[written.ref])), f"{written.type} {written.truth}"


def febrl_profiles() -> tuple[list[Profile], set[str]]:
    """Read both lists of Febrl 4; returns profiles and true pairs."""
    profiles: list[Profile] = []
    things: dict[str, list[str]] = defaultdict(list)
    context, ask = Context(state="AU", today=NOW.date()), Ask(Officer("b", "b", "B", "b", "AU", frozenset()), NOW)
    for name in ("dataset4a", "dataset4b"):
        with (FEBRL / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, skipinitialspace=True):
                typed = TypedRecord("1", "Person", {p: (row[c],) for p, c in COLUMNS.items() if row[c].strip() != ""})
                profiles.append(profile_of(build_record(ask, "", row["rec_id"], typed, context, str), ()))
                things[row["rec_id"].split("-")[1]].append(row["rec_id"])
    return profiles, true_pairs(things.values())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.matching", description=__doc__)
    parser.add_argument("--size", choices=("small", "medium"), default="medium", help="Size of the fictional region.")
    parser.add_argument("--seed", type=int, default=7, help="Its seed.")
    said = parser.parse_args()
    for name, (profiles, true) in (
        ("Febrl 4", febrl_profiles()),
        (f"{said.size} region, seed {said.seed}", region_profiles(said.size, said.seed)),
    ):
        started = time.perf_counter()
        found = propose(profiles)
        took = time.perf_counter() - started
        kinds = Counter(p.type for p in profiles)
        type_of = {p.record: p.type for p in profiles}
        for kind in kinds:
            own = {pair for pair in true if type_of[pair.split("|")[0]] == kind}
            q = quality_of((p.pair for p in found if type_of[p.left] == kind), own)
            console.print(
                f"{name}, {kind}: {kinds[kind]:,} records, {q.proposed:,} proposed, precision {q.precision:.4f}, recall {q.recall:.4f} of {q.true:,}",
                highlight=False,
            )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        console.print(f"{name}: {took:.1f} s, peak {peak:,} MiB", highlight=False)


if __name__ == "__main__":
    main()
