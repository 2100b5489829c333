"""People and organisations."""

from typing import Final

from jpa.model import codes
from jpa.model.catalogue.shared import ALIAS, LEGAL_ENTITY, NAME_OF, THING
from jpa.model.schema import EntityType, Property, Shape
from jpa.model.value_types import (
    BIRTH_DATE,
    COUNTRY,
    DATE,
    DOCUMENT_NUMBER,
    GENDER,
    IDENTIFIER,
    LANGUAGE,
    LONG_TEXT,
    NAME,
    TEXT,
    choice,
)

PERSON: Final = EntityType(
    name="Person",
    label="Person",
    plural="People",
    ftm_schema="Person",
    shape=Shape.CIRCLE,
    colour="person",
    letter="p",
    resolvable=True,
    description="A person that a report names. Trafficking victims are never persons here.",
    caption=("name", "firstName", "lastName", "alias"),
    properties=(
        NAME_OF,
        ALIAS,
        Property("firstName", "Given name", NAME, search=True),
        Property("middleName", "Middle name", NAME, search=True),
        Property("lastName", "Family name", NAME, search=True),
        Property("fatherName", "Father's name", NAME),
        Property("motherName", "Mother's name", NAME),
        Property("title", "Title", TEXT, "Honorific or rank: Haji, U, Daw."),
        Property("nameSuffix", "Name suffix", TEXT),
        Property(
            "birthDate", "Born", BIRTH_DATE, "A year alone is enough; any of the region's calendars.", featured=True
        ),
        Property("birthPlace", "Place of birth", TEXT),
        Property("birthCountry", "Country of birth", COUNTRY),
        Property("deathDate", "Died", DATE),
        Property("nationality", "Nationality", COUNTRY, featured=True),
        Property("citizenship", "Citizenship", COUNTRY),
        Property("gender", "Sex", GENDER, featured=True),
        Property(
            "passportNumber",
            "Passport as text",
            DOCUMENT_NUMBER,
            "Without the issuing state; enter a document to pivot.",
        ),
        Property("socialSecurityNumber", "Social security number", IDENTIFIER, pivot=True),
        Property("profession", "Occupation", TEXT),
        Property("position", "Position", TEXT),
        Property("education", "Education", TEXT),
        Property("ethnicity", "Ethnicity", TEXT),
        Property("religion", "Religion", TEXT),
        Property("political", "Political ties", TEXT),
        Property("spokenLanguage", "Languages", LANGUAGE),
        Property("height", "Height", TEXT),
        Property("weight", "Weight", TEXT),
        Property("eyeColor", "Eyes", TEXT),
        Property("hairColor", "Hair", TEXT),
        Property("appearance", "Appearance", TEXT, "Scars, tattoos, build."),
        Property("biography", "Biography", LONG_TEXT),
        *THING,
        *LEGAL_ENTITY,
    ),
)

ORGANIZATION: Final = EntityType(
    name="Organization",
    label="Organisation",
    plural="Organisations",
    ftm_schema="Organization",
    ftm_accepts=("Company", "LegalEntity", "PublicBody"),
    shape=Shape.SQUARE,
    colour="organisation",
    letter="o",
    resolvable=True,
    description="A company, agency, association or crew; keeps the FollowTheMoney schema it came as.",
    caption=("name", "alias", "abbreviation"),
    properties=(
        NAME_OF,
        ALIAS,
        Property(
            "industry",
            "Industry",
            choice("industry", "ISIC Rev. 4 division", codes.load("isic_divisions").pairs),
            "Division of ISIC Rev. 4: 03 fishing and aquaculture, 50 water transport, 79 travel agencies.",
        ),
        Property("imoNumber", "IMO company number", IDENTIFIER, pivot=True),
        Property("permId", "PermID", IDENTIFIER),
        Property("capital", "Capital", TEXT),
        Property("isinCode", "ISIN", IDENTIFIER),
        Property("ticker", "Ticker", IDENTIFIER),
        *THING,
        *LEGAL_ENTITY,
    ),
)
