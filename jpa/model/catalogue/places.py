"""Addresses and places."""

from typing import Final

from jpa.model.catalogue.shared import ALIAS, NAME_OF, THING
from jpa.model.schema import EntityType, Property, Shape
from jpa.model.value_types import COORDINATES, COUNTRY, IDENTIFIER, TEXT

_THING_WITHOUT_ADDRESS: Final = tuple(p for p in THING if p.name != "address")

ADDRESS: Final = EntityType(
    name="Address",
    label="Address",
    plural="Addresses",
    ftm_schema="Address",
    shape=Shape.HEXAGON,
    colour="place",
    letter="ad",
    description="Where somebody lives or a firm is registered.",
    caption=("full", "street", "city", "country"),
    properties=(
        Property("full", "Address", TEXT, featured=True, search=True),
        Property("street", "Street", TEXT),
        Property("street2", "Street, second line", TEXT),
        Property("city", "Town", TEXT, featured=True),
        Property("postalCode", "Postal code", TEXT),
        Property("postOfficeBox", "Post box", TEXT),
        Property("region", "Region", TEXT),
        Property("state", "State or province", TEXT),
        Property("country", "Country", COUNTRY, featured=True),
        Property("latitude", "Latitude", COORDINATES),
        Property("longitude", "Longitude", COORDINATES),
        Property("remarks", "Remarks", TEXT),
        Property("osmId", "OpenStreetMap id", IDENTIFIER),
        NAME_OF,
        ALIAS,
        *(p for p in _THING_WITHOUT_ADDRESS if p.name != "country"),
    ),
)

PLACE: Final = EntityType(
    name="Place",
    label="Place",
    plural="Places",
    ftm_schema="Address",
    shape=Shape.HEXAGON,
    colour="place",
    letter="l",
    description="A jetty, beach, island, border post, safe house.",
    caption=("name", "latitude"),
    properties=(
        NAME_OF,
        ALIAS,
        Property("kind", "Kind", TEXT, "Jetty, beach, border post, safe house, market.", featured=True),
        Property("country", "Country", COUNTRY, featured=True),
        Property("region", "Region", TEXT),
        Property("latitude", "Latitude", COORDINATES),
        Property("longitude", "Longitude", COORDINATES),
        *(p for p in _THING_WITHOUT_ADDRESS if p.name != "country"),
    ),
)
