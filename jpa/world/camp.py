"""The camp of Bukit Lama: the investigation that no date explains, and the trial that no single figure tells.

It began before joint period 1, partners moved it under that period, and the court decided 22 months after its end: 103
defendants, 62 of them convicted, 13 kinds of charge. Persons and charges are different figures, and by dates alone the joint
period would have brought about no conviction at all. Nothing here is drawn but the eleven whom reports record, so that the
figures are the same in every region.
"""

from datetime import date
from itertools import pairwise
from typing import Final

from jpa.world.justice import COURTS, Trial, report_arrest, report_charge, report_judgment
from jpa.world.law import CHARGES, charged_with
from jpa.world.people import Someone, draw_person, put_person
from jpa.world.plan import Outcome, Planted, Properties, WorldCase, WorldClaim, WorldJpa, WorldReport
from jpa.world.region import Page, Region

DEFENDANTS: Final = 103
RECORDED: Final = 11
"""Defendants whom reports record; the others stand in the ledger by court number alone."""
CONVICTED: Final = frozenset((*range(7), *range(RECORDED, 66)))
"""Places of the 62 who were found guilty of at least one charge."""
OPENED: Final = date(2020, 11, 19)
RAIDS: Final = (
    (date(2021, 4, 20), range(11, 41)),
    (date(2021, 6, 11), (*range(11), *range(41, 61))),
    (date(2021, 9, 2), range(61, 103)),
)
"""Day of each wave of arrests and the places of those arrested: 30 and 31 within joint period 1, 42 after it."""
CHARGED: Final = date(2021, 11, 15)
DECIDED: Final = date(2023, 4, 28)
"""Twenty-two months after the last day of joint period 1."""
_STATE: Final = "XA"


def report_camp(region: Region, case: WorldCase, jpa: WorldJpa) -> tuple[list[WorldReport], list[Outcome], Planted]:
    """Write its reports, everything that came of it, and the group behind it."""
    people = tuple(draw_person(region, _STATE) for _ in range(RECORDED))
    trial = Trial(case, jpa, people, RAIDS[1][0], len(CONVICTED & set(range(RECORDED))))
    charges = {someone.id: charges_of(place) for place, someone in enumerate(people)}
    total = sum(len(charges_of(place)) for place in range(DEFENDANTS))
    sheet = (
        f"{DEFENDANTS} persons charged with {total} counts of {len(CHARGES)} kinds; the eleven who ran the camp are named here, the "
        "others by court number. Persons and counts are different figures; do not add them."
    )
    verdict = (
        f"{len(CONVICTED)} of {DEFENDANTS} defendants convicted of at least one count, the others acquitted. The investigation was "
        f"opened before {jpa.name} and moved by what Utara and Selatan answered under it."
    )
    reports = [
        *_inquiry(region, case, people),
        report_arrest(region, trial, 1),
        report_charge(region, trial, 1, CHARGED, charges, sheet),
        report_judgment(region, trial, 1, DECIDED, charges, verdict),
    ]
    return reports, _outcomes(case, jpa, people), Planted("Bukit Lama", "chain", tuple(d.id for d in people))


def charges_of(place: int) -> list[str]:
    """Return what one defendant is charged with: one to four kinds, all thirteen among them all."""
    return [CHARGES[(place * 5 + number * 3) % len(CHARGES)] for number in range(1 + place % 4)]


def guilty_of(place: int) -> list[str]:
    """Return the charges that a defendant was convicted of: of the last of three or four even the guilty are acquitted."""
    charges = charges_of(place)
    return [] if place not in CONVICTED else charges[:-1] if len(charges) > 2 else charges


def camp_claims(case: WorldCase, jpa: WorldJpa, opening: int) -> list[WorldClaim]:
    """Claim what a careful clerk would; `opening` is the place of the outcome that opened the investigation."""
    return [
        WorldClaim(
            case.number, jpa.number, "advanced under", "1",
            f"Opened before {jpa.name}, but nobody could be charged until Utara and Selatan answered the requests made under it: the ransom "
            "numbers led to the shop in Ban Sai and to the account that took the money.",
            f"{case.number}/R3",
        ),
        WorldClaim(
            case.number, jpa.number, "coincident", "1", f"The investigation was opened in {OPENED:%B %Y}, before {jpa.name} began.", "", opening
        ),
    ]  # fmt: skip


def _inquiry(region: Region, case: WorldCase, people: tuple[Someone, ...]) -> list[WorldReport]:
    reports: list[WorldReport] = []
    for day, title, some, text in (
        (OPENED, "Seizure list", people[:3], "Graves and empty pens found on the ridge above Bukit Lama. Ledgers with sums and first names, a radio, two phones. The investigation is opened today."),
        (date(2021, 1, 28), "Interview", people[2:6], "A cook from the camp names the men who carried the ransom calls. He will not sign."),
        (date(2021, 4, 14), "Call records", people[4:9], "Utara answers the request made under the joint period: the ransom numbers were topped up in one shop in Ban Sai. Selatan finds the account that took the money."),
        (date(2021, 5, 30), "Surveillance log", people[7:], "Agreed at the mid-point meeting of the joint period: four houses in two states are watched in one night."),
    ):  # fmt: skip
        page = Page(case)
        lines = [put_person(region, page, someone, "suspect") for someone in some]
        for left, right in pairwise(lines):
            page.tie("ASSOCIATE_OF", left, right, {"date": (day.isoformat(),)})
        reports.append(page.report(title, f"R{len(reports) + 1}", day, "B2", text))
    return reports


def _outcomes(case: WorldCase, jpa: WorldJpa, people: tuple[Someone, ...]) -> list[Outcome]:
    def one(place: int, stage: str, day: date, charge: str = "", **more: str) -> Outcome:
        said: Properties = {"state": (_STATE,), **{name: (text,) for name, text in more.items()}}
        if charge != "":
            number = str(charges_of(place).index(charge) + 1)
            said |= {**charged_with(_STATE, charge), "charge": (number,), "court": (COURTS[_STATE],)}
        person = people[place].id if place < RECORDED else ""
        return Outcome(person, stage, day.isoformat(), charge, jpa.number, case.number, f"D-{place + 1:03d}", said)

    came = [one(place, "arrested", day) for day, places in RAIDS for place in places]
    for place in range(DEFENDANTS):
        came += [one(place, "charged", CHARGED, charge) for charge in charges_of(place)]
    for place in range(DEFENDANTS):
        guilty = guilty_of(place)
        came += [one(place, "convicted" if c in guilty else "acquitted", DECIDED, c) for c in charges_of(place)]
        if len(guilty) > 0:
            length = f"{4 + place % 9} years"
            came.append(one(place, "sentenced", DECIDED, guilty[0], sentence="imprisonment", length=length))
    return came
