"""Names that queries use are made known to a new store before it has anything under them.

Neo4j plans a query anew once a label, relationship type or property key that it did not know comes into being: in a young store the
same query was planned at its first use, and again at the first team, the first agreement, the first retraction, up to a second each time.
"""

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

import jpa.graph
from jpa.graph.cypher import EXPANDED, Query, upkeep
from jpa.graph.session import Graph
from jpa.model.catalogue import ENTITY_TYPES, INVOLVED_IN, LINK_TYPES

_NAMES: Final = re.compile(r"[:|&!]\s*`?([A-Z]\w*)")
_KEYS: Final = re.compile(r"\.([a-z]\w*)|[{,]\s*([a-z]\w*)\s*:")

NAME: Final[Query] = upkeep("""
CALL { UNWIND $labels AS name CALL db.createLabel(name) }
CALL { UNWIND $types AS name CALL db.createRelationshipType(name) }
CALL { UNWIND $keys AS name CALL db.createProperty(name) }
""")


def name_tokens(graph: Graph) -> None:
    """Make every label, relationship type and property key of the queries known; what is known already stays as it is."""
    for found in iter_modules(jpa.graph.__path__):
        import_module(f"jpa.graph.{found.name}")
    names = {name for text in EXPANDED for name in _NAMES.findall(text)}
    keys = {key for text in EXPANDED for pair in _KEYS.findall(text) for key in pair if key != ""}
    types = {name for name in names if name.isupper()} | {*LINK_TYPES, INVOLVED_IN}
    labels = {name for name in names if not name.isupper()} | {*ENTITY_TYPES}
    graph.upkeep(lambda tx: tx.run(NAME, labels=sorted(labels), types=sorted(types), keys=sorted(keys)).consume())
