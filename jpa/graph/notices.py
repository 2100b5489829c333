"""Notices about packages: each written once, what is done about it appended; and what each package holds, by ids alone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach, moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.notice import Item, Marked, Notice, NoticeAct, NoticeDone, NoticeKind

ADD: Final[Query] = upkeep("CREATE (n:Notice) SET n = $properties")

# The key is unique, and counts what was done before: of two who press a button at once one finds it taken.
ACT: Final[Query] = upkeep("""
MATCH (n:Notice {id: $notice}) SET n.touched = true REMOVE n.touched
CREATE (a:NoticeAct {key: $key, kind: $kind, by: $by, name: $name, at: $at, code: $code, text: $text, number: $number})-[:ABOUT]->(n)
""")

SIGN: Final[Query] = upkeep("MATCH (n:Notice {id: $notice}) SET n += $said")

LOCK: Final[Query] = upkeep("MATCH (p:Package {id: $package}) SET p.touched = true REMOVE p.touched")

LIST: Final[Query] = query("""
MATCH (n:Notice) WHERE ($id = '' OR n.id = $id) AND ($package = '' OR n.package = $package) AND readable(n)
RETURN properties(n) AS notice, COLLECT { MATCH (a:NoticeAct)-[:ABOUT]->(n) RETURN properties(a) ORDER BY a.number } AS acts
ORDER BY n.id DESC
""")

KEEP_CONTENT: Final[Query] = upkeep("MERGE (c:PackageContent {id: $id}) ON CREATE SET c = $properties")

CONTENT: Final[Query] = upkeep("MATCH (c:PackageContent {id: $id}) RETURN properties(c) AS content")

# Of a case's packages that are out or about to go. The caller has decided about the things; the package is never named to it.
HOLDING: Final[Query] = upkeep("""
MATCH (p:Package) WHERE p.case IN $cases AND NOT p.received
MATCH (c:PackageContent {id: p.id})
RETURN p.id AS package, p.case AS case, p.agency AS agency, p.partner AS partner, p.file AS file,
  EXISTS { (:PackageAct {kind: 'released'})-[:ABOUT]->(p) } AS released,
  [i IN c.records WHERE i IN $ids] AS records, [i IN c.reports WHERE i IN $ids] AS reports,
  [i IN c.links WHERE i IN $ids] AS links
ORDER BY package
""")

# Whoever may read them: the caller only leaves out what was proposed before, or was decided by whoever may.
PROPOSED: Final[Query] = upkeep("""
MATCH (n:Notice {package: $package, kind: $kind}) UNWIND n.items AS item RETURN collect(DISTINCT item) AS items
""")

SENT_CASES: Final[Query] = upkeep(
    "MATCH (p:Package {agency: $agency}) WHERE NOT p.received RETURN collect(DISTINCT p.case) AS cases"
)

CLOSE_FILE: Final[Query] = upkeep("MATCH (p:Package {id: $package}) SET p.file = '', p.pages = ''")


@dataclass(frozen=True, slots=True)
class Content:
    """What a package holds, by ids."""

    reports: Sequence[str]
    records: Sequence[str]
    links: Sequence[str]
    sources: Sequence[str]
    """Where each link begins."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A package that holds some of the things asked about."""

    package: str
    case: str
    agency: str
    partner: str
    file: str
    released: bool
    records: Sequence[str]
    reports: Sequence[str]
    links: Sequence[str]

    @property
    def any(self) -> bool:
        """Whether it holds one at all."""
        return len(self.records) + len(self.reports) + len(self.links) > 0


def add_tx(tx: Tx, this: Notice, reach: Reach) -> None:
    """Write a notice; ConflictError from the store where there is one of that id."""
    properties = {
        "id": this.id, "kind": this.kind.value, "package": this.package, "case": this.case, "agency": this.agency,
        "partner": this.partner, "received": this.received, "deadline": this.deadline,
        **_said(this), "text": this.text, "number": this.number, "digest": this.digest,
        "automatic": this.automatic, "made_by": this.made_by, "made_name": this.made_name, "made": stamp(this.made),
        "compartments": list(reach.compartments), "audience": list(reach.audience),
    }  # fmt: skip
    tx.run(ADD, properties=properties).consume()


