"""Links by the report that states them, in force or not."""

from dataclasses import dataclass
from typing import Any, Final

from jpa.graph import rows
from jpa.graph.cypher import Query, query
from jpa.graph.entities import glances_tx
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.entity import Glance
from jpa.model.record import Link

STATED: Final[Query] = query("""
MATCH (p:Report {id: $report})-[:STATES|TIES]->(r:Record)-[links(l)]-(o:Record)
WHERE l.report = p.id AND readable(p) AND readable(r) AND readable(l) AND readable(o) AND ($link = '' OR l.id = $link)
WITH DISTINCT l, in_force(l) AS in_force
RETURN type(l) AS type, startNode(l).id AS source, endNode(l).id AS target, properties(l) AS link, in_force
ORDER BY l.id
""")


@dataclass(frozen=True, slots=True)
class StatedLink:
    """One link as its report states it, with glances at what it ties."""

    link: Link
    source: Glance
    target: Glance
    in_force: bool


def stated_by_tx(tx: Tx, reader: Readership, report: str) -> list[StatedLink]:
    """Read the links that one report states, in the order of entry; withdrawn ones too."""
    found = [row.data() for row in tx.run(STATED, report=report, link="", **reader.parameters())]
    glances = glances_tx(tx, reader, sorted({end for row in found for end in (row["source"], row["target"])}))
    return [StatedLink(_link_of(r), glances[r["source"]], glances[r["target"]], r["in_force"]) for r in found]


def link_tx(tx: Tx, reader: Readership, report: str, link: str) -> tuple[Link, bool] | None:
    """Read one link of a report and whether it is in force; None when there is none that this reader may know of."""
    found = tx.run(STATED, report=report, link=link, **reader.parameters()).single() if link != "" else None
    return None if found is None else (_link_of(found.data()), found["in_force"])


def _link_of(row: dict[str, Any]) -> Link:
    return rows.link_of(row["type"], row["source"], row["target"], row["link"])
