"""Blind questions: the log of the agency's side, to be read and not to be asked; asking is an officer's act on the page."""

from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String

from jpa.model.blind import BlindWay
from jpa.services import blind_log
from jpa.services.blind_log import Logged
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import PageQuery, PageShape, Shape, one_of
from jpa.web.gate import ask, installation


class BlindQuestionSchema(Shape):
    """One question between your agency and another; what was asked is kept nowhere."""

    id = String()
    question = String(metadata={"description": "Number that both sides know; references were made for it"})
    way = one_of(BlindWay)
    asked = Boolean(metadata={"description": "Your agency asked; otherwise it was asked"})
    agency = String(metadata={"description": "Id of the agency on the other side"})
    hit = Boolean(allow_none=True, metadata={"description": "null: only the asker knows, or the answer was not heard"})
    desk = String(metadata={"description": "Whom to ask after a hit"})
    references = List(String(), metadata={"description": "By which the other desk finds its record"})
    own = List(String(), metadata={"description": "By which your desk finds its record"})
    purpose = String()
    agreements = List(String(), metadata={"description": "Titles"})
    about = String(metadata={"description": "The asker's own reference; empty where your agency was asked"})
    at = DateTime(format="iso")


class BlindQuestionsSchema(PageShape):
    """One part of the log, newest first."""

    items = List(Nested(BlindQuestionSchema))
    total = Integer()


@pages.get("/blind-questions")
@takes(PageQuery)
@answers(BlindQuestionsSchema)
def list_blind_questions(query_data: dict[str, int]) -> object:
    """List the blind questions that your agency asked or was asked."""
    skip, limit = query_data["skip"], query_data["limit"]
    log = blind_log.read_log(installation().stores, ask(), skip, limit)
    items = [_item(line) for line in log.lines]
    return {**query_data, "items": items, "total": log.count, "more": skip + limit < log.count}


def _item(line: Logged) -> dict[str, object]:
    this = line.this
    return {
        "id": this.id, "question": this.question, "way": this.way.value, "asked": line.asked, "agency": line.other.id, "hit": this.hit,
        "desk": line.desk, "references": line.reference, "own": line.own, "purpose": this.purpose, "agreements": line.agreements,
        "about": line.about, "at": this.at,
    }  # fmt: skip
