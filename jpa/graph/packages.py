"""Packages: each written once, what is done about it appended."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach, moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.package import Done, Package, PackageAct

ADD: Final[Query] = upkeep("CREATE (p:Package) SET p = $properties")

# The key is unique, and counts what was done before: of two who press a button at once one finds it taken.
ACT: Final[Query] = upkeep("""
MATCH (p:Package {id: $package}) SET p.touched = true REMOVE p.touched
CREATE (a:PackageAct {key: $key, kind: $kind, by: $by, name: $name, at: $at, code: $code, text: $text, number: $number})-[:ABOUT]->(p)
""")

LIST: Final[Query] = query("""
MATCH (p:Package) WHERE ($id = '' OR p.id = $id) AND readable(p)
RETURN properties(p) AS package, COLLECT { MATCH (a:PackageAct)-[:ABOUT]->(p) RETURN properties(a) ORDER BY a.number } AS acts
ORDER BY p.id DESC
""")

# Whoever may read it: the caller says no more than that the number is taken.
KNOWN: Final[Query] = upkeep("MATCH (p:Package {id: $id}) RETURN p.manifest AS manifest")

# Of every released package of a case, whoever may read it: the caller only asks whether a new summary is safe beside them.
SUMMARIES: Final[Query] = upkeep("""
MATCH (p:Package {case: $case, received: false})<-[:ABOUT]-(s:PackageAct {kind: $signed})
WHERE EXISTS { (p)<-[:ABOUT]-(:PackageAct {kind: $released}) }
RETURN p.id AS package, s.code AS file ORDER BY p.id
""")

# Two releases of one case that come at once stand one after the other.
LOCK: Final[Query] = upkeep("MATCH (c:Case {id: $case}) SET c.touched = true REMOVE c.touched")

# Content that is here already, whoever may read it. Ids are not guessed, and whoever sends one has the content.
STANDING: Final[Query] = upkeep("""
UNWIND $ids AS id
CALL { WITH id MATCH (r:Record {id: id}) RETURN r.content_hash AS hash }
RETURN id, hash
""")

STANDING_LINKS: Final[Query] = upkeep("""
UNWIND $rows AS row
MATCH (:Record {id: row.source})-[links(l)]->(:Record {id: row.target}) WHERE l.id = row.id
RETURN row.id AS id, l.content_hash AS hash
""")

STANDING_REPORTS: Final[Query] = upkeep("""
MATCH (p:Report) WHERE p.id IN $ids RETURN p.id AS id, p.content_hash AS hash, p.case AS case, p.audience AS audience
""")

# Without a key nothing joins it by itself: a telephone number that both sides hold stays two records.
SET_APART: Final[Query] = upkeep("MATCH (r:Record) WHERE r.id IN $ids SET r.apart = true REMOVE r.key")


def add_tx(tx: Tx, this: Package, reach: Reach) -> None:
    """Write a package; ConflictError from the store where there is one of that id."""
    properties = {
        "id": this.id, "agency": this.agency, "partner": this.partner, "received": this.received, "case": this.case,
        "agreement": this.agreement, "agreement_title": this.agreement_title, "purpose": this.purpose,
        "reference": this.reference, "tlp": this.tlp, "pap": this.pap, "manifest": this.manifest, "file": this.file,
        "reports": this.reports, "records": this.records, "links": this.links, "files": this.files,
        "withheld_reasons": [reason for reason, _ in this.withheld], "withheld_counts": [n for _, n in this.withheld],
        "compare": this.compare, "made_by": this.made_by, "made_name": this.made_name, "made": stamp(this.made),
        "fingerprint": this.fingerprint, "new": this.new, "known": this.known, "refused": this.refused,
        "refused_ids": [i for i, _ in this.refusals], "refused_reasons": [reason for _, reason in this.refusals],
        "selection": this.selection, "pages": this.pages, "compartments": list(reach.compartments), "audience": list(reach.audience),
    }  # fmt: skip
    tx.run(ADD, properties=properties).consume()


def act_tx(tx: Tx, this: Package, act: Done) -> None:
    """Append what was done; ConflictError from the store when somebody else did something at the same moment."""
    number = len(this.acts)
    tx.run(
        ACT, package=this.id, key=f"{this.id}:{number}", number=number, kind=act.kind.value, by=act.by, name=act.name,
        at=stamp(act.at), code=act.code, text=act.text,
    ).consume()  # fmt: skip


def packages_tx(tx: Tx, reader: Readership) -> list[Package]:
    """List the packages that a reader may know of, newest first."""
    return [_package_of(row["package"], row["acts"]) for row in tx.run(LIST, id="", **reader.parameters())]


def package_tx(tx: Tx, reader: Readership, this: str) -> Package | None:
    """Read one; None when there is none that this reader may know of."""
    row = tx.run(LIST, id=this, **reader.parameters()).single()
    return None if row is None else _package_of(row["package"], row["acts"])


def known_tx(tx: Tx, this: str) -> str | None:
    """Return the hash of the manifest of a package that is here already; None where there is none."""
    row = tx.run(KNOWN, id=this).single()
    return None if row is None else str(row["manifest"])


def summaries_tx(tx: Tx, case: str, *, lock: bool = False) -> list[tuple[str, str]]:
    """List the packages of a case that left with a summary, each with the file of what was counted; `lock` lets no other one leave meanwhile."""
    if lock:
        tx.run(LOCK, case=case).consume()
    rows = tx.run(SUMMARIES, case=case, signed=PackageAct.SUMMARY_SIGNED.value, released=PackageAct.RELEASED.value)
    return [(row["package"], row["file"]) for row in rows]


def standing_records_tx(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    """Map those of the records that are here to their content hash."""
    return {row["id"]: row["hash"] for row in tx.run(STANDING, ids=list(ids))}


def standing_links_tx(tx: Tx, ties: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Map those of the links, given as id, source and target, that are here to their content hash."""
    rows = [{"id": i, "source": source, "target": target} for i, source, target in ties]
    return {row["id"]: row["hash"] for row in tx.run(STANDING_LINKS, rows=rows)}


def standing_reports_tx(tx: Tx, ids: Sequence[str]) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Map those of the reports that are here to content hash, case and audience, which is empty for one that was recalled."""
    return {
        row["id"]: (row["hash"], row["case"], tuple(row["audience"])) for row in tx.run(STANDING_REPORTS, ids=list(ids))
    }


def set_apart_tx(tx: Tx, ids: Sequence[str]) -> None:
    """Keep records out of every comparison: one of the two sides does not allow it."""
    tx.run(SET_APART, ids=list(ids)).consume()


def _package_of(node: Mapping[str, Any], acts: Sequence[Mapping[str, Any]]) -> Package:
    kept = {
        name: node[name]
        for name in (
            "id", "agency", "partner", "received", "case", "agreement", "agreement_title", "purpose", "reference", "tlp",
            "pap", "manifest", "file", "reports", "records", "links", "files", "compare", "made_by", "made_name",
            "fingerprint", "new", "known", "refused", "selection",
        )
    }  # fmt: skip
    return Package(
        **kept,
        pages=node.get("pages", ""),  # packages of before have none
        withheld=tuple(zip(node["withheld_reasons"], node["withheld_counts"], strict=True)),
        made=moment(node["made"]),
        refusals=tuple(zip(node["refused_ids"], node["refused_reasons"], strict=True)),
        acts=tuple(
            Done(PackageAct(a["kind"]), a["by"], a["name"], moment(a["at"]), a["code"], a["text"]) for a in acts
        ),
    )
