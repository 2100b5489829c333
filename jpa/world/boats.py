"""Boats, voyages and vehicles: unnumbered wooden hulls, some repainted, renamed or under another flag."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from zlib import crc32

from jpa.world.plan import Properties
from jpa.world.region import Page, Region, Spot

_NAMES: Final = ("Bahari Jaya", "Sinar Laut", "Mutiara", "Harapan", "Putri Selat", "Rezeki", "Camar", "Nelayan Maju", "Chok Dee", "Al Noor", "Mawar", "Ombak Biru", "Sea Pearl", "Than Lwin")  # fmt: skip
_COLOURS: Final = ("blue", "green", "red and white", "grey", "blue and yellow", "unpainted")
_PREFIX: Final = {"XA": "KM", "XB": "Ruea", "XC": "MV", "XD": "KM", "XE": "MV"}
_MODELS: Final = ("Toyota Hilux", "Isuzu D-Max", "Mitsubishi L300", "Toyota Hiace")


@dataclass(frozen=True, slots=True)
class Boat:
    """What is true of a boat at a time."""

    id: str
    name: str
    previous: str
    colour: str
    metres: int
    flag: str
    engine: str
    registration: str


def draw_boat(region: Region, state: str) -> Boat:
    """Draw a boat."""
    draw = region.random
    number = region.number("boat")
    return Boat(
        id=f"boat{number}",
        name=f"{_PREFIX[state]} {draw.choice(_NAMES)}{f' {draw.randint(2, 99)}' if draw.random() < 0.4 else ''}",
        previous="",
        colour=draw.choice(_COLOURS),
        metres=draw.randint(9, 22),
        flag=state,
        engine=f"YM{40_000 + number * 37 % 60_000}",
        registration=f"{state}{draw.randint(1000, 9999)}F" if draw.random() < 0.3 else "",
    )


def disguise(region: Region, boat: Boat, state: str) -> Boat:
    """Repaint a boat, rename it and put it under another flag; engine and length stay."""
    new = draw_boat(region, state)
    return replace(boat, name=new.name, previous=boat.name, colour=new.colour, flag=state, registration="")


def put_boat(region: Region, page: Page, boat: Boat) -> str:
    """Write a boat: most carry no number, some no name, and lengths are in metres or feet."""
    draw = region.random
    feet = round(boat.metres / 0.3048)
    properties: Properties = {
        "name": ("no name" if draw.random() < 0.12 else boat.name,),
        "hullMaterial": ("wood",),
        "hullColour": (boat.colour,),
        "length": (f"{feet} ft" if draw.random() < 0.3 else f"{boat.metres} m",),
        "type": ("fishing boat",),
    }
    if draw.random() < 0.4:
        properties["flag"] = (boat.flag,)
    if draw.random() < 0.3:
        properties["engineSerial"] = (boat.engine,)
    if boat.registration != "" and draw.random() < 0.5:
        properties["registrationNumber"] = (boat.registration,)
    if boat.previous != "" and draw.random() < 0.25:
        properties["previousName"] = (boat.previous,)
    return page.put("Vessel", boat.id, properties)


def put_voyage(page: Page, truth: str, start: Spot, end: Spot, day: date, aboard: int) -> str:
    """Write a voyage."""
    return page.put(
        "Trip",
        truth,
        {
            "name": (f"{start.name} to {end.name}",),
            "departure": (start.name,),
            "arrival": (end.name,),
            "startDate": (day.isoformat(),),
            "aboard": (str(aboard),),
        },
    )


def put_vehicle(region: Region, page: Page, truth: str, state: str) -> str:
    """Write a pick-up or van; the plate belongs to the truth, so that it is the same in every report."""
    number = crc32(truth.encode()) % 900_000 + 1000
    properties: Properties = {"registrationNumber": (f"{state} {number}",), "model": (_MODELS[number % len(_MODELS)],)}
    if region.chance(0.5):
        properties["colour"] = (("white", "silver", "black")[number % 3],)
    return page.put("Vehicle", truth, properties)
