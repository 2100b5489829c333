"""The ledger as columns, and what of it one count may look at.

`Books` hold every outcome of an installation and only ever grow; `facts_of` picks what a count may take in, leaves out what
is superseded or retracted, and tells persons apart as they are merged for that count.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from jpa.model.article import ArticleTable, folded
from jpa.statistics.dimensions import REPORTING, WHERE
from jpa.statistics.facts import (
    KIND_CODES,
    Codes,
    Column,
    Facts,
    Kinds,
    Mask,
    Period,
    Weights,
    days_of,
)
from jpa.statistics.identities import charges_of, persons_of
from jpa.statistics.standing import fallen_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One outcome as the ledger gives it; every text may be empty: unknown."""

    id: str
    kind: str
    compartment: str
    values: Mapping[str, str]
    """By name in `TEXTS`; a name left out is unknown."""
    person: str = ""
    """Record, coded victim, or case and reference: what tells this person apart before any merge."""
    charge: str = ""
    """Number of the charge; empty where only the article tells charges apart."""
    count: int = 1
    amount: float = float("nan")
    supersedes: str = ""
    report: str = ""
    audience: str = ""
    """Whom its marking permits, as tokens with a bar between them."""
    misread: str = ""
    """What was typed and not understood, by property, with commas between: it counts as unknown."""
    own: str = ""
    """The agency's own ledger under a joint period, for what has no case."""


TEXTS: Final = (
    "agency", REPORTING, WHERE, "case", "date", "article", "offence", "sex", "citizenship", "ageBand", "exploitation",
    "partner", "result", "sentence", "what", "court", "place",
)  # fmt: skip
"""What an entry says in words, a column each."""
_KEYS: Final = ("compartment", "person", "charge", "supersedes", "report", "audience", "misread", "own")
_COLUMNS: Final = (*TEXTS, *_KEYS)


@dataclass(frozen=True, slots=True)
class Books:
    """All outcomes of an installation, in the order of the ledger."""

    ids: NDArray[np.bytes_]
    kind: Kinds
    columns: Mapping[str, Column]
    count: NDArray[np.int64]
    amount: Weights
    places: Mapping[str, int] = field(default_factory=dict, repr=False)
    """Row of each outcome by id."""
    people: Mapping[str, int] = field(default_factory=dict, repr=False)
    """Code of each person in their column."""

    @classmethod
    def empty(cls) -> Self:
        """Return books without an outcome."""
        nothing = Column(np.zeros(0, dtype=np.int32), ("",))
        return cls(
            ids=np.zeros(0, dtype="S32"),
            kind=np.zeros(0, dtype=np.int8),
            columns=dict.fromkeys(_COLUMNS, nothing),
            count=np.zeros(0, dtype=np.int64),
            amount=np.zeros(0),
        )

    def __len__(self) -> int:
        """Return how many outcomes there are."""
        return len(self.ids)

    def with_entries(self, entries: Sequence[Entry]) -> "Books":
        """Return the books with these added; an entry of a known id takes the place of the old one (a sealed person)."""
        known = [self.places[e.id] for e in entries if e.id in self.places]
        kept = np.ones(len(self), dtype=np.bool_)
        kept[known] = False
        # Whatever takes the place of an old row keeps its place in the order: "later" means later entered.
        places = [self.places.get(e.id, len(self) + n) for n, e in enumerate(entries)]
        order = np.argsort(np.concatenate([np.flatnonzero(kept), np.array(places, dtype=np.int64)]), kind="stable")
        ids = np.concatenate([self.ids[kept], np.array([e.id for e in entries], dtype="S32")])[order]
        kinds = np.array([KIND_CODES[e.kind] for e in entries], dtype=np.int8)
        columns = {name: _extended(c, kept, _said(entries, name), order) for name, c in self.columns.items()}
        more = {e.id: len(self) + n for n, e in enumerate(entries)}
        return Books(
            ids=ids,
            kind=np.concatenate([self.kind[kept], kinds])[order],
            columns=columns,
            count=np.concatenate([self.count[kept], np.array([e.count for e in entries], dtype=np.int64)])[order],
            amount=np.concatenate([self.amount[kept], np.array([e.amount for e in entries])])[order],
            places={i.decode(): n for n, i in enumerate(ids)} if known else {**self.places, **more},
            people={label: n for n, label in enumerate(columns["person"].labels)},
        )


