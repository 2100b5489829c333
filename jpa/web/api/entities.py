"""Entities: one with every value and who states it, its ties a page at a time."""

from typing import Any

from apiflask.fields import Boolean, DateTime, Dict, Integer, List, Nested, String
from apiflask.validators import OneOf

from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.entity import Entity
from jpa.services import entities
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.cases import CaseSchema
from jpa.web.api.resolution import JudgementSchema, ProposalSchema
from jpa.web.api.shapes import (
    GlanceSchema,
    GradeSchema,
    PageQuery,
    PageShape,
    RecordSchema,
    ReportBriefSchema,
    Shape,
    ValueSchema,
    page_of,
)
from jpa.web.gate import ask, installation


class SourceSchema(Shape):
    """Who says so: one record in one report, how sure."""

    typed = String(attribute="value.typed")
    clean = String(attribute="value.clean", allow_none=True)
    flag = String(attribute="value.flag", allow_none=True)
    record = String(attribute="record.id")
    report = String(attribute="report.id")
    source_reference = String(attribute="report.source_reference")
    grade = Nested(GradeSchema, attribute="report.grade")


class StatedSchema(Shape):
    """One value of one property with everybody who states it."""

    property = String(attribute="declared.name")
    label = String(attribute="declared.label")
    value = String(attribute="best", metadata={"description": "The clean form, or the typed one where there is none"})
    caption = String()
    conflicting = Boolean(metadata={"description": "Another value stands beside it; a thing has only one"})
    origins = Integer(metadata={"description": "Independent origins among the sources"})
    sources = List(Nested(SourceSchema))


class InvolvementSchema(Shape):
    """The role of a record in a case."""

    case = String()
    case_number = String()
    case_title = String()
    role = String()
    record = String()
    report = String()


class EntitySchema(Shape):
    """What jpa believes is one thing in the world, from exactly what you may read."""

    id = String()
    type = String(validate=OneOf(list(ENTITY_TYPES)))
    caption = String()
    values = List(Nested(StatedSchema))
    records = List(Nested(RecordSchema), metadata={"description": "In force, oldest first"})
    history = List(Nested(RecordSchema), metadata={"description": "Superseded by corrections"})
    reports = List(Nested(ReportBriefSchema))
    involvements = List(Nested(InvolvementSchema))


class EntityProposalSchema(Shape):
    """What it might be the same as."""

    proposal = Nested(ProposalSchema)
    other = Nested(GlanceSchema)


class EntityJudgementSchema(Shape):
    """A verdict about its records."""

    judgement = Nested(JudgementSchema)
    superseded = Boolean()


class EntityFileSchema(Shape):
    """An entity with what is proposed and judged about it and the cases that speak of it."""

    entity = Nested(EntitySchema)
    tie_counts = Dict(keys=String(), values=Integer(), metadata={"description": "By kind of tie"})
    proposals = List(Nested(EntityProposalSchema))
    judgements = List(Nested(EntityJudgementSchema))
    cases = List(Nested(CaseSchema))


class TieSchema(Shape):
    """One link seen from the entity, with the report that states it."""

    id = String(attribute="link.id")
    type = String(attribute="link.type", validate=OneOf(list(LINK_TYPES)))
    outgoing = Boolean()
    source = String(attribute="link.source", metadata={"description": "Record that the link goes out from"})
    target = String(attribute="link.target")
    entered = DateTime(format="iso", attribute="link.entered")
    properties = Dict(attribute="link.properties", keys=String(), values=List(Nested(ValueSchema)))
    other = Nested(GlanceSchema)
    report = Nested(ReportBriefSchema)


class TiePageSchema(PageShape):
    """One part of an entity's ties."""

    items = List(Nested(TieSchema))
    total = Integer(metadata={"description": "Of the ties that you may read"})


def entity_of(entity: Entity) -> dict[str, Any]:
    """Lay an entity out as its shape wants it: every value with everybody who states it."""
    return {
        "id": entity.id,
        "type": entity.type,
        "caption": entity.caption,
        "values": entity.stated(),
        "records": entity.records,
        "history": entity.history,
        "reports": list(entity.reports.values()),
        "involvements": entity.involvements,
    }


@pages.get("/entities/<id:record>")
@answers(EntityFileSchema)
def read_entity(record: str) -> object:
    """Read the entity that holds a record now; its ties are read a page at a time."""
    file = entities.read_entity(installation().stores, ask(), record, limit=0)
    return {
        "entity": entity_of(file.entity),
        "tie_counts": file.tie_counts,
        "proposals": [{"proposal": proposal, "other": other} for proposal, other in file.proposals],
        "judgements": [{"judgement": judgement, "superseded": old} for judgement, old in file.judgements],
        "cases": file.cases,
    }


@pages.get("/entities/<id:record>/ties")
@takes(PageQuery)
@answers(TiePageSchema)
def read_ties(record: str, query_data: dict[str, int]) -> object:
    """Read one part of an entity's ties."""
    skip, limit = query_data["skip"], query_data["limit"]
    stores, asked = installation().stores, ask()
    ties = entities.read_ties(stores, asked, record, skip=skip, limit=limit + 1)
    return {**page_of(ties, skip, limit), "total": entities.count_ties(stores, asked, record)}
