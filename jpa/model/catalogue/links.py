"""Ties: typed, dated, with role, amount or count where they have one, and always the report that states them."""

from typing import Final

from jpa.model.catalogue.shared import DESCRIPTION, OTHER, SUMMARY
from jpa.model.schema import LinkType, Property
from jpa.model.value_types import (
    AMOUNT,
    CURRENCY,
    DATE,
    DURATION,
    IDENTIFIER,
    NAME,
    NUMBER,
    TEXT,
    URL,
)

_PARTY: Final = ("Person", "Organization")
_ASSETS: Final = ("Vessel", "Vehicle", "Organization", "Phone", "BankAccount", "CryptoWallet", "UserAccount")
_ACCOUNTS: Final = ("BankAccount", "CryptoWallet")
_ANY: Final = (
    "Person",
    "Organization",
    "Vessel",
    "Vehicle",
    "Phone",
    "BankAccount",
    "CryptoWallet",
    "UserAccount",
    "IdentityDocument",
    "Address",
    "Place",
    "Event",
    "Trip",
)

_TIME: Final = (
    Property("startDate", "From", DATE, "A month or year alone is enough.", multiple=False, featured=True),
    Property("endDate", "Until", DATE, multiple=False, featured=True),
    Property("date", "Date", DATE, multiple=False, featured=True),
)
_INTERVAL: Final = (
    *_TIME,
    OTHER,
    SUMMARY,
    DESCRIPTION,
    Property("recordId", "Record number at the source", IDENTIFIER),
    Property("sourceUrl", "Source address", URL),
    Property("publisher", "Publisher", TEXT),
    Property("namesMentioned", "Names mentioned", NAME),
    Property("modifiedAt", "Modified at", DATE),
    Property("retrievedAt", "Retrieved at", DATE),
)
_ROLE: Final = Property("role", "Role", TEXT, "As the report puts it: captain, courier.", featured=True)
_STATUS: Final = Property("status", "Status", TEXT)
_RELATIONSHIP: Final = Property("relationship", "Relationship", TEXT, "Brother, wife, cousin.", featured=True)
_COUNT: Final = Property("count", "How often", NUMBER, multiple=False, featured=True)
_AMOUNT: Final = Property("amount", "Amount", AMOUNT, multiple=False, featured=True)
_CURRENCY: Final = Property("currency", "Currency", CURRENCY, multiple=False, featured=True)

