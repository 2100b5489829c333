"""What a recall or correction changes in a recipient's graph, of what the sender stated and of nothing else.

Closing empties the lists of who may read, the one thing about records that changes; a victim's records leave the graph whole.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.entities import type_of
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.judgement import pair_of
from jpa.model.marking import Marking
from jpa.model.record import Record, Report

STATED_BY: Final[Query] = upkeep("""
MATCH (p:Report)-[:STATES]->(r:Record) WHERE p.id IN $reports AND p.agency = $agency AND r.agency = $agency RETURN DISTINCT r.id AS id
""")

OWNED: Final[Query] = upkeep("""
MATCH (p:Report)-[:STATES]->(r:Record) WHERE r.id IN $ids AND r.agency = $agency
RETURN labels(r) AS labels, properties(r) AS node, properties(p) AS report ORDER BY r.id
""")

OWNED_REPORTS: Final[Query] = upkeep(
    "MATCH (p:Report) WHERE p.id IN $ids AND p.agency = $agency RETURN properties(p) AS report"
)

OWNED_LINKS: Final[Query] = upkeep("""
UNWIND $rows AS row
MATCH (:Record {id: row.source})-[links(l)]->(:Record) WHERE l.id = row.id AND l.agency = $agency
RETURN l.id AS id, l.report AS report
""")

# Own records that an officer judged the same as what leaves: only their number is told.
JUDGED_SAME: Final[Query] = upkeep("""
MATCH (r:Record)-[:SAME]-(o:Record) WHERE r.id IN $ids AND o.agency <> $agency RETURN count(DISTINCT o) AS n
""")

CLOSE_RECORDS: Final[Query] = upkeep("""
MATCH (r:Record) WHERE r.id IN $ids AND r.agency = $agency SET r.compartments = [], r.audience = []
WITH r MATCH (r)-[l]-() WHERE l.compartments IS NOT NULL AND coalesce(l.agency, $agency) = $agency
SET l.compartments = [], l.audience = []
""")

CLOSE_REPORTS: Final[Query] = upkeep("""
MATCH (p:Report) WHERE p.id IN $ids AND p.agency = $agency SET p.compartments = [], p.audience = []
""")

CLOSE_EVIDENCE: Final[Query] = upkeep("""
MATCH (e:Evidence)-[:BEHIND]->(p:Report) WHERE p.id IN $ids AND p.agency = $agency AND e.agency = $agency
SET e.compartments = [], e.audience = []
""")

CLOSE_LINKS: Final[Query] = upkeep("""
UNWIND $rows AS row
MATCH (:Record {id: row.source})-[links(l)]->(:Record) WHERE l.id = row.id AND l.agency = $agency
SET l.compartments = [], l.audience = []
""")

REMARK: Final[Query] = upkeep("""
MATCH (p:Report {id: $id}) WHERE p.agency = $agency AND size(p.audience) > 0
SET p.tlp = $tlp, p.pap = $pap, p.release = $release, p.release_names = $names, p.handling = $handling, p.audience = $audience
WITH p
CALL (p) { MATCH (p)-[:STATES]->(r:Record) WHERE size(r.audience) > 0 SET r.audience = $audience }
CALL (p) { MATCH (e:Evidence)-[:BEHIND]->(p) WHERE size(e.audience) > 0 SET e.audience = $audience }
CALL (p) { MATCH (p)-[:STATES|TIES]->(:Record)-[l]->() WHERE l.report = p.id AND size(l.audience) > 0 SET l.audience = $audience }
""")

UNPROPOSE: Final[Query] = upkeep("MATCH (p:Proposal {pair: $pair, model: $model}) DETACH DELETE p RETURN count(*) AS n")

JUDGED_HERE: Final[Query] = query("""
MATCH (j:Judgement {pair: $pair}) WHERE NOT EXISTS { (j)<-[:SUPERSEDES]-(:Judgement) } AND j.verdict = 'same'
MATCH (a:Record {id: j.left}) WHERE readable(a)
RETURN count(j) AS n
""")

# A later package brings a thing back that an earlier recall closed.
REOPEN_REPORTS: Final[Query] = upkeep("""
MATCH (p:Report) WHERE p.id IN $ids AND size(p.compartments) = 0 SET p.compartments = $compartments, p.audience = $audience
""")
REOPEN_RECORDS: Final[Query] = upkeep("""
MATCH (r:Record) WHERE r.id IN $ids AND size(r.compartments) = 0 SET r.compartments = $compartments, r.audience = $audience
WITH r MATCH (r)-[i:INVOLVED_IN]->(:Case) WHERE size(i.compartments) = 0 SET i.compartments = $compartments, i.audience = $audience
""")
REOPEN_LINKS: Final[Query] = upkeep("""
UNWIND $rows AS row
MATCH (:Record {id: row.source})-[links(l)]->(:Record) WHERE l.id = row.id AND size(l.compartments) = 0
SET l.compartments = $compartments, l.audience = $audience
""")


def stated_tx(tx: Tx, agency: str, reports: Collection[str]) -> set[str]:
    """Return the records that reports of an agency state here."""
    return {row["id"] for row in tx.run(STATED_BY, reports=sorted(reports), agency=agency)}


def owned_tx(tx: Tx, agency: str, ids: Collection[str]) -> list[tuple[Record, Report]]:
    """Read those of the ids that are records of an agency here, each with its report; for sealing and correcting alone."""
    found = tx.run(OWNED, ids=sorted(ids), agency=agency)
    return [(rows.record_of(type_of(row["labels"]), row["node"]), rows.report_of(row["report"])) for row in found]


def owned_reports_tx(tx: Tx, agency: str, ids: Collection[str]) -> list[Report]:
    """Read those of the ids that are reports of an agency here."""
    return [rows.report_of(row["report"]) for row in tx.run(OWNED_REPORTS, ids=sorted(ids), agency=agency)]


def owned_links_tx(tx: Tx, agency: str, ties: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Map those of the links, given as id and source, that an agency states here to their reports."""
    return {row["id"]: row["report"] for row in tx.run(OWNED_LINKS, rows=_rows(ties), agency=agency)}


