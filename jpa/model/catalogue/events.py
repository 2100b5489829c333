"""Events and trips: what happened, when and where."""

from typing import Final

from jpa.model.catalogue.shared import ALIAS, NAME_OF, THING
from jpa.model.schema import EntityType, Property, Shape
from jpa.model.value_types import DATE, IDENTIFIER, NAME, NUMBER, TEXT, choice

EVENT_KIND: Final = choice(
    "event kind",
    "Kind of event",
    (
        ("incident", "Incident"),
        ("landing", "Landing"),
        ("boarding", "Boarding"),
        ("meeting", "Meeting"),
        ("arrest", "Arrest"),
        ("charge", "Charge"),
        ("verdict", "Verdict"),
    ),
)

_WHEN: Final = (
    Property("date", "Date", DATE, "A month or year alone is enough.", featured=True),
    Property("startDate", "From", DATE),
    Property("endDate", "Until", DATE),
    Property("location", "Where, as text", TEXT),
    Property("important", "Important", TEXT),
    Property("recordId", "Record number at the source", IDENTIFIER),
    Property("namesMentioned", "Names mentioned", NAME),
)

EVENT: Final = EntityType(
    name="Event",
    label="Event",
    plural="Events",
    ftm_schema="Event",
    shape=Shape.TAG,
    colour="event",
    letter="e",
    description="An incident, landing, boarding or meeting; an arrest, charge or verdict.",
    caption=("name", "kind", "date", "location"),
    properties=(
        Property("name", "Title", NAME, featured=True, search=True),
        Property("kind", "Kind", EVENT_KIND, featured=True),
        Property("aboard", "People aboard or present", NUMBER, "A count, never a list of migrants' names."),
        ALIAS,
        *_WHEN,
        *THING,
    ),
)

TRIP: Final = EntityType(
    name="Trip",
    label="Trip",
    plural="Trips",
    ftm_schema="Trip",
    shape=Shape.TAG,
    colour="event",
    letter="j",
    description="A voyage or a leg of one.",
    caption=("name", "date", "startDate"),
    properties=(
        NAME_OF,
        Property("departure", "From place", TEXT, featured=True),
        Property("arrival", "To place", TEXT, featured=True),
        Property("aboard", "People aboard", NUMBER, "A count, never a list of migrants' names."),
        Property("fee", "Fee per head", TEXT),
        ALIAS,
        *_WHEN,
        *THING,
    ),
)
