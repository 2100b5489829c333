"""The register entries of the region's joint periods."""

from datetime import date, timedelta
from typing import Final

from jpa.model.case import Jpa, Meeting, MeetingKind, Target
from jpa.world.plan import WorldJpa

OBSERVERS: Final = ("IOM", "UNHCR", "UNODC")
COORDINATOR: Final = "tip"
"""The agency that gathers the returns of all others."""
PLACES: Final = ("Tenggara Town", "Ban Sai", "Selat")
TARGETS: Final = (
    Target("persons_arrested", 40),
    Target("persons_convicted", 20),
    Target("victims_assisted", 10),
    Target("officers_trained", 120),
)


def register_of(jpa_id: str, jpa: WorldJpa) -> Jpa:
    """Return a joint period with its co-chairs, observers, meetings and targets."""
    first, last = date.fromisoformat(jpa.start), date.fromisoformat(jpa.end)
    days = (first - timedelta(days=40), first + (last - first) / 2, last + timedelta(days=25))
    notes = (f"{jpa.plan} agreed.", "Requests between the states gone through one by one.", "")
    meetings = tuple(
        Meeting(day.isoformat(), kind, place, note)
        for day, kind, place, note in zip(days, MeetingKind, PLACES, notes, strict=True)
    )
    return Jpa(
        jpa_id, jpa.number, jpa.name, jpa.start, jpa.end, jpa.states, jpa.focus, OBSERVERS, jpa.states[:2], meetings, TARGETS,
        COORDINATOR,
    )  # fmt: skip
