"""Returns: how far each has come, those of the own agency and those that were sent to it."""

from apiflask.fields import DateTime, Integer, List, Nested, String

from jpa.model.returns import ReturnState
from jpa.services import returns
from jpa.services.returns import Listed
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import PageQuery, PageShape, Shape, one_of
from jpa.web.gate import ask, installation


class WithheldSchema(Shape):
    """What stayed with the agency."""

    reason = String()
    count = Integer()


class ReturnSchema(Shape):
    """One version of a return; its rows are not read here."""

    id = String()
    agency = String()
    state = String(metadata={"description": "ISO code of the agency's state"})
    jpa = String(metadata={"description": "Id of the joint period"})
    period = String(metadata={"description": "A year, or `all`"})
    version = Integer()
    standing = one_of(ReturnState)
    rows = Integer()
    withheld = List(Nested(WithheldSchema))
    digest = String(metadata={"description": "SHA-256 of head and rows as they are signed"})
    made = DateTime(format="iso")


class ReturnsSchema(PageShape):
    """One part of the list, newest first."""

    items = List(Nested(ReturnSchema))
    total = Integer()


@pages.get("/returns")
@takes(PageQuery)
@answers(ReturnsSchema)
def list_returns(query_data: dict[str, int]) -> object:
    """List the returns that your agency made or was sent, with how far each has come."""
    found = returns.list_returns(installation().stores, ask())
    skip, limit = query_data["skip"], query_data["limit"]
    items = [_item(one) for one in found[skip : skip + limit]]
    return {**query_data, "items": items, "total": len(found), "more": skip + limit < len(found)}


def _item(one: Listed) -> dict[str, object]:
    this = one.this
    return {
        "id": this.id, "agency": this.agency, "state": this.state, "jpa": this.jpa, "period": this.period, "version": this.version,
        "standing": one.state.value, "rows": this.rows, "digest": this.digest, "made": this.made,
        "withheld": [{"reason": reason, "count": count} for reason, count in this.withheld],
    }  # fmt: skip
