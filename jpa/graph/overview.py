"""What start pages show: what changed since a moment."""

from typing import Any, Final

from jpa.graph.cypher import Query, query
from jpa.graph.rows import moment
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import Change, ChangeKind

# Each kind by its own index. Officers of other agencies are not named; the action book and the decision log of a granted case stay with
# its agency.
REPORTS_SINCE: Final[Query] = query("""
MATCH (p:Report) WHERE p.entered >= $since AND readable(p)
MATCH (p)-[:FILED_IN]->(c:Case) WHERE c.id IN $compartments
OPTIONAL MATCH (o:Officer {id: p.officer, agency: $agency})
RETURN p.entered AS at, c.id AS case, c.number AS number, p.id AS object, p.title AS what, coalesce(o.name, p.agency) AS by
ORDER BY at DESC, object LIMIT $limit
""")

ACTIONS_SINCE: Final[Query] = query("""
MATCH (a:Action) WHERE a.at >= $since
MATCH (c:Case)-[:HAS]->(a) WHERE c.id IN $compartments AND c.agency = $agency
OPTIONAL MATCH (o:Officer {id: a.by, agency: $agency})
RETURN a.at AS at, c.id AS case, c.number AS number, a.id AS object, a.title + ': ' + a.state AS what, coalesce(o.name, c.agency) AS by
ORDER BY at DESC, object LIMIT $limit
""")

DECISIONS_SINCE: Final[Query] = query("""
MATCH (d:Decision) WHERE d.at >= $since
MATCH (c:Case)-[:HAS]->(d) WHERE c.id IN $compartments AND c.agency = $agency
OPTIONAL MATCH (o:Officer {id: d.by, agency: $agency})
RETURN d.at AS at, c.id AS case, c.number AS number, d.id AS object, d.decision AS what, coalesce(o.name, c.agency) AS by
ORDER BY at DESC, object LIMIT $limit
""")

JUDGEMENTS_SINCE: Final[Query] = query("""
MATCH (j:Judgement) WHERE j.at >= $since
MATCH (a:Record {id: j.left}) WHERE readable(a)
MATCH (b:Record {id: j.right}) WHERE readable(b)
OPTIONAL MATCH (o:Officer {id: j.by, agency: $agency})
RETURN j.at AS at, NULL AS case, '' AS number, a.id AS object, a.caption + ' / ' + b.caption + ': ' + j.verdict AS what,
       coalesce(o.name, j.agency) AS by
ORDER BY at DESC, object LIMIT $limit
""")

_SINCE: Final = {
    ChangeKind.REPORT: REPORTS_SINCE,
    ChangeKind.ACTION: ACTIONS_SINCE,
    ChangeKind.DECISION: DECISIONS_SINCE,
    ChangeKind.JUDGEMENT: JUDGEMENTS_SINCE,
}


def changes_tx(tx: Tx, reader: Readership, since: str, *, limit: int) -> list[Change]:
    """List what was entered, recorded and judged since a moment, newest first, as far as the reader may read it."""
    given: dict[str, Any] = {**reader.parameters(), "agency": reader.officer.agency, "since": since, "limit": limit}
    found = [(kind, row) for kind, text in _SINCE.items() for row in tx.run(text, **given)]
    changes = [
        Change(kind, moment(r["at"]), r["case"], r["number"], r["object"], r["what"], r["by"]) for kind, r in found
    ]
    return sorted(sorted(changes, key=lambda c: c.object), key=lambda c: c.at, reverse=True)[:limit]
