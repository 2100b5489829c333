"""Grants: what the own agency granted and what it was granted."""

from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String

from jpa.model.access import Action, can
from jpa.model.agreement import Purpose
from jpa.model.grant import GrantState
from jpa.services import grants
from jpa.services.grants import ListedGrant
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import PageQuery, PageShape, Shape, one_of
from jpa.web.gate import ask, installation


class GrantSchema(Shape):
    """A grant as both sides see it; what it opens is read by the other operations."""

    id = String()
    owner = String(metadata={"description": "Id of the agency that made it"})
    partner = String(metadata={"description": "Id of the agency that reads"})
    named = Integer(metadata={"description": "Officers that it names; 0: every officer of the partner"})
    case = String(metadata={"description": "Id of the case; empty where you may not know of it"})
    whole = Boolean(metadata={"description": "The whole case, not chosen things alone"})
    reports = Integer()
    records = Integer()
    links = Integer()
    agreement = String(metadata={"description": "Id; empty in grants made before agreements were kept"})
    purpose = String(metadata={"description": f"One of: {', '.join(Purpose)}"})
    start = DateTime(format="iso")
    end = DateTime(format="iso", metadata={"description": "The first moment after the grant"})
    standing = one_of(GrantState)
    opens = Boolean(metadata={"description": "It is in force and so is its agreement"})


class GrantsSchema(PageShape):
    """One part of the list: those that your agency made, then those that it received, newest first."""

    items = List(Nested(GrantSchema))
    total = Integer()


@pages.get("/grants")
@takes(PageQuery)
@answers(GrantsSchema)
def list_grants(query_data: dict[str, int]) -> object:
    """List grants of your agency and to it; what your agency granted is listed to liaison officers alone."""
    stores, asked = installation().stores, ask()
    given = grants.list_given(stores, asked) if can(asked.officer, Action.SHARE) else []
    found = [*given, *grants.list_received(stores, asked)]
    skip, limit = query_data["skip"], query_data["limit"]
    items = [_item(one) for one in found[skip : skip + limit]]
    return {**query_data, "items": items, "total": len(found), "more": skip + limit < len(found)}


def _item(one: ListedGrant) -> dict[str, object]:
    this = one.this
    return {
        "id": this.id, "owner": this.owner, "partner": this.partner, "named": len(this.officers),
        "case": "" if one.case is None else one.case.id, "whole": this.is_of_case, "reports": this.reports,
        "records": this.records, "links": this.links, "agreement": this.agreement, "purpose": this.purpose, "start": this.start,
        "end": this.end, "standing": one.state.value, "opens": one.state is GrantState.IN_FORCE and one.rests,
    }  # fmt: skip
