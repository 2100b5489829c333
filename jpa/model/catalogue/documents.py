"""Identity documents: joined by number and issuing state."""

from typing import Final

from jpa.model.catalogue.shared import DESCRIPTION, OTHER, SUMMARY
from jpa.model.schema import EntityType, Property, Shape
from jpa.model.value_types import BIRTH_DATE, COUNTRY, DATE, DOCUMENT_NUMBER, GENDER, IDENTIFIER, NAME, TEXT

IDENTITY_DOCUMENT: Final = EntityType(
    name="IdentityDocument",
    label="Identity document",
    plural="Identity documents",
    ftm_schema="Identification",
    ftm_accepts=("Passport",),
    shape=Shape.SQUARE,
    colour="place",
    letter="d",
    keys=(("country", "number"),),
    description="A passport, identity card, seaman's book or refugee card.",
    caption=("number", "passportNumber", "type"),
    properties=(
        Property("number", "Number", DOCUMENT_NUMBER, featured=True, search=True),
        Property("country", "Issuing state", COUNTRY, featured=True),
        Property("type", "Kind", TEXT, "Passport, identity card, seaman's book.", featured=True),
        Property("authority", "Issued by", TEXT),
        Property("startDate", "Issued", DATE),
        Property("endDate", "Expires", DATE),
        Property("date", "Date", DATE),
        Property("passportNumber", "Passport number", DOCUMENT_NUMBER, search=True),
        Property("surname", "Family name on it", NAME, search=True),
        Property("givenName", "Given name on it", NAME, search=True),
        Property("birthDate", "Born, on it", BIRTH_DATE),
        Property("birthPlace", "Place of birth, on it", TEXT),
        Property("gender", "Sex, on it", GENDER),
        Property("personalNumber", "Personal number", IDENTIFIER, pivot=True),
        Property("recordId", "Record number at the source", IDENTIFIER),
        SUMMARY,
        OTHER,
        DESCRIPTION,
    ),
)
