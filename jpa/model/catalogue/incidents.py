"""Incidents of irregular movement, reported without names (after UNODC's VRS-MSRC).

The subjects are those of the system's published description: size and direction of flows, routes, fees, means of transport
and methods, profile of the migrants, profile of the smugglers. Everything is a code, a number or the name of a place: there
is no field that a person's name could stand in.
"""

from enum import StrEnum
from typing import Final

from jpa.model.catalogue.outcomes import DATE_OF, STATE_OF
from jpa.model.schema import EntityType, Property, Shape
from jpa.model.value_types import AMOUNT, COUNTRY, CURRENCY, IDENTIFIER, NUMBER, TALLY, TEXT, choice

MEANS: Final = choice("means", "Means", (("sea", "By sea"), ("land", "By land"), ("air", "By air")))
METHOD: Final = choice(
    "method",
    "Method",
    (
        ("small boat", "Small boat"),
        ("fishing vessel", "Fishing vessel"),
        ("cargo vessel", "Cargo vessel"),
        ("on foot", "On foot"),
        ("passenger vehicle", "Passenger vehicle"),
        ("hidden in vehicle", "Hidden in a vehicle"),
        ("forged document", "Forged or altered document"),
        ("impostor", "Another person's document"),
        ("false grounds", "Visa on false grounds"),
        ("other", "Other"),
    ),
)
RESULT: Final = choice(
    "incident result",
    "What came of it",
    (("intercepted", "Intercepted"), ("landed", "Landed"), ("rescued", "Rescued"), ("refused", "Refused entry")),
)
GROUPS: Final = ("men", "women", "boys", "girls")
"""Sex and age bands of the migrants: from 18 years on, and below."""


class Reason(StrEnum):
    """Why an incident is corrected, retracted or brought back: a code, because a sentence may carry a name."""

    COUNTED_AGAIN = "counted again"
    MORE_KNOWN = "more is known now"
    SLIP = "slip in typing"
    TWICE = "entered twice"
    NOT_IRREGULAR = "no irregular movement after all"
    IMPORTED_AGAIN = "imported again and says otherwise"
    RIGHT_AFTER_ALL = "right after all"


def _count(name: str, label: str, hint: str = "") -> Property:
    return Property(name, label, NUMBER, hint, multiple=False)


INCIDENT: Final = EntityType(
    name="Incident",
    label="Incident",
    plural="Incidents",
    ftm_schema="Event",
    shape=Shape.DIAMOND,
    colour="event",
    description="One event of irregular movement, without names: never a record, never exported as FollowTheMoney.",
    caption=("date", "place"),
    properties=(
        DATE_OF,
        STATE_OF,
        Property("place", "Place", TEXT, "Port, beach, crossing or town where it was detected; never a person.", multiple=False, featured=True),
        Property("origin", "Set out from", COUNTRY, "State where the journey began.", multiple=False),
        Property("transit", "Through", COUNTRY, "States on the way, with commas between them."),
        Property("destination", "Bound for", COUNTRY, multiple=False),
        Property("means", "Means", MEANS, multiple=False),
        Property("method", "Method", METHOD, multiple=False),
        Property("result", "What came of it", RESULT, multiple=False),
        _count("migrants", "Migrants", "All of them; leave it empty where nobody knows."),
        _count("men", "Men", "From 18 years on."),
        _count("women", "Women"),
        _count("boys", "Boys", "Below 18 years."),
        _count("girls", "Girls"),
        Property("nationalities", "Nationalities", TALLY, "40 Myanmar, 12 Bangladesh; the rest counts as unknown."),
        _count("smugglers", "Smugglers", "Suspected of it and present."),
        Property("smugglerNationalities", "Smugglers' nationalities", TALLY, "2 Thailand, 1 Myanmar"),
        Property("feeAsked", "Fee asked", AMOUNT, "For one person.", multiple=False),
        Property("feePaid", "Fee paid", AMOUNT, "By one person.", multiple=False),
        Property("currency", "Currency of the fees", CURRENCY, multiple=False),
        Property("reference", "Own reference", IDENTIFIER, "Number in your register, such as CG-118/24.", multiple=False),
    ),
)  # fmt: skip
"""What an incident may say, in the order of its form. No kind of thing that a report states, so it is not in `ENTITY_TYPES`."""
