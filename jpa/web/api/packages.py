"""Packages sent and received, by what is written down of them, and the board of recalls; what a package says is not read here."""

from typing import Any

from apiflask.fields import Boolean, DateTime, Integer, List, Nested, String
from apiflask.validators import OneOf

from jpa.model.marking import Pap, Tlp
from jpa.model.notice import Notice, NoticeKind, NoticeState
from jpa.model.package import Done, Package, PackageAct, PackageState
from jpa.services import packages, recalls
from jpa.services.recalls import BoardLine
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import PageQuery, PageShape, Shape, one_of
from jpa.web.gate import ask, installation

SIDES = ("sent", "received")


class PackagesQuery(PageQuery):
    """Which packages are asked for."""

    side = String(validate=OneOf(SIDES), metadata={"description": "Without it, those of both sides"})
    standing = String(validate=OneOf([s.value for s in PackageState]))


class NoticesQuery(PageQuery):
    """Which notices are asked for."""

    side = String(validate=OneOf(SIDES), metadata={"description": "Without it, those of both sides"})


class PackageBriefSchema(Shape):
    """A package without what it holds."""

    id = String()
    side = String(validate=OneOf(SIDES))
    partner = String(metadata={"description": "Id of the agency on the other side"})
    reference = String(metadata={"description": "The sender's number of the case"})
    agreement = String(metadata={"description": "Id"})
    agreement_title = String()
    purpose = String()
    tlp = one_of(Tlp)
    pap = one_of(Pap)
    standing = one_of(PackageState)
    records = Integer()
    made = DateTime(format="iso", metadata={"description": "When it was drafted, or received here"})


class ReasonSchema(Shape):
    """How much stayed with the sender, and why."""

    reason = String()
    count = Integer()


class RefusalSchema(Shape):
    """A record or link that cannot be taken in."""

    id = String()
    reason = String()


class PackageActSchema(Shape):
    """One thing done about a package."""

    kind = one_of(PackageAct)
    by = String(metadata={"description": "Name of the officer"})
    at = DateTime(format="iso")
    text = String(
        metadata={"description": "What a receipt counts, why it was declined, number of the case; often empty"}
    )


class PackageSchema(PackageBriefSchema):
    """The card of a package."""

    case = String(metadata={"description": "Id of the case that it was made from; empty for a received one"})
    made_by = String(metadata={"description": "Name of the officer, or of the sending agency"})
    reports = Integer()
    links = Integer()
    files = Integer()
    compare = Boolean(metadata={"description": "Whether the sender lets it be compared with the recipient's records"})
    manifest = String(metadata={"description": "SHA-256 of the manifest: the same on both sides"})
    fingerprint = String(metadata={"description": "Key that signed a received one; else empty"})
    withheld = List(Nested(ReasonSchema))
    new = Integer(metadata={"description": "Of a received one: records and links that were new here"})
    known = Integer()
    refused = Integer()
    refusals = List(Nested(RefusalSchema), metadata={"description": "The first of them"})
    kept = Boolean(metadata={"description": "False once a recall took its bytes away"})
    receipts = List(Nested(PackageActSchema), metadata={"description": "Signed receipts that came back, oldest first"})
    acts = List(Nested(PackageActSchema), metadata={"description": "Everything that was done about it, oldest first"})


class PackagesSchema(PageShape):
    """The packages that you may know of, newest first."""

    items = List(Nested(PackageBriefSchema))
    total = Integer()


class NoticeSchema(Shape):
    """A recall or correction, by codes and numbers."""

    id = String()
    package = String()
    side = String(validate=OneOf(SIDES))
    partner = String()
    kind = one_of(NoticeKind)
    number = Integer(metadata={"description": "Counts the released ones of a kind and package; 0 for a draft"})
    whole = Boolean(metadata={"description": "The whole package is recalled"})
    items = Integer()
    automatic = Boolean(metadata={"description": "Proposed by a change in the case"})
    standing = one_of(NoticeState)
    deadline = String(metadata={"description": "Last day for the recipient's answer, ISO 8601"})
    overdue_days = Integer()
    made = DateTime(format="iso")


class BoardLineSchema(Shape):
    """A released package, who holds it, and what was said of it since."""

    package = Nested(PackageBriefSchema)
    holds = Boolean(metadata={"description": "Whether its recipient still holds it, as far as it has told"})
    overdue_days = Integer()
    notices = List(Nested(NoticeSchema))


