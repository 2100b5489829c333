"""A seeded generator of a fictional region: crews, money, calls, villages, doubles across borders, migrants and victims."""

import json
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from random import Random
from typing import Final

from jpa.world.plan import World, WorldCase, WorldLink, WorldRecord, WorldReport

_SIZES: Final = {"small": (6, 5, 60), "medium": (220, 180, 36_000)}
"""Planted networks, harmless groups, bystanders."""
_START: Final = date(2024, 1, 8)
_BOATS: Final = ("Bahari Jaya", "Sinar Laut", "Mutiara", "Harapan", "Putri Selat", "Rezeki", "Camar", "Nelayan Maju")
_PLACES: Final = ("Jetty 4", "Tanjung Beach", "Port Selat", "Kampung Lama", "Pulau Batu landing", "Sungai Mouth")
_BANKS: Final = ("Selat Bank", "Bank Utara", "Tenggara Savings", "Remitex")
_GRADES: Final = ("B2", "B3", "A1", "C3", "X4", "B2")


class Region:
    """Draws people and things; everything random comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.groups = json.loads((files("jpa.world") / "names.json").read_text(encoding="utf-8"))["groups"]
        self.people = 0
        self.phones = 0

    def person(self) -> dict[str, str]:
        """Draw one person: what is true of them."""
        group = self.groups[self.random.choice(sorted(self.groups))]
        given, family = self.random.choice(group["given"]), self.random.choice(group["family"])
        self.people += 1
        born = date(1962, 1, 1) + timedelta(days=self.random.randrange(16_000))
        return {
            "id": f"p{self.people}",
            "native": f"{given[0]} {family[0]}",
            "given": "|".join(given[1]),
            "family": "|".join(family[1]),
            "born": born.isoformat(),
            "country": group["country"],
            "sex": "female" if given[1][0] in {"Ayesha", "Fatema", "Khin", "Malee", "Napa", "Dewi", "Siti"} else "male",
            "phone": self.phone(),
        }

    def phone(self) -> str:
        """Draw a number that parses; blocks that look allotted to nobody."""
        self.phones += 1
        return f"+62 812 {7000 + self.phones // 10_000:04d} {self.phones % 10_000:04d}"

    def written(self, person: dict[str, str], ref: str, *, role: str = "", slip: float = 0.3) -> WorldRecord:
        """Write a person as some report would: one spelling, a date perhaps partial, shifted or missing."""
        draw = self.random
        name = f"{draw.choice(person['given'].split('|'))} {draw.choice(person['family'].split('|'))}"
        names = [name.upper() if draw.random() < 0.3 else name]
        if draw.random() < 0.35:
            names.append(person["native"])
        born = person["born"]
        kind = draw.random()
        if kind < slip:
            born = born[:4]
        elif kind < slip + 0.1:
            born = f"{int(born[:4]) + draw.choice((-1, 1))}{born[4:]}"
        properties: dict[str, tuple[str, ...]] = {"name": tuple(names), "birthDate": (born,)}
        if draw.random() < 0.7:
            properties["nationality"] = (person["country"],)
        if draw.random() < 0.6:
            properties["gender"] = (person["sex"],)
        return WorldRecord(ref, "Person", properties, role, person["id"])


def generate(size: str, seed: int) -> World:
    """Generate a region; the same size and seed give the same world."""
    networks, groups, bystanders = _SIZES[size]
    region = Region(seed)
    cases = [_lead_case(), *_other_cases(region, size)]
    reports, lead = _lead_reports()
    planted: list[tuple[str, ...]] = [lead]
    harmless: list[tuple[str, ...]] = []
    for number in range(networks):
        made, members = _network(region, cases, number)
        reports.extend(made)
        planted.append(members)
    for number in range(groups):
        report, members = _harmless(region, cases, number)
        reports.append(report)
        harmless.append(members)
    reports.extend(_bystanders(region, cases, bystanders))
    return World(seed, tuple(cases), tuple(reports), tuple(planted), tuple(harmless))


def truth_json(world: World) -> str:
    """Write the truth: which records are one thing, who is in which network; kept outside the store."""
    things: dict[str, list[str]] = {}
    for report in world.reports:
        for record in report.records:
            if record.truth != "":
                things.setdefault(record.truth, []).append(f"{report.source_reference}#{record.ref}")
    content = {"seed": world.seed, "things": things, "networks": world.networks, "harmless": world.harmless}
    return json.dumps(content, indent=1, sort_keys=True)


def _lead_case() -> WorldCase:
    summary = (
        "A wooden boat with 31 people aboard was stopped south of Jetty 4. The helmsman's phone leads to a money handler in "
        "Selatan and to a second boat off Utara."
    )
    return WorldCase("T-2024-0117", "Selat crossing", "tip", summary, under_jpa=True)


def _other_cases(region: Region, size: str) -> list[WorldCase]:
    count = 8 if size == "small" else 240
    titles = (
        "Landing inquiry",
        "Harbour checks",
        "Remittance review",
        "Coastal patrol",
        "Passport forgeries",
        "Safe houses",
    )
    agencies = ("tip", "ucg", "sfi")
    return [
        WorldCase(
            f"{'TUS'[n % 3]}-2024-{200 + n:04d}",
            f"{titles[n % 6]} {n + 1}",
            agencies[n % 3],
            "",
            region.random.random() < 0.5,
        )
        for n in range(count)
    ]


def _person(ref: str, name: str, born: str, role: str, truth: str, *more: str) -> WorldRecord:
    return WorldRecord(ref, "Person", {"name": (name, *more), "birthDate": (born,)}, role, truth)


def _lead_reports() -> tuple[list[WorldReport], tuple[str, ...]]:
    boat = WorldRecord("b", "Vessel", {"name": ("KM Bahari Jaya",), "hullMaterial": ("wood",), "hullColour": ("blue",), "length": ("14 m",)}, "", "bahari")  # fmt: skip
    phone = WorldRecord("t", "Phone", {"number": ("0812 3456 7890",), "kind": ("prepaid",)}, "", "phone1")
    account = WorldRecord(
        "a",
        "BankAccount",
        {"accountNumber": ("4471-220-9",), "bankName": ("Selat Bank",), "country": ("XC",)},
        "",
        "acct1",
    )
    reports = [
        WorldReport(
            "T-2024-0117", "Boarding report", "CG-118/24", "2024-03-12", "B2",
            "Stopped 4 nm south of Jetty 4 at 03:20. Two crew, 31 passengers without life jackets. Helmsman gave his name as Rahim "
            "Uddin, about 36. Phone found in the wheelhouse. The second man, Hla Myint, said he was paid to cook. One passenger, "
            "Nadia Rahmatoon, said she had been kept in a house at Kampung Lama for five weeks.",
            (_person("1", "RAHIM UDDIN", "about 36", "suspect", "rahim"), _person("2", "Hla Myint", "1991", "associate", "hla"), boat, phone,
             WorldRecord("e", "Event", {"name": ("Boarding off Jetty 4",), "kind": ("boarding",), "date": ("2024-03-12",), "aboard": ("31",)}),
             WorldRecord("j", "Place", {"name": ("Jetty 4",), "country": ("XA",), "latitude": ("6.4521",), "longitude": ("99.7012",)})),
            (WorldLink("CREW_OF", "1", "b", {"role": ("helmsman",), "startDate": ("2024-03-09",), "endDate": ("2024-03-12",)}),
             WorldLink("CREW_OF", "2", "b", {"role": ("cook",), "startDate": ("2024-03-09",)}), WorldLink("USES", "1", "t"),
             WorldLink("TOOK_PART_IN", "1", "e"), WorldLink("TOOK_PART_IN", "2", "e"), WorldLink("USED_IN", "b", "e"), WorldLink("SEEN_AT", "1", "j")),
            (("Nadia Rahmatoon", "18\u201320", "ForcedLabour"),),
        ),
        WorldReport(
            "T-2024-0117", "Interview", "TIP-INT-31", "2024-03-13", "B3",
            "Hla Myint: the boat was Yusof's. \"He steered at night\", meaning Rahim. Before sailing Rahim called Min Ko every evening. "
            "The fares went to an account at Selat Bank.",
            (_person("1", "Hla Myint", "1991", "witness", "hla"), _person("2", "Rahim Uddin", "1987", "suspect", "rahim", "রহিম উদ্দিন"),
             _person("3", "Yusof Abdullah", "1975", "suspect", "yusof"), _person("4", "Min Ko", "1983", "suspect", "minko"), boat, account),
            (WorldLink("OWNS", "3", "b"), WorldLink("ASSOCIATE_OF", "2", "4", {"count": ("9",)}), WorldLink("HOLDS", "3", "a"), WorldLink("ASSOCIATE_OF", "2", "3")),
        ),
        WorldReport(
            "T-2024-0117", "Call records", "TEL-0092", "2024-03-20", "A1",
            "Prepaid number from the wheelhouse, 1 February to 11 March: 38 calls to +62 813 5550 0199, nine of them in the night of 11 March.",
            (phone, WorldRecord("u", "Phone", {"number": ("+62 813 5550 0199",)}, "", "phone2"), _person("4", "Min Ko", "1983-02", "suspect", "minko")),
            (WorldLink("CALLED", "t", "u", {"count": ("38",), "startDate": ("2024-02-01",), "endDate": ("2024-03-11",)}), WorldLink("USES", "4", "u")),
        ),
        WorldReport(
            "S-2024-0202", "Suspicious-transaction report", "STR-2024-311", "2024-03-18", "A1",
            "Eighteen equal deposits of 4,200 in five branches within nine days, withdrawn in cash two days after a landing off Tenggara.",
            (account, _person("1", "Yusuf Abdulloh", "1975-06-02", "suspect", "yusof"), _person("2", "Dewi Santosa", "1990", "facilitator", "dewi"),
             WorldRecord("c", "BankAccount", {"accountNumber": ("118-400-22",), "bankName": ("Remitex",), "country": ("XC",)}, "", "acct2")),
            (WorldLink("HOLDS", "1", "a"), WorldLink("HOLDS", "2", "c"), WorldLink("TRANSFERRED", "a", "c", {"amount": ("75600",), "currency": ("MYR",), "count": ("6",), "startDate": ("2024-02-28",), "endDate": ("2024-03-14",)})),
        ),
        WorldReport(
            "U-2024-0201", "Boarding report", "UCG-77", "2024-04-02", "B2",
            "Second boat, same paint and same engine mount as the boat stopped off Jetty 4. The man at the tiller had the number of the first boat's phone in his own.",
            (_person("1", "Rohim Uddin", "1988", "suspect", "rahim"), _person("2", "Minn Koe", "1983", "suspect", "minko"), phone,
             WorldRecord("b", "Vessel", {"name": ("no name",), "hullMaterial": ("wood",), "hullColour": ("blue",), "length": ("46 ft",)}, "", "boat2")),
            (WorldLink("USES", "1", "t"), WorldLink("CREW_OF", "1", "b", {"role": ("tiller",)}), WorldLink("CREW_OF", "2", "b"), WorldLink("ASSOCIATE_OF", "1", "2")),
        ),
    ]  # fmt: skip
    return reports, ("rahim", "hla", "yusof", "minko", "dewi")


def _network(region: Region, cases: list[WorldCase], number: int) -> tuple[list[WorldReport], tuple[str, ...]]:
    """Plant one network: compact or a chain of two cells, recorded in part, over one or two agencies' cases."""
    draw = region.random
    members = [region.person() for _ in range(draw.randint(5, 9))]
    boat, place, bank = draw.choice(_BOATS), draw.choice(_PLACES), draw.choice(_BANKS)
    homes = draw.sample(cases[1:], 2)
    reports = []
    for visit in range(draw.randint(3, 5)):
        home = homes[visit % 2]
        chain = number % 3 == 2
        present = members[visit : visit + 4] if chain else draw.sample(members, min(len(members), draw.randint(3, 5)))
        present = present if len(present) >= 3 else members[:3]
        day = _START + timedelta(days=number * 13 % 700 + visit * 9)
        records = [region.written(m, str(i), role="suspect" if i < 2 else "associate") for i, m in enumerate(present)]
        records.append(
            WorldRecord(
                "b", "Vessel", {"name": (f"KM {boat} {number}",), "hullMaterial": ("wood",)}, "", f"boat{number}"
            )
        )
        records.append(WorldRecord("e", "Event", {"name": (f"Landing at {place}",), "kind": ("landing",), "date": (day.isoformat(),), "aboard": (str(draw.randint(12, 70)),)}))  # fmt: skip
        links = [WorldLink("CREW_OF", str(i), "b") for i in range(2)] + [WorldLink("USED_IN", "b", "e")]
        for i, member in enumerate(present):
            if draw.random() < 0.7:
                records.append(WorldRecord(f"t{i}", "Phone", {"number": (member["phone"],)}))
                links.append(WorldLink("USES", str(i), f"t{i}"))
            if i > 0 and draw.random() < 0.65:
                links.append(WorldLink("ASSOCIATE_OF", str(i - 1), str(i)))
        tied = [link.target for link in links if link.type == "USES"]
        links += [
            WorldLink("CALLED", a, b, {"count": (str(draw.randint(2, 40)),), "date": (day.isoformat(),)})
            for a, b in pairwise(tied)
        ]
        if visit == 1:
            records.append(
                WorldRecord(
                    "a",
                    "BankAccount",
                    {
                        "accountNumber": (f"{100 + number}-{draw.randint(1000, 9999)}",),
                        "bankName": (bank,),
                        "country": ("XC",),
                    },
                )
            )
            links.append(WorldLink("HOLDS", "0", "a"))
        migrants = [region.person() for _ in range(draw.randint(1, 3))]
        for i, migrant in enumerate(migrants):
            records.append(region.written(migrant, f"m{i}", role="smuggled migrant"))
            links.append(WorldLink("PASSENGER_ON", f"m{i}", "b"))
        title = draw.choice(("Boarding report", "Interview", "Surveillance log"))
        text = f"Landing at {place} on {day:%d %B %Y}. {len(present)} men seen with the boat; passengers were taken inland before dawn."
        reports.append(
            WorldReport(
                home.number,
                title,
                f"{home.number}/R{visit + 1}-{number}",
                day.isoformat(),
                draw.choice(_GRADES),
                text,
                tuple(records),
                tuple(links),
            )
        )
    return reports, tuple(m["id"] for m in members)


