"""The one gate between Python and Cypher: guarded reads, and names that come only from the catalogue.

Queries are module constants made by `query`. Its macros keep the access rule in one place:

- `readable(x)` is the rule of design section 4: a readable compartment and a marking that permits the reader.
- `links(l)` names every link type of the catalogue: `-[links(l)]-`.
- `in_force(x)` leaves out what was withdrawn: what is retracted itself or with its report, a link with a retracted end, and what a
  readable correction in force supersedes. A retraction has no reach of its own: it shows to exactly those who may read its target.
- `retracted(ids)` and `corrected(ids)` are the same rule for many links at once: of a list of ids, those that are retracted, and those
  of links that a readable correction in force supersedes. A link is in force when none of its own, its report's and its ends' is there.
- `covered(x)` opens what was worked out from many records (a run, a proposal, evidence) to those who can read all of them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, NewType

from jpa.errors import CatalogueError
from jpa.model.catalogue import ENTITY_TYPES, INVOLVED_IN, LINK_TYPES

Query = NewType("Query", str)

_MACRO: Final = re.compile(r"\b(readable|links|in_force|retracted|corrected|covered)\((\w+)\)")
_GUARDED_LABELS: Final = ("Record", "Report", "Victim", "Evidence", "Outcome", "Incident", "Claim", *ENTITY_TYPES)
_NODE: Final = re.compile(r"\((\w*)\s*:\s*([A-Z]\w*)")
_LINK: Final = re.compile(r"\[\s*(?:(\w*)\s*:\s*([A-Z_|]+)|links\((\w+)\))")
_ENDS: Final = re.compile(
    r"\((\w*)[^()]*\)\s*<?-\[\s*(?:\w*\s*:\s*([A-Z_|]+)|links\(\w+\))[^\]]*\]->?\s*(?=\((\w*)[^()]*\))"
)
_NAMELESS: Final = re.compile(r"-\[:(?:STATES|TIES|FILED_IN)[^\]]*\]->?\(\)|\(\)<?-\[:(?:STATES|TIES|FILED_IN)")
_LINK_NAMES: Final = frozenset((*LINK_TYPES, INVOLVED_IN))
LINK_PATTERN: Final = "|".join(sorted(LINK_TYPES))
EXPANDED: Final[list[Query]] = []
"""Every query that a module has made."""


def query(text: str) -> Query:
    """Expand the macros of a read and refuse, at import, one that touches guarded data without `readable`."""
    _require_guards(text)
    return _expanded(text)


def upkeep(text: str) -> Query:
    """Return a query that runs without a reader: writes of checked content, migration, backup, deletion of drafts.

    Its callers have already decided; the architecture test lists the modules that may call it.
    """
    return _expanded(text)


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
    """Return the batch write of the records of one type that one report states; `$rows` carries the properties of each, its id among them.

    Both labels stand in the MERGE: a label set afterwards costs a fifth more, and the unique id of `Record` is locked all the same.
    """
    return Query(
        "MATCH (p:Report {id: $report}) "
        "UNWIND $rows AS row "
        f"MERGE (r:Record:{label(type_name)} {{id: row.id}}) "
        "ON CREATE SET r = row "
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


def _expanded(text: str) -> Query:
    links = {variable or macro_variable for variable, types, macro_variable in _LINK.findall(text) if _touches(types)}

    def expand(match: re.Match[str]) -> str:
        macro, variable = match.groups()
        if macro == "in_force":
            return _link_in_force(variable) if variable in links else _in_force(variable)
        return _PLAIN[macro](variable)

    expanded = Query(_MACRO.sub(expand, text))
    EXPANDED.append(expanded)
    return expanded


def _readable(x: str) -> str:
    return f"(any(_c IN {x}.compartments WHERE _c IN $compartments) AND any(_a IN {x}.audience WHERE _a IN $audience))"


def _covered(x: str) -> str:
    return f"(all(_c IN {x}.compartments WHERE _c IN $compartments) AND all(_a IN {x}.audience WHERE _a IN $audience))"


def _in_force(x: str) -> str:
    superseded = f"EXISTS {{ ({x})<-[:SUPERSEDES]-(_n:Record) WHERE {_readable('_n')} AND NOT {_retracted('_n')} }}"
    return f"(NOT {_retracted(x)} AND NOT {superseded})"


def _link_in_force(x: str) -> str:
    correction = "(_k:LinkCorrection)"
    superseded = f"EXISTS {{ {correction} WHERE _k.target = {x}.id AND {_readable('_k')} AND NOT {_retracted('_k')} }}"
    return f"(NOT {_retracted(x, f'startNode({x})', f'endNode({x})')} AND NOT {superseded})"


def _retracted(*them: str) -> str:
    # `standing` is the target of a retraction that nobody undid (jpa.graph.retractions): one seek in a unique index.
    wanted = ", ".join(f"{x}.id, {x}.report" for x in them)
    return f"EXISTS {{ (_t:Retraction) WHERE _t.standing IN [{wanted}] }}"


def _retracted_among(ids: str) -> str:
    return f"COLLECT {{ MATCH (_t:Retraction) WHERE _t.standing IN {ids} RETURN _t.standing }}"


def _corrected_among(ids: str) -> str:
    correction = f"_k.target IN {ids} AND {_readable('_k')} AND NOT {_retracted('_k')}"
    return f"COLLECT {{ MATCH (_k:LinkCorrection) WHERE {correction} RETURN _k.target }}"


def _links(x: str) -> str:
    return f"{x}:{LINK_PATTERN}"


_PLAIN: Final[Mapping[str, Callable[[str], str]]] = {
    "readable": _readable,
    "covered": _covered,
    "retracted": _retracted_among,
    "corrected": _corrected_among,
    "links": _links,
}
"""The macros that need no more than the name of their variable."""


def _touches(types: str) -> bool:
    return types == "" or any(t in _LINK_NAMES for t in types.split("|"))


def _require_guards(text: str) -> None:
    guarded = {variable for macro, variable in _MACRO.findall(text) if macro == "readable"}
    for variable, found in _NODE.findall(text):
        if found in _GUARDED_LABELS and variable not in guarded:
            raise CatalogueError(f"a query reads ({variable}:{found}) without readable({variable})")
    if _NAMELESS.search(text) is not None:
        raise CatalogueError("a query goes through a report that it does not name: name it and say readable of it")
    for variable, types, macro_variable in _LINK.findall(text):
        name = variable or macro_variable
        if _touches(types) and name not in guarded:
            raise CatalogueError(f"a query reads [{name}:{types or 'links'}] without readable({name})")
    for source, types, target in _ENDS.findall(text):
        # A case has no marking of its own: its id is the compartment.
        opened = {*guarded, target} if types == INVOLVED_IN and f"{target}.id IN $compartments" in text else guarded
        if _touches(types) and not {source, target} <= opened:
            raise CatalogueError(
                f"a query reads a link between ({source}) and ({target}) without readable of both, or a role without its readable case"
            )
