"""The region: one source of chance, the pages that reports are written on, and its places."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from random import Random
from typing import Any, Final

from jpa.world.plan import STATE_OF, Properties, WorldCase, WorldLink, WorldRecord, WorldReport

GRADES: Final = ("B2", "B3", "A1", "C3", "X4", "B2")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the coast."""

    id: str
    name: str
    kind: str
    state: str
    position: tuple[str, str]


SPOTS: Final = (
    Spot("jetty4", "Jetty 4", "jetty", "XA", ("6.4521", "99.7012")),
    Spot("tanjung", "Tanjung Beach", "beach", "XA", ("6.5110", "99.6430")),
    Spot("kampunglama", "Kampung Lama", "village", "XA", ("6.4833", "99.7650")),
    Spot("utarabeach", "Ban Sai landing", "beach", "XB", ("7.0214", "99.4102")),
    Spot("portutara", "Port Utara", "port", "XB", ("7.1170", "99.5061")),
    Spot("portselat", "Port Selat", "port", "XC", ("5.9733", "100.3270")),
    Spot("sungaimouth", "Sungai Mouth", "river mouth", "XC", ("5.8902", "100.3011")),
    Spot("pulaubatu", "Pulau Batu landing", "beach", "XD", ("5.5240", "98.9107")),
    Spot("karangpier", "Karang pier", "jetty", "XD", ("5.4419", "98.8526")),
    Spot("timurghat", "Timur ghat", "river mouth", "XE", ("9.8230", "97.5144")),
)
_STREETS: Final = (
    "Market Road",
    "Temple Lane",
    "Harbour Street",
    "Jalan Masjid",
    "Soi 9",
    "Old Ferry Road",
    "Canal Row",
)
_TOWNS: Final = {"XA": "Tenggara Town", "XB": "Ban Sai", "XC": "Selat", "XD": "Batu", "XE": "Ghat Bazar"}


class Region:
    """Draws from one seed and counts what it has made, so that everything has a name of its own."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.groups: Mapping[str, Any] = json.loads((files("jpa.world") / "names.json").read_text(encoding="utf-8"))[
            "groups"
        ]
        self._made: dict[str, int] = {}

    def number(self, kind: str) -> int:
        """Count up: the next number of this kind."""
        self._made[kind] = self._made.get(kind, 0) + 1
        return self._made[kind]

    def chance(self, share: float) -> bool:
        """Say yes in this share of cases."""
        return self.random.random() < share

    def day_between(self, start: str, end: str) -> date:
        """Draw a day of a period, both ends included."""
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        return first + timedelta(days=self.random.randrange((last - first).days + 1))

    def spot(self, state: str) -> Spot:
        """Draw a landing place of a state."""
        return self.random.choice([s for s in SPOTS if s.state == state])

    def address(self, state: str) -> tuple[str, str]:
        """Draw an address nobody else of the region has: street and town."""
        return f"{self.number('address')} {self.random.choice(_STREETS)}", _TOWNS[state]


class Page:
    """A report being written: each thing gets a line once, ties point at lines."""

    def __init__(self, case: WorldCase) -> None:
        self.case = case
        self.state = STATE_OF[case.agency]
        self.records: list[WorldRecord] = []
        self.links: list[WorldLink] = []
        self._lines: dict[str, str] = {}

    def put(self, type_name: str, truth: str, properties: Properties, role: str = "") -> str:
        """Write a thing and return its line; a thing that stands already keeps its line."""
        if truth not in self._lines:
            ref = str(len(self.records) + 1)
            self._lines[truth] = ref
            self.records.append(WorldRecord(ref, type_name, properties, role, truth))
        return self._lines[truth]

    def tie(self, type_name: str, source: str, target: str, properties: Properties | None = None) -> None:
        """Tie two lines."""
        self.links.append(WorldLink(type_name, source, target, {} if properties is None else properties))

    def report(
        self, title: str, reference: str, day: date, grade: str, text: str, *,
        victims: tuple[tuple[str, str, str], ...] = (), shared: bool = True,
    ) -> WorldReport:  # fmt: skip
        """Finish the report; its reference carries the case's number and is unique in the region."""
        return WorldReport(
            self.case.number, title, f"{self.case.number}/{reference}", day.isoformat(), grade, text, tuple(self.records),
            tuple(self.links), victims, shared,
        )  # fmt: skip


def put_spot(page: Page, spot: Spot) -> str:
    """Write a place."""
    return page.put(
        "Place",
        spot.id,
        {
            "name": (spot.name,),
            "kind": (spot.kind,),
            "country": (spot.state,),
            "latitude": (spot.position[0],),
            "longitude": (spot.position[1],),
        },
    )


def put_address(page: Page, truth: str, address: tuple[str, str], state: str, kind: str = "") -> str:
    """Write an address: a home, an office, a safe house."""
    properties: Properties = {"full": (f"{address[0]}, {address[1]}",), "city": (address[1],), "country": (state,)}
    if kind != "":
        properties["remarks"] = (kind,)
    return page.put("Address", truth, properties)


def put_event(page: Page, truth: str, name: str, kind: str, day: date, aboard: int = 0) -> str:
    """Write an event."""
    properties: Properties = {"name": (name,), "kind": (kind,), "date": (day.isoformat(),)}
    if aboard > 0:
        properties["aboard"] = (str(aboard),)
    return page.put("Event", truth, properties)
