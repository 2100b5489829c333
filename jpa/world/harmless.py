"""Harmless groups: they share boats, phones, money and homes as a network does, and are none."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from jpa.world.boats import draw_boat, put_boat, put_voyage
from jpa.world.money import draw_account, payment, put_account
from jpa.world.people import Someone, draw_number, draw_person, put_person, put_phone, sibling_of
from jpa.world.plan import Planted, WorldCase, WorldReport
from jpa.world.region import Page, Region, put_address, put_spot

Members = list[Someone]


def report_harmless(region: Region, number: int, home: WorldCase) -> tuple[WorldReport, Planted]:
    """Write one harmless group as a routine report lists it."""
    kind, write = _KINDS[number % len(_KINDS)]
    page = Page(home)
    day = region.day_between("2021-02-01", "2025-12-15")
    members, text = write(region, page, number, day)
    name = f"harmless {number + 1}"
    report = page.report("Open source", f"H{number + 1}", day, "C3", text, shared=number % 2 == 0)
    return report, Planted(name, kind, tuple(m.id for m in members))


def _firm(region: Region, page: Page, number: int, day: date) -> tuple[Members, str]:
    members = [draw_person(region, page.state) for _ in range(region.random.randint(6, 10))]
    boat = draw_boat(region, page.state)
    firm = page.put("Organization", f"firm {number}", {"name": (f"{boat.name} fishing firm",), "sector": ("fishing",)})
    hull = put_boat(region, page, boat)
    page.tie("OWNS", firm, hull)
    account = put_account(page, draw_account(region, page.state))
    page.tie("HOLDS", firm, account)
    for someone in members:
        line = put_person(region, page, someone)
        page.tie("EMPLOYED_BY", line, firm)
        page.tie("CREW_OF", line, hull, {"startDate": (day.isoformat(),)})
        if region.chance(0.5):
            page.tie("USES", line, put_phone(region, page, someone.phone))
    return members, "Crew list of a licensed fishing firm; boats go out on Monday and land at the auction on Thursday."


def _family(region: Region, page: Page, number: int, day: date) -> tuple[Members, str]:
    head = draw_person(region, page.state)
    members = [head, *(sibling_of(region, head, twin=False) for _ in range(region.random.randint(4, 7)))]
    home = put_address(page, f"home {number}", region.address(page.state), page.state)
    phone = put_phone(region, page, head.phone, "family phone")
    lines = [put_person(region, page, someone) for someone in members]
    for line in lines:
        page.tie("LIVES_AT", line, home, {"date": (day.isoformat(),)})
    for line in lines[1:]:
        page.tie("FAMILY_OF", lines[0], line, {"relationship": ("brother or sister",)})
        if region.chance(0.5):
            page.tie("USES", line, phone)
    return members, "Household list of the ward office: brothers and sisters under one roof share a phone."


def _savings_club(region: Region, page: Page, number: int, day: date) -> tuple[Members, str]:
    members = [draw_person(region, page.state) for _ in range(region.random.randint(8, 12))]
    club = page.put("Organization", f"club {number}", {"name": (f"Savings club of ward {number + 1}",)})
    purse = put_account(page, draw_account(region, page.state))
    page.tie("HOLDS", club, purse)
    for someone in members:
        line = put_person(region, page, someone)
        page.tie("MEMBER_OF", line, club)
        own = put_account(page, draw_account(region, page.state))
        page.tie("HOLDS", line, own)
        page.tie("TRANSFERRED", own, purse, payment(region, page.state, day - timedelta(days=90), day, 3))
    return (
        members,
        "Monthly savings club: equal sums in, one member takes the pot each month. The treasurer keeps a book.",
    )


def _passengers(region: Region, page: Page, number: int, day: date) -> tuple[Members, str]:
    members = [draw_person(region) for _ in range(region.random.randint(9, 16))]
    start, end = region.spot(page.state), region.spot(page.state)
    voyage = put_voyage(page, f"ferry {number}", start, end, day, len(members))
    hull = put_boat(region, page, draw_boat(region, page.state))
    page.tie("USED_IN", hull, voyage)
    lines = []
    for someone in members:
        line = put_person(region, page, someone, "smuggled migrant")
        page.tie("PASSENGER_ON", line, voyage)
        lines.append(line)
    for left, right in pairwise(lines[:4]):
        page.tie("FAMILY_OF", left, right, {"relationship": ("cousin",)})
    return (
        members,
        "Passengers of one boat, taken to the reception centre. None of them steered, sold or collected anything.",
    )


def _phone_shop(region: Region, page: Page, number: int, day: date) -> tuple[Members, str]:
    members = [draw_person(region, page.state) for _ in range(region.random.randint(12, 20))]
    shop = page.put("Organization", f"shop {number}", {"name": (f"Mobile corner {number + 1}",), "sector": ("phones",)})
    at = put_address(page, f"shop address {number}", region.address(page.state), page.state)
    hotline = put_phone(region, page, draw_number(region, page.state), "hotline")
    page.tie("REGISTERED_AT", shop, at)
    page.tie("OPERATES", shop, hotline)
    for someone in members:
        phone = put_phone(region, page, someone.phone, "prepaid")
        page.tie("USES", put_person(region, page, someone, "mentioned"), phone)
        page.tie("REGISTERED_AT", phone, at, {"date": (day.isoformat(),)})
        if region.chance(0.7):
            page.tie("CALLED", phone, hotline, {"count": (str(region.random.randint(1, 4)),)})
    return (
        members,
        "Sales list of a phone shop: prepaid numbers registered at the shop's address, which everybody calls to top up.",
    )


def _remittance_agent(region: Region, page: Page, number: int, day: date) -> tuple[Members, str]:
    members = [draw_person(region, page.state) for _ in range(region.random.randint(14, 24))]
    agent = put_person(region, page, members[0])
    firm = page.put("Organization", f"agent {number}", {"name": (f"Family remittances {number + 1}",), "licenseNumber": (f"R{number + 700}",)})  # fmt: skip
    pool = put_account(page, draw_account(region, page.state))
    page.tie("EMPLOYED_BY", agent, firm)
    page.tie("HOLDS", firm, pool)
    for someone in members[1:]:
        line = put_person(region, page, someone, "mentioned")
        page.tie("TRANSFERRED", line, pool, payment(region, page.state, day - timedelta(days=30), day, 1))
    page.tie("SEEN_AT", agent, put_spot(page, region.spot(page.state)))
    return members, "Customers of a licensed remittance agent in one month; wages sent home, sums of a few hundred."


Writer = Callable[[Region, Page, int, date], tuple[Members, str]]
_KINDS: Final[tuple[tuple[str, Writer], ...]] = (
    ("fishing firm", _firm),
    ("family", _family),
    ("savings club", _savings_club),
    ("passengers", _passengers),
    ("phone shop", _phone_shop),
    ("remittance agent", _remittance_agent),
)
