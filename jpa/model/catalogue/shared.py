"""Properties that several types declare alike, after FollowTheMoney's Thing, LegalEntity and Interval."""

from typing import Final

from jpa.model.schema import Property
from jpa.model.value_types import (
    COUNTRY,
    DATE,
    EMAIL,
    IDENTIFIER,
    LONG_TEXT,
    NAME,
    TEXT,
    TOPIC,
    URL,
)

NAME_OF: Final = Property(
    "name", "Name", NAME, "In any script; a single name is a whole name.", featured=True, search=True
)
ALIAS: Final = Property("alias", "Alias", NAME, "Another name, nickname or name at sea.", search=True)
COUNTRY_OF: Final = Property("country", "Country", COUNTRY, "Country it is tied to.")
SUMMARY: Final = Property("summary", "Summary", LONG_TEXT, "In a few words.")
DESCRIPTION: Final = Property("description", "Description", LONG_TEXT, "What the report says beyond the fields.")
NOTES: Final = Property("notes", "Notes", LONG_TEXT, "Anything else the report says.")

OTHER: Final = Property("other", "Other", TEXT, "What a file said that has no field here, as name=value.")

THING: Final = (
    Property("previousName", "Previous name", NAME, "A name no longer in use.", search=True),
    Property("weakAlias", "Weak alias", NAME, "A nickname too common to search by."),
    OTHER,
    COUNTRY_OF,
    SUMMARY,
    DESCRIPTION,
    NOTES,
    Property("address", "Address as text", TEXT, "Kept as written; enter an address record to tie people to it."),
    Property("topics", "Topics", TOPIC, "FollowTheMoney risk topics; never a verdict."),
    Property("keywords", "Keywords", TEXT),
    Property("program", "Programme", TEXT),
    Property("sourceUrl", "Source address", URL, "Where it was published."),
    Property("publisher", "Publisher", TEXT),
    Property("wikidataId", "Wikidata id", IDENTIFIER),
    Property("createdAt", "Created at", DATE),
    Property("modifiedAt", "Modified at", DATE),
    Property("retrievedAt", "Retrieved at", DATE),
)
"""What FollowTheMoney's Thing gives to every kind of thing."""

LEGAL_ENTITY: Final = (
    Property("abbreviation", "Abbreviation", NAME),
    Property("email", "E-mail", EMAIL),
    Property("phone", "Phone as text", TEXT, "Kept as written; enter a phone to pivot on it."),
    Property("website", "Website", URL),
    Property(
        "idNumber",
        "Identity number",
        IDENTIFIER,
        "National identity or registration number.",
        pivot=True,
        search=True,
    ),
    Property("taxNumber", "Tax number", IDENTIFIER, pivot=True),
    Property("registrationNumber", "Registration number", IDENTIFIER, pivot=True, search=True),
    Property("licenseNumber", "Licence number", IDENTIFIER, pivot=True),
    Property("vatCode", "VAT number", IDENTIFIER, pivot=True),
    Property("mainCountry", "Main country", COUNTRY),
    Property("jurisdiction", "Jurisdiction", COUNTRY),
    Property("legalForm", "Legal form", TEXT),
    Property("status", "Status", TEXT),
    Property("sector", "Sector", TEXT),
    Property("classification", "Classification", TEXT),
    Property("incorporationDate", "Founded", DATE),
    Property("dissolutionDate", "Dissolved", DATE),
    Property("leiCode", "LEI", IDENTIFIER, pivot=True),
    Property("swiftBic", "SWIFT/BIC", IDENTIFIER),
    Property("opencorporatesUrl", "OpenCorporates address", URL),
)
"""What FollowTheMoney's LegalEntity gives to people and organisations."""
