"""Facts kept for good with a release: canonical bytes that no store and no process leaves its mark on, and back again.

Persons, charges and cases are numbered anew in the order of their first outcome: the numbers tell them apart inside one release
and lead nowhere else. Places are left out; no release is made by them.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from jpa.errors import IntegrityError
from jpa.statistics.dimensions import DIMENSIONS, REPORTING, RETURN, WHERE
from jpa.statistics.facts import KIND_CODES, KIND_NAMES, NOBODY, Column, Facts, Keys, Period
from jpa.statistics.measures import MEASURES, DateRule, DuplicateRule, Measure, PlaceRule, Unit

_FORMAT: Final = 1
_LEFT_OUT: Final = frozenset({"place"})
_CASE: Final = "case"


def freeze(facts: Facts, measure: Measure, related: Sequence[Measure] = ()) -> bytes:
    """Write what a measure could count, as it is now; the same facts give the same bytes in every process.

    `related` are measures that later tables of this one must be checked against: their rows are kept too.
    """
    kinds = sorted({kind for m in (measure, *related) for kind in m.kinds})
    rows = np.flatnonzero(np.isin(facts.kind, [KIND_CODES[kind] for kind in kinds]))
    own = facts.taken(rows[np.argsort(facts.ids[rows], kind="stable")])
    columns = {
        n: own.columns[n] for n in (*DIMENSIONS, WHERE, REPORTING, RETURN) if n in own.columns and n not in _LEFT_OUT
    }
    content: dict[str, Any] = {
        "format": _FORMAT,
        "ids": [i.decode() for i in own.ids],
        "kind": [KIND_NAMES[k] for k in own.kind],
        "columns": {name: _case(own) if name == _CASE else _column(c) for name, c in columns.items()},
        "day_from": own.day_from.tolist(),
        "day_to": own.day_to.tolist(),
        "person": _renumbered(own.person),
        "charge": _renumbered(own.charge),
        "count": own.count.tolist(),
        "fallen": own.fallen.tolist(),
        "credits": {jpa: w.tolist() for jpa, w in own.credits.items() if bool(np.any(w != 0))},
        "periods": {p.jpa: [p.start, p.end, sorted(p.states)] for p in own.periods.values()},
        "measure": _defined(measure),
    }
    if len(related) > 0:
        content["related"] = [_defined(m) for m in related]
    if len(own.returns) > 0:
        content["returns"] = list(own.returns)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def thaw(content: bytes) -> Facts:
    """Read frozen facts back."""
    read = json.loads(content)
    if read["format"] != _FORMAT:
        raise IntegrityError("The rows of this release were written by a newer jpa; open it with that one.")
    size = len(read["ids"])
    measures = [_measure(said) for said in (read["measure"], *read.get("related", ()))]
    return Facts(
        ids=np.array([i.encode() for i in read["ids"]], dtype="S32"),
        kind=np.array([KIND_CODES[k] for k in read["kind"]], dtype=np.int8),
        columns={n: Column(np.array(c[1], dtype=np.int32), tuple(c[0])) for n, c in read["columns"].items()},
        day_from=np.array(read["day_from"], dtype=np.int32),
        day_to=np.array(read["day_to"], dtype=np.int32),
        person=np.array(read["person"], dtype=np.int64),
        charge=np.array(read["charge"], dtype=np.int64),
        count=np.array(read["count"], dtype=np.int32),
        amount=np.full(size, np.nan),
        fallen=np.array(read["fallen"], dtype=np.int32),
        credits={jpa: np.array(w, dtype=np.float64) for jpa, w in read["credits"].items()},
        periods={jpa: Period(jpa, p[0], p[1], frozenset(p[2])) for jpa, p in read["periods"].items()},
        definitions={m.name: m for m in measures},
        returns=tuple(read.get("returns", ())),
    )


def packed(content: bytes) -> bytes:
    """Compress for keeping; the hash of a release is that of the content, not of this."""
    return zlib.compress(content, 9)


def unpacked(kept: bytes) -> bytes:
    """Undo `packed`."""
    return zlib.decompress(kept)


def registry_hash() -> str:
    """Hash what all measures mean: two releases with the same hash were counted by the same definitions."""
    said = [_defined(m) for m in MEASURES.values()]
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _defined(measure: Measure) -> list[Any]:
    m = measure
    return [
        m.name, m.label, m.unit, sorted(m.kinds), m.stage, m.place_rule, m.duplicate_rule, m.note, m.date_rule, m.after_appeal,
        [[kind, dimension, sorted(labels)] for kind, dimension, labels in m.only],
    ]  # fmt: skip


def _measure(said: Sequence[Any]) -> Measure:
    name, label, unit, kinds, stage, place, duplicates, note, date, after_appeal, only = said
    return Measure(
        name, label, Unit(unit), frozenset(kinds), stage, PlaceRule(place), DuplicateRule(duplicates), note, DateRule(date), after_appeal,
        tuple((kind, dimension, frozenset(labels)) for kind, dimension, labels in only),
    )  # fmt: skip


def _column(column: Column) -> list[Any]:
    """Encode by the labels in use, in their order; unknown first."""
    used = sorted({column.labels[c] for c in np.unique(column.codes)} - {""})
    codes = {label: n for n, label in enumerate(("", *used))}
    return [["", *used], [codes[column.labels[c]] for c in column.codes]]


def _case(facts: Facts) -> list[Any]:
    numbers = _renumbered(facts.case_keys)
    most = max(numbers, default=NOBODY) + 1
    return [["", *(str(n + 1) for n in range(most))], [n + 1 for n in numbers]]


def _renumbered(keys: Keys) -> list[int]:
    numbers: dict[int, int] = {NOBODY: NOBODY}
    return [numbers.setdefault(int(key), len(numbers) - 1) for key in keys]
