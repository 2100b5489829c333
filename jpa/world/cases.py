"""The cases of the region: under each joint period and outside of them, and the two that the tutorial walks."""

from datetime import date, timedelta
from typing import Final

from jpa.world.plan import AGENCIES, JPAS, LETTERS, WorldCase
from jpa.world.region import Region

_TITLES: Final = {
    "tip": ("Landing inquiry", "Passport forgeries", "Safe houses", "Reception checks"),
    "ucg": ("Coastal patrol", "Harbour checks", "Night landings", "Boat yard inquiry"),
    "sfi": ("Remittance review", "Cash couriers", "Deposit pattern", "Wallet inquiry"),
    "pmp": ("Strait patrol", "Island landings", "Engine thefts", "Fuel sales"),
    "tib": ("Departure checks", "Recruiter inquiry", "Ghat patrol", "Exit papers"),
}

LEAD_CASES: Final = (
    WorldCase("T-2024-0117", "Selat crossing", "tip", "A wooden boat with 31 people aboard was stopped south of Jetty 4. The helmsman's phone leads to a money handler in Selatan and to a second boat off Utara.", 3, "2024-03-12"),
    WorldCase("S-2024-0202", "Branch deposits", "sfi", "Equal cash deposits at five branches of Selat Bank, withdrawn two days after a landing off Tenggara.", 3, "2024-03-18"),
    WorldCase("U-2024-0201", "Second blue boat", "ucg", "A blue wooden boat without a name, stopped off Ban Sai three weeks after the one off Jetty 4.", 3, "2024-04-02"),
)  # fmt: skip
OLD_CAMP: Final = WorldCase("T-2020-0031", "Bukit Lama camp", "tip", "Pens and graves on a ridge near the border. Opened before the first joint period; partners joined under it; the court decided two years later.", 1, "2020-11-19")  # fmt: skip


def draw_cases(region: Region, per_jpa: int, outside: int) -> list[WorldCase]:
    """Draw each agency's cases under each joint period of its state, and those outside of any."""
    cases = [*LEAD_CASES, OLD_CAMP]
    for jpa in JPAS:
        for agency, _, state, _ in AGENCIES:
            if state in jpa.states:
                first = date.fromisoformat(jpa.start) - timedelta(days=45)
                cases += [
                    _case(region, agency, jpa.number, region.day_between(first.isoformat(), jpa.end))
                    for _ in range(per_jpa)
                ]
    for agency, _, _, _ in AGENCIES:
        cases += [_case(region, agency, 0, region.day_between("2021-01-04", "2025-12-31")) for _ in range(outside)]
    return cases


def _case(region: Region, agency: str, jpa: int, opened: date) -> WorldCase:
    number = region.number(f"case {agency}")
    titles = _TITLES[agency]
    title = titles[number % len(titles)]
    numbered = title if number <= len(titles) else f"{title} {number // len(titles) + 1}"
    return WorldCase(f"{LETTERS[agency]}-{opened.year}-{300 + number:04d}", numbered, agency, "", jpa, opened.isoformat())  # fmt: skip