@dataclass(frozen=True, slots=True)
class Countable:
    """What one count may take in, decided anew for each."""

    agency: str
    """Every outcome of this agency counts, whoever is on the case's team; empty: of none."""
    compartments: Collection[str] = ()
    """And those of these compartments, which were granted for counting or are open to read."""
    audience: Collection[str] | None = None
    """Tokens of which the marking must name one as well; none asked for where the compartment was granted for counting."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a count needs beside the outcomes themselves."""

    same: Sequence[tuple[str, str]] = ()
    """Pairs of person records that are one person by verdicts that this count may follow, or by a correction."""
    retracted: Collection[str] = ()
    """Ids of outcomes and reports that are retracted now."""
    articles: ArticleTable = field(default_factory=ArticleTable)
    periods: Mapping[str, Period] = field(default_factory=dict)
    credits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By joint period: outcome, case or own ledger to the share that signed claims credit.

    An outcome that is named here at all, with a share of nothing too, is credited by its own claims and not by those of the whole.
    """


def facts_of(books: Books, countable: Countable, around: Surroundings) -> Facts:
    """Return the outcomes that may be counted now, as merged now."""
    counts = _counts(books, countable)
    rows = np.flatnonzero(counts & _in_force(books, around.retracted, counts))
    person = persons_of(books.columns["person"], books.people, around.same)[rows]
    taken = {name: Column(c.codes[rows], c.labels) for name, c in books.columns.items()}
    first, last = _days(taken["date"])
    charge = charges_of(taken, person)
    kind = books.kind[rows]
    columns = {name: taken[name] for name in TEXTS if name != "date"}
    columns |= {
        "year": _part(taken["date"], 4),
        "month": _part(taken["date"], 7),
        "kind": Column(kind.astype(np.int32) + 1, ("", *KIND_CODES)),
        "offence": _offences(taken, around.articles),
    }
    columns["state"] = columns[WHERE]
    # No dimensions, and in no release: what quality questions are asked by.
    columns |= {name: taken[name] for name in ("charge", "misread")}
    ids = books.ids[rows]
    return Facts(
        ids=ids,
        kind=kind,
        columns=columns,
        day_from=first,
        day_to=last,
        person=person,
        charge=charge,
        count=books.count[rows],
        amount=books.amount[rows],
        fallen=fallen_of(taken, kind, person, charge, (first, last)),
        credits=_credits(ids, taken, _handed_on(books, around.credits, counts)),
        periods=around.periods,
    )


def _said(entries: Iterable[Entry], name: str) -> list[str]:
    if name in _KEYS:
        return [str(getattr(e, name)) for e in entries]
    return [e.values.get(name, "") for e in entries]


def _extended(column: Column, kept: Mask, values: Sequence[str], order: NDArray[np.intp]) -> Column:
    codes, known = column.codes[kept], column.labels
    if not kept.all():
        # A name that was redacted must not stay behind as a label that no outcome has.
        used, places = np.unique(np.concatenate([[0], codes]), return_inverse=True)
        codes, known = places[1:].astype(np.int32), tuple(known[n] for n in used)
    labels = {label: n for n, label in enumerate(known)}
    more = np.array([labels.setdefault(value, len(labels)) for value in values], dtype=np.int32)
    return Column(np.concatenate([codes, more])[order], tuple(labels))


def _counts(books: Books, countable: Countable) -> Mask:
    agency, compartment = books.columns["agency"], books.columns["compartment"]
    opened = set(countable.compartments)
    open_codes = [n for n, label in enumerate(compartment.labels) if label in opened]
    mask = np.isin(compartment.codes, open_codes)
    if countable.audience is not None:
        tokens, marked = set(countable.audience), books.columns["audience"]
        permitted = [n for n, label in enumerate(marked.labels) if not tokens.isdisjoint(label.split("|"))]
        mask &= np.isin(marked.codes, permitted)
    if countable.agency != "":
        mask |= agency.codes == agency.code(countable.agency)
    return mask


def _in_force(books: Books, retracted: Collection[str], counts: Mask) -> Mask:
    gone = set(retracted)
    report = books.columns["report"]
    mask = ~np.isin(report.codes, [n for n, label in enumerate(report.labels) if label in gone])
    mask[[books.places[i] for i in gone if i in books.places]] = False
    # What stands and counts takes everything out of force that it corrects, however many corrections lie between, retracted ones too; in
    # whatever order the rows stand, for sealing gives an outcome a new place. A correction that is closed to the reader corrects nothing
    # for them and leads to nothing, or a figure would tell that it is there.
    supersedes = books.columns["supersedes"]
    rows = np.flatnonzero(mask & counts & (supersedes.codes > 0))
    while len(rows) > 0:
        labels = [supersedes.labels[code] for code in np.unique(supersedes.codes[rows])]
        older = np.array([books.places[i] for i in labels if i in books.places], dtype=np.int64)
        mask[older] = False
        rows = older[counts[older] & (supersedes.codes[older] > 0)]
    return mask


def _days(dates: Column) -> tuple[Codes, Codes]:
    each = np.array([days_of(label) for label in dates.labels], dtype=np.int32).reshape(-1, 2)
    return each[dates.codes, 0], each[dates.codes, 1]


def _part(dates: Column, length: int) -> Column:
    labels: dict[str, int] = {"": 0}
    each = [labels.setdefault(d[:length] if len(d) >= length else "", len(labels)) for d in dates.labels]
    return Column(np.array(each, dtype=np.int32)[dates.codes], tuple(labels))


def _offences(taken: Mapping[str, Column], articles: ArticleTable) -> Column:
    """Give each outcome its ICCS code: as stated, or by its article's entry that was valid on its day."""
    stated, article, where, dates = taken["offence"], taken["article"], taken[WHERE], taken["date"]
    labels = {label: n for n, label in enumerate(stated.labels)}
    codes = stated.codes.copy()
    known = articles.cited
    cited = np.array([folded(label) in known for label in article.labels])
    rows = np.flatnonzero((stated.codes == 0) & cited[article.codes])
    sizes = (len(article.labels), len(where.labels), len(dates.labels))
    key = np.ravel_multi_index((article.codes[rows], where.codes[rows], dates.codes[rows]), sizes)
    distinct, back = np.unique(key, return_inverse=True)
    each = np.zeros(len(distinct), dtype=np.int32)
    for n, (a, s, d) in enumerate(zip(*np.unravel_index(distinct, sizes), strict=True)):
        found = articles.offence(where.labels[s], article.labels[a], dates.labels[d])
        each[n] = labels.setdefault(found, len(labels))
    codes[rows] = each[back]
    return Column(codes, tuple(labels))


