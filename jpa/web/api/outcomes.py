"""Outcomes: the ledger of a case, corrected and retracted entries too."""

from apiflask.fields import Boolean, DateTime, Dict, Integer, List, Nested, String
from apiflask.validators import OneOf

from jpa.model.catalogue.outcomes import OUTCOME_KINDS
from jpa.services import outcomes
from jpa.services.outcomes import LedgerLine
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import PageQuery, PageShape, Shape, ValueSchema
from jpa.web.gate import ask, installation


class OutcomeSchema(Shape):
    """One entry of a ledger."""

    id = String()
    kind = String(validate=OneOf(list(OUTCOME_KINDS)))
    case = String()
    person = String(metadata={"description": "The person's record; empty where none is entered or may be read"})
    victim = String(metadata={"description": "Pseudonym of the coded victim; empty where none is entered"})
    report = String(metadata={"description": "The report that states it; empty where none is entered"})
    properties = Dict(keys=String(), values=List(Nested(ValueSchema)))
    entered = DateTime(format="iso")
    in_force = Boolean(metadata={"description": "Whether it counts: neither corrected nor retracted"})
    supersedes = String(metadata={"description": "The entry that it corrects; empty for a first entry"})
    reason = String(metadata={"description": "Why it corrects that entry"})


class LedgerSchema(PageShape):
    """One part of a ledger, in the order of the dates."""

    items = List(Nested(OutcomeSchema))
    total = Integer()


@pages.get("/cases/<id:case>/outcomes")
@takes(PageQuery)
@answers(LedgerSchema)
def read_ledger(case: str, query_data: dict[str, int]) -> object:
    """Read the outcomes of a case that you may read."""
    _case, lines = outcomes.case_ledger(installation().stores, ask(), case)
    skip, limit = query_data["skip"], query_data["limit"]
    items = [_item(line) for line in lines[skip : skip + limit]]
    return {**query_data, "items": items, "total": len(lines), "more": skip + limit < len(lines)}


def _item(line: LedgerLine) -> dict[str, object]:
    this = line.outcome
    return {
        "id": this.id, "kind": this.kind, "case": this.case, "person": this.person if line.person else "", "victim": line.victim,
        "report": this.report, "properties": this.properties, "entered": this.entered, "in_force": line.in_force,
        "supersedes": this.supersedes, "reason": this.reason,
    }  # fmt: skip
