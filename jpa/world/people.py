"""People of the region: names in their own script with several romanisations, births, phones, papers."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from jpa.world.plan import Properties
from jpa.world.region import Page, Region

Part = tuple[str, tuple[str, ...]]
"""One part of a name: native spelling, usual romanisations."""

_NUMBERS: Final = {
    "XA": ("+62 812 7{0:03d} {1:04d}", "0812 7{0:03d} {1:04d}"),
    "XB": ("+66 89 {0:03d} {1:04d}", "089 {0:03d} {1:04d}"),
    "XC": ("+60 12-{0:03d} {1:04d}", "012-{0:03d} {1:04d}"),
    "XD": ("+62 813 7{0:03d} {1:04d}", "0813 7{0:03d} {1:04d}"),
    "XE": ("+880 17{0:03d}-1{1:04d}", "017{0:03d}-1{1:04d}"),
}
"""International and national form of a number; the fictional states borrow real numbering plans."""
_STRIDE: Final = 7919
"""A prime: numbers given out one after the other do not look like neighbours."""
_BUDDHIST: Final = "XB"
"""The state whose officers write Buddhist years."""


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number as it can be written."""

    state: str
    international: str
    national: str

    @property
    def truth(self) -> str:
        """Its name in the truth file."""
        return f"phone {self.international}"


@dataclass(frozen=True, slots=True)
class Someone:
    """What is true of a person."""

    id: str
    group: str
    given: Part
    middle: Part | None
    family: Part | None
    father: Part
    born: date
    sex: str
    country: str
    home: str
    """State they live in."""
    phone: Number
    document: str
    one_spelling: int
    """Which romanisation their papers have."""


def draw_person(region: Region, home: str = "") -> Someone:
    """Draw a person."""
    draw = region.random
    name = draw.choice(sorted(region.groups))
    group = region.groups[name]
    sex = "m" if draw.random() < 0.78 else "f"
    state = home if home != "" else draw.choice(sorted(_NUMBERS))
    number = region.number("person")
    return Someone(
        id=f"p{number}",
        group=name,
        given=draw_part(region, name, "given", sex),
        middle=_perhaps(region, name, "middle", sex, group["middle_share"]),
        family=_perhaps(region, name, "family", sex, 1 - group["single_share"]),
        father=draw_part(region, name, "given", "m"),
        born=date(1958, 1, 1) + timedelta(days=draw.randrange(17_500)),
        sex=sex,
        country=group["country"],
        home=state,
        phone=draw_number(region, state),
        document=f"{group['country'][0]}{100_000 + number * _STRIDE % 900_000:06d}{number % 10}",
        one_spelling=draw.randrange(6),
    )


def draw_part(region: Region, group: str, kind: str, sex: str) -> Part:
    """Draw one part of a name that a person of this sex can have."""
    native, romanised, _ = region.random.choice([p for p in region.groups[group][kind] if p[2] in ("", sex)])
    return native, tuple(romanised)


def _perhaps(region: Region, group: str, kind: str, sex: str, share: float) -> Part | None:
    """Draw a part that only a share of people have, and in some groups only men."""
    exists = any(part[2] in ("", sex) for part in region.groups[group][kind])
    return draw_part(region, group, kind, sex) if exists and region.chance(share) else None


