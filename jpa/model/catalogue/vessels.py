"""Vessels and vehicles. Smuggling boats are mostly wooden, unnumbered and renamed [E5]."""

from typing import Final

from jpa.model.catalogue.shared import ALIAS, NAME_OF, THING
from jpa.model.schema import EntityType, Property, Shape
from jpa.model.value_types import (
    CALL_SIGN,
    COUNTRY,
    DATE,
    HULL,
    IDENTIFIER,
    IMO,
    LENGTH,
    MMSI,
    PLATE,
    TEXT,
)

_ASSET: Final = (
    Property("type", "Kind", TEXT, "Fishing boat, ferry, speedboat; lorry, van."),
    Property("model", "Model", TEXT),
    Property("buildDate", "Built", DATE),
    Property("registrationDate", "Registered", DATE),
    Property("deregistrationDate", "Deregistered", DATE),
    Property("amount", "Value", TEXT),
    Property("currency", "Currency", TEXT),
)

VESSEL: Final = EntityType(
    name="Vessel",
    label="Vessel",
    plural="Vessels",
    ftm_schema="Vessel",
    shape=Shape.PENTAGON,
    colour="vessel",
    letter="v",
    resolvable=True,
    description="A ship or boat, with or without any number.",
    caption=("name", "imoNumber", "registrationNumber", "mmsi", "callSign", "hullColour"),
    properties=(
        NAME_OF,
        ALIAS,
        Property("imoNumber", "IMO number", IMO, "Seven digits with a check digit.", featured=True, search=True),
        Property("mmsi", "MMSI", MMSI, "Nine digits; the first three name the flag.", search=True),
        Property("callSign", "Call sign", CALL_SIGN, search=True),
        Property("registrationNumber", "Hull or local registration", HULL, featured=True, search=True),
        Property("flag", "Flag", COUNTRY, featured=True),
        Property("pastFlags", "Past flags", COUNTRY),
        Property("hullMaterial", "Hull material", TEXT, "Wood, fibreglass, steel."),
        Property("hullColour", "Hull colour", TEXT),
        Property("length", "Length", LENGTH, "In metres; feet are converted."),
        Property("engineSerial", "Engine serial number", IDENTIFIER, pivot=True, search=True),
        Property("photoHash", "Photo hash", IDENTIFIER, "SHA-256 of a photograph kept as evidence."),
        Property("registrationPort", "Home port", TEXT),
        Property("navigationArea", "Sailing area", TEXT),
        Property("crsNumber", "Class register number", IDENTIFIER, pivot=True),
        Property("tonnage", "Tonnage", TEXT),
        Property("grossRegisteredTonnage", "Gross tonnage", TEXT),
        Property("deadweightTonnage", "Deadweight", TEXT),
        Property("pastTypes", "Past kinds", TEXT),
        Property("nameChangeDate", "Renamed", DATE),
        *_ASSET,
        *THING,
    ),
)

VEHICLE: Final = EntityType(
    name="Vehicle",
    label="Vehicle",
    plural="Vehicles",
    ftm_schema="Vehicle",
    ftm_accepts=("Airplane",),
    shape=Shape.PENTAGON,
    colour="vessel",
    letter="c",
    resolvable=True,
    description="A car, lorry, motorcycle or aircraft.",
    caption=("registrationNumber", "name", "model", "type"),
    properties=(
        NAME_OF,
        ALIAS,
        Property("registrationNumber", "Plate", PLATE, featured=True, search=True),
        Property("serialNumber", "Serial or chassis number", IDENTIFIER, pivot=True, search=True),
        Property("icaoCode", "ICAO code", IDENTIFIER, pivot=True),
        Property("manufacturer", "Maker", TEXT),
        Property("colour", "Colour", TEXT),
        *_ASSET,
        *THING,
    ),
)
