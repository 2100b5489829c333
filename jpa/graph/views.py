"""Saved views of figures: an officer's own, and those shared inside the agency."""

from collections.abc import Mapping
from typing import Any, Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.officer import Officer
from jpa.model.view import View

SAVE: Final[Query] = upkeep("CREATE (v:View) SET v = $properties")

LIST: Final[Query] = upkeep("""
MATCH (v:View) WHERE v.agency = $agency AND (v.shared OR v.officer = $officer)
RETURN properties(v) AS view ORDER BY toLower(v.name), v.id
""")

READ: Final[Query] = upkeep("""
MATCH (v:View {id: $id}) WHERE v.agency = $agency AND (v.shared OR v.officer = $officer) RETURN properties(v) AS view
""")

REMOVE: Final[Query] = upkeep("MATCH (v:View {id: $id, officer: $officer, agency: $agency}) DELETE v RETURN $id AS id")


def save_tx(tx: Tx, view: View) -> None:
    """Store a view."""
    where = [f"{dimension}:{label}" for dimension, labels in view.where.items() for label in labels]
    properties = {
        "id": view.id, "name": view.name, "agency": view.agency, "officer": view.officer, "shared": view.shared,
        "measure": view.measure, "dimensions": list(view.dimensions), "where": where, "credit": view.credit,
        "jpa": view.jpa, "saved": stamp(view.saved),
    }  # fmt: skip
    tx.run(SAVE, properties=properties).consume()


def views_tx(tx: Tx, officer: Officer) -> list[View]:
    """List what the officer saved and what colleagues of the agency share, by name."""
    return [_view_of(row["view"]) for row in tx.run(LIST, agency=officer.agency, officer=officer.id)]


def view_tx(tx: Tx, officer: Officer, view: str) -> View | None:
    """Read one of them; None when there is none that this officer may know of."""
    row = tx.run(READ, id=view, agency=officer.agency, officer=officer.id).single()
    return None if row is None else _view_of(row["view"])


def remove_tx(tx: Tx, officer: Officer, view: str) -> bool:
    """Remove an own view; False when there is none of the officer's."""
    return tx.run(REMOVE, id=view, agency=officer.agency, officer=officer.id).single() is not None


def _view_of(node: Mapping[str, Any]) -> View:
    where: dict[str, tuple[str, ...]] = {}
    for text in node["where"]:
        dimension, label = text.split(":", 1)
        where[dimension] = (*where.get(dimension, ()), label)
    given = {**node, "dimensions": tuple(node["dimensions"]), "where": where, "saved": moment(node["saved"])}
    return View(**given)
