"""Planted networks: compact, chain-like and cellular; each is seen in part, in the cases of several agencies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from jpa.world.boats import Boat, disguise, draw_boat, put_boat, put_vehicle, put_voyage
from jpa.world.money import (
    Account,
    draw_account,
    draw_handle,
    draw_wallet,
    payment,
    put_account,
    put_handle,
    put_wallet,
)
from jpa.world.people import Someone, draw_person, put_document, put_person, put_phone
from jpa.world.plan import STATE_OF, Planted, WorldCase, WorldJpa, WorldReport
from jpa.world.region import GRADES, Page, Region, put_address, put_event, put_spot

SHAPES: Final = ("compact", "chain", "cellular")
"""Everybody with everybody; each hands on to the next; cells that know one another by a single call."""
_CELL: Final = 3


@dataclass(frozen=True, slots=True)
class Ring:
    """What is true of one network."""

    name: str
    shape: str
    jpa: WorldJpa
    homes: tuple[WorldCase, ...]
    members: tuple[Someone, ...]
    boat: Boat
    second_boat: Boat
    account: Account
    handler: Account
    wallet: str
    handle: tuple[str, str]
    house: tuple[str, str]
    start: date


def draw_ring(region: Region, number: int, jpa: WorldJpa, homes: Sequence[WorldCase]) -> Ring:
    """Draw a network that worked under the eyes of a joint period's agencies."""
    draw = region.random
    shape = SHAPES[number % len(SHAPES)]
    state = STATE_OF[homes[0].agency]
    boat = draw_boat(region, state)
    size = {"compact": (5, 8), "chain": (6, 9), "cellular": (8, 12)}[shape]
    return Ring(
        name=f"network {number + 1}",
        shape=shape,
        jpa=jpa,
        homes=tuple(homes),
        members=tuple(draw_person(region, draw.choice(jpa.states)) for _ in range(draw.randint(*size))),
        boat=boat,
        second_boat=disguise(region, boat, STATE_OF[homes[-1].agency]),
        account=draw_account(region, state),
        handler=draw_account(region, draw.choice(jpa.states)),
        wallet=draw_wallet(region),
        handle=draw_handle(region),
        house=region.address(state),
        start=region.day_between(jpa.start, jpa.end) - timedelta(days=draw.randint(0, 60)),
    )


def report_ring(region: Region, ring: Ring) -> tuple[list[WorldReport], Planted]:
    """Write what agencies come to know of a network, report by report."""
    kinds = [_boarding, _interview, _surveillance, _calls, _deposits, _boarding, _interview]
    reports = []
    for visit, write in enumerate(kinds[: region.random.randint(4, len(kinds))]):
        home = ring.homes[visit % len(ring.homes)]
        day = ring.start + timedelta(days=visit * 11 + region.random.randint(0, 6))
        reports.append(write(region, ring, Page(home), visit, day))
    return reports, Planted(ring.name, ring.shape, tuple(m.id for m in ring.members))


Writer = Callable[[Region, Ring, Page, int, date], WorldReport]