def act_tx(tx: Tx, this: Notice, act: NoticeDone) -> None:
    """Append what was done; ConflictError from the store when somebody else did something at the same moment."""
    number = len(this.acts)
    tx.run(
        ACT, notice=this.id, key=f"{this.id}:{number}", number=number, kind=act.kind.value, by=act.by, name=act.name,
        at=stamp(act.at), code=act.code, text=act.text,
    ).consume()  # fmt: skip


def sign_tx(tx: Tx, this: Notice, number: int, digest: str) -> None:
    """Write down what a released notice says."""
    tx.run(SIGN, notice=this.id, said={**_said(this), "number": number, "digest": digest}).consume()


def lock_tx(tx: Tx, package: str) -> None:
    """Let notices about a package be released one after the other."""
    tx.run(LOCK, package=package).consume()


def notices_tx(tx: Tx, reader: Readership, package: str = "") -> list[Notice]:
    """List the notices that a reader may know of, newest first; of one package, or of all."""
    return [_notice_of(r["notice"], r["acts"]) for r in tx.run(LIST, id="", package=package, **reader.parameters())]


def notice_tx(tx: Tx, reader: Readership, this: str) -> Notice | None:
    """Read one; None when there is none that this reader may know of."""
    row = tx.run(LIST, id=this, package="", **reader.parameters()).single()
    return None if row is None else _notice_of(row["notice"], row["acts"])


def keep_content_tx(tx: Tx, package: str, content: Content) -> None:
    """Write down what a package holds."""
    properties = {
        "id": package, "reports": list(content.reports), "records": list(content.records), "links": list(content.links),
        "sources": list(content.sources),
    }  # fmt: skip
    tx.run(KEEP_CONTENT, id=package, properties=properties).consume()


def content_tx(tx: Tx, package: str) -> Content:
    """Read what a package holds; its caller may read the package."""
    row = tx.run(CONTENT, id=package).single()
    if row is None:
        return Content((), (), (), ())
    said = row["content"]
    return Content(said["reports"], said["records"], said["links"], said["sources"])


def holding_tx(tx: Tx, cases: Collection[str], ids: Collection[str]) -> list[Holding]:
    """Return the packages that were made from these cases, with those of the ids that each holds."""
    return [Holding(**row.data()) for row in tx.run(HOLDING, cases=sorted(cases), ids=sorted(ids))]


def sent_cases_tx(tx: Tx, agency: str) -> list[str]:
    """Return the cases that an agency made packages from."""
    return list(tx.run(SENT_CASES, agency=agency).single(strict=True)["cases"])


def recalled_tx(tx: Tx, package: str) -> set[Item]:
    """Return every item that some recall of a package names, drafts and discarded ones too."""
    row = tx.run(PROPOSED, package=package, kind=NoticeKind.RECALL.value).single(strict=True)
    return {Item.of(text) for text in row["items"]}


def close_file_tx(tx: Tx, package: str) -> None:
    """Let the kept bytes of a package belong to it no more: nobody opens it again, and they are swept."""
    tx.run(CLOSE_FILE, package=package).consume()


def _said(this: Notice) -> dict[str, Any]:
    return {
        "items": [item.text() for item in this.items],
        "apart": [f"{a} {b}" for a, b in this.apart],
        "marked": [_line_of(m) for m in this.marked],
    }


def _line_of(this: Marked) -> str:
    return "|".join(",".join(part) if isinstance(part, tuple) else part for part in astuple(this))


def _marked_of(line: str) -> Marked:
    report, tlp, pap, release, names, handling = line.split("|", 5)
    return Marked(report, tlp, pap, release, tuple(n for n in names.split(",") if n != ""), handling)


def _notice_of(node: Mapping[str, Any], acts: Sequence[Mapping[str, Any]]) -> Notice:
    kept = {
        name: node[name]
        for name in (
            "id", "package", "case", "agency", "partner", "received", "deadline", "text", "number", "digest", "automatic",
            "made_by", "made_name",
        )
    }  # fmt: skip
    pairs = [text.split(" ", 1) for text in node["apart"]]
    return Notice(
        **kept,
        kind=NoticeKind(node["kind"]),
        items=tuple(Item.of(text) for text in node["items"]),
        apart=tuple((left, right) for left, right in pairs),
        marked=tuple(_marked_of(line) for line in node["marked"]),
        made=moment(node["made"]),
        acts=tuple(
            NoticeDone(NoticeAct(a["kind"]), a["by"], a["name"], moment(a["at"]), a["code"], a["text"]) for a in acts
        ),
    )
