"""The one gate between Python and Cypher: guarded reads, and names that come only from the catalogue.

Queries are module constants made by `query`. Its four macros keep the access rule in one place:

- `readable(x)` is the rule of design section 4: a readable compartment and a marking that permits the reader.
- `links(l)` names every link type of the catalogue: `-[links(l)]-`.
- `in_force(r)` leaves out records that a readable record supersedes.
- `covered(x)` opens what was worked out from many records (a run, a proposal, evidence) to those who can read all of them.
"""

import re
from typing import Final, NewType

from jpa.errors import CatalogueError
from jpa.model.catalogue import ENTITY_TYPES, INVOLVED_IN, LINK_TYPES

Query = NewType("Query", str)

_READABLE: Final = (
    "(any(_c IN {0}.compartments WHERE _c IN $compartments) AND any(_a IN {0}.audience WHERE _a IN $audience))"
)
_IN_FORCE: Final = "NOT EXISTS {{ ({0})<-[:SUPERSEDES]-(_n:Record) WHERE " + _READABLE.format("_n") + " }}"
_COVERED: Final = (
    "(all(_c IN {0}.compartments WHERE _c IN $compartments) AND all(_a IN {0}.audience WHERE _a IN $audience))"
)
_MACRO: Final = re.compile(r"\b(readable|links|in_force|covered)\((\w+)\)")
_GUARDED_LABELS: Final = ("Record", "Report", "Victim", *ENTITY_TYPES)
_NODE: Final = re.compile(r"\((\w*)\s*:\s*([A-Z]\w*)")
_LINK: Final = re.compile(r"\[\s*(?:(\w*)\s*:\s*([A-Z_|]+)|links\((\w+)\))")
_LINK_NAMES: Final = frozenset((*LINK_TYPES, INVOLVED_IN))
LINK_PATTERN: Final = "|".join(sorted(LINK_TYPES))


def query(text: str) -> Query:
    """Expand the macros of a read and refuse, at import, one that touches guarded data without `readable`."""
    _require_guards(text)
    return Query(_MACRO.sub(_expand, text))


def upkeep(text: str) -> Query:
    """Return a query that runs without a reader: writes of checked content, migration, backup, deletion of drafts.

    Its callers have already decided; the architecture test lists the modules that may call it.
    """
    return Query(_MACRO.sub(_expand, text))


def label(type_name: str) -> str:
    """Return the label of an entity type, quoted for Cypher; CatalogueError for any other text."""
    if type_name not in ENTITY_TYPES:
        raise CatalogueError(f"{type_name!r} is no entity type of the catalogue")
    return f"`{type_name}`"


def relationship(type_name: str) -> str:
    """Return the relationship type of a link type, quoted for Cypher; CatalogueError for any other text."""
    if type_name not in _LINK_NAMES:
        raise CatalogueError(f"{type_name!r} is no link type of the catalogue")
    return f"`{type_name}`"


def create_records(type_name: str) -> Query:
    """Return the batch write of records of one type; `$rows` carries id, report and properties."""
    return Query(
        "UNWIND $rows AS row "
        "MATCH (p:Report {id: row.report}) "
        "MERGE (r:Record {id: row.id}) "
        f"ON CREATE SET r = row.properties, r:{label(type_name)} "
        "MERGE (p)-[:STATES]->(r)"
    )


def create_links(type_name: str) -> Query:
    """Return the batch write of links of one type; `$rows` carries id, both ends and properties."""
    return Query(
        "UNWIND $rows AS row "
        "MATCH (a:Record {id: row.source}) MATCH (b:Record {id: row.target}) "
        f"MERGE (a)-[l:{relationship(type_name)} {{id: row.id}}]->(b) "
        "ON CREATE SET l = row.properties"
    )


def _expand(match: re.Match[str]) -> str:
    macro, variable = match.groups()
    if macro == "readable":
        return _READABLE.format(variable)
    if macro == "in_force":
        return _IN_FORCE.format(variable)
    if macro == "covered":
        return _COVERED.format(variable)
    return f"{variable}:{LINK_PATTERN}"


def _require_guards(text: str) -> None:
    guarded = {variable for macro, variable in _MACRO.findall(text) if macro == "readable"}
    for variable, found in _NODE.findall(text):
        if found in _GUARDED_LABELS and variable not in guarded:
            raise CatalogueError(f"a query reads ({variable}:{found}) without readable({variable})")
    for variable, types, macro_variable in _LINK.findall(text):
        name = variable or macro_variable
        touches = macro_variable != "" or any(t in _LINK_NAMES for t in types.split("|"))
        if touches and name not in guarded:
            raise CatalogueError(f"a query reads [{name}:{types or 'links'}] without readable({name})")
