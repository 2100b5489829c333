"""Agreements: what lets the own agency share, with whom, up to which ceiling."""

from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String

from jpa.model.agreement import CEILING_RELEASES, AgreementState, Purpose, Way
from jpa.model.limits import Condition
from jpa.model.marking import Pap, Tlp
from jpa.services import agreements
from jpa.services.agreements import Registered
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import PageQuery, PageShape, Shape, one_of
from jpa.web.gate import ask, installation


class CeilingSchema(Shape):
    """The strictest marking that may go to one party."""

    agency = String(metadata={"description": "Id of the agency that receives"})
    tlp = one_of(Tlp)
    pap = one_of(Pap)
    release = String(metadata={"description": f"Narrowest release set: {', '.join(CEILING_RELEASES)}"})
    conditions = List(one_of(Condition))


class SignatureSchema(Shape):
    """One party's signature."""

    agency = String()
    at = DateTime(format="iso")
    on_paper = Boolean(metadata={"description": "Attested by an officer of another party"})


class AgreementSchema(Shape):
    """An agreement as it stands now."""

    id = String()
    title = String()
    basis = String(metadata={"description": "Legal basis"})
    parties = List(String())
    purposes = List(one_of(Purpose))
    ways = List(one_of(Way))
    ceilings = List(Nested(CeilingSchema))
    start = String(metadata={"description": "First day in force"})
    end = String(metadata={"description": "Last day in force"})
    warning_days = Integer()
    standing = one_of(AgreementState)
    expiring = Boolean()
    signatures = List(Nested(SignatureSchema))


class AgreementsSchema(PageShape):
    """One part of the register; the agreement that ends last comes first."""

    items = List(Nested(AgreementSchema))
    total = Integer()


@pages.get("/agreements")
@takes(PageQuery)
@answers(AgreementsSchema)
def list_agreements(query_data: dict[str, int]) -> object:
    """List the agreements that your agency is party to, drafts and ended ones too."""
    found = agreements.list_agreements(installation().stores, ask())
    skip, limit = query_data["skip"], query_data["limit"]
    items = [_item(one) for one in found[skip : skip + limit]]
    return {**query_data, "items": items, "total": len(found), "more": skip + limit < len(found)}


def _item(one: Registered) -> dict[str, object]:
    this = one.this
    return {
        "id": this.id, "title": this.title, "basis": this.basis, "parties": this.parties, "start": this.start, "end": this.end,
        "purposes": sorted(this.purposes), "ways": sorted(this.ways), "warning_days": this.warning_days,
        "standing": one.state.value, "expiring": one.expiring,
        "ceilings": [
            {"agency": c.agency, "tlp": c.tlp, "pap": c.pap, "release": c.release, "conditions": sorted(c.conditions)}
            for c in this.ceilings
        ],
        "signatures": [{"agency": s.agency, "at": s.at, "on_paper": s.on_paper} for s in this.signatures],
    }  # fmt: skip