def _seen(region: Region, ring: Ring, visit: int) -> list[Someone]:
    """Say which members one report comes across: as the shape of the network lets it."""
    members = ring.members
    if ring.shape == "chain":
        first = visit * 2 % (len(members) - 2)
        return list(members[first : first + 3])
    if ring.shape == "cellular":
        cell = visit * _CELL % (len(members) // _CELL * _CELL)
        return list(members[cell : cell + _CELL])
    return region.random.sample(members, min(len(members), region.random.randint(3, 5)))


def _lines(region: Region, page: Page, people: Sequence[Someone]) -> list[str]:
    lines = []
    for rank, someone in enumerate(people):
        line = put_person(region, page, someone, "suspect" if rank < 2 else "associate")
        if region.chance(0.55):
            page.tie("USES", line, put_phone(region, page, someone.phone))
        lines.append(line)
    return lines


def _boarding(region: Region, ring: Ring, page: Page, visit: int, day: date) -> WorldReport:
    draw = region.random
    boat = ring.boat if visit < 4 else ring.second_boat
    crew = _lines(region, page, _seen(region, ring, visit)[:3])
    spot, origin = region.spot(page.state), region.spot(draw.choice(ring.jpa.states))
    aboard = draw.randint(12, 70)
    hull = put_boat(region, page, boat)
    event = put_event(page, f"{ring.name} landing {visit}", f"Landing at {spot.name}", "landing", day, aboard)
    voyage = put_voyage(page, f"{ring.name} voyage {visit}", origin, spot, day - timedelta(days=2), aboard)
    place = put_spot(page, spot)
    page.tie("USED_IN", hull, event)
    page.tie("USED_IN", hull, voyage)
    page.tie("SEEN_AT", hull, place, {"date": (day.isoformat(),)})
    for rank, line in enumerate(crew):
        page.tie("CREW_OF", line, hull, {"role": (("helmsman", "engine hand", "lookout")[rank],)})
        if region.chance(0.6):
            page.tie("TOOK_PART_IN", line, event)
    for _ in range(draw.randint(2, 4)):
        migrant = draw_person(region)
        line = put_person(region, page, migrant, "smuggled migrant")
        page.tie("PASSENGER_ON", line, voyage)
        if region.chance(0.2):
            page.tie("HAS_DOCUMENT", line, put_document(page, migrant))
    text = (
        f"{boat.colour.capitalize()} wooden hull, about {boat.metres} m, came in at {spot.name} on {day:%d %B %Y} with {aboard} people from "
        f"{origin.name}. {len(crew)} crew held on the beach; the passengers had paid a man on land and did not know the crew by name."
    )
    return page.report("Boarding report", f"R{visit + 1}-{ring.name[8:]}", day, draw.choice(GRADES), text)


def _interview(region: Region, ring: Ring, page: Page, visit: int, day: date) -> WorldReport:
    people = _seen(region, ring, visit)
    lines = _lines(region, page, people)
    for left, right in pairwise(lines):
        if region.chance(0.75):
            page.tie("ASSOCIATE_OF", left, right)
    house = put_address(page, f"{ring.name} house", ring.house, STATE_OF[ring.homes[0].agency], "safe house")
    page.tie("SEEN_AT", lines[-1], house)
    if region.chance(0.5):
        page.tie("OWNS", lines[0], put_boat(region, page, ring.boat))
    page.tie("USES", lines[0], put_handle(page, ring.handle))
    text = (
        f"A man who cooked on the boat spoke without promise of anything. The people waited at {ring.house[0]} for two to five nights; food "
        f"came by pick-up. Orders came from the handle {ring.handle[1]} on {ring.handle[0]}."
    )
    return page.report("Interview", f"R{visit + 1}-{ring.name[8:]}", day, region.random.choice(GRADES), text)


def _surveillance(region: Region, ring: Ring, page: Page, visit: int, day: date) -> WorldReport:
    lines = _lines(region, page, _seen(region, ring, visit))
    house = put_address(page, f"{ring.name} house", ring.house, STATE_OF[ring.homes[0].agency], "safe house")
    car = put_vehicle(region, page, f"{ring.name} car", STATE_OF[ring.homes[0].agency])
    page.tie("USES", lines[0], car)
    for line in lines[:2]:
        page.tie("SEEN_AT", line, house, {"date": (day.isoformat(),)})
    page.tie("SEEN_AT", car, house, {"date": (day.isoformat(),), "count": (str(region.random.randint(1, 6)),)})
    text = (
        f"Watched {ring.house[0]} from 19:00 to 04:30. Pick-up arrived twice with rice sacks and water; at 02:10 about twenty people were "
        f"walked to the shore in file. {len(lines)} men were photographed."
    )
    return page.report("Surveillance log", f"R{visit + 1}-{ring.name[8:]}", day, region.random.choice(GRADES), text)


def _calls(region: Region, ring: Ring, page: Page, visit: int, day: date) -> WorldReport:
    """Write call records; in a cellular network only the heads of cells call one another."""
    talkers = list(ring.members[::_CELL]) if ring.shape == "cellular" else _seen(region, ring, visit)
    phones = []
    for someone in talkers:
        phone = put_phone(region, page, someone.phone, "prepaid")
        if region.chance(0.6):
            page.tie("USES", put_person(region, page, someone, "suspect"), phone)
        phones.append(phone)
    first = day - timedelta(days=40)
    for left, right in pairwise(phones):
        count = region.random.randint(3, 45)
        page.tie(
            "CALLED",
            left,
            right,
            {"count": (str(count),), "startDate": (first.isoformat(),), "endDate": (day.isoformat(),)},
        )
    text = f"Forty days of {len(phones)} prepaid numbers. Most calls fall between midnight and four; the numbers went silent after {day:%d %B}."
    return page.report("Call records", f"R{visit + 1}-{ring.name[8:]}", day, "A1", text)


def _deposits(region: Region, ring: Ring, page: Page, visit: int, day: date) -> WorldReport:
    people = _seen(region, ring, visit)
    holder = put_person(region, page, people[0], "facilitator")
    account, handler = put_account(page, ring.account), put_account(page, ring.handler)
    first = day - timedelta(days=region.random.randint(9, 30))
    page.tie("HOLDS", holder, account)
    page.tie("TRANSFERRED", account, handler, payment(region, ring.account.state, first, day, 6))
    if len(people) > 1:
        page.tie("HOLDS", put_person(region, page, people[-1], "facilitator"), handler)
    if region.chance(0.4):
        wallet = put_wallet(page, ring.wallet)
        page.tie("USES", holder, wallet)
        page.tie("TRANSFERRED", handler, wallet, payment(region, ring.account.state, first, day, 2))
    text = (
        f"Equal cash deposits at several branches between {first:%d %B} and {day:%d %B %Y}, moved on the same day. The holder gives his "
        "trade as fish dealer; no fish was sold."
    )
    return page.report("Suspicious-transaction report", f"R{visit + 1}-{ring.name[8:]}", day, "A1", text)
