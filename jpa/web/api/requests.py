"""Requests between agencies: the list behind a figure, one with its history, a table of figures."""

from typing import Any, Final

from apiflask.fields import Boolean, DateTime, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Regexp

from jpa.model.agreement import Purpose
from jpa.model.request import Kind, Move, MoveKind, Request, RequestState, Urgency
from jpa.services import request_figures, requests
from jpa.services.flows import where_of
from jpa.services.request_figures import RequestLine
from jpa.statistics.requests import MOST_DIMENSIONS, REQUEST_DIMENSIONS, REQUEST_MEASURES, RequestQuestion
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import Asked, MarkingSchema, PageQuery, PageShape, Shape, one_of
from jpa.web.gate import ask, installation

MOST_FILTERS: Final = 50
_FILTER: Final = rf"^({'|'.join(REQUEST_DIMENSIONS)}):"


class RequestFilters(Asked):
    """Which requests count."""

    measure = String(load_default="requests_sent", validate=OneOf(list(REQUEST_MEASURES)))
    where = List(
        String(validate=Regexp(_FILTER, error="Write a filter as dimension:label, and nothing behind the colon for none.")),
        load_default=list,
        validate=Length(max=MOST_FILTERS),
        metadata={"description": "Labels that count, as dimension:label; several of one dimension are alternatives"},
    )  # fmt: skip


class RequestsQuery(RequestFilters, PageQuery):
    """Which requests, and which part of them, are asked for."""


class RequestFiguresQuery(RequestFilters):
    """Which table is asked for."""

    by = List(String(validate=OneOf(list(REQUEST_DIMENSIONS))), load_default=list, validate=Length(max=MOST_DIMENSIONS))


class RequestBriefSchema(Shape):
    """A request without its text."""

    id = String()
    asker = String(metadata={"description": "The asking agency"})
    asked = String(metadata={"description": "The asked agency"})
    agreement = String()
    purpose = one_of(Purpose)
    kind = one_of(Kind)
    urgency = one_of(Urgency)
    due = String(metadata={"description": "Last day for an answer, ISO 8601"})
    overdue = Boolean()
    standing = one_of(RequestState)
    jpa = String(metadata={"description": "Id of the joint period that it counts for; empty: none"})
    sent = DateTime(format="iso")


class MoveSchema(Shape):
    """What one side said or did."""

    id = String()
    kind = one_of(MoveKind)
    agency = String()
    at = DateTime(format="iso")
    code = String(metadata={"description": "Coded reason of a refusal; else empty"})
    text = String()
    reference = String(metadata={"description": "Id of the grant or package that an answer lies in; else empty"})


class RequestSchema(Shape):
    """A request as your agency sees it."""

    id = String()
    asker = String()
    asked = String()
    agreement = String()
    purpose = one_of(Purpose)
    kind = one_of(Kind)
    urgency = one_of(Urgency)
    due = String()
    overdue = Boolean()
    standing = one_of(RequestState)
    jpa = String()
    sent = DateTime(format="iso", allow_none=True, metadata={"description": "Null: a draft"})
    text = String()
    basis = String(metadata={"description": "Legal basis as the asking agency states it"})
    marking = Nested(MarkingSchema)
    case = String(metadata={"description": "Your agency's case, where it asked and you may read it; else empty"})
    moves = List(Nested(MoveSchema))


class RequestsSchema(PageShape):
    """The requests behind a figure, newest first."""

    items = List(Nested(RequestBriefSchema))
    total = Integer()
    figure = Float(allow_none=True, metadata={"description": "Null: a median of nothing"})
    whose = String()


class RequestCellSchema(Shape):
    """One figure of a table; an empty label is none or unknown."""

    labels = List(String())
    value = Float(allow_none=True)
    number = Integer(metadata={"description": "Requests that it is made of"})


class RequestFiguresSchema(Shape):
    """A table with its definition."""

    measure = String()
    definition = String()
    dimensions = List(String())
    cells = List(Nested(RequestCellSchema))
    total = Nested(RequestCellSchema)
    whose = String()
    at = DateTime(format="iso")


@pages.get("/requests")
@takes(RequestsQuery)
@answers(RequestsSchema)
def list_requests(query_data: dict[str, Any]) -> object:
    """List the requests that a figure rests on; without filters, all that were sent and that you may know of."""
    place = {name: query_data[name] for name in ("skip", "limit")}
    found = request_figures.list_requests(installation().stores, ask(), _question(query_data), **place)
    return {
        "items": [_brief(line) for line in found.lines], "total": found.total, "figure": found.figure,
        "whose": request_figures.WHOSE, **place, "more": place["skip"] + place["limit"] < found.total,
    }  # fmt: skip


@pages.get("/requests/<id:this>")
@answers(RequestSchema)
def read_request(this: str) -> object:
    """Read one request with all that either side said and did."""
    asked = ask()
    opened = requests.read_request(installation().stores, asked, this).this
    return {
        **_said(opened), "overdue": opened.is_overdue(asked.at), "text": opened.text, "basis": opened.basis, "marking": opened.marking,
        "case": opened.case, "moves": [_move(m) for m in opened.moves],
    }  # fmt: skip


@pages.get("/requests/figures")
@takes(RequestFiguresQuery)
@answers(RequestFiguresSchema)
def read_request_figures(query_data: dict[str, Any]) -> object:
    """Count one table of requests, as their page of figures does."""
    found = request_figures.read_figures(installation().stores, ask(), [_question(query_data)])[0]
    table = found.table
    return {
        "measure": table.question.measure, "definition": found.measure.definition, "dimensions": table.question.dimensions,
        "cells": table.cells, "total": table.total, "whose": found.whose, "at": found.at,
    }  # fmt: skip


def _question(query: dict[str, Any]) -> RequestQuestion:
    return RequestQuestion(query["measure"], tuple(query.get("by", ())), where_of(query["where"]))


def _said(this: Request) -> dict[str, Any]:
    return {
        "id": this.id, "asker": this.asker, "asked": this.asked, "agreement": this.agreement, "purpose": this.purpose.value,
        "kind": this.kind.value, "urgency": this.urgency.value, "due": this.due, "standing": this.state.value, "jpa": this.jpa,
        "sent": this.sent,
    }  # fmt: skip


def _brief(line: RequestLine) -> dict[str, Any]:
    return {**_said(line.this), "overdue": line.overdue}


def _move(move: Move) -> dict[str, Any]:
    return {
        "id": move.id, "kind": move.kind.value, "agency": move.agency, "at": move.at, "code": move.code, "text": move.text,
        "reference": move.reference,
    }  # fmt: skip
