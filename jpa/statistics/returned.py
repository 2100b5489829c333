"""Accepted returns beside the own ledger: one set of facts, in which whoever stands in both counts once [S10]."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from jpa.model.returns import CODES, UNDATED, Part, Row
from jpa.statistics.dimensions import REPORTING, RETURN, WHERE
from jpa.statistics.facts import KIND_CODES, NEVER, NO_DAY, NOBODY, Column, Facts, Keys, Period, days_of

_MONTH: Final = len("2024-03")


@dataclass(frozen=True, slots=True)
class Returned:
    """The rows of one accepted return."""

    name: str
    """What drill-down, releases and comparisons call it; its digest is part of it."""
    agency: str
    state: str
    jpa: str
    rows: Sequence[Row] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tied:
    """Pseudonyms of own rows, by their place in the facts: what they share with a returned row is one."""

    outcomes: Mapping[str, int]
    """Key of an outcome that may have been returned as well."""
    person: Sequence[tuple[int, str]] = ()
    charge: Sequence[tuple[int, str]] = ()
    case: Sequence[tuple[int, str]] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One returned row with the return it came in."""

    row: Row
    of: Returned


def joined(own: Facts, returns: Sequence[Returned], tied: Tied) -> Facts:
    """Add the rows of returns to facts; an outcome that stands in both, or in two returns, is there once.

    Returns come in the order in which they were accepted; the own ledger goes before all of them, then whichever came last.
    """
    lines, doubles = _lines(returns, tied)
    keys = {
        what: _told(
            own_keys,
            [_pick(line.row, what) for line in lines],
            [*shared, *((place, key) for place, row in doubles for key in _pick(row, what))],
        )
        for what, own_keys, shared in (
            ("person", own.person, tied.person),
            ("charge", own.charge, tied.charge),
            ("case", own.case_keys, tied.case),
        )
    }
    days = np.array([span_of(x.row.date, x.row.part, own.periods[x.of.jpa]) for x in lines], dtype=np.int32).reshape(
        -1, 2
    )
    return replace(
        own,
        ids=np.concatenate([own.ids, np.array([x.row.key for x in lines], dtype="S32")]),
        kind=np.concatenate([own.kind, np.array([KIND_CODES[x.row.kind] for x in lines], dtype=np.int8)]),
        columns=_columns(own, lines, keys["case"]),
        day_from=np.concatenate([own.day_from, days[:, 0]]),
        day_to=np.concatenate([own.day_to, days[:, 1]]),
        person=keys["person"],
        charge=keys["charge"],
        cases=keys["case"],
        count=np.concatenate([own.count, np.array([x.row.count for x in lines], dtype=np.int64)]),
        amount=np.concatenate([own.amount, np.full(len(lines), np.nan)]),
        fallen=np.concatenate([own.fallen, np.array([_fallen(x.row.fell) for x in lines], dtype=np.int32)]),
        credits=_credits(own, lines, {r.jpa for r in returns}),
        returns=tuple(sorted(r.name for r in returns)),
    )


def returned_from(facts: Facts) -> frozenset[str]:
    """Return the agencies whose returns are among these facts."""
    return frozenset(name.partition("|")[0] for name in facts.returns)


def own_ids(facts: Facts, agency: str) -> list[str]:
    """List the outcomes of an agency that stand here by their own ids, not as rows of a return."""
    columns = facts.columns
    inside = columns["agency"].codes == columns["agency"].code(agency)
    if RETURN in columns:
        inside &= columns[RETURN].codes == columns[RETURN].code("")
    return [i.decode() for i in facts.ids[inside]]


class Renamed:
    """Renames outcomes in facts so that what stands here by its own id and there as a row of a return has one name: that of `deciding`."""

    def __init__(self, names: Collection[tuple[str, str]], deciding: Facts) -> None:
        """Take pairs of an outcome and a pseudonym of it: one for each joint period; a correction has that of its first entry."""
        either = np.array([name for pair in names for name in pair], dtype="S32")
        there = {i.decode() for i in either[np.isin(either, deciding.ids)]}
        called: dict[str, str] = {}
        for outcome, key in names:
            if outcome in there:
                called[outcome] = outcome
            elif key in there:
                called.setdefault(outcome, key)
        self._names = {outcome: name for outcome, name in called.items() if name != outcome}
        for outcome, key in names:
            if key not in there and (outcome in there or key not in self._names):
                self._names[key] = called.get(outcome, outcome)
        self._known: dict[int, Facts] = {}

    def __call__(self, facts: Facts) -> Facts:
        """Return the facts under those names; of facts that several tables were counted from, the same."""
        if id(facts) not in self._known:
            ids = facts.ids.copy()
            for place in np.flatnonzero(np.isin(ids, np.array([*self._names], dtype="S32"))):
                ids[place] = self._names[ids[place].decode()].encode()
            self._known[id(facts)] = replace(facts, ids=ids)
        return self._known[id(facts)]