def judged_same_tx(tx: Tx, agency: str, ids: Collection[str]) -> int:
    """Count the records of others that were judged the same as these of an agency."""
    row = tx.run(JUDGED_SAME, ids=sorted(ids), agency=agency).single(strict=True)
    return int(row["n"])


def close_tx(
    tx: Tx, agency: str, records: Collection[str], reports: Collection[str], evidence: Collection[str]
) -> None:
    """Let nobody read these records and reports of an agency, their ties, and the files behind reports."""
    tx.run(CLOSE_RECORDS, ids=sorted(records), agency=agency).consume()
    tx.run(CLOSE_REPORTS, ids=sorted(reports), agency=agency).consume()
    tx.run(CLOSE_EVIDENCE, ids=sorted({*reports, *evidence}), agency=agency).consume()


def close_links_tx(tx: Tx, agency: str, ties: Sequence[tuple[str, str]]) -> None:
    """Let nobody read these links, given as id and source."""
    tx.run(CLOSE_LINKS, rows=_rows(ties), agency=agency).consume()


def remark_tx(tx: Tx, report: Report, marking: Marking, audience: Sequence[str]) -> None:
    """Mark a report otherwise, and let all that it states follow; its hash stays that of what was signed."""
    said: dict[str, Any] = {
        "tlp": marking.tlp.value, "pap": marking.pap.value, "release": marking.release.value, "names": list(marking.names),
        "handling": marking.handling,
    }  # fmt: skip
    tx.run(REMARK, id=report.id, agency=report.agency, audience=list(audience), **said).consume()


def unpropose_tx(tx: Tx, reader: Readership, left: str, right: str, model: str) -> int:
    """Take back what an agency proposed about a pair; returns how many own verdicts say the same and stay."""
    pair = pair_of(left, right)
    tx.run(UNPROPOSE, pair=pair, model=model).consume()
    row = tx.run(JUDGED_HERE, pair=pair, **reader.parameters()).single(strict=True)
    return int(row["n"])


def reopen_tx(
    tx: Tx, reach: Reach, reports: Sequence[str], records: Sequence[str], ties: Sequence[tuple[str, str]]
) -> None:
    """Open what an earlier recall closed, for those whom the new package lets read it; what is open stays as it is."""
    who: dict[str, Any] = {"compartments": list(reach.compartments), "audience": list(reach.audience)}
    tx.run(REOPEN_REPORTS, ids=list(reports), **who).consume()
    tx.run(REOPEN_RECORDS, ids=list(records), **who).consume()
    tx.run(REOPEN_LINKS, rows=_rows(ties), **who).consume()


def _rows(ties: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"id": i, "source": source} for i, source in ties]