def draw_number(region: Region, state: str) -> Number:
    """Draw a phone number that nobody else of the region has."""
    scrambled = region.number("phone") * _STRIDE % 10_000_000
    international, national = (form.format(scrambled // 10_000, scrambled % 10_000) for form in _NUMBERS[state])
    return Number(state, international, national)


def put_person(region: Region, page: Page, someone: Someone, role: str = "") -> str:
    """Write a person as an officer of that agency would: one spelling, some of what is true, some of it wrong."""
    draw = region.random
    names = [spelled(region, someone)]
    if draw.random() < 0.22:
        names[0] = names[0].upper()
    if draw.random() < 0.35:
        names.append(native_name(region, someone))
    properties: Properties = {"name": tuple(dict.fromkeys(names))}
    born = _written_birth(region, page, someone.born)
    if born != "":
        properties["birthDate"] = (born,)
    if draw.random() < 0.65:
        properties["nationality"] = (someone.country,)
    if draw.random() < 0.6:
        properties["gender"] = ("male" if someone.sex == "m" else "female",)
    if draw.random() < 0.25:
        properties["fatherName"] = (draw.choice(someone.father[1]),)
    return page.put("Person", someone.id, properties, role)


def put_phone(region: Region, page: Page, number: Number, kind: str = "") -> str:
    """Write a phone number, in its national form where the reporting state is its own."""
    national = page.state == number.state and region.chance(0.5)
    properties: Properties = {"number": (number.national if national else number.international,)}
    if kind != "":
        properties["kind"] = (kind,)
    return page.put("Phone", number.truth, properties)


def put_document(page: Page, someone: Someone, kind: str = "Passport") -> str:
    """Write somebody's paper, with the spelling that it has."""
    given, family = someone.given[1], () if someone.family is None else someone.family[1]
    properties: Properties = {
        "number": (someone.document,),
        "country": (someone.country,),
        "type": (kind,),
        "givenName": (given[someone.one_spelling % len(given)],),
        "birthDate": (someone.born.isoformat(),),
    }
    if len(family) > 0:
        properties["surname"] = (family[someone.one_spelling % len(family)],)
    return page.put("IdentityDocument", f"document {someone.document}", properties)


def spelled(region: Region, someone: Someone) -> str:
    """Romanise a name as one officer hears or copies it."""
    return " ".join(region.random.choice(part[1]) for part in _parts(region, someone))


def native_name(region: Region, someone: Someone) -> str:
    """Write a name in its own script."""
    return " ".join(part[0] for part in _parts(region, someone))


def sibling_of(region: Region, someone: Someone, *, twin: bool) -> Someone:
    """Draw a brother or sister: family, father and home are shared, the rest is not."""
    other = draw_person(region, someone.home)
    gap = region.random.choice((-1, 1)) * region.random.randrange(400, 2600)
    given = draw_part(region, someone.group, "given", someone.sex)
    while given == someone.given:
        given = draw_part(region, someone.group, "given", someone.sex)
    return replace(
        someone,
        id=other.id,
        given=given,
        born=someone.born if twin else someone.born + timedelta(days=gap),
        phone=other.phone,
        document=other.document,
    )


def namesake_of(region: Region, someone: Someone) -> Someone:
    """Draw somebody of the same name, born in another year."""
    other = draw_person(region)
    return replace(other, group=someone.group, given=someone.given, middle=someone.middle, family=someone.family, sex=someone.sex, country=someone.country)  # fmt: skip


def _parts(region: Region, someone: Someone) -> list[Part]:
    order = str(region.groups[someone.group]["order"]).split()
    if order[0] == "family":
        found = [someone.family, someone.middle, someone.given]
    else:
        found = [someone.middle, someone.given, someone.family]
    return [part for part in found if part is not None]


def _written_birth(region: Region, page: Page, born: date) -> str:
    draw = region.random
    kind = draw.random()
    if kind < 0.12:
        return ""
    if kind < 0.40:
        return str(born.year + draw.choice((0, 0, 0, -1, 1)))
    if kind < 0.47:
        return f"{born.year}-01-01"
    if kind < 0.52:
        return f"{born.year + draw.choice((-1, 1))}{born.isoformat()[4:]}"
    if kind < 0.60:
        return f"{born:%Y-%m}"
    if page.state == _BUDDHIST and kind < 0.85:
        return f"{born.day:02d}.{born.month:02d}.{born.year + 543}"
    return f"{born.day:02d}.{born.month:02d}.{born.year}" if draw.random() < 0.4 else born.isoformat()
