"""Forms that were handed out: written once, and read by whoever composes what is published next."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.handout import Handout

ADD: Final[Query] = upkeep("CREATE (h:Handout) SET h = $properties")

LIST: Final[Query] = query("MATCH (h:Handout) WHERE readable(h) RETURN properties(h) AS handout ORDER BY h.id DESC")

# What left any agency was read by somebody, whoever may open it here: the caller only asks whether a new table is safe beside it.
OF_MEASURES: Final[Query] = upkeep("""
MATCH (h:Handout) WHERE any(m IN h.measures WHERE m IN $measures) RETURN properties(h) AS handout ORDER BY h.id
""")


def add_tx(tx: Tx, handout: Handout) -> None:
    """Write a handout."""
    own = f"agency:{handout.agency}"
    properties = {
        "id": handout.id, "agency": handout.agency, "form": handout.form, "period": handout.period,
        "measures": list(handout.measures), "rows_file": handout.rows_file, "cells_file": handout.cells_file,
        "made_by": handout.made_by, "made": stamp(handout.made), "compartments": [own], "audience": [own],
    }  # fmt: skip
    tx.run(ADD, properties=properties).consume()


def handouts_tx(tx: Tx, reader: Readership) -> list[Handout]:
    """List the handouts of the reader's agency, newest first."""
    return [_handout_of(row["handout"]) for row in tx.run(LIST, **reader.parameters())]


def of_measures_tx(tx: Tx, measures: Sequence[str]) -> list[Handout]:
    """List every agency's handouts that count any of these measures, oldest first."""
    return [_handout_of(row["handout"]) for row in tx.run(OF_MEASURES, measures=list(measures))]


def _handout_of(node: Mapping[str, Any]) -> Handout:
    named = ("id", "agency", "form", "period", "rows_file", "cells_file", "made_by")
    return Handout(**{n: node[n] for n in named}, measures=tuple(node["measures"]), made=moment(node["made"]))