# (:Person)-[:USES]->(:Phone)
USES: Final = LinkType(
    "USES",
    "uses",
    "used by",
    _PARTY,
    ("Phone", "UserAccount", "Vehicle", "Vessel", "CryptoWallet", "BankAccount"),
    (_ROLE, *_INTERVAL),
    ftm_fold="phone",
)
# (:Person)-[:HOLDS]->(:BankAccount)
HOLDS: Final = LinkType(
    "HOLDS",
    "holds",
    "held by",
    _PARTY,
    ("BankAccount", "CryptoWallet", "UserAccount"),
    (_ROLE, _STATUS, *_INTERVAL),
    ftm_schema="Ownership",
    ftm_source="owner",
    ftm_target="asset",
)
# (:Person)-[:OWNS]->(:Vessel)
OWNS: Final = LinkType(
    "OWNS",
    "owns",
    "owned by",
    _PARTY,
    _ASSETS,
    (
        _ROLE,
        _STATUS,
        Property("percentage", "Share", TEXT, featured=True),
        Property("ownershipType", "Kind", TEXT),
        Property("legalBasis", "Legal basis", TEXT),
        Property("sharesCount", "Number of shares", TEXT),
        Property("sharesValue", "Value of shares", TEXT),
        Property("sharesCurrency", "Currency of shares", TEXT),
        Property("sharesType", "Kind of shares", TEXT),
        *_INTERVAL,
    ),
    ftm_schema="Ownership",
    ftm_source="owner",
    ftm_target="asset",
)
# (:Organization)-[:OPERATES]->(:Vessel)
OPERATES: Final = LinkType(
    "OPERATES",
    "operates",
    "operated by",
    _PARTY,
    ("Vessel", "Vehicle", "Phone", "Place"),
    (_ROLE, *_INTERVAL),
)
# (:Person)-[:CREW_OF]->(:Vessel)
CREW_OF: Final = LinkType(
    "CREW_OF", "crew of", "crewed by", ("Person",), ("Vessel", "Trip", "Vehicle"), (_ROLE, *_INTERVAL)
)
# (:Person)-[:PASSENGER_ON]->(:Trip)
PASSENGER_ON: Final = LinkType(
    "PASSENGER_ON",
    "passenger on",
    "carried",
    ("Person",),
    ("Vessel", "Trip", "Vehicle"),
    (_ROLE, *_INTERVAL),
    description="Being carried is no offence and no mark against anyone.",
)
# (:Phone)-[:CALLED]->(:Phone)
CALLED: Final = LinkType(
    "CALLED",
    "called",
    "called by",
    ("Phone", "Person", "UserAccount"),
    ("Phone", "Person", "UserAccount"),
    (_COUNT, Property("duration", "Duration", DURATION, multiple=False), *_INTERVAL),
    ftm_schema="Call",
    ftm_source="caller",
    ftm_target="receiver",
)
# (:BankAccount)-[:TRANSFERRED]->(:BankAccount)
TRANSFERRED: Final = LinkType(
    "TRANSFERRED",
    "sent money to",
    "received money from",
    (*_PARTY, *_ACCOUNTS),
    (*_PARTY, *_ACCOUNTS),
    (
        _AMOUNT,
        _CURRENCY,
        Property("amountEur", "Amount in EUR", AMOUNT, multiple=False),
        Property("amountUsd", "Amount in USD", AMOUNT, multiple=False),
        _COUNT,
        Property("purpose", "Purpose", TEXT, featured=True),
        Property("programme", "Programme", TEXT),
        Property("sequenceNumber", "Sequence number", IDENTIFIER),
        Property("transactionNumber", "Transaction number", IDENTIFIER),
        *_INTERVAL,
    ),
    ftm_schema="Payment",
    ftm_source="payer",
    ftm_target="beneficiary",
)
# (:Person)-[:ASSOCIATE_OF]-(:Person)
ASSOCIATE_OF: Final = LinkType(
    "ASSOCIATE_OF",
    "associate of",
    "associate of",
    ("Person",),
    ("Person",),
    (_RELATIONSHIP, _COUNT, *_INTERVAL),
    ftm_schema="Associate",
    ftm_source="person",
    ftm_target="associate",
    symmetric=True,
)
# (:Person)-[:FAMILY_OF]-(:Person)
FAMILY_OF: Final = LinkType(
    "FAMILY_OF",
    "family of",
    "family of",
    ("Person",),
    ("Person",),
    (_RELATIONSHIP, *_INTERVAL),
    ftm_schema="Family",
    ftm_source="person",
    ftm_target="relative",
    symmetric=True,
)
# (:Person)-[:EMPLOYED_BY]->(:Organization)
EMPLOYED_BY: Final = LinkType(
    "EMPLOYED_BY",
    "employed by",
    "employs",
    ("Person",),
    ("Organization", "Person"),
    (_ROLE, _STATUS, *_INTERVAL),
    ftm_schema="Employment",
    ftm_source="employee",
    ftm_target="employer",
)
# (:Person)-[:MEMBER_OF]->(:Organization)
MEMBER_OF: Final = LinkType(
    "MEMBER_OF",
    "member of",
    "has member",
    _PARTY,
    ("Organization",),
    (_ROLE, _STATUS, *_INTERVAL),
    ftm_schema="Membership",
    ftm_source="member",
    ftm_target="organization",
)
# (:Person)-[:DIRECTOR_OF]->(:Organization)
DIRECTOR_OF: Final = LinkType(
    "DIRECTOR_OF",
    "director of",
    "directed by",
    _PARTY,
    ("Organization",),
    (_ROLE, _STATUS, Property("secretary", "Secretary", TEXT), *_INTERVAL),
    ftm_schema="Directorship",
    ftm_source="director",
    ftm_target="organization",
)
# (:Person)-[:LIVES_AT]->(:Address)
LIVES_AT: Final = LinkType(
    "LIVES_AT",
    "lives at",
    "home of",
    ("Person",),
    ("Address", "Place"),
    (_ROLE, *_INTERVAL),
    ftm_fold="addressEntity",
)
# (:Person)-[:SEEN_AT]->(:Place)
SEEN_AT: Final = LinkType(
    "SEEN_AT",
    "seen at",
    "place where seen",
    ("Person", "Vessel", "Vehicle", "Phone"),
    ("Place", "Address"),
    (_ROLE, _COUNT, *_INTERVAL),
)
# (:Person)-[:TOOK_PART_IN]->(:Event)
TOOK_PART_IN: Final = LinkType(
    "TOOK_PART_IN", "took part in", "had part", _PARTY, ("Event", "Trip"), (_ROLE, *_INTERVAL), ftm_fold="involved"
)
# (:Organization)-[:REGISTERED_AT]->(:Address)
REGISTERED_AT: Final = LinkType(
    "REGISTERED_AT",
    "registered at",
    "registered here",
    ("Organization", "Vessel", "Vehicle", "BankAccount", "Phone"),
    ("Address", "Place"),
    (_ROLE, *_INTERVAL),
    ftm_fold="addressEntity",
)
# (:Vessel)-[:USED_IN]->(:Trip)
USED_IN: Final = LinkType(
    "USED_IN",
    "used in",
    "used",
    ("Vessel", "Vehicle", "Phone", "BankAccount", "Address", "Place", "CryptoWallet"),
    ("Trip", "Event"),
    (_ROLE, *_INTERVAL),
)
# (:Person)-[:HAS_DOCUMENT]->(:IdentityDocument)
HAS_DOCUMENT: Final = LinkType(
    "HAS_DOCUMENT", "has document", "document of", _PARTY, ("IdentityDocument",), (_ROLE, *_INTERVAL), ftm_fold="holder"
)
# (:Person)-[:MENTIONED_IN]->(:Event)
MENTIONED_IN: Final = LinkType(
    "MENTIONED_IN",
    "mentioned in",
    "mentions",
    _ANY,
    ("Event", "Trip", "IdentityDocument", "Organization"),
    (_ROLE, *_INTERVAL),
)
# (:Person)-[:RELATED_TO]->(:Vessel)
RELATED_TO: Final = LinkType(
    "RELATED_TO",
    "related to",
    "related to",
    _ANY,
    _ANY,
    (_ROLE, _STATUS, _COUNT, *_INTERVAL),
    ftm_schema="UnknownLink",
    ftm_source="subject",
    ftm_target="object",
    description="A tie that the source names without saying which.",
)

ALL_LINKS: Final = (
    USES,
    HOLDS,
    OWNS,
    OPERATES,
    CREW_OF,
    PASSENGER_ON,
    CALLED,
    TRANSFERRED,
    ASSOCIATE_OF,
    FAMILY_OF,
    EMPLOYED_BY,
    MEMBER_OF,
    DIRECTOR_OF,
    LIVES_AT,
    SEEN_AT,
    TOOK_PART_IN,
    REGISTERED_AT,
    USED_IN,
    HAS_DOCUMENT,
    MENTIONED_IN,
    RELATED_TO,
)
