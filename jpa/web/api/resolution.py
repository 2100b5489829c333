"""What might be the same: the open proposals, two entities side by side with the evidence."""

from apiflask.fields import DateTime, Float, Integer, List, Nested, String

from jpa.model.judgement import Verdict
from jpa.services import resolution
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import FeatureSchema, GlanceSchema, PageQuery, PageShape, Shape, one_of
from jpa.web.gate import ask, installation


class ProposalSchema(Shape):
    """A model's opinion that two records might be one thing."""

    left = String()
    right = String()
    score = Float(metadata={"description": "Probability, 0 to 1"})
    bits = Float()
    features = List(Nested(FeatureSchema))
    model = String()


class JudgementSchema(Shape):
    """An officer's verdict about two records."""

    id = String()
    verdict = one_of(Verdict)
    left = String()
    right = String()
    by = String()
    agency = String()
    at = DateTime(format="iso")
    reason = String()
    model = String()
    evidence = List(Nested(FeatureSchema), metadata={"description": "What the officer was shown"})
    supersedes = String(allow_none=True)


class ProposalRowSchema(Shape):
    """A proposal with glances at both sides."""

    proposal = Nested(ProposalSchema)
    left = Nested(GlanceSchema)
    right = Nested(GlanceSchema)


class ProposalPageSchema(PageShape):
    """One part of the open proposals, most probable first."""

    items = List(Nested(ProposalRowSchema))
    total = Integer()


@pages.get("/proposals")
@takes(PageQuery)
@answers(ProposalPageSchema)
def list_proposals(query_data: dict[str, int]) -> object:
    """List the open proposals, most probable first."""
    rows, total = resolution.list_proposals(installation().stores, ask(), **query_data)
    more = query_data["skip"] + query_data["limit"] < total
    return {"items": rows, "total": total, "more": more, **query_data}
