"""The catalogue: what kinds of things and ties there are, and their properties."""

from apiflask.fields import Boolean, List, Nested, String

from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.web.api.blueprint import answers, pages
from jpa.web.api.shapes import Shape


class PropertySchema(Shape):
    """One property of a kind."""

    name = String()
    label = String()
    type = String(attribute="type.name")
    description = String()
    required = Boolean()
    multiple = Boolean()
    pivot = Boolean(attribute="is_pivot", metadata={"description": "Sharing this value is worth showing as a tie"})


class EntityTypeSchema(Shape):
    """One kind of thing."""

    name = String()
    label = String()
    plural = String()
    description = String()
    ftm_schema = String(metadata={"description": "FollowTheMoney schema it is exported as"})
    keys = List(List(String()), metadata={"description": "Properties that together are the identity"})
    properties = List(Nested(PropertySchema))


class LinkTypeSchema(Shape):
    """One kind of tie."""

    name = String()
    label = String(metadata={"description": "Read from source to target"})
    reverse = String(metadata={"description": "Read from target to source"})
    description = String()
    sources = List(String())
    targets = List(String())
    symmetric = Boolean()
    properties = List(Nested(PropertySchema))


class CatalogueSchema(Shape):
    """All kinds."""

    things = List(Nested(EntityTypeSchema))
    ties = List(Nested(LinkTypeSchema))


@pages.get("/catalogue")
@answers(CatalogueSchema)
def catalogue() -> object:
    """List the kinds of things and ties with their properties."""
    return {"things": list(ENTITY_TYPES.values()), "ties": list(LINK_TYPES.values())}