def _harmless(region: Region, cases: list[WorldCase], number: int) -> tuple[WorldReport, tuple[str, ...]]:
    """Plant a group that only looks like a network: a fishing firm, kin, a savings club."""
    draw = region.random
    kind = ("fishing firm", "family", "savings club")[number % 3]
    members = [region.person() for _ in range(draw.randint(6, 10))]
    records = [region.written(m, str(i)) for i, m in enumerate(members)]
    if kind == "family":
        links = [WorldLink("FAMILY_OF", "0", str(i), {"relationship": ("cousin",)}) for i in range(1, len(members))]
    else:
        records.append(WorldRecord("o", "Organization", {"name": (f"{draw.choice(_BOATS)} {kind} {number}",)}))
        tie = "EMPLOYED_BY" if kind == "fishing firm" else "MEMBER_OF"
        links = [WorldLink(tie, str(i), "o") for i in range(len(members))]
    home = draw.choice(cases[1:])
    report = WorldReport(home.number, "Open source", f"{home.number}/H{number}", (_START + timedelta(days=number * 5 % 600)).isoformat(), "C3", f"List of a {kind}.", tuple(records), tuple(links))  # fmt: skip
    return report, tuple(m["id"] for m in members)


def _bystanders(region: Region, cases: list[WorldCase], count: int) -> list[WorldReport]:
    draw = region.random
    reports = []
    for start in range(0, count, 20):
        people = [region.person() for _ in range(min(20, count - start))]
        records: list[WorldRecord] = []
        links = []
        for i, person in enumerate(people):
            records.append(region.written(person, str(i), role="mentioned"))
            if draw.random() < 0.4:
                records.append(WorldRecord(f"t{i}", "Phone", {"number": (person["phone"],)}))
                links.append(WorldLink("USES", str(i), f"t{i}"))
        records.append(WorldRecord("l", "Place", {"name": (draw.choice(_PLACES),), "country": ("XA",)}))
        links += [WorldLink("SEEN_AT", str(i), "l") for i in range(len(people)) if draw.random() < 0.5]
        home = draw.choice(cases[1:])
        day = _START + timedelta(days=start % 650)
        reports.append(
            WorldReport(
                home.number,
                "Border check",
                f"{home.number}/B{start}",
                day.isoformat(),
                "X4",
                "Routine check; names noted.",
                tuple(records),
                tuple(links),
            )
        )
    return reports
