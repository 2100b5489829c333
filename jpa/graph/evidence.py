"""What is known of evidence files; their bytes lie in the folder (`jpa.operations.evidence`)."""

from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach, moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.evidence import EvidenceFile

ADD: Final[Query] = upkeep("""
MATCH (p:Report {id: $report})
MERGE (e:Evidence {report: $report, digest: $digest}) ON CREATE SET e = $properties
MERGE (e)-[:BEHIND]->(p)
RETURN properties(e) AS evidence
""")

STATED_REACH: Final[Query] = query("""
MATCH (p:Report {id: $report}) WHERE readable(p) RETURN p.compartments AS compartments, p.audience AS audience
""")

OF_REPORT: Final[Query] = query("""
MATCH (e:Evidence)-[:BEHIND]->(p:Report {id: $report}) WHERE readable(p) AND readable(e)
OPTIONAL MATCH (o:Officer {id: e.officer})
RETURN properties(e) AS evidence, coalesce(o.name, e.officer) AS name ORDER BY e.id
""")

READ: Final[Query] = query("""
MATCH (e:Evidence {id: $id})-[:BEHIND]->(p:Report) WHERE readable(p) AND readable(e)
OPTIONAL MATCH (o:Officer {id: e.officer})
RETURN properties(e) AS evidence, coalesce(o.name, e.officer) AS name
""")

OFFICER_NAMES: Final[Query] = upkeep("MATCH (o:Officer) WHERE o.id IN $ids RETURN o.id AS id, o.name AS name")


def add_tx(tx: Tx, file: EvidenceFile, reach: Reach) -> EvidenceFile:
    """Attach a file to its report; the same bytes again are the copy that stands."""
    properties = {
        "id": file.id,
        "report": file.report,
        "case": file.case,
        "agency": file.agency,
        "name": file.name,
        "size": file.size,
        "digest": file.digest,
        "officer": file.by,
        "entered": stamp(file.added),
        "why": file.why,
        "compartments": list(reach.compartments),
        "audience": list(reach.audience),
    }
    row = tx.run(ADD, report=file.report, digest=file.digest, properties=properties).single(strict=True)
    return _file_of(row["evidence"], file.officer)


def reach_tx(tx: Tx, reader: Readership, report: str) -> Reach | None:
    """Return who may read a report now: a file is born with the reach of its report."""
    row = tx.run(STATED_REACH, report=report, **reader.parameters()).single()
    return None if row is None else Reach(tuple(row["compartments"]), tuple(row["audience"]))


def of_report_tx(tx: Tx, reader: Readership, report: str) -> list[EvidenceFile]:
    """List the files behind a report, oldest first."""
    found = tx.run(OF_REPORT, report=report, **reader.parameters())
    return [_file_of(row["evidence"], row["name"]) for row in found]


def file_tx(tx: Tx, reader: Readership, evidence: str) -> EvidenceFile | None:
    """Read what is known of one file; None when there is none that this reader may know of."""
    row = tx.run(READ, id=evidence, **reader.parameters()).single()
    return None if row is None else _file_of(row["evidence"], row["name"])


def officer_names_tx(tx: Tx, ids: list[str]) -> dict[str, str]:
    """Map officers' ids to their names."""
    return {row["id"]: row["name"] for row in tx.run(OFFICER_NAMES, ids=ids)}


def _file_of(node: dict[str, Any], name: str) -> EvidenceFile:
    return EvidenceFile(
        id=node["id"],
        report=node["report"],
        case=node["case"],
        agency=node["agency"],
        name=node["name"],
        size=node["size"],
        digest=node["digest"],
        by=node["officer"],
        added=moment(node["entered"]),
        why=node["why"],
        officer=name,
    )
