"""Shapes that several answers share: pages, errors, values, reports, glances at entities.

A shape names every field that leaves; the document at `/api/v1/openapi.json` is made of them.
"""

from enum import StrEnum
from typing import Any, Final

from apiflask import Schema
from apiflask.fields import Boolean, DateTime, Dict, Field, Float, Integer, List, Nested, String
from apiflask.validators import OneOf, Range
from marshmallow import RAISE, missing

from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.marking import Pap, Tlp

LIMIT: Final = 50
MOST: Final = 200
"""Items of one page: enough for a program, little enough for one transaction."""
FARTHEST: Final = 1_000_000


class Shape(Schema):
    """What an answer says: every field always stands in it, and a name that the model lost is an error."""

    class Meta:
        """Nothing stands in an answer that the document does not name."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:  # noqa: ARG002 -- marshmallow calls it so
        """Promise the field in the document."""
        field_obj.required = True

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read a field; marshmallow would leave out what is missing without a word."""
        value = super().get_attribute(obj, attr, default)
        if value is missing:
            raise AttributeError(f"{type(self).__name__}: {type(obj).__name__} has no {attr}")
        return value


class Asked(Schema):
    """What a request says; unknown names are refused."""

    class Meta:
        """A mistyped name is told, not ignored."""

        unknown = RAISE


class PageQuery(Asked):
    """Which part of a list is asked for."""

    skip = Integer(
        load_default=0,
        validate=Range(0, FARTHEST, error="Give a whole number from {min} to {max}."),
        metadata={"description": "Items to leave out from the start"},
    )
    limit = Integer(
        load_default=LIMIT,
        validate=Range(1, MOST, error="Give a whole number from {min} to {max}."),
        metadata={"description": "Items at most"},
    )


class PageShape(Shape):
    """One part of a list."""

    skip = Integer()
    limit = Integer()
    more = Boolean(metadata={"description": "Whether a further part follows: add `limit` to `skip`"})


class ErrorSchema(Shape):
    """Why a request was refused, and the cure."""

    message = String()
    problems = Dict(
        data_key="fields", keys=String(), values=String(), metadata={"description": "Field to problem; often empty"}
    )


class GradeSchema(Shape):
    """How sure a report is, in the scheme that its author used."""

    scheme = String()
    source = String()
    information = String()
    caption = String(metadata={"description": "As officers say it: B2"})
    words = String()


class MarkingSchema(Shape):
    """How far a report may go."""

    tlp = String(validate=OneOf([t.value for t in Tlp]))
    handling = String()
    pap = String(validate=OneOf([p.value for p in Pap]), metadata={"description": "What may be done with it"})


class ReportBriefSchema(Shape):
    """A report without its text: who says so, how sure."""

    id = String()
    title = String()
    source_reference = String()
    date = String(metadata={"description": "ISO 8601, as exact as known: 2024, 2024-03 or 2024-03-12"})
    agency = String()
    entered = DateTime(format="iso")
    grade = Nested(GradeSchema)
    marking = Nested(MarkingSchema)


class ValueSchema(Shape):
    """One value as it was typed and as it was understood."""

    typed = String()
    clean = String(allow_none=True, metadata={"description": "Null where the typed text could not be understood"})
    flag = String(allow_none=True, metadata={"description": "What is odd about it, with the cure"})


class GlanceSchema(Shape):
    """Just enough of an entity to name it and to ask for it."""

    id = String(metadata={"description": "The entity's address: its oldest record that you may read"})
    type = String(validate=OneOf(list(ENTITY_TYPES)))
    caption = String()
    records = Integer()


class RecordSchema(Shape):
    """What one report says about one thing."""

    id = String()
    type = String(validate=OneOf(list(ENTITY_TYPES)))
    report = String()
    entered = DateTime(format="iso")
    properties = Dict(keys=String(), values=List(Nested(ValueSchema)))
    supersedes = String(allow_none=True)


class FeatureSchema(Shape):
    """One piece of evidence that two records are, or are not, one thing."""

    name = String()
    bits = Float(metadata={"description": "Weight of evidence; negative speaks against"})
    left = String()
    right = String()
    detail = String()


def one_of(kinds: type[StrEnum]) -> String:
    """Declare a field that takes the words of a closed list."""
    return String(validate=OneOf([kind.value for kind in kinds]))


def page_of(items: list[Any], skip: int, limit: int) -> dict[str, Any]:
    """Make a page of items read with one more than the limit: the one more only says that a further part follows."""
    return {"items": items[:limit], "skip": skip, "limit": limit, "more": len(items) > limit}
