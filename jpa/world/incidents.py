"""Incidents of irregular movement over six years: a sailing season, quiet months, and one surge that is planted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Final

from jpa.model.draft import TypedIncident
from jpa.services import incidents
from jpa.services.incident_statements import MOST_INCIDENTS
from jpa.services.stores import Stores
from jpa.world.plan import STATE_OF, TODAY, PlantedSurge, Properties, WorldIncident
from jpa.world.staff import Staff

FIRST_YEAR: Final = 2021
SURGE: Final = PlantedSurge("tip", "Tanjung Beach", "XE>XA", TODAY[:7], 11)
"""Eleven boats in the last month where two or three are usual."""
_CALM: Final = (1.5, 1.4, 1.2, 0.9, 0.5, 0.3, 0.3, 0.4, 0.7, 1.1, 1.4, 1.6)
"""Weight of each month: the sea is calm from November to March."""


@dataclass(frozen=True, slots=True)
class _Stream:
    """What one agency meets at one place, month by month."""

    agency: str
    place: str
    origin: str
    transit: tuple[str, ...]
    destination: str
    means: str
    methods: tuple[str, ...]
    level: float
    """Incidents of a middling month."""
    aboard: tuple[int, int]
    fee: tuple[int, int, str]


_STREAMS: Final = (
    _Stream("tip", "Tanjung Beach", "XE", ("XB",), "XA", "sea", ("small boat", "fishing vessel"), 2.0, (18, 70), (1800, 4200, "MYR")),
    _Stream("tip", "Jetty 4", "XD", (), "XA", "sea", ("small boat",), 1.1, (4, 16), (400, 900, "MYR")),
    _Stream("tip", "Kampung Lama", "XB", (), "XC", "land", ("passenger vehicle", "hidden in vehicle", "on foot"), 1.3, (3, 14), (900, 1900, "THB")),
    _Stream("ucg", "Ban Sai landing", "XE", (), "XB", "sea", ("fishing vessel", "small boat"), 1.6, (20, 90), (1500, 3900, "THB")),
    _Stream("ucg", "Port Utara", "XE", (), "XA", "sea", ("cargo vessel", "fishing vessel"), 0.6, (10, 60), (2000, 5200, "THB")),
    _Stream("sfi", "Port Selat", "XB", ("XA",), "XC", "sea", ("cargo vessel", "forged document"), 0.9, (2, 9), (2500, 6000, "USD")),
)  # fmt: skip


def draw_incidents(seed: int) -> list[WorldIncident]:
    """Draw every incident; a source of chance of its own leaves the rest of the region as it is."""
    draw = Random(f"incidents {seed}")
    years = range(FIRST_YEAR, int(TODAY[:4]) + 1)
    told = [(year, month) for year in years for month in range(1, 13) if f"{year}-{month:02d}" <= TODAY[:7]]
    came = [
        _incident(draw, stream, year, month, surge=False)
        for year, month in told
        for stream in _STREAMS
        for _ in range(_number(draw, stream.level * _CALM[month - 1]))
    ]
    year, month = (int(part) for part in SURGE.month.split("-"))
    came += [_incident(draw, _STREAMS[0], year, month, surge=True) for _ in range(SURGE.more)]
    return came


def enter_incidents(stores: Stores, staff: Staff, drawn: Sequence[WorldIncident], at: datetime) -> None:
    """Report the incidents of each agency at once."""
    for agency in sorted({one.agency for one in drawn}):
        typed = [TypedIncident(one.said, confirmed=True) for one in drawn if one.agency == agency]
        for start in range(0, len(typed), MOST_INCIDENTS):
            part = typed[start : start + MOST_INCIDENTS]
            incidents.record_incidents(stores, staff.ask(agency, "lead", at), part)


def _number(draw: Random, mean: float) -> int:
    """Draw a count that scatters as chance does (Poisson, by multiplying)."""
    limit, product, number = 2.718281828459045**-mean, draw.random(), 0
    while product > limit:
        product *= draw.random()
        number += 1
    return number


def _incident(draw: Random, stream: _Stream, year: int, month: int, *, surge: bool) -> WorldIncident:
    day = date(year, month, draw.randint(1, 28))
    # Some are known by their month alone, and sometimes nobody counted.
    said: Properties = {"date": (day.isoformat() if draw.random() < 0.93 else f"{day:%Y-%m}",)}
    said |= {"state": (STATE_OF[stream.agency],), "place": (stream.place,), "origin": (stream.origin,)}
    said |= {"destination": (stream.destination,), "means": (stream.means,), "method": (draw.choice(stream.methods),)}
    if stream.transit:
        said["transit"] = (", ".join(stream.transit),)
    said["result"] = (draw.choices(("intercepted", "landed", "rescued", "refused"), (5, 3, 2, 1))[0],)
    if draw.random() < 0.95:
        said |= _aboard(draw, stream)
    smugglers = draw.choices((0, 1, 2, 3), (3, 4, 2, 1))[0]
    said["smugglers"] = (str(smugglers),)
    if smugglers > 0:
        said["smugglerNationalities"] = (f"{smugglers} {draw.choice((stream.origin, STATE_OF[stream.agency]))}",)
    if draw.random() < 0.45:
        low, high, currency = stream.fee
        name = draw.choice(("feePaid", "feePaid", "feeAsked"))
        said |= {name: (str(round(draw.uniform(low, high), -1))[:-2],), "currency": (currency,)}
    return WorldIncident(stream.agency, said, surge)


def _aboard(draw: Random, stream: _Stream) -> Properties:
    number = draw.randint(*stream.aboard)
    women, boys, girls = (int(number * draw.uniform(0, share)) for share in (0.4, 0.15, 0.12))
    told: Properties = {
        "migrants": (str(number),),
        "women": (str(women),),
        "boys": (str(boys),),
        "girls": (str(girls),),
    }
    told["men"] = (str(max(0, number - women - boys - girls - draw.choice((0, 0, 0, 2)))),)
    others = int(number * draw.uniform(0, 0.25))
    foreign = draw.choice(("MM", "BD"))
    told["nationalities"] = (f"{number - others} {stream.origin}" + (f", {others} {foreign}" if others else ""),)
    return told
