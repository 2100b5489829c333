"""Everybody else: people noted at borders, some of them again by another agency, some with a double who is not them."""

from collections.abc import Sequence
from typing import Final

from jpa.world.people import Someone, draw_person, namesake_of, put_document, put_person, put_phone, sibling_of
from jpa.world.plan import Apart, WorldCase, WorldReport
from jpa.world.region import Page, Region, put_spot

_PER_REPORT: Final = 12
_KINDS: Final = ("siblings", "twins", "namesakes")


def report_bystanders(
    region: Region, cases: Sequence[WorldCase], count: int, known: Sequence[Someone]
) -> tuple[list[WorldReport], list[Apart]]:
    """Write border checks of `count` new people, of people seen before under another spelling, and of their doubles."""
    draw = region.random
    reports: list[WorldReport] = []
    apart: list[Apart] = []
    seen: list[Someone] = list(known)
    left = count
    while left > 0:
        fresh = [draw_person(region) for _ in range(min(_PER_REPORT, left))]
        left -= len(fresh)
        again = [draw.choice(seen) for _ in range(2) if len(seen) > 0 and draw.random() < 0.7]
        doubles = [_double(region, draw.choice(seen), apart)] if len(seen) > 0 and draw.random() < 0.8 else []
        reports.append(_check(region, draw.choice(cases), [*fresh, *again, *doubles], len(reports)))
        seen.extend(fresh)
    return reports, apart


def _double(region: Region, someone: Someone, apart: list[Apart]) -> Someone:
    kind = _KINDS[len(apart) % len(_KINDS)]
    other = namesake_of(region, someone) if kind == "namesakes" else sibling_of(region, someone, twin=kind == "twins")
    apart.append(Apart(kind, someone.id, other.id))
    return other


def _check(region: Region, home: WorldCase, people: Sequence[Someone], number: int) -> WorldReport:
    page = Page(home)
    spot = region.spot(page.state)
    place = put_spot(page, spot)
    day = region.day_between("2021-01-10", "2026-05-31")
    for someone in people:
        line = put_person(region, page, someone, "mentioned")
        if region.chance(0.4):
            page.tie("USES", line, put_phone(region, page, someone.phone))
        if region.chance(0.25):
            page.tie("HAS_DOCUMENT", line, put_document(page, someone))
        if region.chance(0.5):
            page.tie("SEEN_AT", line, place, {"date": (day.isoformat(),)})
    text = f"Routine check at {spot.name}; {len(people)} names noted, nobody held."
    return page.report("Border check", f"B{number + 1}", day, "X4", text, shared=number % 3 == 0)
