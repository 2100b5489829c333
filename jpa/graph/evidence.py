"""What is known of evidence files; their bytes lie in the folder (`jpa.operations.evidence`)."""

from collections.abc import Sequence
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach, moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.evidence import EvidenceFile

ADD: Final[Query] = upkeep("""
MATCH (p:Report {id: $report})
MERGE (e:Evidence {report: $report, digest: $digest}) ON CREATE SET e = $properties
ON MATCH SET e.restricted = coalesce(e.restricted, []) + [v IN $properties.restricted WHERE NOT v IN coalesce(e.restricted, [])]
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

OF_CASE: Final[Query] = query("""
MATCH (e:Evidence {case: $case})-[:BEHIND]->(p:Report) WHERE readable(p) AND readable(e)
OPTIONAL MATCH (o:Officer {id: e.officer})
RETURN properties(e) AS evidence, coalesce(o.name, e.officer) AS name ORDER BY e.id
""")

RESTRICT: Final[Query] = upkeep("""
MATCH (e:Evidence {case: $case}) WHERE e.id IN $ids
SET e.restricted = coalesce(e.restricted, []) + [v IN $victims WHERE NOT v IN coalesce(e.restricted, [])] RETURN count(e) AS n
""")

READ: Final[Query] = query("""
MATCH (e:Evidence {id: $id})-[:BEHIND]->(p:Report) WHERE readable(p) AND readable(e)
OPTIONAL MATCH (o:Officer {id: e.officer})
RETURN properties(e) AS evidence, coalesce(o.name, e.officer) AS name
""")

# A file whose case the graph does not know is no orphan: then this is another graph, or an older one, and nothing may go.
UNCLAIMED: Final[Query] = upkeep("""
CALL { MATCH (e:Evidence) WHERE e.digest IN [f IN $files | f[1]] RETURN collect([e.case, e.digest]) AS claimed }
UNWIND $files AS file MATCH (c:Case {id: file[0]}) WHERE NOT file IN claimed RETURN file
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
        "restricted": list(file.restricted),
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


def of_case_tx(tx: Tx, reader: Readership, case: str) -> list[EvidenceFile]:
    """List the files behind the readable reports of a case, oldest first."""
    found = tx.run(OF_CASE, case=case, **reader.parameters())
    return [_file_of(row["evidence"], row["name"]) for row in found]


def restrict_tx(tx: Tx, case: str, ids: Sequence[str], victims: Sequence[str]) -> int:
    """Say of files whom they name; returns how many."""
    return int(tx.run(RESTRICT, case=case, ids=list(ids), victims=list(victims)).single(strict=True)["n"])


def file_tx(tx: Tx, reader: Readership, evidence: str) -> EvidenceFile | None:
    """Read what is known of one file; None when there is none that this reader may know of."""
    row = tx.run(READ, id=evidence, **reader.parameters()).single()
    return None if row is None else _file_of(row["evidence"], row["name"])


def unclaimed_tx(tx: Tx, files: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those of the files, by case and digest, that stand behind no report of a case that is there."""
    found = tx.run(UNCLAIMED, files=[list(file) for file in files])
    return [(row["file"][0], row["file"][1]) for row in found]


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
        restricted=tuple(node.get("restricted", ())),
    )
