"""The catalogue: every kind of thing and every kind of tie that jpa knows, declared once.

Constraints, forms, validation, columns, icons, FollowTheMoney mapping, comparators and `docs/schema.md` are derived from
it. Adding a property to vessels is one line in `vessels.py`.
"""

from collections.abc import Mapping
from typing import Final

from jpa.errors import CatalogueError
from jpa.model.catalogue.accounts import BANK_ACCOUNT, CRYPTO_WALLET, USER_ACCOUNT
from jpa.model.catalogue.documents import IDENTITY_DOCUMENT
from jpa.model.catalogue.events import EVENT, TRIP
from jpa.model.catalogue.links import ALL_LINKS
from jpa.model.catalogue.people import ORGANIZATION, PERSON
from jpa.model.catalogue.phones import PHONE
from jpa.model.catalogue.places import ADDRESS, PLACE
from jpa.model.catalogue.vessels import VEHICLE, VESSEL
from jpa.model.catalogue.victims import VICTIM
from jpa.model.schema import EntityType, LinkType

ENTITY_TYPES: Final[Mapping[str, EntityType]] = {
    t.name: t
    for t in (
        PERSON,
        ORGANIZATION,
        VESSEL,
        VEHICLE,
        PHONE,
        BANK_ACCOUNT,
        CRYPTO_WALLET,
        USER_ACCOUNT,
        IDENTITY_DOCUMENT,
        ADDRESS,
        PLACE,
        EVENT,
        TRIP,
    )
}
"""The things that a record can be of, by name. Victims are apart: `VICTIM` is never a record."""

LINK_TYPES: Final[Mapping[str, LinkType]] = {t.name: t for t in ALL_LINKS}
"""The ties that a link can be of, by name."""

INVOLVED_IN: Final = "INVOLVED_IN"
"""Relationship from a record to a case that carries its role there; a role belongs to the case [E7]."""

__all__ = ["ENTITY_TYPES", "INVOLVED_IN", "LINK_TYPES", "VICTIM"]

for _link in ALL_LINKS:
    for _end in (*_link.sources, *_link.targets):
        if _end not in ENTITY_TYPES:
            raise CatalogueError(f"{_link.name} ties the unknown type {_end!r}")
    if _link.symmetric and set(_link.sources) != set(_link.targets):
        raise CatalogueError(f"{_link.name} is symmetric but its ends differ")
