"""Two records' entities side by side with the evidence."""

from apiflask.fields import Boolean, List, Nested

from jpa.services import resolution
from jpa.web.api.blueprint import answers, pages
from jpa.web.api.entities import EntitySchema, entity_of
from jpa.web.api.resolution import JudgementSchema, ProposalSchema
from jpa.web.api.shapes import Shape
from jpa.web.gate import ask, installation


class ComparisonSchema(Shape):
    """Two entities side by side with the itemised evidence."""

    proposal = Nested(ProposalSchema)
    left = Nested(EntitySchema)
    right = Nested(EntitySchema)
    verdict = Nested(JudgementSchema, allow_none=True)
    contradicting = List(Nested(JudgementSchema))
    together = Boolean()


@pages.get("/proposals/<id:left>/<id:right>")
@answers(ComparisonSchema)
def compare_records(left: str, right: str) -> object:
    """Compare two records, proposed or not."""
    shown = resolution.compare_records(installation().stores, ask(), left, right)
    return {
        "proposal": shown.proposal,
        "left": entity_of(shown.left),
        "right": entity_of(shown.right),
        "verdict": shown.verdict,
        "contradicting": shown.contradicting,
        "together": shown.together,
    }