def _handed_on(books: Books, shares: Mapping[str, Mapping[str, float]], counts: Mask) -> dict[str, dict[str, float]]:
    """Hand claims about an outcome on to what corrects it: a typing slip put right does not lose what was signed."""
    targets = {target for of_jpa in shares.values() for target in of_jpa}
    supersedes = books.columns["supersedes"]
    whose: dict[str, str] = {}
    for row in np.flatnonzero(counts & (supersedes.codes > 0)) if len(targets) > 0 else ():
        new, old = books.ids[row].decode(), supersedes.labels[supersedes.codes[row]]
        source = whose.get(old, old)
        if new not in targets and source in targets:
            whose[new] = source
    return {
        jpa: {**of_jpa, **{new: of_jpa.get(source, 0.0) for new, source in whose.items()}}
        for jpa, of_jpa in shares.items()
    }


def _credits(
    ids: NDArray[np.bytes_], taken: Mapping[str, Column], shares: Mapping[str, Mapping[str, float]]
) -> dict[str, Weights]:
    """Credit each outcome by its own claims, or by those of its case or own ledger where it has none."""
    targets = np.array(sorted({target for of_jpa in shares.values() for target in of_jpa}), dtype="S32")
    own = np.flatnonzero(np.isin(ids, targets))
    credited = {}
    for jpa, of_jpa in shares.items():
        # An outcome stands in a case or in its agency's own ledger, never in both.
        credited[jpa] = _of_whole(taken["case"], of_jpa) + _of_whole(taken["own"], of_jpa)
        credited[jpa][own] = [of_jpa.get(ids[row].decode(), 0.0) for row in own]
    return credited


def _of_whole(whole: Column, shares: Mapping[str, float]) -> Weights:
    of_label = np.array([shares.get(label, 0.0) if label else 0.0 for label in whole.labels])
    return of_label[whole.codes]
