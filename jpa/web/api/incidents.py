"""Incidents without names: the list behind a figure, a table of flows, the surge warnings of a month."""

from typing import Any, Final

from apiflask.fields import Date, DateTime, Dict, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Regexp

from jpa.errors import ConflictError, InvalidInputError
from jpa.model.catalogue.incidents import Reason
from jpa.services import flows, incidents
from jpa.services.incidents import IncidentLine
from jpa.statistics import surges
from jpa.statistics.incidents import INCIDENT_DIMENSIONS, INCIDENT_MEASURES, MOST_DIMENSIONS, IncidentQuestion
from jpa.statistics.surges import Reading
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import Asked, PageQuery, PageShape, Shape, ValueSchema, one_of
from jpa.web.gate import ask, installation

MOST_FILTERS: Final = 50
COUNTED: Final = [m.name for m in INCIDENT_MEASURES.values() if m.fee == ""]
"""Fees have a middle within one currency alone, which no schema of a request can say; they stand on the page and in its files."""
_FILTER: Final = rf"^({'|'.join(INCIDENT_DIMENSIONS)}):"


class FlowFilters(Asked):
    """Which incidents count."""

    measure = String(load_default="incidents", validate=OneOf(COUNTED))
    where = List(
        String(validate=Regexp(_FILTER, error="Write a filter as dimension:label, and nothing behind the colon for unknown.")),
        load_default=list,
        validate=Length(max=MOST_FILTERS),
        metadata={"description": "Labels that count, as dimension:label; several of one dimension are alternatives"},
    )  # fmt: skip
    since = Date(load_default=None, metadata={"description": "First day that counts, as 2024-03-12"})
    until = Date(load_default=None, metadata={"description": "Last day that counts"})


class IncidentsQuery(FlowFilters, PageQuery):
    """Which incidents, and which part of them, are asked for."""


class FlowQuery(FlowFilters):
    """Which table is asked for."""

    by = List(
        String(validate=OneOf(list(INCIDENT_DIMENSIONS))), load_default=list, validate=Length(max=MOST_DIMENSIONS)
    )


class WarningsQuery(Asked):
    """Which month is compared with its seasons."""

    month = String(
        load_default="",
        validate=Regexp(r"^[12][0-9]{3}-(0[1-9]|1[0-2])$", error="Write a month, as 2024-03."),
        metadata={"description": "As 2024-03; left out: the last whole month"},
    )


class IncidentSchema(Shape):
    """One incident, and what it adds to the figure asked for."""

    id = String()
    agency = String()
    properties = Dict(keys=String(), values=List(Nested(ValueSchema)))
    entered = DateTime(format="iso")
    supersedes = String(metadata={"description": "The entry that it corrects; empty for a first entry"})
    reason = String(
        validate=OneOf(["", *Reason]), metadata={"description": "Why it corrects that entry; empty for a first entry"}
    )
    counts = Float()


class IncidentsSchema(PageShape):
    """The incidents in force behind a figure, newest first."""

    items = List(Nested(IncidentSchema))
    total = Integer()
    figure = Float()
    whose = String(metadata={"description": "Whose incidents are counted"})


class FlowCellSchema(Shape):
    """One figure of a table; an empty label is unknown."""

    labels = List(String())
    value = Float()


class FlowSchema(Shape):
    """A table of flows with its definition."""

    measure = String()
    definition = String()
    dimensions = List(String())
    cells = List(Nested(FlowCellSchema))
    total = Float()
    unnumbered = Integer(metadata={"description": "Incidents whose persons nobody has counted"})
    undecided = Integer(metadata={"description": "Incidents that may belong: their date is not known well enough"})
    whose = String()
    at = DateTime(format="iso")


class BeforeSchema(Shape):
    """One month of an earlier year."""

    month = String()
    count = Integer()


class SurgeSchema(Shape):
    """One place, route or both compared with the same season of earlier years."""

    place = String(allow_none=True, metadata={"description": "Null: all places"})
    route = String(allow_none=True, metadata={"description": "Null: all routes; else state of departure > state of destination"})  # fmt: skip
    verdict = one_of(surges.Verdict)
    count = Integer()
    expected = Float(metadata={"description": "Usual for the season; 0 with too little history"})
    bound = Integer(metadata={"description": "From how many on it would be beyond chance for this series alone"})
    p = Float(metadata={"description": "How likely so many or more are without a surge; 1 with too little history"})
    before = List(Nested(BeforeSchema))
    why = String(metadata={"description": "Why there is too little history; empty otherwise"})


class WarningsSchema(Shape):
    """Every series of a month, warnings first, with the false-alarm rates that they are picked by."""

    month = String()
    alpha = Float(metadata={"description": "How often one series without a surge may pass its bound"})
    false_share = Float(metadata={"description": "Share of false ones among all warnings of a month, at most, on average"})  # fmt: skip
    tested = Integer()
    items = List(Nested(SurgeSchema))


@pages.get("/incidents")
@takes(IncidentsQuery)
@answers(IncidentsSchema)
def read_incidents(query_data: dict[str, Any]) -> object:
    """List the incidents in force that a figure rests on; without filters, all that you may read."""
    place = {name: query_data[name] for name in ("skip", "limit")}
    found = incidents.list_incidents(installation().stores, ask(), _question(query_data), **place)
    return {
        "items": [_item(line) for line in found.lines],
        "total": found.total,
        "figure": found.figure,
        "whose": incidents.WHOSE,
        **place,
        "more": place["skip"] + place["limit"] < found.total,
    }


@pages.get("/incidents/flows")
@takes(FlowQuery)
@answers(FlowSchema)
def read_flow(query_data: dict[str, Any]) -> object:
    """Count one table of flows, as the page of trends does."""
    found = flows.read_flow(installation().stores, ask(), _question(query_data))
    table = found.table
    return {
        "measure": table.question.measure, "definition": found.measure.definition, "dimensions": table.question.dimensions,
        "cells": table.cells, "total": table.total, "unnumbered": table.unnumbered, "undecided": table.undecided, "whose": found.whose,
        "at": found.at,
    }  # fmt: skip


@pages.get("/incidents/warnings")
@takes(WarningsQuery)
@answers(WarningsSchema)
def read_warnings(query_data: dict[str, str]) -> object:
    """Compare each place and route of a month with the same season of earlier years."""
    found = flows.read_warnings(installation().stores, ask(), query_data["month"])
    return {
        "month": found.month, "alpha": surges.ALPHA, "false_share": surges.FALSE_SHARE, "tested": found.tested,
        "items": [_reading(r) for r in found.readings],
    }  # fmt: skip


def _question(query: dict[str, Any]) -> IncidentQuestion:
    where = flows.where_of(query["where"])
    since, until = (day.isoformat() if day is not None else "" for day in (query["since"], query["until"]))
    try:
        return flows.question_of(query["measure"], query.get("by", ()), where, since, until)
    except InvalidInputError as error:  # each part is good, and they do not go together
        raise ConflictError(" ".join(error.sentences())) from error


def _item(line: IncidentLine) -> dict[str, Any]:
    this = line.incident
    return {
        "id": this.id, "agency": this.agency, "properties": this.properties, "entered": this.entered, "supersedes": this.supersedes,
        "reason": this.reason, "counts": line.counts,
    }  # fmt: skip


def _reading(r: Reading) -> dict[str, Any]:
    return {
        "place": r.series.place, "route": r.series.route, "verdict": r.verdict.value, "count": r.count, "expected": r.expected,
        "bound": r.bound, "p": r.p, "why": r.why, "before": [{"month": month, "count": n} for month, n in r.before],
    }  # fmt: skip
