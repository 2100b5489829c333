"""The machinery of the catalogue: entity types, link types and their properties.

Declarations are frozen and checked when the module is imported: a contradiction never reaches a user.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from jpa.errors import CatalogueError
from jpa.model.value_types import ValueType

RESERVED: Final = frozenset(
    {
        "id", "report", "agency", "officer", "entered", "compartments", "audience", "key", "caption", "content",
        "content_hash", "flags", "labels", "schema", "source_key", "commit", "names", "supersedes", "apart",
    }
)  # fmt: skip
"""Property names that every stored record or link uses for itself."""

_PROPERTY_NAME: Final = re.compile(r"[a-z][A-Za-z0-9]{1,39}")
_TYPE_NAME: Final = re.compile(r"[A-Z][A-Za-z]{1,39}")
_LINK_NAME: Final = re.compile(r"[A-Z][A-Z_]{1,39}")


class Shape(StrEnum):
    """The outline that stands for a kind of thing on a chart and in lists; never colour alone."""

    CIRCLE = "ellipse"
    PENTAGON = "pentagon"
    ROUNDED_SQUARE = "round-rectangle"
    DIAMOND = "diamond"
    HEXAGON = "hexagon"
    SQUARE = "rectangle"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a type: what it is called, what its values are, what they are for."""

    name: str
    """FollowTheMoney's name where FollowTheMoney has one."""
    label: str
    type: ValueType
    description: str = ""
    """Help text of the form field, and the row in `docs/schema.md`."""
    required: bool = False
    """A record without it cannot be entered; checked by us, since Neo4j Community cannot."""
    multiple: bool = True
    """Several values may be stated at once (two names); a link's amounts and dates are single."""
    featured: bool = False
    """Shown first in forms and as a table column."""
    ftm: str | None = None
    """`Schema:property` where export differs from (the type's schema, `name`)."""
    pivot: bool | None = None
    """Sharing this value is worth showing as a tie; unset: as the value type says."""
    search: bool = False
    """Goes into the full-text index."""

    def __post_init__(self) -> None:
        """Refuse names that Cypher or the store could misread."""
        if _PROPERTY_NAME.fullmatch(self.name) is None or self.name in RESERVED:
            raise CatalogueError(f"property name {self.name!r} is reserved or not camelCase")

    @property
    def is_pivot(self) -> bool:
        """Whether two records that share a value of this property are worth showing as tied."""
        return self.type.pivot if self.pivot is None else self.pivot


@dataclass(frozen=True, slots=True)
class EntityType:
    """One kind of thing that a report can speak of."""

    name: str
    """Label in the graph and name in code; FollowTheMoney's schema name where one exists."""
    label: str
    plural: str
    ftm_schema: str
    """FollowTheMoney schema a record is exported as."""
    shape: Shape
    colour: str
    """Name of the design token of its colour."""
    properties: tuple[Property, ...]
    caption: tuple[str, ...]
    """Properties tried in order for the caption."""
    keys: tuple[tuple[str, ...], ...] = ()
    """Alternatives of properties whose clean values together *are* the identity (a phone number, or a document
    number with its state): the first alternative that is complete makes the key; empty: no such identity."""
    ftm_accepts: tuple[str, ...] = ()
    """Further FollowTheMoney schemata that are imported as this type; the record remembers which it was."""
    letter: str = ""
    """The short word an officer types to begin a line of this kind."""
    resolvable: bool = False
    """Entity resolution compares records of this type beyond equal keys."""
    description: str = ""

    def __post_init__(self) -> None:
        """Check that caption and key name properties that exist."""
        if _TYPE_NAME.fullmatch(self.name) is None:
            raise CatalogueError(f"entity type name {self.name!r} is not CamelCase")
        names = [p.name for p in self.properties]
        if len(set(names)) != len(names):
            raise CatalogueError(f"{self.name} declares a property twice")
        for wanted in (*self.caption, *(name for key in self.keys for name in key)):
            if wanted not in names:
                raise CatalogueError(f"{self.name} has no property {wanted!r}")

    def property(self, name: str) -> Property:
        """Return the property called `name`; KeyError where there is none."""
        for candidate in self.properties:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def has(self, name: str) -> bool:
        """Say whether the type declares a property of that name."""
        return any(p.name == name for p in self.properties)


@dataclass(frozen=True, slots=True)
class LinkType:
    """One way in which a report can tie two records."""

    name: str
    """Relationship type in the graph."""
    label: str
    """Read from source to target: "uses"."""
    reverse: str
    """Read from target to source: "used by"."""
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    properties: tuple[Property, ...] = field(default=())
    ftm_schema: str | None = None
    """FollowTheMoney link schema; unset: folded into a property of an end, or `UnknownLink`."""
    ftm_source: str = "subject"
    ftm_target: str = "object"
    ftm_fold: str | None = None
    """Property of the source that takes the target's caption when the target has no FollowTheMoney schema."""
    ftm_accepts: tuple[str, ...] = ()
    """Further FollowTheMoney link schemata that are imported as this type."""
    symmetric: bool = False
    description: str = ""

    def __post_init__(self) -> None:
        """Refuse names that Cypher could misread."""
        if _LINK_NAME.fullmatch(self.name) is None:
            raise CatalogueError(f"link type name {self.name!r} is not UPPER_CASE")
        names = [p.name for p in self.properties]
        if len(set(names)) != len(names):
            raise CatalogueError(f"{self.name} declares a property twice")

    def property(self, name: str) -> Property:
        """Return the property called `name`; KeyError where there is none."""
        for candidate in self.properties:
            if candidate.name == name:
                return candidate
        raise KeyError(name)
