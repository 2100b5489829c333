"""Captions of labels: what a figure's categories are called on screen and in files."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from jpa.graph import agencies, cases
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, properties_of
from jpa.model.value_types import COUNTRY_NAMES, ValueType

UNKNOWN: Final = "unknown"

_RENAMED: Final = {"gender": "sex"}
"""Properties whose dimension has another name."""


def _types() -> dict[str, list[ValueType]]:
    found: dict[str, list[ValueType]] = {}
    for kind in OUTCOME_KINDS.values():
        for prop in properties_of(kind):
            found.setdefault(_RENAMED.get(prop.name, prop.name), []).append(prop.type)
    return found


_TYPES: Final = _types()


@dataclass(frozen=True, slots=True)
class Captions:
    """What is called how; agencies and cases by what the reader may know of them."""

    agencies: Mapping[str, str]
    cases: Mapping[str, str]

    def of(self, dimension: str, label: str) -> str:
        """Return what a label is called; unknown is a category like any other."""
        if label == "":
            return UNKNOWN
        own = _OWN.get(dimension)
        if own is not None:
            return own(self, label)
        known = (t.caption(label) for t in _TYPES.get(dimension, ()))
        return next((caption for caption in known if caption != label), label)


_OWN: Final[Mapping[str, Callable[[Captions, str], str]]] = {
    "state": lambda _, label: COUNTRY_NAMES.get(label, label),
    "kind": lambda _, label: OUTCOME_KINDS[label].label if label in OUTCOME_KINDS else label,
    "agency": lambda captions, label: captions.agencies.get(label, label),
    "case": lambda captions, label: captions.cases.get(label, f"case closed to you ({label[-6:]})"),
}


def captions_tx(tx: Tx, reader: Readership, labels: Collection[str]) -> Captions:
    """Read the names of agencies, and the numbers of those of the cases that the reader may know of."""
    named = {a.id: a.name for a in agencies.agencies_tx(tx)}
    return Captions(named, cases.numbers_tx(tx, reader, labels) if len(labels) > 0 else {})
