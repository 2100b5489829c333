"""Search: the words travel in the body, never in an address."""

from apiflask.fields import Float, Integer, List, Nested, String
from apiflask.validators import Length
from marshmallow import ValidationError

from jpa.services import search
from jpa.web.api.blueprint import answers, pages
from jpa.web.api.shapes import Asked, GlanceSchema, Shape
from jpa.web.gate import ask, installation


def check_text(words: str) -> None:
    """Refuse halves of surrogate pairs: JSON can carry them, UTF-8 cannot."""
    try:
        words.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("Send whole characters; a half of a surrogate pair is none.") from error


class SearchAsked(Asked):
    """What is looked for: a name in any script, a phone, a plate, an IMO number, a case number, words of reports."""

    words = String(
        required=True,
        validate=[Length(1, 400, error="Give from {min} to {max} characters."), check_text],
    )


class HitSchema(Shape):
    """An entity that was found, with the reason."""

    entity = Nested(GlanceSchema, attribute="glance")
    score = Float()
    reason = String()


class FoundCaseSchema(Shape):
    """A case that was found."""

    id = String()
    number = String()
    title = String()


class FoundReportSchema(Shape):
    """A report that was found."""

    id = String()
    title = String()
    source_reference = String()
    date = String()


class FoundSchema(Shape):
    """What a search brings, best first."""

    hits = List(Nested(HitSchema))
    more = Integer(metadata={"description": "Further entities that are not listed: add a word"})
    cases = List(Nested(FoundCaseSchema))
    reports = List(Nested(FoundReportSchema))


@pages.post("/search")
@pages.input(SearchAsked)
@answers(FoundSchema)
def search_all(json_data: dict[str, str]) -> object:
    """Search everything that you may read."""
    return search.search_all(installation().stores, ask(), json_data["words"])
