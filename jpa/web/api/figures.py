"""Figures: the registry of measures, a table, and the records behind a cell; the same counts as the pages."""

from typing import Any, Final

from apiflask.fields import Boolean, DateTime, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Regexp

from jpa.services import figure_records, figures
from jpa.services.figure_records import CodedOutcome, RecordLine
from jpa.statistics.dimensions import DIMENSIONS
from jpa.statistics.measures import MEASURES
from jpa.statistics.tables import MOST_DIMENSIONS, Credit, Question
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import Asked, GlanceSchema, PageQuery, PageShape, Shape, each_once, one_of
from jpa.web.gate import ask, installation

MOST_FILTERS: Final = 50
_FILTER: Final = rf"^({'|'.join(DIMENSIONS)}):"


class FigureQuery(Asked):
    """Which figure is asked for."""

    measure = String(required=True, validate=OneOf(list(MEASURES)))
    where = List(
        String(validate=Regexp(_FILTER, error="Write a filter as dimension:label, and nothing behind the colon for unknown.")),
        load_default=list,
        validate=Length(max=MOST_FILTERS),
        metadata={"description": "Labels that count, as dimension:label; several of one dimension are alternatives; nothing behind the colon is unknown"},
    )  # fmt: skip
    credit = String(
        load_default=Credit.ALL.value,
        validate=OneOf([c.value for c in Credit]),
        metadata={"description": "Which outcomes count; other than `all` needs `jpa`"},
    )
    jpa = String(load_default="", metadata={"description": "Id of a joint period that your state takes part in"})


class TableQuery(FigureQuery):
    """Which table is asked for."""

    by = List(
        String(validate=OneOf(list(DIMENSIONS))),
        load_default=list,
        validate=[Length(max=MOST_DIMENSIONS), each_once],
        metadata={"uniqueItems": True, "description": "Dimensions that break it down"},
    )


class RecordsQuery(FigureQuery, PageQuery):
    """Which cell is opened, and which part of its records is asked for."""


class MeasureSchema(Shape):
    """One figure with its one definition."""

    name = String()
    label = String()
    unit = String()
    kinds = List(String(), metadata={"description": "Kinds of outcome that it counts"})
    definition = String()


class DimensionSchema(Shape):
    """One way to break a figure down."""

    name = String()
    label = String()
    note = String()


class MeasuresSchema(Shape):
    """What can be counted, and by what."""

    measures = List(Nested(MeasureSchema))
    dimensions = List(Nested(DimensionSchema))


class CellSchema(Shape):
    """One figure of a table; an empty label is unknown."""

    labels = List(String())
    captions = List(String())
    value = Float()


class FigureSchema(Shape):
    """A table with what has to stand beside it."""

    measure = Nested(MeasureSchema)
    dimensions = List(String())
    credit = one_of(Credit)
    jpa = String(metadata={"description": "Empty where none was named"})
    cells = List(Nested(CellSchema))
    total = Float(
        metadata={"description": "Persons, charges and cases count once in it, so that cells may add up to more"}
    )
    undecided = Float(metadata={"description": "How many more may belong to the period: date or state not known"})
    whose = String(metadata={"description": "Whose outcomes are counted"})
    at = DateTime(format="iso")


class CodedOutcomeSchema(Shape):
    """One outcome behind a figure: codes for all, date and person where you may read it."""

    id = String()
    kind = String()
    coded = Dict(keys=String(), values=String())
    readable = Boolean()
    date = String(metadata={"description": "As exact as known; empty where unknown or closed to you"})
    case = String(metadata={"description": "Empty where there is none, or it is closed to you"})
    person = Nested(GlanceSchema, allow_none=True)


class RecordLineSchema(Shape):
    """One person, charge, case or event, by its outcomes."""

    outcomes = List(Nested(CodedOutcomeSchema))
    value = Float()


class RecordsSchema(PageShape):
    """What a figure rests on; the values of all lines add up to it."""

    items = List(Nested(RecordLineSchema))
    total = Integer()
    figure = Float()
    whose = String()


@pages.get("/measures")
@answers(MeasuresSchema)
def list_measures() -> object:
    """List the measures and dimensions, each with its definition."""
    figures.require_statistics(ask())
    return {"measures": list(MEASURES.values()), "dimensions": list(DIMENSIONS.values())}


@pages.get("/figures")
@takes(TableQuery)
@answers(FigureSchema)
def read_figures(query_data: dict[str, Any]) -> object:
    """Count one table, as the table builder does."""
    found = figures.read_table(installation().stores, ask(), _question(query_data), "api")
    return {
        "measure": found.measure,
        "dimensions": found.question.dimensions,
        "credit": found.question.credit.value,
        "jpa": found.question.jpa,
        "cells": [
            {"labels": cell.labels, "captions": list(map(found.caption, found.question.dimensions, cell.labels)), "value": cell.value}
            for cell in found.cells
        ],
        "total": found.total,
        "undecided": found.undecided,
        "whose": found.whose,
        "at": found.at,
    }  # fmt: skip


@pages.get("/figures/records")
@takes(RecordsQuery)
@answers(RecordsSchema)
def read_figure_records(query_data: dict[str, Any]) -> object:
    """List what a figure rests on; name a cell by its labels as filters."""
    place = {name: query_data[name] for name in ("skip", "limit")}
    found = figure_records.read_records(installation().stores, ask(), _question(query_data), **place)
    return {
        "items": [_line(line) for line in found.lines],
        "total": found.total,
        "figure": found.figure,
        "whose": found.whose,
        **place,
        "more": place["skip"] + place["limit"] < found.total,
    }


def _question(query: dict[str, Any]) -> Question:
    where: dict[str, list[str]] = {}
    for text in query["where"]:
        dimension, _, label = text.partition(":")
        where.setdefault(dimension, []).append(label)
    return figures.question_of(query["measure"], query.get("by", ()), where, query["credit"], query["jpa"])


def _line(line: RecordLine) -> dict[str, Any]:
    return {"outcomes": [_coded(outcome) for outcome in line.outcomes], "value": line.value}


def _coded(one: CodedOutcome) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "coded": one.coded,
        "readable": one.outcome is not None,
        "date": "" if one.outcome is None else one.outcome.clean("date"),
        "case": "" if one.outcome is None else one.outcome.case,
        "person": one.person,
    }