class BoardSchema(PageShape):
    """The packages that left, newest first."""

    items = List(Nested(BoardLineSchema))
    total = Integer()


class NoticesSchema(PageShape):
    """Recalls and corrections, newest first."""

    items = List(Nested(NoticeSchema))
    total = Integer()


@pages.get("/packages")
@takes(PackagesQuery)
@answers(PackagesSchema)
def list_packages(query_data: dict[str, Any]) -> object:
    """List the packages that your agency made or was sent, drafts too."""
    found = [
        _brief(p)
        for p in packages.list_packages(installation().stores, ask())
        if query_data.get("side", _side(p)) == _side(p) and query_data.get("standing", p.state) == p.state
    ]
    return _part(found, query_data)


@pages.get("/packages/<id:package>")
@answers(PackageSchema)
def read_package(package: str) -> object:
    """Read the card of a package: how it stands, what stayed and why, what became of it."""
    this = packages.find_package(installation().stores, ask(), package)
    return {
        **_brief(this), "case": this.case, "made_by": this.made_name, "reports": this.reports, "links": this.links,
        "files": this.files, "compare": this.compare, "manifest": this.manifest, "fingerprint": this.fingerprint,
        "withheld": [{"reason": reason, "count": count} for reason, count in this.withheld], "new": this.new,
        "known": this.known, "refused": this.refused, "refusals": [{"id": i, "reason": r} for i, r in this.refusals],
        "kept": this.file != "", "receipts": [_act(a) for a in this.acts if a.kind is PackageAct.RECEIPT],
        "acts": [_act(a) for a in this.acts],
    }  # fmt: skip


@pages.get("/packages/board")
@takes(PageQuery)
@answers(BoardSchema)
def read_board(query_data: dict[str, Any]) -> object:
    """Say of every package that left who holds it, what was recalled or corrected, until when, and how that was answered."""
    lines, _received = recalls.read_board(installation().stores, ask())
    return _part([_line(line) for line in lines], query_data)


@pages.get("/packages/notices")
@takes(NoticesQuery)
@answers(NoticesSchema)
def list_notices(query_data: dict[str, Any]) -> object:
    """List the recalls and corrections that your agency drafted, sent or was sent."""
    lines, received = recalls.read_board(installation().stores, ask())
    every = {"sent": [n for line in lines for n in line.notices], "received": received}
    found = [n for side, those in every.items() if query_data.get("side", side) == side for n in those]
    found.sort(key=lambda n: n.id, reverse=True)
    return _part([_notice(n) for n in found], query_data)


def _part(items: list[dict[str, Any]], query: dict[str, Any]) -> dict[str, Any]:
    skip, limit = query["skip"], query["limit"]
    part = items[skip : skip + limit]
    return {"items": part, "skip": skip, "limit": limit, "total": len(items), "more": skip + limit < len(items)}


def _side(this: Package | Notice) -> str:
    return "received" if this.received else "sent"


def _brief(this: Package) -> dict[str, Any]:
    return {
        "id": this.id, "side": _side(this), "partner": this.partner, "reference": this.reference,
        "agreement": this.agreement, "agreement_title": this.agreement_title, "purpose": this.purpose, "tlp": this.tlp,
        "pap": this.pap, "standing": this.state.value, "records": this.records, "made": this.made,
    }  # fmt: skip


def _act(done: Done) -> dict[str, Any]:
    return {"kind": done.kind.value, "by": done.name, "at": done.at, "text": done.text}


def _line(line: BoardLine) -> dict[str, Any]:
    return {
        "package": _brief(line.package), "holds": line.holds, "overdue_days": line.overdue(ask().at.date()),
        "notices": [_notice(n) for n in line.notices],
    }  # fmt: skip


def _notice(this: Notice) -> dict[str, Any]:
    return {
        "id": this.id, "package": this.package, "side": _side(this), "partner": this.partner, "kind": this.kind.value,
        "number": this.number, "whole": this.whole, "items": len(this.items) + len(this.apart) + len(this.marked),
        "automatic": this.automatic, "standing": this.state.value, "deadline": this.deadline,
        "overdue_days": this.overdue(ask().at.date()), "made": this.made,
    }  # fmt: skip
