"""A fictional region from a size and a seed: the same two give the same world, byte for byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.world.bystanders import report_bystanders
from jpa.world.camp import report_camp
from jpa.world.cases import OLD_CAMP, draw_cases
from jpa.world.claims import draw_claims
from jpa.world.doings import draw_doings
from jpa.world.harmless import report_harmless
from jpa.world.incidents import SURGE, draw_incidents
from jpa.world.justice import Trial, draw_trial, report_trial
from jpa.world.lead_case import LEAD, lead_outcomes, lead_reports
from jpa.world.networks import Ring, draw_ring, report_ring
from jpa.world.people import Someone
from jpa.world.plan import JPAS, Outcome, Planted, World, WorldCase, WorldReport
from jpa.world.region import Region
from jpa.world.victims import add_victims


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    networks: int
    harmless: int
    bystanders: int
    cases_per_jpa: int
    """Of each agency that takes part."""
    cases_outside: int


SIZES: Final = {"small": Size(8, 6, 120, 1, 1), "medium": Size(200, 180, 34_000, 10, 16)}
_TRIED: Final = 0.6
"""Share of networks that reach a court."""


def generate(size: str, seed: int) -> World:
    """Generate a region."""
    wanted = SIZES[size]
    region = Region(seed)
    cases = draw_cases(region, wanted.cases_per_jpa, wanted.cases_outside)
    rings = [
        draw_ring(region, n, JPAS[n % len(JPAS)], _homes(region, cases, JPAS[n % len(JPAS)].number))
        for n in range(wanted.networks)
    ]
    reports = lead_reports()
    networks: list[Planted] = [LEAD]
    for ring in rings:
        written, planted = report_ring(region, ring)
        reports += written
        networks.append(planted)
    harmless = [report_harmless(region, n, region.random.choice(cases[4:])) for n in range(wanted.harmless)]
    reports += [report for report, _ in harmless]
    known: list[Someone] = [m for ring in rings for m in ring.members]
    checks, apart = report_bystanders(region, cases[4:], wanted.bystanders, known)
    judged, outcomes, trials = _justice(region, rings, networks)
    reports = add_victims(region, [*reports, *judged, *checks])
    outcomes += draw_doings(region, cases, reports)
    return World(
        seed,
        JPAS,
        tuple(cases),
        tuple(reports),
        tuple(networks),
        tuple(p for _, p in harmless),
        tuple(apart),
        tuple(outcomes),
        tuple(draw_claims(trials, outcomes)),
        tuple(draw_incidents(seed)),
        (SURGE,),
    )


def _homes(region: Region, cases: Sequence[WorldCase], jpa: int) -> list[WorldCase]:
    """Draw two or three cases of different agencies under one joint period."""
    under = [c for c in cases[4:] if c.jpa == jpa]
    agencies = sorted({c.agency for c in under})
    chosen = region.random.sample(agencies, region.random.randint(2, 3))
    return [region.random.choice([c for c in under if c.agency == agency]) for agency in chosen]


def _justice(
    region: Region, rings: Sequence[Ring], networks: list[Planted]
) -> tuple[list[WorldReport], list[Outcome], list[Trial]]:
    reports, came_of_camp, behind_it = report_camp(region, OLD_CAMP, JPAS[0])
    networks.append(behind_it)
    trials = [draw_trial(region, ring.homes[0], ring.jpa, ring.members) for ring in rings if region.chance(_TRIED)]
    outcomes = [*lead_outcomes(), *came_of_camp]
    for number, one in enumerate(trials, start=2):
        written, came = report_trial(region, one, number)
        reports += written
        outcomes += came
    return reports, outcomes, trials