def span_of(when: str, part: Part, period: Period) -> tuple[int, int]:
    """Return the first and last day that a coarse date may mean: what of its month or year lies in that part."""
    first, last = days_of(when)
    match part:
        case Part.BEFORE:
            return first, min(last, period.start - 1)
        case Part.IN:
            return max(first, period.start), min(last, period.end)
        case Part.AFTER:
            return max(first, period.end + 1), last
        case Part.UNSURE:
            return first, last


def _lines(returns: Sequence[Returned], tied: Tied) -> tuple[list[_Line], list[tuple[int, Row]]]:
    """Keep each returned outcome once, its newest row, and give those that stand in the own ledger apart."""
    newest: dict[str, _Line] = {}
    for one in returns:
        newest |= {row.key: _Line(row, one) for row in one.rows}
    lines = [line for key, line in sorted(newest.items()) if key not in tied.outcomes]
    return lines, [(tied.outcomes[key], line.row) for key, line in newest.items() if key in tied.outcomes]


def _pick(row: Row, what: str) -> tuple[str, ...]:
    return {"person": row.person, "charge": row.charge, "case": row.case}[what]


def _told(own: Keys, returned: Sequence[tuple[str, ...]], shared: Sequence[tuple[int, str]]) -> Keys:
    """Number units anew so that rows which share a pseudonym, directly or through others, share a number."""
    most = int(own.max(initial=NOBODY)) + 1
    numbers: dict[str, int] = {}

    def number(key: str) -> int:
        return numbers.setdefault(key, most + len(numbers))

    ends = [(number(keys[0]), number(other)) for keys in returned for other in keys[1:]]
    ends += [(int(own[place]), number(key)) for place, key in shared if own[place] != NOBODY]
    firsts = np.array([number(keys[0]) if len(keys) > 0 else NOBODY for keys in returned], dtype=np.int64)
    before = np.concatenate([own, firsts])
    pairs = np.array(ends, dtype=np.int64).reshape(-1, 2)
    size = most + len(numbers)
    ties = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    component = connected_components(ties, directed=False)[1] if size > 0 else np.zeros(0, dtype=np.int32)
    return np.where(before == NOBODY, NOBODY, component[before]) if size > 0 else before


def _columns(own: Facts, lines: Sequence[_Line], cases: Keys) -> dict[str, Column]:
    said: dict[str, Callable[[_Line], str]] = {
        "year": lambda x: x.row.date[:4],
        "month": lambda x: x.row.date if len(x.row.date) == _MONTH else "",
        "state": lambda x: x.row.state,
        WHERE: lambda x: x.row.state,
        REPORTING: lambda x: x.of.state,
        "agency": lambda x: x.of.agency,
        "kind": lambda x: x.row.kind,
        RETURN: lambda x: x.of.name,
    }
    names = {int(key): own.columns["case"].labels[code] for key, code in zip(cases, own.columns["case"].codes, strict=False) if key != NOBODY}  # fmt: skip
    columns = {**own.columns, RETURN: own.columns.get(RETURN, Column(np.zeros(len(own), dtype=np.int32), ("",)))}
    found = {}
    for name, column in columns.items():
        if name == "case":
            more = [
                names.get(int(key), x.row.case[0]) if x.row.case else ""
                for key, x in zip(cases[len(own) :], lines, strict=True)
            ]
        elif name in said:
            more = [said[name](x) for x in lines]
        else:
            more = [x.row.codes.get(name, "") if name in CODES else "" for x in lines]
        found[name] = _longer(column, more)
    return found


def _longer(column: Column, more: Sequence[str]) -> Column:
    labels = {label: n for n, label in enumerate(column.labels)}
    codes = np.array([labels.setdefault(label, len(labels)) for label in more], dtype=np.int32)
    return Column(np.concatenate([column.codes, codes]), tuple(labels))


def _credits(
    own: Facts, lines: Sequence[_Line], periods: set[str]
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    credited = {}
    for jpa in {*own.credits, *periods}:
        shares = [_share(x.row) if x.of.jpa == jpa else 0.0 for x in lines]
        credited[jpa] = np.concatenate([own.credits.get(jpa, np.zeros(len(own))), np.array(shares, dtype=np.float64)])
    return credited


def _share(row: Row) -> float:
    return 0.0 if row.credit is None else float(Fraction(row.credit.share))


def _fallen(fell: str) -> int:
    if fell == "":
        return int(NEVER)
    return int(NO_DAY) if fell == UNDATED else days_of(fell)[1]
