"""Phone numbers: things one can pivot on, joined by the number itself."""

from typing import Final

from jpa.model.catalogue.shared import DESCRIPTION, NOTES, SUMMARY
from jpa.model.schema import EntityType, Property, Shape
from jpa.model.value_types import COUNTRY, IDENTIFIER, TEXT
from jpa.model.value_types import PHONE as PHONE_NUMBER

PHONE: Final = EntityType(
    name="Phone",
    label="Phone",
    plural="Phones",
    ftm_schema="Phone",
    shape=Shape.ROUNDED_SQUARE,
    colour="phone",
    letter="t",
    keys=(("number",),),
    description="A phone number; FollowTheMoney has no such schema, so export folds it into its users.",
    caption=("number", "imei", "imsi"),
    properties=(
        Property(
            "number",
            "Number",
            PHONE_NUMBER,
            "As written; the reporting state is assumed.",
            featured=True,
            search=True,
            ftm="LegalEntity:phone",
        ),
        Property("country", "Country", COUNTRY),
        Property("kind", "Kind", TEXT, "Prepaid, contract, satellite, hotline.", featured=True),
        Property("operator", "Operator", TEXT),
        Property("imei", "IMEI", IDENTIFIER, "Of the handset it was seen in.", pivot=True, search=True),
        Property("imsi", "IMSI", IDENTIFIER, "Of the SIM card.", pivot=True, search=True),
        SUMMARY,
        DESCRIPTION,
        NOTES,
    ),
)
